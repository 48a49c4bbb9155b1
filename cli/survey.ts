import type { Evidence } from "../lib/evidence/wayIn.ts";
import type { Policy } from "../lib/values/policy.ts";
import type { Snapshot } from "../lib/values/snapshot.ts";
import { forecast } from "./forecast.ts";
import { type GroupReport, isToChange, reportsOf } from "./groupReport.ts";
import type { Picture } from "./picture/picture.ts";
import type { ChoiceOptions } from "./shell/options.ts";

/** One picture with what there is to say of each group that was chosen. */
export interface Survey {
  readonly region: string;
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly reports: readonly GroupReport[];
  /** What the flow logs say, where some were read. */
  readonly evidence?: Evidence;
}

/** Counts over all surveys: what comes first in every answer. */
export interface Totals {
  readonly groups: number;
  readonly toChange: number;
  readonly rulesToAdd: number;
  readonly rulesToRemove: number;
  readonly interfaces: number;
  /** Groups with a way in that would stay open to others than load balancers. */
  readonly staysOpen: number;
  readonly loadBalancers: number;
  readonly gaps: number;
}

export function survey({ region, snapshot }: Picture, policy: Policy): Survey {
  const forecasts = forecast(snapshot, policy);
  return { region, before: snapshot, after: forecasts.after, reports: reportsOf(forecasts) };
}

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

export function totalsOf(surveys: readonly Survey[]): Totals {
  const reports = surveys.flatMap((one) => one.reports);
  const changing = reports.filter(isToChange);
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  return {
    groups: reports.length,
    toChange: changing.length,
    rulesToAdd: sum(changing.map(({ add }) => add.length)),
    rulesToRemove: sum(changing.map(({ remove }) => remove.length)),
    interfaces: new Set(changing.flatMap(({ attached }) => attached.map((one) => one.interface)))
      .size,
    staysOpen: reports.filter(({ staysOpen }) => staysOpen.length > 0).length,
    loadBalancers: new Set(
      reports.flatMap(({ loadBalancers }) => loadBalancers.map(({ id }) => id)),
    ).size,
    gaps: sum(surveys.map(({ before }) => before.gaps.length)),
  };
}
