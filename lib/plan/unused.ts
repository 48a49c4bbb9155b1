import { admittedBy } from "../values/ownAdmission.ts";
import { isAdopted } from "../values/ownTags.ts";
import { type Rule, ruleKey, sourceKey } from "../values/rule.ts";
import { byProtocol, protectedPorts, touchesPorts } from "./governed.ts";
import { isIdle, reasonToStay } from "./reasons.ts";
import type { Standards } from "./standards.ts";
import { mayBeServedIn } from "./unreadTargets.ts";

/** Is it an admission of ours by which no load balancer reaches anybody here? On a protected port nothing is ever taken away. */
export function isUnusedAdmission(rule: Rule, standards: Standards): boolean {
  const { group, topology, policy } = standards;
  const { source } = rule;
  if (admittedBy(rule) === undefined || source.kind !== "group" || isAdopted(group)) return false;
  // A group's reference to itself is its own interfaces' way in, whoever wrote it.
  if (source.group === group.id) return false;
  const reached = [
    ...topology
      .servings(group.id)
      .filter(({ loadBalancer }) => loadBalancer.groups.includes(source.group)),
    ...mayBeServedIn(group, topology),
  ].map(({ port }) => port);
  return (
    !touchesPorts(protectedPorts(policy), rule) &&
    !touchesPorts(byProtocol(reached), rule) &&
    !["kept", "load balancer"].includes(reasonToStay(rule, standards) ?? "") &&
    !policy.allowedSources.includes(source.group)
  );
}

const unusedAdmissions = (standards: Standards): readonly Rule[] =>
  standards.group.rules.filter((rule) => isUnusedAdmission(rule, standards));

/** Unused admissions by which nobody is to come back: the load balancer is gone or has other groups now, or a rollback's time has passed. */
export const abandonedAdmissions = (standards: Standards): readonly Rule[] => {
  const { topology } = standards;
  return unusedAdmissions(standards).filter(
    (rule) => !isIdle(rule, topology) || topology.snapshot.pastGrace?.has(rule.id ?? "") === true,
  );
};

/** Unused admissions that can make room, the lowest id first. What a closing may count on is not among them. */
export function evictableAdmissions(
  standards: Standards,
  excess: readonly { readonly rule: Rule }[],
): readonly Rule[] {
  const sources = new Set(excess.map(({ rule }) => sourceKey(rule.source)));
  const key = (rule: Rule): string => rule.id ?? ruleKey(rule);
  return unusedAdmissions(standards)
    .filter(({ source }) => !sources.has(sourceKey(source)))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
