import type { ChangeId } from "./changeId.ts";
import type { Difference } from "./difference.ts";
import type { Reach } from "./groupPlan.ts";
import type { AccountRegion } from "./outcome.ts";
import type { Mode } from "./policy.ts";
import type { GroupId, Rule } from "./rule.ts";
import type { Trigger } from "./trigger.ts";

/** What is about to be changed in one group and why, written down before anything is: all of it, should it come to nothing or end in the middle. */
export interface Intent extends AccountRegion {
  readonly version: 1;
  readonly change: ChangeId;
  readonly group: GroupId;
  readonly name: string;
  readonly vpc?: string;
  /** When the look was taken that it was planned by: ISO 8601, UTC. */
  readonly begun: string;
  readonly triggers: readonly Trigger[];
  readonly mode: Mode;
  readonly reach: Reach;
  /** All inbound rules as they were, with ids, descriptions and tags. */
  readonly before: readonly Rule[];
  /** Every rule that may be added, and every one that may be removed. */
  readonly add: readonly Rule[];
  readonly remove: readonly Rule[];
  /** Who will have lost and gained what, by the judge, once all of it is done. */
  readonly difference: Difference;
}
