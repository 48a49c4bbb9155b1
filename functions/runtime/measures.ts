import { ruleKey } from "../../lib/values/rule.ts";
import type { Outcome } from "../../lib/values/outcome.ts";

/** Everything that is measured. */
export const measured = [
  "SweepCompleted",
  "Armed",
  "ArmedProven",
  "AlertsHeard",
  "DriftLeft",
  "GroupsProtected",
  "GroupsAudit",
  "GroupsDrifted",
  "GroupsRefused",
  "GroupsIgnored",
  "ServedPortsOpen",
  "RulesKept",
  "RulesAdded",
  "RulesRemoved",
  "ExposureSeconds",
  "Calls",
] as const;

type Measured = (typeof measured)[number];

/** Values by metric; none where nobody can say. */
export type Measures = Readonly<Partial<Record<Measured, number | readonly number[]>>>;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** What enforcement did. Exposure only where an event tells when it began: never 0 for want of knowing. */
export const ofRemediation = (outcomes: readonly Outcome[]): Measures => ({
  RulesAdded: sum(outcomes.map(({ added }) => added.length)),
  RulesRemoved: sum(outcomes.map(({ removed }) => removed.length)),
  ExposureSeconds: outcomes.flatMap(({ exposedSeconds }) => exposedSeconds ?? []),
  DriftLeft: outcomes.filter(({ result }) => result === "incomplete").length,
  GroupsRefused: outcomes.filter(({ result }) => result === "failed").length,
});

/** As much of an outcome as says how its group stands. */
export type Eligibility = Pick<Outcome, "result" | "mode" | "reach" | "open">;

const states = [
  "GroupsProtected",
  "GroupsAudit",
  "GroupsDrifted",
  "GroupsRefused",
  "GroupsIgnored",
] as const;
type State = (typeof states)[number];

const publicIn = ({ open = [] }: Eligibility) => open.filter(({ isPublic }) => isPublic);

/**
 * Refused is what is to be enforced but not, or not wholly, written to, and what could not be read.
 * A group whose served ports the internet enters, whatever the reason and by whichever group, is not protected.
 */
function stateOf(seen: Eligibility): State | undefined {
  const { result, mode, reach } = seen;
  if (result === "failed") return "GroupsRefused";
  if (result === "gone") return undefined;
  if (mode === "ignore") return "GroupsIgnored";
  if (mode === "audit") return "GroupsAudit";
  if (result === "incomplete" || result === "drift") return "GroupsDrifted";
  return reach === "govern" && publicIn(seen).length === 0 ? "GroupsProtected" : "GroupsRefused";
}

/** Rules by which somebody enters a served port because they are kept, each once. */
const keptIn = (seen: readonly Eligibility[]): number =>
  new Set(
    seen
      .flatMap(({ open = [] }) => open)
      .filter(({ because }) => because.kind === "kept")
      .map(({ group, rule }) => `${group} ${ruleKey(rule)}`),
  ).size;

/** Ports of interfaces that load balancers serve and the internet enters all the same, each once. */
const openTo = (seen: readonly Eligibility[]): number =>
  new Set(
    seen
      .flatMap(publicIn)
      .flatMap(({ interfaces, ports: { protocol, from, to } }) =>
        interfaces.map((eni) => `${eni} ${protocol} ${from}-${to}`),
      ),
  ).size;

/** How a region's groups stand by a sweep: each counts once; those that are gone, not at all. `unseen` could not be looked at. */
export function ofSweep(
  seen: readonly Eligibility[],
  unseen: number,
): Readonly<Record<State | "ServedPortsOpen" | "RulesKept", number>> {
  const found = seen.map(stateOf);
  const counts = Object.fromEntries(
    states.map((state) => [state, found.filter((one) => one === state).length]),
  ) as Record<State, number>;
  return {
    ...counts,
    GroupsRefused: counts.GroupsRefused + unseen,
    ServedPortsOpen: openTo(seen),
    RulesKept: keptIn(seen),
  };
}
