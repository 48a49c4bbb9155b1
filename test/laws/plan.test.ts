import type { GroupPlan } from "../../lib/values/groupPlan.ts";
import fc from "fast-check";
import { describe, it } from "vitest";
import { plan } from "../../lib/plan/plan.ts";
import { type GroupId, type Rule, ruleKey } from "../../lib/values/rule.ts";
import type { Snapshot } from "../../lib/values/snapshot.ts";
import { anyRegion } from "../support/arbitraryRegion.ts";
import { anyPolicy } from "../support/arbitraryRules.ts";
import { oracle, type Oracle, type Serving } from "../support/oracle.ts";
import { packetsOf } from "../support/packets.ts";
import { hold } from "../support/referee.ts";
import { type Region, snapshotOf } from "../support/region.ts";
import { patience, runs } from "./runs.ts";

const everyId = (region: Region): readonly GroupId[] => region.groups.map((group) => group.id);

/** What a plan says of one group, for comparing. */
const decision = (todo: GroupPlan | undefined): string =>
  JSON.stringify({
    mode: todo?.mode,
    reach: todo?.reach,
    governed: todo?.governed,
    removals: todo?.removals.map(ruleKey).sort(),
    remainders: todo?.remainders.map((one) => ruleKey(one.rule)).sort(),
  });

describe("plan", () => {
  it(
    "decides by what is there, not by the order in which it is told",
    () => {
      fc.assert(
        fc.property(anyRegion, anyPolicy, (region, policy) => {
          const reversed: Region = {
            ...region,
            groups: region.groups
              .map((group) => ({ ...group, rules: group.rules.toReversed() }))
              .toReversed(),
            interfaces: region.interfaces
              .map((one) => ({ ...one, groups: one.groups.toReversed() }))
              .toReversed(),
            loadBalancers: region.loadBalancers
              .map((one) => ({ ...one, targets: one.targets.toReversed() }))
              .toReversed(),
          };
          const [one, other] = [
            plan(snapshotOf(region, everyId(region)), policy),
            plan(snapshotOf(reversed, everyId(reversed)), policy),
          ];
          const wrong = everyId(region).filter(
            (id) => decision(one.groups.get(id)) !== decision(other.groups.get(id)),
          );
          hold(
            wrong.map(
              (id) => `${id}: ${decision(one.groups.get(id))} or ${decision(other.groups.get(id))}`,
            ),
            { region, policy, end: region },
          );
        }),
        { numRuns: runs(100) },
      );
    },
    patience,
  );

  it(
    "decides on a group by its interfaces alone, not by what else is asked about",
    () => {
      fc.assert(
        fc.property(anyRegion, anyPolicy, (region, policy) => {
          const whole = plan(snapshotOf(region, everyId(region)), policy);
          const told = (id: GroupId): readonly string[] => {
            const alone = plan(snapshotOf(region, [id]), policy).groups.get(id);
            const inWhole = whole.groups.get(id);
            return alone?.mode === inWhole?.mode &&
              alone?.reach === inWhole?.reach &&
              JSON.stringify(alone?.governed) === JSON.stringify(inWhole?.governed)
              ? []
              : [`${id}: among all ${decision(inWhole)}, alone ${decision(alone)}`];
          };
          hold(everyId(region).flatMap(told), { region, policy, end: region });
        }),
        { numRuns: runs(100) },
      );
    },
    patience,
  );

  it(
    "governs exactly the ports that the oracle closes",
    () => {
      fc.assert(
        fc.property(anyRegion, anyPolicy, (region, policy) => {
          const snapshot = snapshotOf(region, everyId(region));
          const { closes } = oracle(snapshot, policy);
          const planned = plan(snapshot, policy);
          const { doors } = packetsOf(region, policy);
          const told = [...planned.groups.values()].flatMap(({ group, reach, mode, governed }) =>
            doors
              .filter(({ protocol, port }) => {
                const isIn = governed.some(
                  (one) => one.protocol === protocol && one.from <= port && port <= one.to,
                );
                return (
                  (isIn && mode === "enforce" && reach === "govern") !==
                  closes(group, protocol, port)
                );
              })
              .map(({ protocol, port }) => `${group} (${mode}, ${reach}) ${protocol}/${port}`),
          );
          hold(told, { region, policy, end: region });
        }),
        { numRuns: runs(100) },
      );
    },
    patience,
  );

  it(
    "puts an admission where the fewest others are let in: in the group, and from the group, that the fewest strangers wear",
    () => {
      fc.assert(
        fc.property(anyRegion, anyPolicy, (region, policy) => {
          const snapshot = snapshotOf(region, everyId(region));
          const judge = oracle(snapshot, policy);
          const admissions = [...plan(snapshot, policy).groups.values()].filter(
            ({ mode }) => mode === "enforce",
          );
          const misplaced = admissions.flatMap(({ group, admissions: rules }) =>
            rules.filter((rule) => {
              const placed = judge.servings.filter(
                (one) =>
                  one.nameable &&
                  one.by.id === rule.tags["elb-only:load-balancer"] &&
                  isPlace(one, group, rule, snapshot, judge) &&
                  isFrom(one, rule, snapshot, judge),
              );
              return !isMadeOf(placed, rule, judge);
            }),
          );
          hold(
            misplaced.map((rule) => `misplaced: ${ruleKey(rule)}`),
            { region, policy, end: region },
          );
        }),
        { numRuns: runs(200) },
      );
    },
    patience,
  );
});

/** Every port that it lets in to is one on which it is served; and of each such port or range that it touches it has all that is not protected. */
function isMadeOf(
  servings: readonly Serving[],
  { protocol, fromPort, toPort }: Rule,
  { isProtected }: Oracle,
): boolean {
  const isOpen = ({ port }: Serving, number: number): boolean =>
    protocol === port.protocol &&
    port.from <= number &&
    number <= port.to &&
    !isProtected(protocol, number);
  const edges = servings.flatMap(({ port }) => [port.from, port.to, port.from - 1, port.to + 1]);
  const numbers = [fromPort, toPort, ...edges].filter(
    (number) => fromPort <= number && number <= toPort,
  );
  const touching = servings.filter((one) => numbers.some((number) => isOpen(one, number)));
  return (
    numbers.every((number) => servings.some((one) => isOpen(one, number))) &&
    !touching.some((one) => isOpen(one, fromPort - 1) || isOpen(one, toPort + 1))
  );
}

/**
 * Not the VPC's default group if there is another; nor one that a database or the like wears; then the fewest interfaces that the load balancer does not
 * serve on that port; then the lowest id.
 */
function isPlace(
  serving: Serving,
  place: GroupId,
  { source }: Rule,
  { groups, interfaces }: Snapshot,
  { servings, mayAdmit, uninvited }: Oracle,
): boolean {
  const { to, by, port } = serving;
  const isServed = (id: string): boolean =>
    servings.some(
      (one) =>
        one.by === by &&
        one.to.id === id &&
        one.port.protocol === port.protocol &&
        one.port.from <= port.from &&
        port.to <= one.port.to,
    );
  const rank = (id: GroupId): string => {
    const strangers = interfaces.filter(
      (one) => one.groups.includes(id) && !isServed(one.id),
    ).length;
    return `${groups.get(id)?.name === "default" ? 1 : 0} ${uninvited(id).length > 0 ? 1 : 0} ${String(strangers).padStart(6, "0")} ${id}`;
  };
  const doors = to.groups.filter(
    (id) => source.kind === "group" && mayAdmit(id, serving, source.group),
  );
  return doors.includes(place) && doors.every((id) => rank(place) <= rank(id));
}

/** Of the load balancer's groups from which it may be let in at all, one that the fewest are attached to who are no load balancer. */
function isFrom(
  serving: Serving,
  { source }: Rule,
  { interfaces }: Snapshot,
  judge: Oracle,
): boolean {
  const strangers = (id: GroupId): number =>
    interfaces.filter((one) => one.groups.includes(id) && one.use.kind !== "loadBalancer").length;
  const open = serving.by.groups.filter((from) =>
    serving.to.groups.some((id) => judge.mayAdmit(id, serving, from)),
  );
  return (
    source.kind === "group" &&
    open.includes(source.group) &&
    open.every((id) => strangers(source.group) <= strangers(id))
  );
}
