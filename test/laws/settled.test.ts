import fc from "fast-check";
import { describe, it } from "vitest";
import { remediate } from "../../lib/remediation/remediate.ts";
import { unrestrained } from "../../lib/remediation/restraint.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import { type GroupId, ruleKey } from "../../lib/values/rule.ts";
import { anyRegion } from "../support/arbitraryRegion.ts";
import { anyPolicy } from "../support/arbitraryRules.ts";
import { cloud, fakeWorld } from "../support/fakeWorld.ts";
import { everyGroup, hold } from "../support/referee.ts";
import { type Region, rulesOf } from "../support/region.ts";
import { freeHand } from "../support/remediate.ts";
import { patience, runs } from "./runs.ts";

const standing = (region: Region, group: GroupId): string =>
  rulesOf(region, group).map(ruleKey).sort().join("\n");

const changed = (outcomes: readonly Outcome[], group: GroupId): string =>
  outcomes
    .filter((one) => one.group === group)
    .flatMap(({ added, removed }) => [
      ...added.map((one) => `+ ${ruleKey(one)}`),
      ...removed.map((one) => `- ${ruleKey(one)}`),
    ])
    .sort()
    .join("\n");

describe("telling of groups as they are done with", () => {
  it(
    "ends as telling of all together does, and tells every group's changes just once",
    async () => {
      await fc.assert(
        fc.asyncProperty(anyRegion, anyPolicy, async (region, policy) => {
          const run = async (isEarly: boolean) => {
            const where = cloud(region);
            const told: Outcome[] = [];
            const settled = (outcomes: readonly Outcome[]): Promise<void> => {
              told.push(...outcomes);
              return Promise.resolve();
            };
            const rest = await remediate(
              everyGroup(region),
              policy,
              fakeWorld(where),
              freeHand,
              () => true,
              unrestrained,
              isEarly ? settled : undefined,
            );
            return { end: where.now, outcomes: [...told, ...rest] };
          };
          const [early, together] = [await run(true), await run(false)];
          const wrong = region.groups.flatMap(({ id }) => [
            ...(standing(early.end, id) === standing(together.end, id)
              ? []
              : [`${id} ends otherwise`]),
            ...(changed(early.outcomes, id) === changed(together.outcomes, id)
              ? []
              : [`${id} is told otherwise`]),
          ]);
          hold(wrong, { region, policy, end: early.end, outcomes: early.outcomes });
        }),
        { numRuns: runs(100) },
      );
    },
    patience,
  );
});
