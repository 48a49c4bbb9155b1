import { readHolds } from "../../lib/remediation/holds.ts";
import type { GroupReport } from "../../lib/survey/groupReport.ts";
import { survey } from "../../lib/survey/survey.ts";
import { plain } from "../../lib/survey/words.ts";
import { type Held, holdsOn, holdText } from "../../lib/values/hold.ts";
import type { Policy } from "../../lib/values/policy.ts";
import { type Rule, ruleKey } from "../../lib/values/rule.ts";
import type { PlannedGroup } from "../planFile.ts";
import { type Deployment, type Place, readingWorld } from "./deployment.ts";

/** The groups to which the plan cannot be applied any more, and why. */
export async function refusals(
  groups: readonly PlannedGroup[],
  policy: Policy,
  place: Place | Deployment,
): Promise<ReadonlyMap<string, string>> {
  const ids = groups.map(({ group }) => group);
  const snapshot = await readingWorld(place).look(ids);
  const { reports } = survey({ region: place.region, snapshot }, policy);
  const holds = "store" in place ? await readHolds(place.store) : [];
  return new Map(
    groups.flatMap((one) => {
      const report = reports.find(({ group }) => group === one.group);
      const why =
        snapshot.gaps.length > 0
          ? `since not everything could be read: ${snapshot.gaps.join("; ")}`
          : whyNot(one, report, holdsOn(one.group, holds, place.clock.now()));
      return why === undefined ? [] : [[one.group, why] as const];
    }),
  );
}

function whyNot(
  one: PlannedGroup,
  report: GroupReport | undefined,
  holds: readonly Held[],
): string | undefined {
  const [held] = holds.filter(({ stops }) => stops !== "nothing");
  if (held !== undefined) return `since it is held ${plain(holdText(held))}`;
  if (report === undefined) return "since it is gone, or behind no load balancer any more";
  if (report.state !== one.state) return "since it has changed: make a new plan";
  const isSame = sameRules(report.add, one.add) && sameRules(report.remove, one.remove);
  return isSame ? undefined : "since something else would be planned by now: make a new plan";
}

const sameRules = (some: readonly Rule[], others: readonly Rule[]): boolean =>
  some.map(ruleKey).sort().join("\n") === others.map(ruleKey).sort().join("\n");
