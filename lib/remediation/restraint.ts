import { breaker, type Held, holdsOn } from "../values/hold.ts";
import type { Rule } from "../values/rule.ts";
import { heldFinding } from "./heldFinding.ts";
import type { Snapshot } from "../values/snapshot.ts";
import type { Open } from "./intend.ts";
import type { Proposal, Withheld } from "./proposal.ts";
import { recordAddOnly, recordHold, recordWithheld, type Remediation } from "./remediation.ts";

/** What keeps changes from being made for now. What is thrown: nobody can say, and nothing is removed. */
export interface Restraint {
  /** Every hold, in force or ended, as of now. */
  readonly holds: () => Promise<readonly Held[]>;
  /** Which of these rules are not to go for now, given the holds. */
  readonly withhold: (
    proposals: readonly Proposal[],
    holds: readonly Held[],
  ) => Promise<readonly Withheld[]>;
  /** Some of a proposal's rules have gone. */
  readonly removed: (proposal: Proposal, rules: readonly Rule[]) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Where nothing is remembered, nobody can have asked for anything. */
export const unrestrained: Restraint = {
  holds: () => Promise.resolve([]),
  withhold: () => Promise.resolve([]),
  removed: () => Promise.resolve(),
  now: () => 0,
};

/** Asks which groups are held: before anything is written, and again before anything is removed, since it is to stop at once. Answers the holds. */
export async function askHolds(
  remediations: readonly Remediation[],
  { holds, now }: Restraint,
): Promise<readonly Held[]> {
  if (remediations.length === 0) return [];
  try {
    const held = await holds();
    for (const one of remediations) {
      // The breaker holds rule by rule: what is opened from now on is closed.
      const [strictest] = holdsOn(one.group, held, now()).filter(({ by }) => by !== breaker);
      if (strictest !== undefined && strictest.stops !== "nothing")
        recordHold(one, strictest.stops, heldFinding(one.group, strictest));
    }
    return held;
  } catch (error) {
    for (const one of remediations) recordAddOnly(one, whyOf(error));
    return [];
  }
}

/** Asks which of the rules that are to go are withheld for now. */
export async function askWithheld(
  proposals: ReadonlyMap<Remediation, Proposal>,
  holds: readonly Held[],
  { withhold }: Restraint,
): Promise<void> {
  const asked = [...proposals].filter(
    ([{ hold }, { rules }]) => hold === undefined && rules.length > 0,
  );
  if (asked.length === 0) return;
  try {
    const withheld = await withhold(
      asked.map(([, proposal]) => proposal),
      holds,
    );
    for (const [remediation] of asked)
      for (const one of withheld)
        if (one.group === remediation.group) recordWithheld(remediation, one.rule, one.finding);
  } catch (error) {
    for (const [remediation] of asked) recordAddOnly(remediation, whyOf(error));
  }
}

/** What is to go from each group, at once and later. */
export const proposalsOf = (
  open: readonly Open[],
  snapshot: Snapshot,
): ReadonlyMap<Remediation, Proposal> =>
  new Map(
    open.flatMap(({ remediation, work }) => {
      const { group, triggers, plan, removed } = remediation;
      const rules = [...work.removals, ...work.waiting];
      return plan === undefined
        ? []
        : [[remediation, { group, triggers, plan, snapshot, rules, removed: [...removed] }]];
    }),
  );

/** Has what has gone remembered: whoever puts it back again and again will be known by it. */
export async function tellRemoved(
  proposals: ReadonlyMap<Remediation, Proposal>,
  { removed }: Restraint,
): Promise<void> {
  await Promise.all(
    [...proposals].map(async ([remediation, proposal]) => {
      const gone = remediation.removed.slice(proposal.removed.length);
      await removed(proposal, gone).catch((error: unknown) => {
        recordAddOnly(remediation, whyOf(error));
      });
    }),
  );
}

const whyOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
