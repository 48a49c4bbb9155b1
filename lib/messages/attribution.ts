import type { Attestation } from "../values/attestation.ts";
import type { Outcome } from "../values/outcome.ts";
import { type Rule, sameRule } from "../values/rule.ts";
import { isLeaseEnd, isSweep, type Trigger } from "../values/trigger.ts";
import { overlap, type Range } from "../values/portRange.ts";
import { changeSummary, isOurs } from "./changeSummary.ts";
import { worst } from "./severity.ts";
import type { Section } from "./parts.ts";
import { atMost, oneLine, table } from "./text.ts";

/** The ways in that were closed, or would be. */
const closed = ({ added, removed, remaining, triggers }: Outcome): readonly Rule[] => [
  ...changeSummary(added, removed, triggers).closed,
  ...changeSummary([], remaining.remove, triggers).closed,
];

/**
 * The call that made a rule that was (or would be) removed: the last of several. Nobody, if no call that woke us made one:
 * who registered an instance is not who opened its port.
 */
const culprit = (outcome: Outcome): Trigger | undefined => made(closed(outcome), outcome).at(-1);

/** The calls that made any of these rules, the last one last. */
const made = (opened: readonly Rule[], { triggers }: Outcome): readonly Trigger[] =>
  triggers
    .filter(({ rules }) => rules.some((rule) => opened.some((one) => sameRule(rule, one))))
    .toSorted((a, b) => ((a.at ?? "") < (b.at ?? "") ? -1 : 1));

/** Is the exposure, which is counted from the first call that opened a removed rule, that of the call that is named? */
export function openedOnce(outcome: Outcome): boolean {
  const first = made(outcome.removed, outcome).find(({ at }) => at !== undefined);
  return first?.at === culprit(outcome)?.at;
}

/** What these calls opened where a load balancer is served, and what is open still since the group is not ours to close. */
function leftOpen({ reach, triggers, after, proof }: Outcome): readonly Rule[] {
  if (reach === "govern") return [];
  const served = proof.flatMap(({ who, ports }) => (who.kind === "loadBalancer" ? [ports] : []));
  const isServed = (rule: Rule): boolean =>
    served.some(
      (port) =>
        rule.protocol === "-1" || (rule.protocol === port.protocol && overlap(asRange(rule), port)),
    );
  const theirs = triggers.flatMap(({ rules }) => rules);
  return after.filter(
    (rule) => !isOurs(rule) && isServed(rule) && theirs.some((one) => sameRule(one, rule)),
  );
}

const asRange = ({ fromPort, toPort }: Rule): Range => ({ from: fromPort, to: toPort });

/** The user or the role that opened what was closed; a role's sessions are one. Empty where nobody is known. */
export const openedBy = (outcome: Outcome): string =>
  (culprit(outcome)?.actor.principal ?? "").replace(/(:assumed-role\/[^/]+)\/.*$/, "$1");

/** The call that opened what was closed, or what is open still; undefined: no event tells of it. */
export const openerOf = (outcome: Outcome): Trigger | undefined =>
  culprit(outcome) ?? made(leftOpen(outcome), outcome).at(-1);

/** Who opened what was closed, as the event says and CloudTrail was asked; else what made us look. */
export function attribution(outcome: Outcome, attestation?: Attestation): Section {
  const opener = openerOf(outcome);
  if (opener !== undefined) {
    const reason = worst(outcome.findings)?.code;
    const because = `nothing is removed from this group${reason === undefined ? "" : ` (${reason})`}`;
    return {
      title: "Who opened it, as the event says",
      lines: [
        ...inFull(opener),
        ...(attestation === undefined ? [] : [`  ${attested(attestation)}`]),
        ...(culprit(outcome) === undefined ? [`  It is still open: ${because}.`] : []),
      ],
    };
  }
  const calls = outcome.triggers.filter((one) => !isSweep(one) && !isLeaseEnd(one));
  const isOpen = closed(outcome).length > 0;
  if (calls.length > 0) {
    const unknown = isOpen ? ["  None of these calls opened it. Who did is not known."] : [];
    return {
      title: "What made us look",
      lines: [...atMost(5, calls.map(inShort), "more calls"), ...unknown],
    };
  }
  const found = outcome.triggers.length > 0 ? "A sweep found it" : "A person who looked found it";
  const since =
    outcome.triggers.length > 0
      ? ". How long it has been open is not known: no event told of it."
      : ". Who opened it is not known.";
  return { title: "What made us look", lines: [`  ${found}${isOpen ? since : "."}`] };
}

function attested(attestation: Attestation): string {
  switch (attestation.kind) {
    case "same":
      return "CloudTrail's event history names the same.";
    case "another":
      return `CloudTrail's event history names another: ${oneLine(attestation.principal)}. Somebody forged the event: believe CloudTrail.`;
    case "absent":
      return "Unverified: CloudTrail's event history does not have this event. It shows a call after up to 15 minutes; later, that means it is forged.";
    case "unread":
      return `Unverified: CloudTrail could not be asked (${oneLine(attestation.why)}).`;
  }
}

/** Callers may send anything for a user agent. */
const agent = (text: string): string => oneLine(text, 120);

function inFull({ event, eventId, at, actor }: Trigger): readonly string[] {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["principal", actor.principal],
    ["session", actor.session],
    ["source address", actor.sourceAddress],
    ["user agent", actor.userAgent && agent(actor.userAgent)],
    ["invoked by", actor.invokedBy],
    ["call", at === undefined ? event : `${event} at ${at}`],
    ["event", eventId],
  ];
  return table(
    rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, oneLine(value)]])),
  );
}

function inShort({ event, at, actor }: Trigger): string {
  const { principal, sourceAddress, userAgent, invokedBy } = actor;
  const parts = [
    `${event} by ${principal}`,
    sourceAddress && `from ${sourceAddress}`,
    userAgent && `with ${agent(userAgent)}`,
    invokedBy && `through ${invokedBy}`,
  ];
  return `  ${oneLine([...parts, at && `at ${at}`].filter(Boolean).join(" "), 500)}`;
}
