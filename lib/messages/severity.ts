import type { Outcome, Result } from "../values/outcome.ts";
import type { Finding, Severity } from "../values/finding.ts";
import { opensToInternet } from "./changeSummary.ts";

const order: readonly Severity[] = ["info", "low", "medium", "high"];
const rank = (severity: Severity): number => order.indexOf(severity);

const higher = (a: Severity, b: Severity): Severity => (rank(a) > rank(b) ? a : b);

/** Worst first; those alike stay in their order. */
export const bySeverity = (findings: readonly Finding[]): readonly Finding[] =>
  [...findings].sort((a, b) => rank(b.severity) - rank(a.severity));

export const worst = (findings: readonly Finding[]): Finding | undefined => bySeverity(findings)[0];

const ofResult: Readonly<Record<Result, Severity>> = {
  unchanged: "info",
  gone: "info",
  changed: "low",
  drift: "medium",
  incomplete: "medium",
  failed: "high",
};

/** How soon somebody should read about an outcome: by its result, what was open, what does not hold, and its worst finding. */
export function severityOf(outcome: Outcome): Severity {
  const { result, removed, remaining, proof, findings, open = [] } = outcome;
  const isOpen = opensToInternet(remaining.remove) || open.some(({ isPublic }) => isPublic);
  const wasOpen = opensToInternet(removed);
  const broken =
    (result === "changed" || result === "incomplete") && proof.some(({ holds }) => !holds);
  const measured = [
    ofResult[result],
    isOpen || broken ? "high" : wasOpen ? "medium" : "info",
  ] as const;
  return [...measured, ...findings.map(({ severity }) => severity)].reduce(higher);
}

/** Is this for people and machines to know? Nothing to do and nothing to say is not; but whoever enters a served port from the internet, or by an exemption, is. */
export const isWorthTelling = ({ result, findings, open = [] }: Outcome): boolean =>
  (result !== "unchanged" && result !== "gone") ||
  findings.some(({ severity }) => severity !== "info") ||
  open.some(({ isPublic, because }) => isPublic || because.kind === "kept");
