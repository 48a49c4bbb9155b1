import type { summaryKind } from "../values/ownMessages.ts";
import type { AccountRegion } from "../values/outcome.ts";
import type { MessageParts } from "./parts.ts";
import { cutAtWord, oneLine, table } from "./text.ts";

/** That elb-only is there, and how the region stands: once a week. */
export interface WeeklySummary extends AccountRegion {
  readonly version: 1;
  readonly kind: typeof summaryKind;
  /** When the sweep ended that says it: ISO 8601, UTC. */
  readonly at: string;
  /** The end of the week before. */
  readonly since: string;
  /** Security groups, by how they stand. */
  readonly groups: GroupCounts;
  /** Ports of interfaces that load balancers serve and the internet enters. */
  readonly openPorts: number;
  /** By which rules the internet enters them; the first few. */
  readonly open: readonly SummaryWay[];
  /** Rules by which others get in since they are kept. */
  readonly keptRules: number;
  /** The first few, without those that let the internet in. */
  readonly kept: readonly SummaryWay[];
}

export interface GroupCounts {
  readonly protected: number;
  readonly audit: number;
  readonly drifted: number;
  readonly ignored: number;
  readonly refused: number;
}

/** A way in to a served port for others than load balancers. */
export interface SummaryWay {
  readonly group: string;
  /** "tcp/80 by tcp/80 from 0.0.0.0/0" */
  readonly way: string;
  /** Why it stays. */
  readonly why: string;
  /** Since when it is exempt: ISO 8601, UTC. Missing: it is not exempt, or nobody remembers. */
  readonly since?: string;
  /** Who made the call that exempted it, as its event says. */
  readonly by?: string;
}

const some = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? "" : "s"}`;

export function weeklySummaryParts(summary: WeeklySummary): MessageParts {
  const { kind, account, region, at, since, groups, openPorts, open, keptRules, kept } = summary;
  const all = Object.values(groups).reduce((sum, count) => sum + count, 0);
  const harm = openPorts === 0 ? "" : `${some(openPorts, "served port")} open to the internet, `;
  const next =
    openPorts > 0
      ? "Look at what is open to the internet: put its group in enforce, take the exemption away, or know why it stays."
      : groups.protected < all
        ? "Look at the groups that are not protected: elb-only explain says why."
        : "Nothing.";
  return {
    subject: cutAtWord(
      `${harm}${groups.protected} of ${some(all, "group")} protected: the week in ${region}`,
      99,
    ),
    where: `account ${account}, ${region}, ${since} to ${at}`,
    sections: [
      {
        title: "Security groups that load balancers concern",
        lines: table([
          ["protected", `${groups.protected}`],
          ["audited only", `${groups.audit}`],
          ["handed over to be closed", `${groups.drifted}`],
          ["ignored", `${groups.ignored}`],
          ["refused, or open all the same", `${groups.refused}`],
        ]),
      },
      { title: `Open to the internet: ${some(openPorts, "served port")}`, lines: ways(open) },
      { title: `Kept: ${some(keptRules, "rule")}`, lines: ways(kept) },
      { title: "Next", lines: [`  ${next}`] },
    ],
    end: ["elb-only is here, and says so once a week. If this stops to come, nobody looks."],
    nextSteps: [next],
    attributes: { kind, severity: "info", account, region },
    thread: `elb-only ${account} ${region}`,
    resources: [],
  };
}

const ways = (all: readonly SummaryWay[]): readonly string[] =>
  all.map(
    ({ group, way, why, ...exempt }) => `  ${group}: ${oneLine(way)}, ${why}${whoText(exempt)}`,
  );

const whoText = ({ since, by }: Pick<SummaryWay, "since" | "by">): string =>
  [
    since === undefined ? "" : `, since ${since}`,
    by === undefined ? "" : `, by ${oneLine(by)} (as the event says)`,
  ].join("");
