import type { Intent } from "../values/intent.ts";
import type { Outcome } from "../values/outcome.ts";
import type { GroupId } from "../values/rule.ts";
import type { Trigger } from "../values/trigger.ts";
import {
  changeBy,
  forgotten,
  type JournalEntry,
  markTold,
  untoldChanges,
  writeAhead,
} from "./journal.ts";
import { type Desk, type Later, type Leases, leasesOf } from "./leases.ts";
import type { Affected } from "./ports.ts";

/** What a remediation may do in the groups that it has, and what it finds there. */
export interface Custody {
  /** Why nothing may be removed from a group: state cannot say that nobody else is at work in it. Undefined: it is ours alone. */
  readonly whyAddOnly: (group: GroupId) => string | undefined;
  /** Asks for one more group, into which a way in belongs; answers whether it may be written to. */
  readonly join: (group: GroupId, triggers: readonly Trigger[]) => Promise<boolean>;
  /** Writes down what is going to be changed; throws where it cannot be. */
  readonly writeAhead: (intent: Intent) => Promise<void>;
  /** Hexadecimal digits that tell a change from all others of the same second. */
  readonly digits: () => string;
  /** Changes that were written down by somebody who died before it was written down what came of them. */
  readonly interrupted: ReadonlyMap<GroupId, Intent>;
  /** Changes that are done, and of which people have not been told. */
  readonly untold: readonly Outcome[];
}

/** What is left to be done later, and what went wrong with state on the way, in words. */
interface Left {
  readonly later: readonly Later[];
  readonly problems: readonly string[];
}

/** How often a worker looks again because others ask it to; then it is the queue's turn, so that no group holds up all others. */
const mostRounds = 3;

/**
 * Does some work on those of these groups that no other worker has, and keeps them until it is done; again on those that others asked about meanwhile.
 * Where state cannot be read or written the work is done as well: custody says then that nothing may be removed.
 */
export async function alone(
  affected: Affected,
  desk: Desk,
  hasTime: () => boolean,
  work: (held: Affected, custody: Custody) => Promise<void>,
): Promise<Left> {
  const leases = leasesOf(desk);
  let owed: Affected = new Map();
  try {
    let held = await taken(affected, leases);
    for (let round = 1; held.size > 0; round++) {
      await work(held, await custodyOf(held, leases, desk));
      held = round < mostRounds && hasTime() ? await leases.giveBack(false) : new Map();
    }
  } finally {
    owed = await leases.giveBack(true);
  }
  const now = desk.clock.now();
  return {
    later: [
      ...leases.busy,
      ...[...owed].map(([group, triggers]) => ({ group, at: now, triggers })),
    ],
    problems: leases.problems,
  };
}

async function taken(affected: Affected, leases: Leases): Promise<Affected> {
  const asked = await Promise.all(
    [...affected].map(
      async ([group, triggers]) => [group, await leases.take(group, triggers)] as const,
    ),
  );
  return new Map(
    asked.flatMap(([group, triggers]) => (triggers === undefined ? [] : [[group, triggers]])),
  );
}

async function custodyOf(held: Affected, leases: Leases, desk: Desk): Promise<Custody> {
  const { entries, why } = await openIn([...held.keys()].filter(leases.has), desk);
  const begun = entries.filter(({ outcome }) => outcome === undefined);
  return {
    whyAddOnly: (group) => leases.whyWithout(group) ?? why,
    join: async (group, triggers) => (await leases.take(group, triggers)) !== undefined,
    writeAhead: (intent) => writeAhead(desk.store, intent, !leases.has(intent.group)),
    digits: () => crypto.randomUUID(),
    // The oldest of a group, should there be more.
    interrupted: new Map(begun.toReversed().map(({ intent }) => [intent.group, intent])),
    untold: entries.flatMap(({ outcome }) => outcome ?? []),
  };
}

/** The changes in these groups that people have not been told of, the oldest first; or why nobody can say. */
async function openIn(
  groups: readonly GroupId[],
  { store, clock }: Desk,
): Promise<{ readonly entries: readonly JournalEntry[]; readonly why?: string }> {
  if (groups.length === 0) return { entries: [] };
  try {
    const untold = (await untoldChanges(store)).filter(({ group }) => groups.includes(group));
    const abandoned = new Set(forgotten(untold, clock.now()));
    const entries = await Promise.all(
      untold.map(async (one) => {
        const { change, group } = one;
        const entry = await changeBy(store, change);
        // Who works without a lease may be at it still: what is not done is theirs.
        if (one.isUnleased && !abandoned.has(one) && entry?.outcome === undefined) return [];
        if (entry?.intent.group === group) return [entry];
        // Nothing was done before it was written down whole; and what nobody can read, nobody can tell.
        await markTold(store, change);
        return [];
      }),
    );
    return { entries: entries.flat() };
  } catch (error) {
    return { entries: [], why: error instanceof Error ? error.message : String(error) };
  }
}
