import { everyGroup, type Held, holdsOn, holdText } from "../values/hold.ts";
import { type Finding, finding } from "../values/finding.ts";
import type { GroupId } from "../values/rule.ts";
import { recordHold, type Remediation } from "./remediation.ts";

/** What keeps changes from being made for now. */
export interface Restraint {
  /** Every hold in force or ended, as of now. Thrown: nobody can say, and nothing is removed. */
  readonly holds: () => Promise<readonly Held[]>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Where nothing is remembered, nobody can have asked for anything. */
export const unrestrained: Restraint = { holds: () => Promise.resolve([]), now: () => 0 };

/** Asks which groups are held: before anything is written, and again before anything is removed, since it is to stop at once. */
export async function askHolds(
  remediations: readonly Remediation[],
  { holds, now }: Restraint,
): Promise<void> {
  if (remediations.length === 0) return;
  try {
    const held = await holds();
    for (const one of remediations) {
      const [strictest] = holdsOn(one.group, held, now());
      if (strictest !== undefined && strictest.stops !== "nothing")
        recordHold(one, strictest.stops, heldFinding(one.group, strictest));
    }
  } catch (error) {
    for (const one of remediations) recordHold(one, "removals", unreadFinding(one.group, error));
  }
}

const heldFinding = (group: GroupId, held: Held): Finding =>
  finding(
    "held",
    group,
    `${held.stops === "writes" ? `Nothing is written to ${group}` : `Nothing is removed from ${group}`} ${holdText(held)}. To end it: elb-only resume ${held.on === everyGroup ? "--all" : group}`,
  );

const unreadFinding = (group: GroupId, error: unknown): Finding =>
  finding(
    "holds-unreadable",
    group,
    `Nothing is removed from ${group}: ${error instanceof Error ? error.message : String(error)}`,
  );
