import type { Outcome } from "../core/outcome.ts";
import { type Rule, ruleKey } from "../core/rule.ts";
import { isSweep, type Trigger } from "../core/trigger.ts";
import { deeds } from "./deeds.ts";
import { atMost, oneLine, table } from "./words.ts";

const isSame = (a: Rule, b: Rule): boolean => (a.id !== undefined && a.id === b.id) || ruleKey(a) === ruleKey(b);

/** The ways in that were closed, or would be. */
const closed = ({ added, removed, would }: Outcome): readonly Rule[] => [...deeds(added, removed).closed, ...deeds([], would.remove).closed];

/**
 * The call that made a rule that was (or would be) removed: the last of several. Nobody, if no call that woke us made one:
 * who registered an instance is not who opened its port.
 */
function culprit(outcome: Outcome): Trigger | undefined {
  const opened = closed(outcome);
  const made = outcome.triggers.filter(({ rules }) => rules.some((rule) => opened.some((one) => isSame(rule, one))));
  return made.toSorted((a, b) => ((a.at ?? "") < (b.at ?? "") ? -1 : 1)).at(-1);
}

/** The user or the role that opened what was closed; a role's sessions are one. Empty where nobody is known. */
export const openedBy = (outcome: Outcome): string => (culprit(outcome)?.actor.principal ?? "").replace(/(:assumed-role\/[^/]+)\/.*$/, "$1");

export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Who opened what was closed; else what made us look. */
export function who(outcome: Outcome): Section {
  const opener = culprit(outcome);
  if (opener !== undefined) return { title: "Who opened it", lines: inFull(opener) };
  const calls = outcome.triggers.filter((trigger) => !isSweep(trigger));
  const isOpen = closed(outcome).length > 0;
  if (calls.length > 0) {
    const unknown = isOpen ? ["  None of this opened it: who did is not known."] : [];
    return { title: "What made us look", lines: [...atMost(5, calls.map(inShort), "more calls"), ...unknown] };
  }
  const found = outcome.triggers.length > 0 ? "Found by a sweep" : "Found by a person who looked";
  const since = outcome.triggers.length > 0 ? ": open since at most the last sweep; no event told of it." : "; who opened it is not known.";
  return { title: "What made us look", lines: [`  ${found}${isOpen ? since : "."}`] };
}

function inFull({ event, eventId, at, actor }: Trigger): readonly string[] {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["principal", actor.principal],
    ["session", actor.session],
    ["source address", actor.sourceAddress],
    ["user agent", actor.userAgent],
    ["invoked by", actor.invokedBy],
    ["call", at === undefined ? event : `${event} at ${at}`],
    ["event", eventId],
  ];
  return table(rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, oneLine(value)]])));
}

function inShort({ event, at, actor }: Trigger): string {
  const { principal, sourceAddress, userAgent, invokedBy } = actor;
  const parts = [
    `${event} by ${principal}`,
    sourceAddress && `from ${sourceAddress}`,
    userAgent && `with ${userAgent}`,
    invokedBy && `through ${invokedBy}`,
  ];
  return `  ${oneLine([...parts, at && `at ${at}`].filter(Boolean).join(" "), 500)}`;
}
