import fc from "fast-check";
import { describe, it } from "vitest";
import type { Revoke } from "../support/calls.ts";
import { change, cloud, type Moods } from "../support/fakeWorld.ts";
import { anyInterruptions } from "../support/people.ts";
import { hold, referee, settled, startOf } from "../support/referee.ts";
import { stage, verdict, worker } from "../support/stage.ts";
import { tight } from "../support/tight.ts";
import { inTurns, office, underLease } from "../support/underLease.ts";
import { patience, runs } from "./runs.ts";

const revokes = fc.constantFrom<Revoke>("default VPC", "other");
/** How old each of a worker's first looks is, in changes. */
const ages = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

describe("groups with little room", () => {
  it(
    "break no law, though looks be older than what we wrote ourselves",
    async () => {
      await fc.assert(
        fc.asyncProperty(tight, ages, revokes, async ({ region, policy }, old, revoke) => {
          const where = cloud(region);
          const start = startOf(region, policy);
          const run = await referee(where, policy, start, {
            revoke,
            behind: (look) => old[look - 1] ?? 0,
          });
          const end = where.now;
          change(where, { ...end, quota: 60 });
          const roomy = { ...policy, rulesPerGroup: 60 };
          hold([...run.breaches, ...(await settled(where, roomy, start))], {
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

  it(
    "keep what people write meanwhile, our own rules edited in place and load balancers that go in the middle included",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          tight,
          anyInterruptions,
          ages,
          revokes,
          async ({ region, policy }, interruptions, old, revoke) => {
            const on = stage(region, policy, interruptions);
            const moods: Moods = { revoke, behind: (look) => old[look - 1] ?? 0 };
            await verdict(on, region, await worker(on, "the worker", moods));
          },
        ),
        { numRuns: runs(150) },
      );
    },
    patience,
  );
});

describe("groups with little room, people and two workers", () => {
  it(
    "one lease: no call does more than its own look warranted; the next run settles everything",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          tight,
          anyInterruptions,
          ages,
          revokes,
          fc.scheduler(),
          async ({ region, policy }, edits, old, revoke, turns) => {
            const on = stage(region, policy, edits);
            const { desk, store } = office();
            const work = (name: string, behind: readonly number[]) => {
              const turn = (what: string) => turns.schedule(Promise.resolve(), `${name} ${what}`);
              const moods: Moods = {
                revoke,
                behind: (look) => behind[look - 1] ?? 0,
                beforeLook: (look) => turn(`looks ${look}`),
                beforeCall: (call) => turn(`calls ${call}`),
              };
              return worker(on, name, moods, underLease(desk(name, inTurns(store, turn))));
            };
            const both = Promise.all([work("the first", []), work("the second", old)]);
            await verdict(on, region, (await turns.waitFor(both)).flat());
          },
        ),
        { numRuns: runs(100) },
      );
    },
    patience,
  );
});
