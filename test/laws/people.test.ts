import fc from "fast-check";
import { describe, it } from "vitest";
import { anyRegion } from "../support/arbitraryRegion.ts";
import { anyPolicy } from "../support/arbitraryRules.ts";
import type { Revoke } from "../support/calls.ts";
import { anyInterruptions } from "../support/people.ts";
import { stage, verdict, worker } from "../support/stage.ts";
import { patience, runs } from "./runs.ts";

const revokes = fc.constantFrom<Revoke>("default VPC", "other");

describe("people who edit between our look and our call", () => {
  it(
    "keep what they wrote; no call does more than its look warranted; the next run settles everything",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          anyRegion,
          anyPolicy,
          anyInterruptions,
          revokes,
          async (region, policy, interruptions, revoke) => {
            const on = stage(region, policy, interruptions);
            await verdict(on, region, await worker(on, "the worker", { revoke }));
          },
        ),
        { numRuns: runs(200) },
      );
    },
    patience,
  );
});
