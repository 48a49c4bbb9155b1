import type { Snapshot } from "../values/snapshot.ts";

/** What was read of one account in one region. */
export interface Picture {
  readonly region: string;
  readonly snapshot: Snapshot;
}
