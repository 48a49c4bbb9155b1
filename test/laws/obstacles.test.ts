import type { Outcome } from "../../lib/values/outcome.ts";
import fc from "fast-check";
import { describe, it } from "vitest";
import { type GroupId, type Rule, ruleKey, sourceKey } from "../../lib/values/rule.ts";
import { anyRegion } from "../support/arbitraryRegion.ts";
import { anyPolicy, backGroups } from "../support/arbitraryRules.ts";
import { drawCall, ruleLine } from "../support/draw.ts";
import { cloud, type Cloud, type Moods } from "../support/fakeWorld.ts";
import type { Policy } from "../../lib/values/policy.ts";
import { fullest, fullness } from "../support/calls.ts";
import { breachText, stillIn, type View, viewOf } from "../support/laws.ts";
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
  const wide = stands.filter(isFull);
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

/** A quota that only refusals tell of is learned anew in each run: some runs later all is calm. */
async function calm(where: Cloud, policy: Policy, start: View, moods: Moods): Promise<Region> {
  for (let run = 1; run <= 3; run += 1) await referee(where, policy, start, moods);
  return where.now;
}

/** People keep their spare rules, unless a load balancer that did not get in needed one. */
function crowded({ group, added }: Outcome, start: View, end: Region): readonly string[] {
  const { region, policy } = start;
  const most = region.quota - policy.spareRules;
  const admissions = added.filter(({ tags }) => "elb-only:load-balancer" in tags).length;
  const was = fullness(region, group);
  return fullness(end, group) > Math.max(most, was) + admissions
    ? [`${group} is left with ${fullness(end, group)} of ${region.quota} rules`]
    : [];
}

/** Groups that are nearly full, whether the policy says so or EC2 alone, in which we may not write, or whose rules refer to a deleted group. */
const obstacles = fc.record({
  quota: fc.constantFrom(1, 2, 3, 4, 5, 6, 60),
  isTold: fc.constantFrom(true, true, false),
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
          async (plain, general, { quota, isTold, gone, denied, revoke }) => {
            const region = {
              ...plain,
              quota: isTold ? Math.max(quota, fullest(plain)) : quota,
              gone,
            };
            // Nobody leaves spare rules of a quota that is not known.
            const policy = isTold
              ? { ...general, rulesPerGroup: region.quota }
              : { ...general, spareRules: 0 };
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
            const before = isTold ? end : await calm(where, policy, start, { denied, revoke });
            const idle = await referee(where, policy, start, { denied, revoke });
            const idly = idle.calls.filter(({ group }) => !denied.includes(group));
            const again = isTold && gone.length === 0 ? idly : [];
            // Where a way in cannot be written, what a closing needed beside it is left over for the next time.
            const isFree = denied.length + gone.length === 0;
            const isAsBefore =
              gone.length > 0 || JSON.stringify(where.now.groups) === JSON.stringify(before.groups);
            where.now = { ...where.now, quota: 60, gone: [] };
            where.past.push(where.now);
            hold(
              [
                ...run.breaches,
                ...idle.breaches,
                ...again.map((call) => `writes again: ${drawCall(call)}`),
                ...(isAsBefore ? [] : ["the next run changes something"]),
                ...(isTold && isFree
                  ? run.outcomes.flatMap((one) => crowded(one, start, end))
                  : []),
                ...open.map((breach) => `finished, but ${breachText(breach, start.packets)}`),
                ...run.outcomes.flatMap((one) => leftovers(one, end)),
                ...silent.map((one) => `${one.group} is ${one.result} and does not say why`),
                ...unmade.map(({ group }) => `${group} was denied and says it is finished`),
                ...(await settled(where, { ...policy, rulesPerGroup: 60 }, start)),
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
