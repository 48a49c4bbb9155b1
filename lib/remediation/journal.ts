import { fittingIntent, fittingOutcome } from "./fitting.ts";
import { begunAt, type ChangeId } from "../values/changeId.ts";
import type { Intent } from "../values/intent.ts";
import { intentIn } from "../values/intentSchema.ts";
import type { Outcome } from "../values/outcome.ts";
import { outcomeIn } from "../values/outcomeSchema.ts";
import type { GroupId } from "../values/rule.ts";
import { days, millis } from "../values/time.ts";
import type { Kept, Place, Store } from "./ports.ts";

/** A change as the journal has it. Without an outcome it is under way, or whoever made it died. */
export interface JournalEntry {
  readonly intent: Intent;
  readonly outcome?: Outcome;
}

/** A change that people have not been told of. */
export interface Untold {
  readonly change: ChangeId;
  readonly group: GroupId;
  /** Whoever wrote it down had no lease: who has it now cannot tell whether they are dead. */
  readonly isUnleased: boolean;
}

/** How long a change can be looked up. */
const daysKept = 90;

const expiryOf = (begun: string): number => Math.floor((millis(begun) + days(daysKept)) / 1000);

/** Milliseconds: no function runs longer. */
const longestRun = 900_000;

const untold = "untold";
const dayOf = (day: string): string => `changes ${day}`;
const ofOutcome = (at: string): string => `${at} outcome`;

/** Where a change's intent is, the outcome next to it, and until when. Undefined: it is no change's id. */
function placeOf(change: ChangeId): (Place & { readonly expires: number }) | undefined {
  const begun = begunAt(change);
  return begun === undefined
    ? undefined
    : { of: dayOf(begun.slice(0, 10)), at: `${begun} ${change}`, expires: expiryOf(begun) };
}

/** Before anything is changed: what is going to be, and that nobody has been told. Written again, it says what it says now. */
export async function writeAhead(store: Store, intent: Intent, isUnleased = false): Promise<void> {
  const { change, group } = intent;
  const { of, at, expires } = placeOf(change) ?? noPlace(change);
  await Promise.all([
    store.write({ of, at }, fittingIntent(intent), "whatever", expires),
    store.write(
      { of: untold, at: change },
      { group, ...(isUnleased ? { isUnleased } : {}) },
      "whatever",
      expires,
    ),
  ]);
}

/** Afterwards: what was done, if anything was tried. The rules before are the intent's, and not written twice. */
export async function writeOutcome(store: Store, outcome: Outcome): Promise<void> {
  if (outcome.change === undefined) return;
  const { of, at, expires } = placeOf(outcome.change) ?? noPlace(outcome.change);
  await store.write({ of, at: ofOutcome(at) }, fittingOutcome(outcome), "whatever", expires);
}

function noPlace(change: ChangeId): never {
  throw new Error(`"${change}" is no change's id.`);
}

/** People know of it, or the queue that leads to them does. */
export async function markTold(store: Store, change: ChangeId): Promise<void> {
  const seen = await store.read({ of: untold, at: change });
  if (seen !== undefined) await store.erase(seen);
}

/** The changes that people have not been told of, the oldest first: those that are under way among them. */
export async function untoldChanges(store: Store): Promise<readonly Untold[]> {
  const items = await store.list(untold);
  return items.flatMap(({ place, body }) => {
    const { group, isUnleased } = (body ?? {}) as Readonly<Record<string, unknown>>;
    return typeof group === "string"
      ? [{ change: place.at, group, isUnleased: isUnleased === true }]
      : [];
  });
}

/** Those of them that are nobody's any more: whoever made them has told people, or is dead. `now`: milliseconds since 1970. */
export const forgotten = (changes: readonly Untold[], now: number): readonly Untold[] =>
  changes.filter(({ change }) => millis(begunAt(change) ?? "") + longestRun < now);

/** A change by its id; undefined: it is too long ago, never was, or what stands there is none. */
export async function changeBy(store: Store, change: ChangeId): Promise<JournalEntry | undefined> {
  const place = placeOf(change);
  return place === undefined
    ? undefined
    : entriesOf(await store.list(place.of, { prefix: place.at }))[0];
}

/** The changes that were begun on a day, YYYY-MM-DD in UTC, the newest first. */
export async function changesOn(store: Store, day: string): Promise<readonly JournalEntry[]> {
  return entriesOf(await store.list(dayOf(day))).toReversed();
}

/** What can be read of some items, in their order: each intent with its outcome. */
function entriesOf(items: readonly Kept[]): readonly JournalEntry[] {
  const bodies = new Map(items.map(({ place, body }) => [place.at, body]));
  return items.flatMap(({ place: { at }, body }) => {
    const intent = intentIn(body);
    if (intent === undefined || placeOf(intent.change)?.at !== at) return [];
    const done = bodies.get(ofOutcome(at));
    const outcome =
      typeof done === "object" ? outcomeIn({ ...done, before: intent.before }) : undefined;
    return [{ intent, ...(outcome === undefined ? {} : { outcome }) }];
  });
}
