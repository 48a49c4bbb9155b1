import { rangesAround } from "../judge/strangers.ts";
import { containsPublicAddress } from "../values/cidr.ts";
import type { Finding } from "../values/finding.ts";
import type { GroupPlan } from "../values/groupPlan.ts";
import { type GroupId, type Rule, sameRule } from "../values/rule.ts";
import type { Snapshot } from "../values/snapshot.ts";
import { secondsBetween } from "../values/time.ts";
import type { Trigger } from "../values/trigger.ts";

/** Rules that are to go from one group, before any of them does. */
export interface Proposal {
  readonly group: GroupId;
  readonly triggers: readonly Trigger[];
  readonly plan: GroupPlan;
  readonly snapshot: Snapshot;
  readonly rules: readonly Rule[];
  /** What has gone in this run. */
  readonly removed: readonly Rule[];
}

/** A rule that is not to go for now, and why. */
export interface Withheld {
  readonly group: GroupId;
  readonly rule: Rule;
  readonly finding: Finding;
}

/** Seconds. */
const aWhile = 3600;

/** Was the rule made or changed a short while ago by a call that we know of? Nobody has come to count on it. */
export const isFresh = (rule: Rule, { triggers, snapshot }: Proposal): boolean =>
  triggers.some(
    ({ at, rules }) =>
      at !== undefined &&
      secondsBetween(at, snapshot.at) <= aWhile &&
      rules.some((one) => sameRule(one, rule)),
  );

/** Does the rule let anybody from the internet in? */
export function isPublic({ source }: Rule, { group, snapshot }: Proposal): boolean {
  const { prefixLists, groups } = snapshot;
  const own = rangesAround(groups.get(group) ?? { id: group }, snapshot);
  const cidrs =
    "cidr" in source
      ? [source.cidr]
      : source.kind === "prefixList"
        ? (prefixLists.get(source.id)?.entries ?? [])
        : [];
  return cidrs.some((cidr) => containsPublicAddress(cidr, own));
}
