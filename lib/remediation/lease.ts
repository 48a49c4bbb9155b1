import type { GroupId } from "../values/rule.ts";
import { isLeaseEnd, type Trigger } from "../values/trigger.ts";
import { triggersIn } from "../values/outcomeSchema.ts";
import type { Place, Store } from "./ports.ts";

/** Who works, and until when at the latest: milliseconds since 1970; from then on the worker is dead for certain. */
export interface Worker {
  readonly name: string;
  readonly until: number;
}

/** What came of asking for a group. */
export type Taken =
  /** Ours alone. `owed`: what others asked somebody to look at who died. */
  | { readonly kind: "taken"; readonly owed: readonly Trigger[] }
  /** Another worker's until then; it has been asked to look again. */
  | { readonly kind: "busy"; readonly until: number }
  /** It was only to be looked at if its worker had died, and that one had not. */
  | { readonly kind: "notOwed" };

/** As it is in the store. `again`: what others saw of the group meanwhile; the holder looks again before it gives the group back. */
interface Lease {
  readonly holder: string;
  readonly until: number;
  readonly again: readonly Trigger[];
}

/** Milliseconds. No function runs longer, give or take a clock: what claims to is none of ours. */
const longest = 910_000;

/** Milliseconds for which the lease of a dead worker can be seen, and so what it was asked for. */
const remains = 24 * 3_600_000;

/** So that the item stays small: who else woke us is not told, but looked at all the same. */
const mostTriggers = 20;
const mostRules = 20;

const placeOf = (group: GroupId): Place => ({ of: `group ${group}`, at: "lease" });
const expiryOf = ({ until }: Lease): number => Math.ceil((until + remains) / 1000);
const tries = 10;

/** Asks for a group, before it is looked at. Throws where the store cannot say, or what it says is absurd. */
export async function takeLease(
  store: Store,
  group: GroupId,
  triggers: readonly Trigger[],
  { name, until }: Worker,
  now: number,
): Promise<Taken> {
  const place = placeOf(group);
  const mine: Lease = { holder: name, until, again: [] };
  const isOnlyOwed = triggers.length > 0 && triggers.every(isLeaseEnd);
  if (!isOnlyOwed && (await store.write(place, mine, undefined, expiryOf(mine))))
    return { kind: "taken", owed: [] };
  for (let attempt = 0; attempt < tries; attempt++) {
    const seen = await store.read(place);
    if (seen === undefined) {
      if (isOnlyOwed) return { kind: "notOwed" };
      if (await store.write(place, mine, undefined, expiryOf(mine)))
        return { kind: "taken", owed: [] };
      continue;
    }
    const lease = leaseIn(seen.body, now);
    if (lease === undefined) throw absurd(group);
    if (lease.until <= now) {
      if (await store.write(place, mine, seen, expiryOf(mine)))
        return { kind: "taken", owed: lease.again };
      continue;
    }
    const asking = { ...lease, again: joined(lease.again, triggers) };
    if (
      asking.again.length === lease.again.length ||
      (await store.write(place, asking, seen, expiryOf(lease)))
    )
      return { kind: "busy", until: lease.until };
  }
  throw failure(`${group}: others keep changing its lease.`);
}

/**
 * Gives a group back, unless somebody asked to look again: then it stays ours, and the answer is what to look at. `anyhow`: it is given back all the same,
 * and the answer is what is still to be looked at. Whatever another worker took over is theirs.
 */
export async function giveBack(
  store: Store,
  group: GroupId,
  { name }: Worker,
  now: number,
  anyhow = false,
): Promise<readonly Trigger[]> {
  const place = placeOf(group);
  for (let attempt = 0; attempt < tries; attempt++) {
    const seen = await store.read(place);
    const lease = seen === undefined ? undefined : leaseIn(seen.body, now);
    if (seen === undefined || lease?.holder !== name) return [];
    const { again } = lease;
    const isDone =
      again.length === 0 || anyhow
        ? await store.erase(seen)
        : await store.write(place, { ...lease, again: [] }, seen, expiryOf(lease));
    if (isDone) return again;
  }
  throw failure(`${group}: others keep changing its lease.`);
}

/** Those that were there, and each call that is new, as far as the item has room; one at least, whatever they are. */
function joined(again: readonly Trigger[], triggers: readonly Trigger[]): readonly Trigger[] {
  const isNew = ({ eventId }: Trigger): boolean => !again.some((one) => one.eventId === eventId);
  return [...again, ...triggers.filter(isNew)]
    .slice(0, mostTriggers)
    .map((one) => ({ ...one, touched: [], rules: one.rules.slice(0, mostRules) }));
}

/** Undefined: nobody of ours wrote that. */
function leaseIn(body: unknown, now: number): Lease | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { holder, until, again } = body as Readonly<Record<string, unknown>>;
  const triggers = triggersIn(again);
  return typeof holder === "string" &&
    typeof until === "number" &&
    until <= now + longest &&
    triggers !== undefined
    ? { holder, until, again: triggers }
    : undefined;
}

const failure = (text: string): Error =>
  Object.assign(new Error(text), { failure: { kind: "other", text } });

const absurd = (group: GroupId): Error =>
  failure(`The lease of ${group} in the state table is none that elb-only wrote.`);
