import type { Kind, Struck } from "./kinds.ts";
import type { Trial } from "./trial.ts";

/** One call that goes wrong, in one way. */
export interface Case {
  readonly kind: Kind;
  readonly at: Struck;
}

/** How a story ended, and what people were told. */
export interface Judged {
  readonly wrong: readonly string[];
  /** Rules that went or came, and nobody was told. */
  readonly untold: readonly string[];
  /** Those that nobody was told of but by an alarm and a dead letter: publishing failed as often as the queue tries. */
  readonly givenUp: readonly string[];
  readonly toldAgain: readonly string[];
}

export const judged = ({ wrong, changed, told, givenUp }: Trial): Judged => ({
  wrong,
  untold: changed.filter((rule) => !told.has(rule) && !givenUp.has(rule)),
  givenUp: changed.filter((rule) => !told.has(rule) && givenUp.has(rule)),
  toldAgain: changed.filter((rule) => (told.get(rule) ?? 0) > 1),
});

/**
 * The word to people and the note that they had it are two calls: where the first goes wrong after its effect, or the second, they hear twice rather than never.
 * So they do where the queue has an outcome twice, and two invocations take both before either has noted it: its answer was lost, or it could not be noted that it was sent.
 */
export const mayTellAgain = ({ caller, action }: Struck): boolean =>
  caller === "elb-only-notify"
    ? ["Publish", "PutItem", "GetItem"].includes(action)
    : ["SendMessageBatch", "GetItem", "DeleteItem"].includes(action);

export const callText = ({ caller, action, skip }: Struck): string =>
  `${caller} ${action} ${skip + 1}`;
