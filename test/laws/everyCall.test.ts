import type { Outcome } from "../../lib/values/outcome.ts";
import fc from "fast-check";
import { describe, it } from "vitest";
import { anyRegion } from "../support/arbitraryRegion.ts";
import { anyPolicy, backGroups, frontGroups } from "../support/arbitraryRules.ts";
import { cloud } from "../support/fakeWorld.ts";
import { amiss, hold, referee, startOf } from "../support/referee.ts";
import { patience, runs } from "./runs.ts";

const isClean = ({ result }: Outcome): boolean =>
  result === "unchanged" || result === "changed" || result === "drift";

describe.each(["default VPC", "other"] as const)(
  "any region, where nobody else writes (revoke as in a VPC of kind: %s)",
  (revoke) => {
    it(
      "cuts off no load balancer, lets nobody gain and loses nothing else after every call; ends with load balancers alone let in; writes nothing again",
      async () => {
        await fc.assert(
          fc.asyncProperty(anyRegion, anyPolicy, async (region, policy) => {
            const where = cloud(region);
            const start = startOf(region, policy);
            const first = await referee(where, policy, start, { revoke });
            const end = where.now;
            const again = await referee(where, policy, start, { revoke });
            const unclean = [...first.outcomes, ...again.outcomes]
              .filter((one) => !isClean(one))
              .map((one) => `${one.group} ends ${one.result}`);
            const repeated =
              again.calls.length > 0 ? [`the second run makes ${again.calls.length} calls`] : [];
            hold(
              [
                ...first.breaches,
                ...unclean,
                ...amiss(end, policy, start),
                ...repeated,
                ...again.breaches,
              ],
              {
                region,
                policy,
                end,
                calls: [...first.calls, ...again.calls],
                outcomes: first.outcomes,
              },
            );
          }),
          { numRuns: runs(150) },
        );
      },
      patience,
    );
  },
);

describe("any part of a region", () => {
  it(
    "is settled as the whole is, whatever else the same interfaces wear",
    async () => {
      const asked = fc.subarray([...backGroups, ...frontGroups, "sg-far", "sg-x"], {
        minLength: 1,
        maxLength: 4,
      });
      await fc.assert(
        fc.asyncProperty(anyRegion, anyPolicy, asked, async (region, policy, part) => {
          const where = cloud(region);
          const start = startOf(region, policy);
          const first = await referee(where, policy, start, {}, part);
          const end = where.now;
          const again = await referee(where, policy, start, {}, part);
          const repeated =
            again.calls.length > 0
              ? [`asked about ${part.join(" ")}, the second run makes ${again.calls.length} calls`]
              : [];
          const unclean = first.outcomes
            .filter((one) => !isClean(one))
            .map((one) => `asked about ${part.join(" ")}, ${one.group} ends ${one.result}`);
          hold(
            [
              ...first.breaches,
              ...unclean,
              ...amiss(end, policy, start, part),
              ...repeated,
              ...again.breaches,
            ],
            {
              region,
              policy,
              end,
              ...first,
            },
          );
        }),
        { numRuns: runs(100) },
      );
    },
    patience,
  );
});
