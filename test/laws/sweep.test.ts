import fc from "fast-check";
import { describe, it } from "vitest";
import type { Policy } from "../../lib/values/policy.ts";
import type { Rule } from "../../lib/values/rule.ts";
import { sweepEvent } from "../../lib/values/trigger.ts";
import { remediate } from "../../lib/remediation/remediate.ts";
import { anyRegion } from "../support/arbitraryRegion.ts";
import { anyPolicy } from "../support/arbitraryRules.ts";
import { drawCall } from "../support/draw.ts";
import { cloud, fakeWorld } from "../support/fakeWorld.ts";
import { breachText, cutOff, gained, lost } from "../support/laws.ts";
import { entriesOf } from "../support/packets.ts";
import { amiss, everyGroup, hold, startOf } from "../support/referee.ts";
import type { Region } from "../support/region.ts";
import { patience, runs } from "./runs.ts";

/** An admission of ours, from a group that no load balancer wears and that the policy does not allow: what only a sweep may take away. */
const isUnused = (region: Region, policy: Policy, { source, tags }: Rule): boolean =>
  "elb-only:load-balancer" in tags &&
  source.kind === "group" &&
  !policy.allowedSources.includes(source.group) &&
  !region.loadBalancers.some((one) => one.groups.includes(source.group));

const withoutUnused = (region: Region, policy: Policy): Region => ({
  ...region,
  groups: region.groups.map((group) => ({
    ...group,
    rules: group.rules.filter((rule) => !isUnused(region, policy, rule)),
  })),
});

describe("a sweep", () => {
  it(
    "takes away admissions that no load balancer needs any more, and nothing else that another run would leave",
    async () => {
      await fc.assert(
        fc.asyncProperty(anyRegion, anyPolicy, async (region, policy) => {
          const where = cloud(region);
          const start = startOf(region, policy);
          const needed = { ...start, region: withoutUnused(region, policy) };
          const breaches: string[] = [];
          const world = fakeWorld(where, {
            afterCall: (_, call) => {
              const now = entriesOf(where.now, start.packets);
              const wrong = [...cutOff(start, now), ...gained(start, now), ...lost(needed, now)];
              breaches.push(
                ...wrong
                  .slice(0, 3)
                  .map((breach) => `after ${drawCall(call)}: ${breachText(breach, start.packets)}`),
              );
              if (!start.oracle.writes(call.group))
                breaches.push(`${drawCall(call)} writes in a group that is not ours to write`);
            },
          });
          const outcomes = await remediate(everyGroup(region, sweepEvent), policy, world);
          const end = where.now;
          const idle = fakeWorld(where);
          await remediate(everyGroup(end, sweepEvent), policy, idle);
          const again = idle.calls.map((call) => `writes again: ${drawCall(call)}`);
          const left = end.groups
            .filter(({ id }) => start.oracle.removes(id))
            .flatMap(({ rules }) =>
              rules
                .filter((rule) => isUnused(end, policy, rule))
                .map((rule) => `${rule.id} is unused and still there`),
            );
          hold([...breaches, ...amiss(end, policy, start), ...again, ...left], {
            region,
            policy,
            end,
            calls: world.calls,
            outcomes,
          });
        }),
        { numRuns: runs(100) },
      );
    },
    patience,
  );
});
