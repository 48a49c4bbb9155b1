import type { Outcome } from "../core/outcome.ts";
import { admitted, closing, deeds } from "./deeds.ts";
import { worst } from "./severity.ts";
import { duration, oneLine } from "./words.ts";

/** SNS wants fewer than 100 characters; e-mail wants ASCII. */
const most = 99;

/** One line that a person can act on: "closed tcp/80 to the internet on sg-9cd8a3f4 (web) after 41 s"; `first` stands in front of it. */
export function subject(outcome: Outcome, first = ""): string {
  const { name, group } = outcome;
  const [before, after] = sentence(outcome);
  const shorter = [name === "" ? group : `${group} (${name})`, group].map((place) => printable(`${first}${before} ${place}${after}`));
  return shorter.find((line) => line.length <= most) ?? `${shorter.at(-1)?.slice(0, most - 3)}...`;
}

const printable = (text: string): string => oneLine(text, 1000).replaceAll(/[^\x20-\x7e]/g, "?");

/** What is said before the group's name, and after it. */
function sentence(outcome: Outcome): readonly [string, string] {
  const { result, would } = outcome;
  // Whatever else is the matter with the group.
  const lost = outcome.findings.find(({ code }) => code === "target-health");
  if (lost !== undefined) return [`${lost.code} on`, `: ${lost.text}`];
  const [todo, finding] = [doing(outcome, would.add, would.remove), worst(outcome.findings)];
  switch (result) {
    case "changed":
      return done(outcome);
    case "drift":
      return [`would ${todo ?? "change rules on"}`, " (audit)"];
    case "left":
      return [`could not ${todo ?? "finish on"}`, finding === undefined ? "" : `: ${finding.code}`];
    case "failed":
      return [`could not ${todo ?? "remediate"}`, finding === undefined ? "" : `: ${finding.code}`];
    case "unchanged":
    case "gone":
      return [finding === undefined ? result : `${finding.code} on`, finding === undefined ? "" : `: ${finding.text}`];
  }
}

function done(outcome: Outcome): readonly [string, string] {
  const { closed, letIn, tidied } = deeds(outcome.added, outcome.removed);
  const { exposedSeconds } = outcome;
  if (closed.length > 0) return [`closed ${closing(closed, outcome)} on`, exposedSeconds === undefined ? "" : ` after ${duration(exposedSeconds)}`];
  const [coming, going] = [admitted(letIn), admitted(tidied)];
  if (letIn.length > 0)
    return [wasCut(outcome) ? `restored ${coming.who}'s way in to ${coming.ports} on` : `let ${coming.who} in to ${coming.ports} on`, ""];
  return [tidied.length > 0 ? `removed ${going.who}'s unused way in to ${going.ports} on` : "changed rules on", ""];
}

function doing(outcome: Outcome, add: Outcome["added"], remove: Outcome["removed"]): string | undefined {
  const { closed, letIn, tidied } = deeds(add, remove);
  const [coming, going] = [admitted(letIn), admitted(tidied)];
  if (closed.length > 0) return `close ${closing(closed, outcome)} on`;
  if (letIn.length > 0) return `let ${coming.who} in to ${coming.ports} on`;
  return tidied.length > 0 ? `remove ${going.who}'s unused way in to ${going.ports} on` : undefined;
}

/** Did somebody change the group's rules, so that a way in was lost that had been there? A registration makes a first one. */
const wasCut = ({ triggers }: Outcome): boolean =>
  triggers.some(({ event }) => event === "RevokeSecurityGroupIngress" || event === "ModifySecurityGroupRules");
