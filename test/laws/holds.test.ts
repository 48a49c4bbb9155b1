import fc from "fast-check";
import { describe, it } from "vitest";
import { remediate } from "../support/remediate.ts";
import { type Restraint, unrestrained } from "../../lib/remediation/restraint.ts";
import type { Held } from "../../lib/values/hold.ts";
import { anyRegion } from "../support/arbitraryRegion.ts";
import { anyPolicy, backGroups } from "../support/arbitraryRules.ts";
import { drawCall } from "../support/draw.ts";
import { cloud, fakeWorld } from "../support/fakeWorld.ts";
import { unreached, viewOf } from "../support/laws.ts";
import { everyGroup, hold, startOf } from "../support/referee.ts";
import { patience, runs } from "./runs.ts";

const holdOn = (on: string, stops: Held["stops"]): Held => ({
  on,
  stops,
  by: "alice",
  why: "",
  since: "2026-11-22T12:00:00Z",
});

/** From after which call on there is which hold. */
const anyHolds = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 6 }),
    on: fc.constantFrom("*", ...backGroups),
    stops: fc.constantFrom("removals", "writes" as const),
  }),
  { minLength: 1, maxLength: 3 },
);

describe("a hold, whenever it comes", () => {
  it(
    "stops what it says at once; under a hold of removals every load balancer is let in all the same",
    async () => {
      await fc.assert(
        fc.asyncProperty(anyRegion, anyPolicy, anyHolds, async (region, policy, some) => {
          const where = cloud(region);
          const start = startOf(region, policy);
          let calls = 0;
          const inForce = () => some.filter(({ after }) => after <= calls);
          const wrong: string[] = [];
          // Groups are written to side by side: a call that was decided on before the hold came is out of its reach.
          let asked = inForce();
          const world = fakeWorld(where, {
            beforeCall: (_, call) => {
              const broken = asked.filter(
                ({ on, stops }) =>
                  (on === "*" || on === call.group) &&
                  (stops === "writes" || call.kind === "revoke"),
              );
              if (broken.length > 0)
                wrong.push(`${drawCall(call)} in spite of ${JSON.stringify(broken)}`);
            },
            afterCall: () => {
              calls += 1;
            },
          });
          const restraint: Restraint = {
            ...unrestrained,
            holds: () => {
              asked = inForce();
              return Promise.resolve(asked.map(({ on, stops }) => holdOn(on, stops)));
            },
            now: () => 0,
          };
          const outcomes = await remediate(
            everyGroup(region),
            policy,
            world,
            () => true,
            restraint,
          );
          const isPaused = some.some(({ stops }) => stops === "writes");
          const end = where.now;
          const missing = isPaused ? [] : unreached(viewOf(end, policy, start.packets));
          hold([...wrong, ...missing.map((one) => `not let in: ${JSON.stringify(one)}`)], {
            region,
            policy,
            end,
            outcomes,
            calls: world.calls,
          });
        }),
        { numRuns: runs(100) },
      );
    },
    patience,
  );
});
