import { notArmedKind } from "../values/ownMessages.ts";
import type { AccountRegion } from "../values/outcome.ts";
import type { MessageParts } from "./parts.ts";
import { cutAtWord, oneLine } from "./text.ts";

/** Nothing wakes enforcement when somebody opens a port: found by the sweep. */
export interface NotArmed extends AccountRegion {
  readonly version: 1;
  readonly kind: typeof notArmedKind;
  /** When it was found: ISO 8601, UTC. */
  readonly at: string;
  /** What is missing, a sentence each; at least one. */
  readonly problems: readonly string[];
}

export const isNotArmed = (report: object): report is NotArmed =>
  "kind" in report && report.kind === notArmedKind;

const next =
  "Mend what is named above. What is not as it was deployed was changed by somebody: CloudTrail's event history says by whom.";

export function notArmedParts({ account, region, at, problems }: NotArmed): MessageParts {
  const first = oneLine(problems[0] ?? "", 200).replaceAll(/[^\x20-\x7e]/g, "?");
  return {
    subject: cutAtWord(`not armed in ${region}: ${first}`, 99),
    where: `account ${account}, ${region}, ${at}`,
    sections: [
      {
        title: "What that means",
        lines: [
          "  Somebody may open a way in unnoticed: it stays open until the next sweep finds it.",
        ],
      },
      {
        title: "What is missing or changed",
        lines: problems.map((problem) => `  ${oneLine(problem, 1000)}`),
      },
      { title: "Next", lines: [`  ${next}`] },
    ],
    end: ["The next sweep looks again."],
    nextSteps: [next],
    attributes: { kind: notArmedKind, severity: "high", account, region },
    thread: `elb-only ${account} ${region}`,
    resources: [],
  };
}
