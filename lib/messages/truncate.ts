import type { Outcome } from "../values/outcome.ts";

/** Said of an outcome that had to be cut to fit into a message: which of its lists are shorter than they were. */
export interface Cut {
  readonly cut?: readonly string[];
}

/** An SQS message, an event and an SNS message may have 256 KiB; the rest is for what goes with them. */
export const mostBytes = 250_000;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** JSON has escapes for these two, which SQS refuses in a message. */
const json = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /[\uFFFE\uFFFF]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );

/** An outcome as JSON that fits into a message. Too large: without the rules before and after; still too large: every list shorter and shorter. */
export function outcomeText(outcome: Outcome, most = mostBytes): string {
  const whole = json(outcome);
  if (bytesOf(whole) <= most) return whole;
  for (const length of [Infinity, 200, 50, 20, 5, 1]) {
    const text = json(shortened(outcome, length));
    if (bytesOf(text) <= most) return text;
  }
  return json(shortened(outcome, 0));
}

function shortened(outcome: Outcome, length: number): Outcome & Cut {
  const cut: string[] = ["before", "after"];
  const first = <T>(name: string, list: readonly T[]): readonly T[] => {
    if (list.length > length) cut.push(name);
    return list.slice(0, length);
  };
  return {
    ...outcome,
    before: [],
    after: [],
    triggers: first("triggers", outcome.triggers).map((trigger) => ({
      ...trigger,
      rules: first("triggers.rules", trigger.rules),
      touched: first("triggers.touched", trigger.touched),
    })),
    added: first("added", outcome.added),
    removed: first("removed", outcome.removed),
    ...(outcome.healthyBefore === undefined
      ? {}
      : { healthyBefore: first("healthyBefore", outcome.healthyBefore) }),
    remaining: {
      add: first("remaining.add", outcome.remaining.add),
      remove: first("remaining.remove", outcome.remaining.remove),
    },
    governed: first("governed", outcome.governed),
    proof: first("proof", outcome.proof),
    ...(outcome.open === undefined ? {} : { open: first("open", outcome.open) }),
    ...(outcome.difference === undefined
      ? {}
      : {
          difference: {
            loses: first("difference.loses", outcome.difference.loses),
            gains: first("difference.gains", outcome.difference.gains),
          },
        }),
    findings: first("findings", outcome.findings),
    loadBalancers: first("loadBalancers", outcome.loadBalancers),
    interfaces: first("interfaces", outcome.interfaces),
    cut: [...new Set(cut)],
  };
}

/** A text's beginning, as much as fits, with a note in place of the rest. */
export function beginning(text: string, most: number, note: string): string {
  if (bytesOf(text) <= most) return text;
  const room = most - bytesOf(note);
  let kept = new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, room));
  // A character cut in two reads as U+FFFD, which is longer than its half.
  while (bytesOf(kept) > room) kept = kept.slice(0, -1);
  return `${kept.slice(0, Math.max(0, kept.lastIndexOf("\n")))}${note}`;
}
