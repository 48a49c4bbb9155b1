import type { AccountId } from "../values/rule.ts";
import type { Letter } from "./parts.ts";
import { cutAtWord, oneLine } from "./text.ts";

/** Nothing wakes enforcement when somebody opens a port: found by the sweep. */
export interface NotArmed {
  readonly version: 1;
  readonly kind: "not-armed";
  readonly account: AccountId;
  /** When it was found: ISO 8601, UTC. */
  readonly at: string;
  /** What is missing, a sentence each; at least one. */
  readonly problems: readonly string[];
}

export const isNotArmed = (report: object): report is NotArmed =>
  "kind" in report && report.kind === "not-armed";

const next =
  "Put right what is named: a trail that logs management events in this region, a rule, its target, a permission.";

export function notArmedLetter({ account, at, problems }: NotArmed, region: string): Letter {
  const first = oneLine(problems[0] ?? "", 200).replaceAll(/[^\x20-\x7e]/g, "?");
  return {
    subject: cutAtWord(`not armed in ${region}: ${first}`, 99),
    place: `account ${account}, ${region}, ${at}`,
    sections: [
      { title: "What is missing", lines: problems.map((problem) => `  ${oneLine(problem, 1000)}`) },
      {
        title: "What that means",
        lines: [
          "  Nothing, or not everything, that opens a way in is noticed when it happens: it stays open until the next sweep finds it.",
        ],
      },
      { title: "Next", lines: [`  ${next}`] },
    ],
    end: ["The next sweep looks again."],
    nextSteps: [next],
    attributes: { kind: "not-armed", severity: "high", account, region },
    thread: `elb-only ${account} ${region}`,
    resources: [],
  };
}
