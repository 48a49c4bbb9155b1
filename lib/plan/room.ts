import type { Policy } from "../values/policy.ts";
import { fuller, heavier, lighter, noWeight, type Weight, weightOf } from "../values/room.ts";
import type { GroupId } from "../values/rule.ts";
import type { Snapshot } from "../values/snapshot.ts";

/** What EC2 has shown of a group's quota by refusing a rule: no more than so many fit. */
export type KnownLimits = ReadonlyMap<GroupId, number>;

/** How full a group is while a plan is made. */
export interface Room {
  /** How many rules fit, of IPv4 and of IPv6. A group that holds more than we know of has room for what it holds. */
  readonly limit: number;
  /** How many of them closing leaves to people. */
  readonly spare: number;
  /** What stands, and all that is to be added, with nothing gone yet. */
  readonly used: Weight;
  /** What of that goes as soon as the additions stand. */
  readonly going: Weight;
}

/** Of a group that was not read. */
export const noRoom: Room = { limit: 0, spare: 0, used: noWeight, going: noWeight };

export function roomOf(
  group: GroupId,
  { groups, prefixLists }: Snapshot,
  { rulesPerGroup, spareRules }: Policy,
  limits: KnownLimits,
): Room {
  const used = weightOf(groups.get(group)?.rules ?? [], prefixLists);
  const limit = Math.max(fuller(used), Math.min(rulesPerGroup, limits.get(group) ?? Infinity));
  return { limit, spare: spareRules, used, going: noWeight };
}

/** How many rules more fit. */
export const freeIn = ({ limit, used }: Room): number => limit - fuller(used);

/** With rules added, and with others gone once these stand. */
export const withRules = (room: Room, added: Weight, going: Weight = noWeight): Room => ({
  ...room,
  used: heavier(room.used, added),
  going: heavier(room.going, going),
});

/** What there is room for to the last rule: a load balancer that is cut off is let in before people's spare rules are thought of. */
export const holds = ({ limit, used }: Room): boolean => fuller(used) <= limit;

/** Does a change leave people their spare rules? One that leaves a group no fuller than it was does not take any. */
export function leavesSpare(before: Room, after: Room): boolean {
  const lasting = ({ used, going }: Room): Weight => lighter(used, going);
  const most = after.limit - after.spare;
  return (["ipv4", "ipv6"] as const).every(
    (family) => lasting(after)[family] <= Math.max(most, lasting(before)[family]),
  );
}
