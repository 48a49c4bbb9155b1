import fc from "fast-check";
import { describe, it } from "vitest";
import { anyRegion } from "../support/arbitraryRegion.ts";
import { anyPolicy, backGroups } from "../support/arbitraryRules.ts";
import { change, cloud, type Moods } from "../support/fakeWorld.ts";
import { amiss, hold, referee, settled, startOf } from "../support/referee.ts";
import { inTurns, office, underLease } from "../support/underLease.ts";
import { patience, runs } from "./runs.ts";

/** How old each of a worker's first looks is, in changes. */
const ages = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
/** How full the groups are. */
const quotas = fc.constantFrom(1, 2, 3, 4, 5, 6, 60);
const revokes = fc.constantFrom("default VPC", "other" as const);

describe("two workers and one lease", () => {
  it(
    "on groups that are nearly full lose nothing, after any call of either; nothing is said to have risen again; and what the second came for is done when both are",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          anyRegion,
          anyPolicy,
          quotas,
          revokes,
          fc.constantFrom(...backGroups),
          fc.tuple(ages, ages),
          fc.scheduler(),
          async (plain, policy, quota, revoke, opened, old, turns) => {
            const region = { ...plain, quota };
            const where = cloud(region);
            const start = startOf(region, policy);
            const { desk, store } = office();
            const moods = (name: string): Moods => ({
              revoke,
              behind: (look) => old[name === "first" ? 0 : 1][look - 1] ?? 0,
              beforeLook: (look) => turns.schedule(Promise.resolve(), `${name} looks ${look}`),
              beforeCall: (call, { kind, group }) =>
                turns.schedule(Promise.resolve(), `${name} calls ${call}: ${kind} ${group}`),
            });
            const work = async (name: string, groups?: readonly string[]) => {
              const turn = (what: string) => turns.schedule(Promise.resolve(), `${name} ${what}`);
              const run = underLease(desk(name, inTurns(store, turn)));
              return referee(where, policy, start, moods(name), groups, run);
            };
            const both = Promise.all([work("first"), work("second", [opened, ...backGroups])]);
            const [first, second] = await turns.waitFor(both);
            const [end, calls] = [where.now, [...first.calls, ...second.calls]];
            const outcomes = [...first.outcomes, ...second.outcomes];
            const risen = outcomes.filter(({ findings }) =>
              findings.some(({ code }) => code === "resurrected"),
            );
            // What failed, where old looks contradicted the answers to the last, comes again as a message.
            const isDone = outcomes.every(({ result }) => result !== "failed");
            const undone = quota === 60 && isDone ? amiss(end, policy, start) : [];
            change(where, { ...where.now, quota: 60 });
            hold(
              [
                ...first.breaches,
                ...second.breaches,
                ...risen.map(({ group }) => `${group} is said to have something that rose again`),
                ...undone.map((one) => `when both are done, ${one}`),
                ...(await settled(where, policy, start, underLease(desk("third")))),
              ],
              { region, policy, end, calls, outcomes },
            );
          },
        ),
        { numRuns: runs(100) },
      );
    },
    patience,
  );
});
