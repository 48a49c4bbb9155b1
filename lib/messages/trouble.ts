import type { Severity } from "../values/finding.ts";
import type { notArmedKind, uncoveredKind, unheardKind } from "../values/ownMessages.ts";
import type { AccountRegion } from "../values/outcome.ts";
import type { MessageParts } from "./parts.ts";
import { cutAtWord, inOneLine } from "./text.ts";

/** What a sweep found wrong with elb-only itself: nothing wakes enforcement when somebody opens a port, nobody hears of it, or it is missing in other regions. */
export interface Trouble extends AccountRegion {
  readonly version: 1;
  readonly kind: TroubleKind;
  /** When it was found: ISO 8601, UTC. */
  readonly at: string;
  /** What is wrong, a sentence each; at least one. */
  readonly problems: readonly string[];
}

type TroubleKind = typeof notArmedKind | typeof unheardKind | typeof uncoveredKind;

const said: Readonly<
  Record<
    TroubleKind,
    {
      /** Before the region's name. */
      readonly what: string;
      readonly severity: Severity;
      readonly means: string;
      readonly next: string;
    }
  >
> = {
  "not-armed": {
    what: "not armed in",
    severity: "high",
    means: "Somebody may open a way in unnoticed: it stays open until the next sweep finds it.",
    next: "Mend what is named above. What is not as it was deployed was changed by somebody: CloudTrail's event history says by whom.",
  },
  unheard: {
    what: "not heard in",
    severity: "high",
    means: "Something may go wrong, and nobody is told.",
    next: "Subscribe somebody to the topic that is named above, and confirm the subscription.",
  },
  uncovered: {
    what: "regions without elb-only, seen from",
    severity: "medium",
    means: "What somebody opens there stays open, and nobody is told.",
    next: "Deploy the stack in each region that is named above, under the same name; or delete the load balancers there.",
  },
};

export function troubleParts({ kind, account, region, at, problems }: Trouble): MessageParts {
  const { what, severity, means, next } = said[kind];
  const first = inOneLine(problems[0] ?? "", 200).replaceAll(/[^\x20-\x7e]/g, "?");
  return {
    subject: cutAtWord(`${what} ${region}: ${first}`, 99),
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
    attributes: { kind, severity, account, region },
    thread: `elb-only ${account} ${region}`,
    resources: [],
  };
}
