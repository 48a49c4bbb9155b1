import type { Attestation } from "../values/attestation.ts";
import { begunAt } from "../values/changeId.ts";
import type { Message } from "../values/message.ts";
import type { Outcome, Visitor } from "../values/outcome.ts";
import { rangeText } from "../values/portRange.ts";
import { changes, reach, reasons } from "./changes.ts";
import { chatNotification } from "./chat.ts";
import type { Cut } from "./truncate.ts";
import { type Format, type MessageParts, plainText, type Section } from "./parts.ts";
import type { Muted } from "./mutedExposure.ts";
import { difference, openPorts } from "./openPorts.ts";
import { consoleLink, groupArn } from "./consoleLinks.ts";
import type { Again } from "./deduplication.ts";
import { bySeverity, severityOf } from "./severity.ts";
import { subject } from "./subject.ts";
import { attribution } from "./attribution.ts";
import { oneLine, table } from "./text.ts";
import { isOwnReport, type OwnReport, ownReportParts } from "./ownReport.ts";
import { undoByHand, undoCommand, undoSection } from "./undoing.ts";

/** How a message is told, beside what it says. */
export interface Telling {
  readonly format?: Format;
  readonly again?: Again | undefined;
  /** Said of exposures that had no message of their own. */
  readonly muted?: Muted;
  /** What CloudTrail says of whom the event blames. */
  readonly attestation?: Attestation | undefined;
}

/** The message for people about what was sent to the notify queue. */
export function message(
  report: (Outcome & Cut) | OwnReport,
  { format = "text", ...telling }: Telling = {},
): Message {
  const parts = isOwnReport(report) ? ownReportParts(report) : outcomeParts(report, telling);
  const text = format === "chat" ? chatNotification(parts) : plainText(parts);
  return { subject: parts.subject, text, attributes: parts.attributes };
}

function outcomeParts(
  outcome: Outcome & Cut,
  { again, muted, attestation }: Omit<Telling, "format">,
): MessageParts {
  const { account, region, vpc, mode, result, at, group, loadBalancers, looks, writes } = outcome;
  const change =
    outcome.change === undefined || begunAt(outcome.change) === undefined
      ? undefined
      : `change ${outcome.change}`;
  const attributes = {
    kind: "outcome",
    severity: severityOf(outcome),
    result,
    group,
    account,
    region,
    mode,
  };
  const cut = outcome.cut === undefined ? [] : [`Cut to fit: ${outcome.cut.join(", ")}.`];
  return {
    subject: subject(outcome, firstly(again, muted)),
    where: [`account ${account}`, region, vpc, `mode ${mode}`, `result ${result}`, change, at]
      .filter(Boolean)
      .join(", "),
    sections: [
      repetition(again),
      exposures(muted),
      attribution(outcome, attestation),
      openPorts(outcome),
      ...changes(outcome),
      difference(outcome),
      findings(outcome),
      ...reasons(outcome),
      proof(outcome),
      reach(outcome),
      undoSection(outcome),
    ],
    byHand: undoByHand(outcome),
    end: [...cut, `Looks: ${looks}, writes: ${writes}.`, consoleLink(outcome)],
    nextSteps: [
      ...bySeverity(outcome.findings).map(({ next }) => next),
      ...[undoCommand(outcome) ?? []].flat().map((one) => `To undo it: ${one}`),
    ],
    attributes:
      loadBalancers.length > 0
        ? { ...attributes, loadBalancer: loadBalancers.slice(0, 100) }
        : attributes,
    thread: `elb-only ${account} ${region} ${group}`,
    resources: [groupArn(outcome), ...loadBalancers],
  };
}

function firstly(again: Again | undefined, muted: Muted | undefined): string {
  if (muted !== undefined) return `${muted.times} times, open ${muted.seconds} s in all: `;
  return again?.quietUntil === undefined ? "" : "keeps coming back: ";
}

function exposures(muted: Muted | undefined): Section {
  if (muted === undefined) return { title: "", lines: [] };
  const { times, seconds, since } = muted;
  return {
    title: "Opened again and again",
    lines: [
      `  What is below was opened and closed ${times} times since ${since}, and open ${seconds} s in all.`,
      "  You were told of none of these by itself. This line comes at most once an hour; the last of them is below.",
    ],
  };
}

function repetition(again: Again | undefined): Section {
  if (again === undefined) return { title: "", lines: [] };
  const { time, since, quietUntil } = again;
  if (quietUntil === undefined)
    return {
      title: "Again",
      lines: [`  The same change was made before: you were told at ${since}.`],
    };
  return {
    title: "It keeps coming back",
    lines: [
      `  The same change had to be made ${time} times since ${since}: somebody keeps undoing it.`,
      `  elb-only goes on making it. Before ${quietUntil} you will be told of no further one by itself; of what it opens, once an hour.`,
    ],
  };
}

function visitorText(who: Visitor): string {
  switch (who.kind) {
    case "loadBalancer":
      return oneLine(who.name);
    case "internet":
      return `the internet (${who.family === "ipv4" ? "IPv4" : "IPv6"})`;
    case "people":
      return "people";
  }
}

function proof({ proof: proofs }: Outcome): Section {
  const word = (answer: boolean): string => (answer ? "yes" : "no");
  const rows = proofs.map(({ who, ports, before, after, holds }) => [
    visitorText(who),
    `${ports.protocol}/${rangeText(ports)}`,
    `${word(before)} -> ${word(after)}`,
    holds ? "" : "NOT AS IT SHOULD BE",
  ]);
  return { title: "Proof: who gets in, by the rules before -> after", lines: table(rows) };
}

function findings({ findings: all }: Outcome): Section {
  const lines = bySeverity(all).flatMap(({ code, severity, text, next, paste = "" }) => [
    `  ${severity}: ${code}: ${oneLine(text, 1000)}`,
    `    Next: ${oneLine(next, 1000)}`,
    ...paste
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => `      ${/^ */.exec(line)?.[0]}${oneLine(line, 300)}`),
  ]);
  return { title: "Findings", lines };
}
