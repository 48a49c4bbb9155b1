import fc from "fast-check";
import { describe, it } from "vitest";
import { anyRegion } from "../support/arbitraryRegion.ts";
import { anyPolicy } from "../support/arbitraryRules.ts";
import type { Revoke } from "../support/calls.ts";
import type { Moods } from "../support/fakeWorld.ts";
import { anyInterruptions } from "../support/people.ts";
import { stage, verdict, worker } from "../support/stage.ts";
import { patience, runs } from "./runs.ts";

const revokes = fc.constantFrom<Revoke>("default VPC", "other");

describe("people and two workers at once", () => {
  it(
    "whatever each sees of the others, no call does more than its own look warranted; the next run settles everything",
    async () => {
      /** How old each of the second worker's first looks is, in changes. */
      const ages = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(
          anyRegion,
          anyPolicy,
          anyInterruptions,
          revokes,
          ages,
          fc.scheduler(),
          async (region, policy, edits, revoke, old, turns) => {
            const on = stage(region, policy, edits);
            const mood = (name: string, behind: readonly number[]): Moods => ({
              revoke,
              behind: (look) => behind[look - 1] ?? 0,
              beforeLook: (look) => turns.schedule(Promise.resolve(), `${name} looks ${look}`),
              beforeCall: (call) => turns.schedule(Promise.resolve(), `${name} calls ${call}`),
            });
            const all = Promise.all([
              worker(on, "the first", mood("first", [])),
              worker(on, "the second", mood("second", old)),
            ]);
            await verdict(on, region, (await turns.waitFor(all)).flat());
          },
        ),
        { numRuns: runs(100) },
      );
    },
    patience,
  );
});
