import type { Outcome } from "../../lib/values/outcome.ts";
import fc from "fast-check";
import { describe, it } from "vitest";
import { type GroupId, type Rule, ruleKey, sourceKey } from "../../lib/values/rule.ts";
import { anyRegion } from "../support/arbitraryRegion.ts";
import { anyPolicy, backGroups } from "../support/arbitraryRules.ts";
import { ruleLine } from "../support/draw.ts";
import { cloud } from "../support/fakeWorld.ts";
import { breachText, stillIn, viewOf } from "../support/laws.ts";
import { hold, referee, settled, startOf } from "../support/referee.ts";
import { type Region, rulesOf } from "../support/region.ts";
import { patience, runs } from "./runs.ts";

/**
 * Pieces of a wide rule that stays since there is no room for the others: they are taken back, so that the group is no fuller than before.
 * A piece stays that another wide rule left behind as well, which did go or waits for something else.
 */
function leftovers(
  { group, findings, removed, remaining }: Outcome,
  end: Region,
): readonly string[] {
  const stands = rulesOf(end, group);
  const full = findings.flatMap(({ code, rule }) =>
    code === "rule-quota" && rule !== undefined ? [ruleKey(rule)] : [],
  );
  const isFull = (rule: Rule): boolean => full.includes(ruleKey(rule));
  const wide = stands.filter(
    (rule) => isFull(rule) && remaining.add.some((one) => isPiece(one, rule)),
  );
  const others = [...removed, ...remaining.remove.filter((rule) => !isFull(rule))];
  return stands
    .filter(
      (rule) =>
        rule.id?.startsWith("sgr-new-") &&
        wide.some((one) => isPiece(rule, one)) &&
        !others.some((one) => isPiece(rule, one)),
    )
    .map(
      (rule) =>
        `${ruleLine(rule)} is left in ${group}, though the rule that it is a piece of stays`,
    );
}

const isPiece = (rule: Rule, of: Rule): boolean =>
  sourceKey(rule.source) === sourceKey(of.source) &&
  (of.protocol === "-1" ||
    (rule.protocol === of.protocol && of.fromPort <= rule.fromPort && rule.toPort <= of.toPort));

const isFinished = ({ result }: Outcome): boolean =>
  result === "unchanged" || result === "changed" || result === "drift";

/** Groups that are nearly full, in which we may not write, or whose rules refer to a deleted group. */
const obstacles = fc.record({
  quota: fc.constantFrom(1, 2, 3, 4, 5, 6, 60),
  gone: fc.subarray<GroupId>(["sg-x", "sg-far", "sg-lb2"], { maxLength: 1 }),
  denied: fc.subarray<GroupId>([...backGroups], { maxLength: 2 }),
  revoke: fc.constantFrom("default VPC", "other" as const),
});

describe("full groups, denied groups and rules that EC2 refuses", () => {
  it(
    "break no law and stop no other group; who is not finished says why; without them all is settled",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          anyRegion,
          anyPolicy,
          obstacles,
          async (plain, policy, { quota, gone, denied, revoke }) => {
            const region = { ...plain, quota, gone };
            const where = cloud(region);
            const start = startOf(region, policy);
            const run = await referee(where, policy, start, { denied, revoke });
            const end = where.now;
            const view = viewOf(end, policy, start.packets);
            const finished = new Set(run.outcomes.filter(isFinished).map((one) => one.group));
            const open = stillIn(view).filter(({ group }) => finished.has(group));
            const silent = run.outcomes.filter(
              (one) =>
                !isFinished(one) && !one.findings.some(({ severity }) => severity === "high"),
            );
            const unmade = run.calls.filter(
              ({ group }) => denied.includes(group) && finished.has(group),
            );
            const idle = await referee(where, policy, start, { denied, revoke });
            where.now = { ...where.now, quota: 60, gone: [] };
            where.past.push(where.now);
            hold(
              [
                ...run.breaches,
                ...idle.breaches,
                ...open.map((breach) => `finished, but ${breachText(breach, start.packets)}`),
                ...run.outcomes.flatMap((one) => leftovers(one, end)),
                ...silent.map((one) => `${one.group} is ${one.result} and does not say why`),
                ...unmade.map(({ group }) => `${group} was denied and says it is finished`),
                ...(await settled(where, policy, start)),
              ],
              { region, policy, end, ...run },
            );
          },
        ),
        { numRuns: runs(150) },
      );
    },
    patience,
  );
});
