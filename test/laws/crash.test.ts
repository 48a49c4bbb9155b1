import fc from "fast-check";
import { describe, it } from "vitest";
import type { Policy } from "../../lib/values/policy.ts";
import { anyRegion } from "../support/arbitraryRegion.ts";
import { anyPolicy } from "../support/arbitraryRules.ts";
import { cloud, type Moods } from "../support/fakeWorld.ts";
import type { View } from "../support/laws.ts";
import { hold, quietly, referee, settled } from "../support/referee.ts";
import type { Region } from "../support/region.ts";
import { patience, runs } from "./runs.ts";

/** The process dies at a call, before EC2 took it or before its answer arrived: nothing it does afterwards happens. */
function dying(at: number, moment: "before" | "after"): Moods {
  let isDead = false;
  const die = (): never => {
    isDead = true;
    throw new Error("the process died");
  };
  return {
    beforeLook: () => (isDead ? die() : undefined),
    beforeCall: (call) => (isDead || (moment === "before" && call === at) ? die() : undefined),
    afterCall: (call) => (moment === "after" && call === at ? die() : undefined),
  };
}

async function diesAndHeals(
  region: Region,
  policy: Policy,
  start: View,
  at: number,
  moment: "before" | "after",
): Promise<void> {
  const where = cloud(region);
  const first = await referee(where, policy, start, dying(at, moment));
  const wrong = await settled(where, policy, start);
  const told = [...first.breaches, ...wrong].map((one) => `dying ${moment} call ${at}: ${one}`);
  hold(told, { region, policy, end: where.now, calls: first.calls, outcomes: first.outcomes });
}

describe("a crash", () => {
  it(
    "at any call, before or after it, leaves the laws whole, and the next run reaches their end and writes nothing more",
    async () => {
      await fc.assert(
        fc.asyncProperty(anyRegion, anyPolicy, async (region, policy) => {
          const { calls, start } = await quietly(region, policy);
          for (let at = 1; at <= calls.length; at += 1) {
            await diesAndHeals(region, policy, start, at, "before");
            await diesAndHeals(region, policy, start, at, "after");
          }
        }),
        { numRuns: runs(60) },
      );
    },
    patience,
  );
});
