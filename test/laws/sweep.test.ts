import fc from "fast-check";
import { describe, it } from "vitest";
import type { GroupId, Rule } from "../../lib/values/rule.ts";
import { sweepEvent } from "../../lib/values/trigger.ts";
import { remediate } from "../support/remediate.ts";
import { anyRegion } from "../support/arbitraryRegion.ts";
import { anyPolicy } from "../support/arbitraryRules.ts";
import { drawCall } from "../support/draw.ts";
import { cloud, fakeWorld } from "../support/fakeWorld.ts";
import { breachText, cutOff, gained, lost, type View } from "../support/laws.ts";
import { entriesOf } from "../support/packets.ts";
import { amiss, everyGroup, hold, startOf } from "../support/referee.ts";
import type { Region } from "../support/region.ts";
import { patience, runs } from "./runs.ts";

/** An unused admission whose load balancer is gone or has other groups: what only a sweep may take away. */
const isAbandoned = ({ region, oracle }: View, group: GroupId, rule: Rule): boolean =>
  oracle.isUnused(group, rule) &&
  !region.loadBalancers.some(
    ({ id, groups }) =>
      id === rule.tags["elb-only:load-balancer"] &&
      rule.source.kind === "group" &&
      groups.includes(rule.source.group),
  );

const withoutAbandoned = (view: View): Region => ({
  ...view.region,
  groups: view.region.groups.map((group) => ({
    ...group,
    rules: group.rules.filter((rule) => !isAbandoned(view, group.id, rule)),
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
          const needed = { ...start, region: withoutAbandoned(start) };
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
            .flatMap(({ id, rules }) =>
              rules
                .filter((rule) => isAbandoned({ ...start, region: end }, id, rule))
                .map((rule) => `${rule.id} is abandoned and still there`),
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
