import fc from "fast-check";
import { describe, it } from "vitest";
import type { Outcome } from "../../lib/values/outcome.ts";
import type { Policy } from "../../lib/values/policy.ts";
import { isIn, type Rule, sameRule } from "../../lib/values/rule.ts";
import { anyRegion } from "../support/arbitraryRegion.ts";
import { anyPolicy } from "../support/arbitraryRules.ts";
import { ruleLine } from "../support/draw.ts";
import { cloud, type Moods } from "../support/fakeWorld.ts";
import type { View } from "../support/laws.ts";
import { groupIds, hold, type Refereed, referee, settled, startOf } from "../support/referee.ts";
import { type Region, rulesOf } from "../support/region.ts";
import { inTurns, office, type Tell, underLease } from "../support/underLease.ts";
import { patience, runs } from "./runs.ts";

/** A process that dies before its nth step: a look, a call, a question to state, a word to people. Nothing that it does afterwards happens. */
function process(dies: number) {
  let steps = 0;
  const step = (): Promise<void> => {
    steps += 1;
    return steps >= dies ? Promise.reject(new Error("the process died")) : Promise.resolve();
  };
  const moods: Moods = { beforeLook: step, beforeCall: step };
  return { step, moods, steps: () => steps };
}

/** What people heard, each change once, as they do: its messages are the same. */
function people() {
  const heard: Outcome[] = [];
  const hear =
    (step: () => Promise<void>): Tell =>
    async (outcomes) => {
      if (outcomes.length > 0) await step();
      heard.push(...outcomes);
      return new Map();
    };
  const distinct = (): readonly Outcome[] => [
    ...new Map(heard.map((one, index) => [one.change ?? index, one])).values(),
  ];
  return { hear, distinct };
}

/** A run that dies at its nth step, if it gets there; then the one that heals. */
async function dying(region: Region, policy: Policy, start: View, dies: number) {
  const where = cloud(region);
  const { desk, store, wait } = office();
  const { hear, distinct } = people();
  const { step, moods, steps } = process(dies);
  const first: Refereed = await referee(
    where,
    policy,
    start,
    moods,
    groupIds(region),
    underLease(desk("the first", inTurns(store, step)), hear(step)),
  ).catch(() => ({ outcomes: [], calls: [], breaches: [] }));
  wait();
  const next = underLease(
    desk("the next"),
    hear(() => Promise.resolve()),
  );
  const wrong = await settled(where, policy, start, next);
  return { first, end: where.now, heard: distinct(), steps: steps(), wrong };
}

/** What came and went, of which nobody was told, or more than once. */
function mistold(region: Region, end: Region, heard: readonly Outcome[]): readonly string[] {
  const times = (group: string, rule: Rule, what: "added" | "removed"): number =>
    heard.filter((one) => one.group === group && isIn(one[what], rule)).length;
  return region.groups.flatMap(({ id }) => {
    const [before, after] = [rulesOf(region, id), rulesOf(end, id)];
    const gone = before.filter((rule) => !after.some((one) => sameRule(one, rule)));
    const come = after.filter((rule) => !before.some((one) => sameRule(one, rule)));
    return [
      ...gone.map((rule) => [rule, times(id, rule, "removed"), "removed"] as const),
      ...come.map((rule) => [rule, times(id, rule, "added"), "added"] as const),
    ]
      .filter(([, count]) => count !== 1)
      .map(([rule, count, what]) => `${id}: ${ruleLine(rule)}, ${what}, is told ${count} times`);
  });
}

describe("a crash", () => {
  it(
    "at any step leaves the laws whole; the next run reaches their end and writes nothing more; and people are told of everything, once",
    async () => {
      await fc.assert(
        fc.asyncProperty(anyRegion, anyPolicy, async (region, policy) => {
          const start = startOf(region, policy);
          const { steps } = await dying(region, policy, start, Infinity);
          for (let dies = 1; dies <= steps + 1; dies += 1) {
            const { first, end, heard, wrong } = await dying(region, policy, start, dies);
            const untrue = [...first.breaches, ...wrong, ...mistold(region, end, heard)];
            hold(
              untrue.map((one) => `dying before step ${dies} of ${steps}: ${one}`),
              { region, policy, end, calls: first.calls, outcomes: [...first.outcomes, ...heard] },
            );
          }
        }),
        { numRuns: runs(15) },
      );
    },
    patience,
  );
});

describe("answers that are lost after their effect", () => {
  it(
    "are made up for by the looks before and after: the laws hold, and people are told of everything, once",
    async () => {
      const anyLoss = fc.array(fc.constantFrom("asked again", "never answered", undefined), {
        minLength: 1,
        maxLength: 6,
      });
      await fc.assert(
        fc.asyncProperty(anyRegion, anyPolicy, anyLoss, async (region, policy, losses) => {
          const where = cloud(region);
          const start = startOf(region, policy);
          const { desk } = office();
          const { hear, distinct } = people();
          const run = underLease(
            desk("the only one"),
            hear(() => Promise.resolve()),
          );
          const lost: Moods["lost"] = (call) => losses[call - 1];
          const first = await referee(where, policy, start, { lost }, groupIds(region), run);
          const wrong = await settled(where, policy, start, run);
          const risen = distinct().flatMap(({ findings }) =>
            findings.filter(({ code }) => code === "resurrected").map(({ text }) => text),
          );
          hold([...first.breaches, ...wrong, ...risen, ...mistold(region, where.now, distinct())], {
            region,
            policy,
            end: where.now,
            calls: first.calls,
            outcomes: [...first.outcomes, ...distinct()],
          });
        }),
        { numRuns: runs(100) },
      );
    },
    patience,
  );
});
