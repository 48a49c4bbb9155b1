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
  /** For how long it was open, where that is known. */
  readonly exposure?: string;
}

/** What outcomes tell, in the words of the messages that people get. */
export function happeningOf(outcome: Outcome): Happening {
  const { at = "", exposedSeconds, added, removed, triggers } = outcome;
  const who = openedBy(outcome);
  return {
    at,
    tone: changeSummary(added, removed, triggers).closed.length > 0 ? "closed" : "told",
    text: subject(outcome),
    ...(who === "" ? {} : { who }),
    ...(exposedSeconds === undefined ? {} : { exposure: `open for ${duration(exposedSeconds)}` }),
  };
}
