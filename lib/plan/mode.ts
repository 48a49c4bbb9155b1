import { modeTag, taggedMode } from "../values/ownTags.ts";
import { type Finding, finding } from "../values/finding.ts";
import type { Mode, Policy } from "../values/policy.ts";
import type { Group, LoadBalancer } from "../values/snapshot.ts";

export const modeUnreadable = (
  group: Group,
  what: string,
  { tags }: Group | LoadBalancer,
): Finding =>
  finding(
    "mode-unreadable",
    group.id,
    `The tag elb-only of ${what} is "${tags[modeTag]}"; allowed are enforce, audit and ignore.`,
  );

/** The group's own tag, else the default: whoever may tag load balancers decides nothing about other people's groups. */
export function modeOf(
  group: Group,
  policy: Policy,
): { readonly mode: Mode; readonly findings: readonly Finding[] } {
  const own = taggedMode(group.tags);
  return own === "unreadable"
    ? { mode: "audit", findings: [modeUnreadable(group, group.id, group)] }
    : { mode: own ?? policy.defaultMode, findings: [] };
}
