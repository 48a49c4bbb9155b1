import type { GroupReport } from "../lib/survey/groupReport.ts";
import type { Survey } from "../lib/survey/survey.ts";
import type { ChoiceOptions } from "./shell/options.ts";

/** Only the groups that were chosen; throws where a choice names nothing that is there. */
export function choose(surveys: readonly Survey[], options: ChoiceOptions): readonly Survey[] {
  const choices = [
    ["--group", options.group, ({ group, name }: GroupReport) => [group, name]],
    [
      "--load-balancer",
      options.loadBalancer,
      ({ loadBalancers }: GroupReport) => loadBalancers.flatMap(({ id, name }) => [id, name]),
    ],
    ["--vpc", options.vpc, ({ vpc }: GroupReport) => (vpc === undefined ? [] : [vpc])],
  ] as const;
  const all = surveys.flatMap(({ reports }) => reports);
  for (const [flag, wanted, namesOf] of choices) {
    const known = new Set(all.flatMap(namesOf));
    const absent = wanted.find((one) => !known.has(one));
    if (absent !== undefined)
      throw new Error(
        `${flag} ${absent}: none of the ${all.length} security groups behind load balancers that were read has to do with it.`,
      );
  }
  return surveys.map((one) => ({
    ...one,
    reports: one.reports.filter((report) =>
      choices.every(
        ([, wanted, namesOf]) =>
          wanted.length === 0 || namesOf(report).some((name) => wanted.includes(name)),
      ),
    ),
  }));
}
