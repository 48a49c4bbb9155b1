import type { Message } from "../values/message.ts";
import type { Outcome } from "../values/outcome.ts";
import { changes, reach, reasons } from "./changes.ts";
import { chatNotification } from "./chat.ts";
import type { Cut } from "./truncate.ts";
import { type Format, type Letter, plainText } from "./parts.ts";
import { isNotArmed, type NotArmed, notArmedLetter } from "./notArmed.ts";
import { consoleLink, groupArn } from "./consoleLinks.ts";
import type { Again } from "./deduplication.ts";
import { bySeverity, severityOf } from "./severity.ts";
import { subject } from "./subject.ts";
import { type Section, who } from "./attribution.ts";
import { oneLine, table } from "./text.ts";

/** How a message is told, beside what it says. */
export interface Telling {
  readonly format?: Format;
  readonly again?: Again | undefined;
}

/** The message for people about what was sent to the notify queue in a region. */
export function message(
  report: (Outcome & Cut) | NotArmed,
  region: string,
  { format = "text", again }: Telling = {},
): Message {
  const letter = isNotArmed(report)
    ? notArmedLetter(report, region)
    : outcomeLetter(report, region, again);
  const text = format === "chat" ? chatNotification(letter) : plainText(letter);
  return { subject: letter.subject, text, attributes: letter.attributes };
}

function outcomeLetter(outcome: Outcome & Cut, region: string, again: Again | undefined): Letter {
  const { account, vpc, mode, result, at, group, loadBalancers, looks, writes } = outcome;
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
    subject: subject(outcome, again?.quietUntil === undefined ? "" : "keeps coming back: "),
    place: [`account ${account}`, region, vpc, `mode ${mode}`, `result ${result}`, at]
      .filter(Boolean)
      .join(", "),
    sections: [
      repetition(again),
      who(outcome),
      ...changes(outcome),
      findings(outcome),
      ...reasons(outcome),
      proof(outcome),
      reach(outcome),
    ],
    end: [...cut, `Looks: ${looks}, writes: ${writes}.`, consoleLink(group, region)],
    nextSteps: bySeverity(outcome.findings).map(({ next }) => next),
    attributes:
      loadBalancers.length > 0
        ? { ...attributes, loadBalancer: loadBalancers.slice(0, 100) }
        : attributes,
    thread: `elb-only ${account} ${region} ${group}`,
    resources: [groupArn(group, account, region), ...loadBalancers],
  };
}

function repetition(again: Again | undefined): Section {
  if (again === undefined) return { title: "", lines: [] };
  const { time, since, quietUntil } = again;
  if (quietUntil === undefined)
    return { title: "Again", lines: [`  The same change was told before, at ${since}.`] };
  return {
    title: "It keeps coming back",
    lines: [
      `  The same change had to be made ${time} times since ${since}: somebody keeps undoing it.`,
      `  It goes on being made, but until ${quietUntil} it is not told again.`,
    ],
  };
}

function proof({ proof: proofs }: Outcome): Section {
  const word = (answer: boolean): string => (answer ? "yes" : "no");
  const rows = proofs.map(({ who, ports, before, after, holds }) => [
    oneLine(who),
    ports,
    `${word(before)} -> ${word(after)}`,
    holds ? "" : "NOT AS IT SHOULD BE",
  ]);
  return { title: "Proof: who gets in, by the rules before -> after", lines: table(rows) };
}

function findings({ findings: all }: Outcome): Section {
  const lines = bySeverity(all).flatMap(({ code, severity, text, next }) => [
    `  ${severity}: ${code}: ${oneLine(text, 1000)}`,
    `    Next: ${oneLine(next, 1000)}`,
  ]);
  return { title: "Findings", lines };
}
