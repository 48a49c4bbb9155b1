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

/**
 * An admission of ours as it was made, whose load balancer is gone or has other groups, by which no other reaches anybody in the group, which nobody
 * else allows or keeps, and on no protected port: what only a sweep may take away.
 */
function isUnused({ region, policy, oracle }: View, group: GroupId, rule: Rule): boolean {
  const { source, tags, protocol, fromPort, toPort, description } = rule;
  const id = tags["elb-only:load-balancer"];
  const ports = fromPort === toPort ? fromPort : `${fromPort}-${toPort}`;
  const isOurs =
    id !== undefined &&
    source.kind === "group" &&
    description ===
      `elb-only: admits ${id.split("/").at(-2) ?? id} on ${protocol}/${ports} from ${source.group}`;
  return (
    isOurs &&
    !policy.allowedSources.includes(source.group) &&
    !region.loadBalancers.some((one) => one.id === id && one.groups.includes(source.group)) &&
    !oracle.isProtected(protocol, fromPort) &&
    source.group !== group &&
    !oracle.servings.some(
      ({ to, by, port }) =>
        to.groups.includes(group) &&
        by.groups.includes(source.group) &&
        port.protocol === protocol &&
        port.from <= toPort &&
        fromPort <= port.to,
    )
  );
}

const withoutUnused = (view: View): Region => ({
  ...view.region,
  groups: view.region.groups.map((group) => ({
    ...group,
    rules: group.rules.filter((rule) => !isUnused(view, group.id, rule)),
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
          const needed = { ...start, region: withoutUnused(start) };
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
                .filter((rule) => isUnused({ ...start, region: end }, id, rule))
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
