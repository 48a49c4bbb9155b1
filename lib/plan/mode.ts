import { modeTag } from "../values/ownTags.ts";
import { type Finding, finding } from "../values/finding.ts";
import type { Mode, Policy } from "../values/policy.ts";
import type { Group, LoadBalancer } from "../values/snapshot.ts";

const modes: readonly Mode[] = ["ignore", "audit", "enforce"]; // the most cautious first

const readMode = (value: string | undefined): Mode | "unreadable" | undefined =>
  value === undefined
    ? undefined
    : (modes.find((mode) => mode === value.trim().toLowerCase()) ?? "unreadable");

/** The group's own tag wins; else the most cautious of its load balancers', an untagged one counting as the default. */
export function modeOf(
  group: Group,
  loadBalancers: readonly LoadBalancer[],
  policy: Policy,
): { mode: Mode; findings: Finding[] } {
  const own = readMode(group.tags[modeTag]);
  const unreadable = (what: string, value: string | undefined): Finding =>
    finding(
      "mode-unreadable",
      group.id,
      `The tag elb-only of ${what} is "${value}"; allowed are enforce, audit and ignore.`,
    );
  if (own === "unreadable")
    return { mode: "audit", findings: [unreadable(group.id, group.tags[modeTag])] };
  if (own !== undefined) return { mode: own, findings: [] };
  const findings: Finding[] = [];
  const theirs = loadBalancers.map((loadBalancer) => {
    const mode = readMode(loadBalancer.tags[modeTag]);
    if (mode === "unreadable")
      findings.push(unreadable(loadBalancer.name, loadBalancer.tags[modeTag]));
    return mode === "unreadable" ? "audit" : (mode ?? policy.defaultMode);
  });
  return { mode: modes.find((mode) => theirs.includes(mode)) ?? policy.defaultMode, findings };
}

/** Did the group's owner say `elb-only=enforce` on the group itself? */
export const isClaimed = (group: Group): boolean => readMode(group.tags[modeTag]) === "enforce";
