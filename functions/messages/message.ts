import type { Outcome } from "../core/outcome.ts";
import { changes, reach } from "./changes.ts";
import { type Cut, beginning, mostBytes } from "./fit.ts";
import { bySeverity, severityOf } from "./severity.ts";
import { subject } from "./subject.ts";
import { type Section, who } from "./who.ts";
import { oneLine, table } from "./words.ts";

/** What people get; attributes are what they can filter by. */
export interface Message {
  /** Fewer than 100 ASCII characters on one line. */
  readonly subject: string;
  /** Plain text, to be read with a fixed width. */
  readonly text: string;
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
}

/** The message for people about an outcome in a region. */
export function message(outcome: Outcome & Cut, region: string): Message {
  const headline = subject(outcome);
  const { account, group, mode, result, loadBalancers } = outcome;
  const attributes = { severity: severityOf(outcome), result, group, account, region, mode };
  return {
    subject: headline,
    text: beginning(text(outcome, region, headline), mostBytes - 20_000, "\n\n[Cut here: the message was too long.]\n"),
    attributes: loadBalancers.length > 0 ? { ...attributes, loadBalancer: loadBalancers.slice(0, 100) } : attributes,
  };
}

function text(outcome: Outcome & Cut, region: string, headline: string): string {
  const { account, vpc, mode, result, at, group, looks, writes } = outcome;
  const place = [`account ${account}`, region, vpc, `mode ${mode}`, `result ${result}`, at].filter(Boolean).join(", ");
  const sections = [who(outcome), ...changes(outcome), findings(outcome), ...reach(outcome), proof(outcome)];
  const cut = outcome.cut === undefined ? [] : [`Cut to fit: ${outcome.cut.join(", ")}.`];
  const blocks = [
    headline,
    place,
    ...sections.filter(({ lines }) => lines.length > 0).map(({ title, lines }) => [title, ...lines].join("\n")),
    [...cut, `Looks: ${looks}, writes: ${writes}.`, consoleLink(group, region)].join("\n"),
  ];
  return `${blocks.join("\n\n")}\n`;
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

function consoleLink(group: string, region: string): string {
  const domain = region.startsWith("cn-")
    ? "console.amazonaws.cn"
    : region.startsWith("us-gov-")
      ? "console.amazonaws-us-gov.com"
      : "console.aws.amazon.com";
  return `https://${region}.${domain}/ec2/home?region=${region}#SecurityGroup:groupId=${group}`;
}
