import type { Outcome } from "../values/outcome.ts";
import type { Finding, FindingCode } from "../values/finding.ts";
import { rangeText } from "../values/portRange.ts";
import { isIn } from "../values/rule.ts";
import { admitted, closing, changeSummary, opening, openTo } from "./changeSummary.ts";
import { worst } from "./severity.ts";
import { openedOnce } from "./attribution.ts";
import { reasonText } from "./openPorts.ts";
import { cutAtWord, duration, listed, oneLine } from "./text.ts";

/** SNS wants fewer than 100 characters; e-mail wants ASCII. */
const most = 99;

/** One line that a person can act on: "closed tcp/80 to the internet on web (sg-9cd8a3f4) after 41 s"; `first` stands in front of it. */
export function subject(outcome: Outcome, first = ""): string {
  const { name, group } = outcome;
  const [before, after] = sentence(outcome);
  const shorter = [...(name === "" ? [] : [`${name} (${group})`]), group].map((place) =>
    printable(`${first}${before} ${place}${after}`),
  );
  return shorter.find((line) => line.length <= most) ?? cutAtWord(shorter.at(-1) ?? "", most);
}

const printable = (text: string): string => oneLine(text, 1000).replaceAll(/[^\x20-\x7e]/g, "?");

/** These go before everything else. */
const first: readonly FindingCode[] = ["restored", "target-health", "undone"];

/** What is said before the group's name, and after it. */
function sentence(outcome: Outcome): readonly [string, string] {
  const { result, remaining, group, removed } = outcome;
  // These two whatever else is the matter with the group.
  const said = outcome.findings.find(({ code }) => first.includes(code));
  if (said !== undefined) return saying(said, group);
  const reopened = outcome.findings.flatMap(({ code, rule }) =>
    code === "resurrected" && rule !== undefined && !isIn(removed, rule) ? [rule] : [],
  );
  if (reopened.length > 0)
    return [`re-opened ${opening(reopened, group)} on`, ": its rule was revoked meanwhile"];
  const [todo, finding] = [
    doing(outcome, remaining.add, remaining.remove),
    worst(outcome.findings),
  ];
  const reason = finding === undefined ? "" : `: ${finding.code}`;
  switch (result) {
    case "changed":
      return stillOpen(outcome) ?? done(outcome);
    case "drift":
      return (
        left(outcome, "is", ` (${whyNotDone(outcome)})`) ?? [
          `would ${todo ?? "change rules on"}`,
          ` (${whyNotDone(outcome)})`,
        ]
      );
    case "incomplete":
      return left(outcome, "stays", reason) ?? [`could not ${todo ?? "finish on"}`, reason];
    case "failed":
      return left(outcome, "stays", reason) ?? [`could not ${todo ?? "remediate"}`, reason];
    case "unchanged":
    case "gone":
      return stillOpen(outcome) ?? (finding === undefined ? [result, ""] : saying(finding, group));
  }
}

/** The harm first: what is still to be closed, and to whom it is open meanwhile. */
function left(
  outcome: Outcome,
  verb: "is" | "stays",
  reason: string,
): readonly [string, string] | undefined {
  const { closed } = changeSummary([], outcome.remaining.remove, outcome.triggers);
  const [worstOf, ...others] = openTo(closed, outcome);
  if (worstOf === undefined) return undefined;
  const rest = others.map(({ ports, who }) => `, ${ports} to ${who}`).join("");
  return [`${worstOf.ports} of`, ` ${verb} open to ${worstOf.who}${rest}${reason}`];
}

/** The harm first: the internet gets in, and by what it may. */
function stillOpen({ open = [], group }: Outcome): readonly [string, string] | undefined {
  const harm = open.filter(({ isPublic }) => isPublic);
  if (harm.length === 0) return undefined;
  const ports = new Set(harm.map((one) => `${one.ports.protocol}/${rangeText(one.ports)}`));
  const reasons = new Set(
    harm.map((one) => (one.group === group ? "" : `by ${one.group}, `) + reasonText(one.because)),
  );
  return [`${listed([...ports])} of`, ` stays open to the internet: ${listed([...reasons])}`];
}

/** A finding's text with the group where it names it; else the group, then the text. */
function saying({ code, text }: Finding, group: string): readonly [string, string] {
  const start = text.indexOf(group);
  if (start < 0) return [`${code} on`, `: ${text}`];
  const rest = text.slice(start + group.length).replace(/^ \([^)]*\)/, "");
  return [`${code}: ${text.slice(0, start)}`.trimEnd(), rest];
}

const holding: readonly FindingCode[] = ["held", "breaker", "contested", "grace"];

/** The mode; where that is enforce, what keeps it from being done. */
const whyNotDone = (outcome: Outcome): string =>
  outcome.mode === "enforce"
    ? (outcome.findings.find(({ code }) => holding.includes(code))?.code ?? "held")
    : outcome.reach === "govern"
      ? "audit"
      : `audit, ${admitOnly(outcome)}`;

/** Said where ways in may be open that are not ours to close. */
const admitOnly = ({ findings }: Outcome): string =>
  ["admit only", worst(findings)?.code].filter(Boolean).join(": ");

function done(outcome: Outcome): readonly [string, string] {
  const { closed, letIn, tidied } = changeSummary(outcome.added, outcome.removed, outcome.triggers);
  const { exposedSeconds = 0 } = outcome;
  if (closed.length > 0) {
    // CloudTrail's times are whole seconds: fewer than two say nothing.
    const isKnown = exposedSeconds >= 2 && openedOnce(outcome);
    return [
      `closed ${closing(closed, outcome)} on`,
      isKnown ? ` after ${duration(exposedSeconds)}` : "",
    ];
  }
  const [coming, going] = [admitted(letIn), admitted(tidied)];
  if (letIn.length > 0)
    return [
      wasCut(outcome)
        ? `restored ${coming.who}'s way in to ${coming.ports} on`
        : `let ${coming.who} in to ${coming.ports} on`,
      outcome.reach === "govern" ? "" : `, ${admitOnly(outcome)}`,
    ];
  return [
    tidied.length > 0
      ? `removed ${going.who}'s unused way in to ${going.ports} on`
      : "changed rules on",
    "",
  ];
}

function doing(
  outcome: Outcome,
  add: Outcome["added"],
  remove: Outcome["removed"],
): string | undefined {
  const { letIn, tidied } = changeSummary(add, remove, outcome.triggers);
  const [coming, going] = [admitted(letIn), admitted(tidied)];
  if (letIn.length > 0) return `let ${coming.who} in to ${coming.ports} on`;
  return tidied.length > 0 ? `remove ${going.who}'s unused way in to ${going.ports} on` : undefined;
}

/** Did somebody change the group's rules, so that a way in was lost that had been there? A registration makes a first one. */
const wasCut = ({ triggers }: Outcome): boolean =>
  triggers.some(
    ({ event }) => event === "RevokeSecurityGroupIngress" || event === "ModifySecurityGroupRules",
  );
