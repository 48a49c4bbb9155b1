import type { GroupId } from "../values/rule.ts";
import type { Trigger } from "../values/trigger.ts";
import { giveBack, takeLease, type Worker } from "./lease.ts";
import type { Affected, Clock, Store } from "./ports.ts";

/** State, and who asks it. */
export interface Desk {
  readonly store: Store;
  readonly clock: Pick<Clock, "now">;
  readonly worker: Worker;
}

/** A group to be looked at again; `at`: milliseconds since 1970. */
export interface Later {
  readonly group: GroupId;
  readonly at: number;
  /** None: only if the worker died that has it now. */
  readonly triggers: readonly Trigger[];
}

/** The groups that one worker has, and what became of those that it asked for. */
export interface Leases {
  /** Asks for a group; answers why it is looked at. Undefined: another has it, or it need not be looked at. */
  readonly take: (
    group: GroupId,
    triggers: readonly Trigger[],
  ) => Promise<readonly Trigger[] | undefined>;
  readonly has: (group: GroupId) => boolean;
  /** Why a group was taken without a lease; undefined: it was not. */
  readonly whyWithout: (group: GroupId) => string | undefined;
  /** Gives back all groups but those that others asked about meanwhile; answers these, and why. `anyhow`: those, too. */
  readonly giveBack: (anyhow: boolean) => Promise<Affected>;
  /** Groups that others have. */
  readonly busy: readonly Later[];
  /** What went wrong with state on the way, in words. */
  readonly problems: readonly string[];
}

export function leasesOf({ store, clock, worker }: Desk): Leases {
  const mine = new Set<GroupId>();
  const without = new Map<GroupId, string>();
  const busy: Later[] = [];
  const problems: string[] = [];
  return {
    busy,
    problems,
    has: (group) => mine.has(group),
    whyWithout: (group) => without.get(group),
    take: async (group, triggers) => {
      if (mine.has(group) || without.has(group)) return triggers;
      try {
        const taken = await takeLease(store, group, triggers, worker, clock.now());
        if (taken.kind === "busy") busy.push({ group, at: taken.until, triggers: [] });
        if (taken.kind !== "taken") return undefined;
        mine.add(group);
        return [...triggers, ...taken.owed];
      } catch (error) {
        without.set(group, whyOf(error));
        problems.push(`${group} was taken without a lease: ${whyOf(error)}`);
        return triggers;
      }
    },
    giveBack: async (anyhow) => {
      const again = new Map<GroupId, readonly Trigger[]>();
      await Promise.all(
        [...mine].map(async (group) => {
          try {
            const asked = await giveBack(store, group, worker, clock.now(), anyhow);
            if (asked.length > 0) again.set(group, asked);
            if (asked.length === 0 || anyhow) mine.delete(group);
          } catch (error) {
            // It ends by itself, and whoever asked meanwhile comes back then.
            mine.delete(group);
            problems.push(`${group} could not be given back: ${whyOf(error)}`);
          }
        }),
      );
      return again;
    },
  };
}

const whyOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
