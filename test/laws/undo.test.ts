import fc from "fast-check";
import { describe, it } from "vitest";
import { undo } from "../../lib/remediation/undoing.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import { type Rule, ruleKey } from "../../lib/values/rule.ts";
import { anyRegion } from "../support/arbitraryRegion.ts";
import { anyPolicy } from "../support/arbitraryRules.ts";
import { drawCall } from "../support/draw.ts";
import { type Cloud, cloud, fakeWorld } from "../support/fakeWorld.ts";
import { breachText, cutOff, viewOf } from "../support/laws.ts";
import { entriesOf } from "../support/packets.ts";
import { everyGroup, hold, startOf } from "../support/referee.ts";
import { remediate } from "../support/remediate.ts";
import { rulesOf } from "../support/region.ts";
import { patience, runs } from "./runs.ts";

/** All that a rule says, but its id. */
const saysOf = (rule: Rule): string =>
  JSON.stringify([
    ruleKey(rule),
    rule.description ?? "",
    Object.entries(rule.tags)
      .filter(([key]) => !key.startsWith("aws:"))
      .map(([key, value]) => `${key}=${value}`)
      .sort(),
  ]);

/** What is not as it was before the change, but what was left on purpose. */
function notAsBefore(
  { group, before }: Outcome,
  left: readonly Rule[],
  where: Cloud,
): readonly string[] {
  const now = rulesOf(where.now, group);
  const [was, is] = [before.map(saysOf), now.map(saysOf)];
  const kept = new Set(left.map(ruleKey));
  return [
    ...was.filter((one) => !is.includes(one)).map((one) => `${group} lacks ${one}`),
    ...now
      .filter((one) => !was.includes(saysOf(one)) && !kept.has(ruleKey(one)))
      .map((one) => `${group} still has ${saysOf(one)}`),
  ];
}

describe("any change, undone", () => {
  it(
    "leaves every group as it was, but for the only ways in of load balancers, none of which is cut off by any call",
    async () => {
      await fc.assert(
        fc.asyncProperty(anyRegion, anyPolicy, async (region, policy) => {
          const where = cloud(region);
          const start = startOf(region, policy);
          const outcomes = await remediate(everyGroup(region), policy, fakeWorld(where));
          const changed = outcomes.filter(
            ({ added, removed }) => added.length + removed.length > 0,
          );
          const wrong: string[] = [];
          const from = viewOf(where.now, policy, start.packets);
          const world = fakeWorld(where, {
            afterCall: (_, call) => {
              const lost = cutOff(from, entriesOf(where.now, start.packets)).filter(({ law }) =>
                /cut off|load balancer/i.test(law),
              );
              wrong.push(
                ...lost.map((one) => `after ${drawCall(call)}: ${breachText(one, start.packets)}`),
              );
            },
          });
          for (const one of changed) {
            const { left, problems } = await undo(one, world);
            wrong.push(
              ...problems,
              ...notAsBefore(
                one,
                left.map(({ rule }) => rule),
                where,
              ),
            );
          }
          hold(wrong, { region, policy, end: where.now, outcomes, calls: world.calls });
        }),
        { numRuns: runs(150) },
      );
    },
    patience,
  );
});
