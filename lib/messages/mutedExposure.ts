import type { Told } from "../values/message.ts";
import type { Outcome } from "../values/outcome.ts";
import { changeSummary } from "./changeSummary.ts";
import { isNoLaterThan } from "./deduplication.ts";

/** What was open, and closed again, without a message of its own. */
export interface Muted {
  readonly times: number;
  /** Of those whose beginning an event told: seconds that they were open. */
  readonly seconds: number;
  /** When the first of them was muted: ISO 8601, UTC. */
  readonly since: string;
}

type Line =
  /** Afterwards, `told` is what to remember. */
  | { readonly kind: "count" | "tell"; readonly told: Told; readonly muted: Muted }
  /** This very delivery was counted already. */
  | { readonly kind: "counted" };

const hourMs = 3_600_000;

/** What is remembered of muted exposures of one kind is apart from what was told of it. */
export const mutedKey = (key: string): string => `muted ${key}`;

/** Each is kept as its delivery and seconds, or, once it was told, with a mark in their place. */
const toldMark = " told";
const asTold = (one: string): string => `${one.split(" ")[0]}${toldMark}`;

/** Did somebody get in, though what was opened is closed again? */
export const isExposure = ({ added, removed, triggers }: Outcome): boolean =>
  changeSummary(added, removed, triggers).closed.length > 0;

/** A muted message about an exposure: it is counted, and once an hour the count is told. Times are milliseconds since 1970. */
export function countMuted(
  delivery: string,
  { exposedSeconds = 0 }: Outcome,
  before: Told | undefined,
  now: number,
  periodMs: number,
): Line {
  const until = Math.ceil((now + periodMs) / 1000);
  const known =
    before !== undefined && isNoLaterThan(before.since, now)
      ? before
      : { deliveries: [], since: new Date(now).toISOString() };
  if (known.deliveries.some((one) => one.startsWith(`${delivery} `))) return { kind: "counted" };
  const deliveries = [...known.deliveries, `${delivery} ${Math.round(exposedSeconds)}`];
  const untold = deliveries.filter((one) => !one.endsWith(toldMark));
  const muted = {
    times: untold.length,
    seconds: untold.reduce((sum, one) => sum + (Number(one.split(" ")[1]) || 0), 0),
    since: known.since,
  };
  return now - Date.parse(known.since) < hourMs
    ? { kind: "count", told: { deliveries, since: known.since, until }, muted }
    : {
        kind: "tell",
        // A delivery that comes again is still known.
        told: { deliveries: untold.map(asTold), since: new Date(now).toISOString(), until },
        muted,
      };
}
