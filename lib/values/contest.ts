import * as v from "valibot";
import { millis } from "./time.ts";

const isoTime = v.pipe(
  v.string(),
  v.check((text) => !Number.isNaN(millis(text)), "no time"),
);

const schema = v.object({
  /** When we removed it: ISO 8601, UTC; the last few. */
  removals: v.array(isoTime),
  /** Since when it is contested; missing: it is not. */
  since: v.exactOptional(isoTime),
  /** Not to be removed before. */
  next: v.exactOptional(isoTime),
  /** How often it was removed since. */
  tries: v.exactOptional(v.number(), 0),
  /** Who was seen to put it back. */
  by: v.exactOptional(
    v.object({
      principal: v.string(),
      userAgent: v.exactOptional(v.string()),
      invokedBy: v.exactOptional(v.string()),
    }),
  ),
});

/** What is remembered of a rule that was removed and may come back. */
export type Contest = v.InferOutput<typeof schema>;

export function contestIn(body: unknown): Contest | undefined {
  const read = v.safeParse(schema, body);
  return read.success ? read.output : undefined;
}

const minute = 60_000;
const hour = 60 * minute;

/** A rule that has been removed so often within the hour is contested when it is there again. */
const mostRemovals = 3;
/** What the internet enters by is closed so often, whoever keeps opening it. */
const publicPause = 5 * minute;
const firstPause = 15 * minute;
const longestPause = 24 * hour;

const text = (at: number): string => new Date(at).toISOString();

/** Is a rule that is there again to be removed, or left for now? `again`: it was removed before in this very run. */
export function isToWait(contest: Contest | undefined, again: boolean, now: number): boolean {
  if (contest?.next !== undefined) return now < millis(contest.next);
  const recent = (contest?.removals ?? []).filter((at) => now - millis(at) < hour);
  return again || recent.length >= mostRemovals;
}

/** What is to be remembered once it is known to be contested. */
export const contested = (contest: Contest | undefined, isPublic: boolean, now: number): Contest =>
  contest?.since === undefined
    ? {
        removals: [],
        tries: 0,
        ...contest,
        since: text(now),
        next: text(now + (isPublic ? publicPause : firstPause)),
      }
    : contest;

/** What is to be remembered once it was removed; each time that it is contested we wait longer, but for what the internet enters by. */
export function removedOnceMore(
  contest: Contest | undefined,
  isPublic: boolean,
  now: number,
): Contest {
  const { removals, tries, ...rest } = contest ?? { removals: [], tries: 0 };
  const more = { ...rest, removals: [...removals, text(now)].slice(-mostRemovals) };
  if (rest.since === undefined) return { ...more, tries };
  const pause = isPublic ? publicPause : Math.min(longestPause, firstPause * 2 ** (tries + 1));
  return { ...more, tries: tries + 1, next: text(now + pause) };
}

/** When it is forgotten, unless it comes back before: milliseconds since 1970. */
export const forgottenAt = ({ since, next }: Contest, now: number): number =>
  since === undefined ? now + hour : Math.max(now, millis(next ?? since)) + longestPause;
