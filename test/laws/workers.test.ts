import fc from "fast-check";
import { describe, it } from "vitest";
import { anyRegion } from "../support/arbitraryRegion.ts";
import { anyPolicy } from "../support/arbitraryRules.ts";
import { cloud, type Moods } from "../support/fakeWorld.ts";
import { hold, referee, settled, startOf } from "../support/referee.ts";
import { patience, runs } from "./runs.ts";

/** How old each of a worker's first looks is, in changes. */
const ages = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
const revoke = fc.constantFrom("default VPC", "other" as const);

describe("eventual consistency", () => {
  it(
    "breaks no law, though looks be older than what we wrote ourselves",
    async () => {
      await fc.assert(
        fc.asyncProperty(anyRegion, anyPolicy, ages, revoke, async (region, policy, old, kind) => {
          const where = cloud(region);
          const start = startOf(region, policy);
          const run = await referee(where, policy, start, {
            revoke: kind,
            behind: (look) => old[look - 1] ?? 0,
          });
          const end = where.now;
          hold([...run.breaches, ...(await settled(where, policy, start))], {
            region,
            policy,
            end,
            ...run,
          });
        }),
        { numRuns: runs(100) },
      );
    },
    patience,
  );
});

describe("a second worker", () => {
  it(
    "steps in between any two calls, working from older looks: the laws hold after every call, and in the end all is settled",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          anyRegion,
          anyPolicy,
          fc.tuple(ages, ages),
          revoke,
          fc.scheduler(),
          async (region, policy, old, kind, scheduler) => {
            const where = cloud(region);
            const start = startOf(region, policy);
            const worker = (name: string, behind: readonly number[]): Moods => ({
              revoke: kind,
              behind: (look) => behind[look - 1] ?? 0,
              beforeLook: (look) => scheduler.schedule(Promise.resolve(), `${name} looks ${look}`),
              beforeCall: (call, what) =>
                scheduler.schedule(
                  Promise.resolve(),
                  `${name} calls ${call}: ${what.kind} ${what.group}`,
                ),
            });
            const both = Promise.all([
              referee(where, policy, start, worker("first", old[0])),
              referee(where, policy, start, worker("second", old[1])),
            ]);
            const [first, second] = await scheduler.waitFor(both);
            const end = where.now;
            hold(
              [...first.breaches, ...second.breaches, ...(await settled(where, policy, start))],
              {
                region,
                policy,
                end,
                calls: [...first.calls, ...second.calls],
                outcomes: [...first.outcomes, ...second.outcomes],
              },
            );
          },
        ),
        { numRuns: runs(100) },
      );
    },
    patience,
  );
});
