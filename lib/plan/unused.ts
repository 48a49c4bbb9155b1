import { admittedBy } from "../values/ownAdmission.ts";
import { isAdopted } from "../values/ownTags.ts";
import type { Rule } from "../values/rule.ts";
import { byProtocol, protectedPorts, servingsIn, touchesPorts } from "./governed.ts";
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
    ...servingsIn(group, topology).filter(({ loadBalancer }) =>
      loadBalancer.groups.includes(source.group),
    ),
    ...mayBeServedIn(group, topology),
  ].map(({ port }) => port);
  return (
    !touchesPorts(protectedPorts(policy), rule) &&
    !touchesPorts(byProtocol(reached), rule) &&
    !["kept", "load balancer"].includes(reasonToStay(rule, standards) ?? "") &&
    !policy.allowedSources.includes(source.group)
  );
}

/** Admissions of ours, on whatever ports, whose load balancer is gone or has other groups now, and which nobody else needs. */
export const unusedAdmissions = (standards: Standards): readonly Rule[] =>
  standards.group.rules.filter(
    (rule) => isUnusedAdmission(rule, standards) && !isIdle(rule, standards.topology),
  );
