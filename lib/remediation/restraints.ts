import type { Held } from "../values/hold.ts";
import { breaker, holdsOn } from "../values/hold.ts";
import { breakCircuit, withheldBy } from "./breaker.ts";
import { leaveContested, rememberRemoved } from "./contested.ts";
import type { Limits } from "./damage.ts";
import { isLetGo } from "./heldFinding.ts";
import { readHolds } from "./holds.ts";
import { giveGrace } from "./privateGrace.ts";
import type { Clock, Store } from "./ports.ts";
import type { Proposal, Withheld } from "./proposal.ts";
import type { Restraint } from "./restraint.ts";

/** How careful a deployment is. */
export interface Caution {
  /** How much may be cut off at once. */
  readonly limits: Limits;
  /** Milliseconds for which private sources stay after their port is first served. */
  readonly privateGrace: number;
}

/** Everything that keeps changes from being made for now, as it is remembered. */
export const restraintsBy = (
  store: Store,
  { now }: Pick<Clock, "now">,
  { limits, privateGrace }: Caution,
): Restraint => ({
  now,
  holds: () => readHolds(store),
  removed: (proposal, rules) => rememberRemoved(proposal, rules, store, now()),
  withhold: async (proposals, holds) => {
    const held = proposals.flatMap((one) => heldByBreaker(one, holds, now()));
    const free = without(proposals, held);
    const graced = await giveGrace(free, store, privateGrace, now());
    const due = without(free, graced);
    const contested = await leaveContested(due, store, now());
    const rest = without(due, contested);
    return [...held, ...graced, ...contested, ...(await breakCircuit(rest, holds, store, limits))];
  },
});

/** What the breaker held before, and nobody has let go. */
function heldByBreaker(
  proposal: Proposal,
  holds: readonly Held[],
  now: number,
): readonly Withheld[] {
  const { group, snapshot } = proposal;
  const [held] = holdsOn(group, holds, now).filter(({ by }) => by === breaker);
  return held === undefined || isLetGo(group, holds, snapshot.at) ? [] : withheldBy(held, proposal);
}

const without = (
  proposals: readonly Proposal[],
  withheld: readonly Withheld[],
): readonly Proposal[] =>
  proposals.map((one) => ({
    ...one,
    rules: one.rules.filter(
      (rule) => !withheld.some((other) => other.group === one.group && other.rule === rule),
    ),
  }));
