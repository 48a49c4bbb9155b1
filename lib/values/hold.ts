import * as v from "valibot";
import type { GroupId } from "./rule.ts";
import { millis } from "./time.ts";

const iso = v.pipe(
  v.string(),
  v.check((text) => !Number.isNaN(millis(text)), "no time"),
);

const schema = v.object({
  /** `writes`: nothing is written at all. `removals`: nothing is removed. `nothing`: what the breaker held was let go, and it is not to hold it again. */
  stops: v.picklist(["writes", "removals", "nothing"]),
  /** Whoever asked for it: a principal, or the breaker. */
  by: v.string(),
  why: v.string(),
  /** ISO 8601, UTC. */
  since: iso,
  /** When it ends by itself; missing: somebody has to end it. */
  until: v.exactOptional(iso),
});

/** What is to be left undone for now. */
export type Hold = v.InferOutput<typeof schema>;

/** A hold as it was kept, where anybody with a permission to write may have put it; undefined: it cannot be read. */
export function holdIn(body: unknown): Hold | undefined {
  const read = v.safeParse(schema, body);
  return read.success ? read.output : undefined;
}

/** A hold, and what it is on; there by itself, or for the sake of a change that was undone. */
export interface Held extends Hold {
  /** A group's id, or `everyGroup`. */
  readonly on: string;
  readonly change?: string;
}

export const everyGroup = "*";

/** Who holds what would cut off too much at once. */
export const breaker = "the breaker";

const order = ["nothing", "removals", "writes"] as const;
const strength = ({ stops }: Hold): number => order.indexOf(stops);

const hasEnded = ({ until }: Hold, now: number): boolean =>
  until !== undefined && millis(until) <= now;

/** The holds that are on a group now: the strictest first, of those alike the one that lasts longest. */
export const holdsOn = (group: GroupId, holds: readonly Held[], now: number): readonly Held[] =>
  holds
    .filter((one) => (one.on === everyGroup || one.on === group) && !hasEnded(one, now))
    .toSorted((a, b) => strength(b) - strength(a) || endOf(b) - endOf(a));

const endOf = ({ until }: Hold): number => (until === undefined ? Infinity : millis(until));

/** "until 2026-11-29T22:00:00Z, by arn:...: incident 42": for people. */
export const holdText = ({ until, by, why, change }: Held): string =>
  [
    until === undefined ? "until somebody ends it" : `until ${until}`,
    `by ${by}`,
    ...(change === undefined ? [] : [`since change ${change} was undone`]),
  ].join(", ") + (why === "" ? "" : `: ${why}`);
