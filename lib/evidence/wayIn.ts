import type { GroupId, Rule } from "../values/rule.ts";
import type { InterfaceId, Snapshot } from "../values/snapshot.ts";

/** A rule that would be closed, or narrowed, and the rules that would stand at the interfaces once all is done. */
export interface WayIn {
  readonly group: GroupId;
  readonly rule: Rule;
}

/** What is asked of flow logs: by which of these ways in did anybody come who could not come any more? */
export interface Question {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly waysIn: readonly WayIn[];
}

/** Somebody who came in, as far as the snapshot knows the address. */
export interface SeenSource {
  readonly address: string;
  readonly flows: number;
  readonly bytes: number;
  /** ISO 8601, UTC. */
  readonly lastSeen?: string;
}

/** Who used one way in that is to be closed: accepted flows that would be let in by nothing that stays. */
export interface Use {
  readonly wayIn: WayIn;
  readonly flows: number;
  readonly bytes: number;
  /** Distinct sources; a lower bound where `isAtLeast`. */
  readonly sources: number;
  readonly isAtLeast: boolean;
  readonly lastSeen?: string;
  /** Those with the most flows. */
  readonly visitors: readonly SeenSource[];
  /** The interfaces where the way in lies that the logs know, and those of which they say nothing. */
  readonly logged: readonly InterfaceId[];
  readonly unlogged: readonly InterfaceId[];
}

/** All that some flow logs say. */
export interface Evidence {
  readonly uses: readonly Use[];
  readonly records: number;
  /** The window: ISO 8601, UTC; missing where the format leaves the times out. */
  readonly from?: string;
  readonly to?: string;
  /** Intervals in which AWS skipped records. */
  readonly skipped: number;
  readonly unreadable: number;
}
