import type { notArmedKind, unheardKind } from "../values/ownMessages.ts";
import type { AccountRegion } from "../values/outcome.ts";
import type { MessageParts } from "./parts.ts";
import { cutAtWord, inOneLine } from "./text.ts";

/** What a sweep found wrong with elb-only itself: nothing wakes enforcement when somebody opens a port, or nobody hears of it. */
export interface Trouble extends AccountRegion {
  readonly version: 1;
  readonly kind: TroubleKind;
  /** When it was found: ISO 8601, UTC. */
  readonly at: string;
  /** What is wrong, a sentence each; at least one. */
  readonly problems: readonly string[];
}

type TroubleKind = typeof notArmedKind | typeof unheardKind;

const said: Readonly<
  Record<TroubleKind, { readonly what: string; readonly means: string; readonly next: string }>
> = {
  "not-armed": {
    what: "not armed",
    means: "Somebody may open a way in unnoticed: it stays open until the next sweep finds it.",
    next: "Mend what is named above. What is not as it was deployed was changed by somebody: CloudTrail's event history says by whom.",
  },
  unheard: {
    what: "not heard",
    means: "Something may go wrong, and nobody is told.",
    next: "Subscribe somebody to the topic that is named above, and confirm the subscription.",
  },
};

export function troubleParts({ kind, account, region, at, problems }: Trouble): MessageParts {
  const { what, means, next } = said[kind];
  const first = inOneLine(problems[0] ?? "", 200).replaceAll(/[^\x20-\x7e]/g, "?");
  return {
    subject: cutAtWord(`${what} in ${region}: ${first}`, 99),
    where: `account ${account}, ${region}, ${at}`,
    sections: [
      { title: "What that means", lines: [`  ${means}`] },
      {
        title: "What is missing or changed",
        lines: problems.map((problem) => `  ${inOneLine(problem, 1000)}`),
      },
      { title: "Next", lines: [`  ${next}`] },
    ],
    end: ["The next sweep looks again."],
    nextSteps: [next],
    attributes: { kind, severity: "high", account, region },
    thread: `elb-only ${account} ${region}`,
    resources: [],
  };
}
