import { fuller, heavier, lighter, weightOf } from "../values/room.ts";
import type { GroupId, Rule } from "../values/rule.ts";
import type { Snapshot } from "../values/snapshot.ts";
import { holds, leavesSpare, noRoom, type Room, withRules } from "./room.ts";

/** What a group gives to the question what there is room for. */
export interface Holding {
  readonly room: Room;
  /** Rules that stay, whatever is closed. */
  readonly staying: readonly Rule[];
  /** Admissions of ours that nobody uses: they go where there is no room else, the first of them first. */
  readonly unused: readonly Rule[];
}

/** Rules to be added, by group: all of them, or none. */
export type Needs = ReadonlyMap<GroupId, readonly Rule[]>;

/** Is there room now, or once unused admissions have gone? */
export type When = "now" | "later";

/** The rooms of all groups while it is counted what fits. */
export interface Rooms {
  /** Takes room for all of it, or for nothing: undefined. `closing` goes once it stands; what is urgent may take people's spare rules, too. */
  take(
    needs: Needs,
    closing?: { readonly group: GroupId; readonly rule: Rule },
    isUrgent?: boolean,
  ): When | undefined;
  in(group: GroupId): Room;
  /** Unused admissions that have to make room. */
  evictedIn(group: GroupId): readonly Rule[];
}

/** A group as it would be. */
interface Filled {
  readonly room: Room;
  readonly evicted: readonly Rule[];
}

export function roomsOf(
  holdings: ReadonlyMap<GroupId, Holding>,
  { prefixLists }: Pick<Snapshot, "prefixLists">,
): Rooms {
  const taken = new Map<GroupId, Filled>();
  const filledIn = (group: GroupId): Filled =>
    taken.get(group) ?? { room: holdings.get(group)?.room ?? noRoom, evicted: [] };
  const weigh = (rules: readonly Rule[]) => weightOf(rules, prefixLists);

  const fill = (
    group: GroupId,
    rules: readonly Rule[],
    going: readonly Rule[],
    isUrgent: boolean,
  ): Filled | undefined => {
    const before = filledIn(group);
    const evicted = [...before.evicted];
    let room = withRules(before.room, weigh(rules), weigh(going));
    const isWell = (): boolean => holds(room) && leavesSpare(before.room, room);
    for (const one of holdings.get(group)?.unused ?? []) {
      if (isWell()) break;
      if (evicted.includes(one)) continue;
      evicted.push(one);
      room = { ...room, used: lighter(room.used, weigh([one])) };
    }
    return isWell() || (isUrgent && holds(room)) ? { room, evicted } : undefined;
  };

  /** With everything that makes room still there. */
  const isFull = ({ room, evicted }: Filled): boolean =>
    fuller(heavier(room.used, weigh(evicted))) > room.limit;

  return {
    take(needs, closing, isUrgent = false) {
      const groups = new Set([...needs.keys(), ...(closing === undefined ? [] : [closing.group])]);
      const filled = new Map<GroupId, Filled>();
      for (const group of groups) {
        const going = closing?.group === group ? [closing.rule] : [];
        const one = fill(group, needs.get(group) ?? [], going, isUrgent);
        if (one === undefined) return undefined;
        filled.set(group, one);
      }
      for (const [group, one] of filled) taken.set(group, one);
      return [...filled].some(([group, one]) => needs.has(group) && isFull(one)) ? "later" : "now";
    },
    in: (group) => filledIn(group).room,
    evictedIn: (group) => filledIn(group).evicted,
  };
}
