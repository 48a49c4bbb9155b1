import { changeSummary } from "../messages/changeSummary.ts";
import { openedBy } from "../messages/attribution.ts";
import { duration } from "../messages/text.ts";
import { subject } from "../messages/subject.ts";
import type { Outcome } from "../values/outcome.ts";

/** Something that happened to a group. */
export interface Happening {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly tone: "opened" | "closed" | "told";
  readonly text: string;
  readonly who?: string;
  /** For how long what was closed had been open, where that is known. */
  readonly exposedSeconds?: number;
}

/** CloudTrail counts whole seconds: fewer than these say nothing. */
const leastSeconds = 2;

/** What an outcome tells, in the words of the messages that people get; undefined: it does not say when. */
export function happeningOf(outcome: Outcome): Happening | undefined {
  const { at, exposedSeconds = 0, added, removed, triggers } = outcome;
  if (at === undefined) return undefined;
  const who = openedBy(outcome);
  return {
    at,
    tone: changeSummary(added, removed, triggers).closed.length > 0 ? "closed" : "told",
    text: subject(outcome),
    ...(who === "" ? {} : { who }),
    ...(exposedSeconds < leastSeconds ? {} : { exposedSeconds }),
  };
}

/** "0.48 s", "12 min". */
export const secondsText = (seconds: number): string =>
  seconds < 10 ? `${seconds.toFixed(2)} s` : duration(seconds);

export const exposureText = (seconds: number): string => `open for ${secondsText(seconds)}`;
