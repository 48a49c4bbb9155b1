import { loadBalancerTag } from "./ownTags.ts";
import { type Range, rangeText } from "./portRange.ts";
import type { GroupId, Rule } from "./rule.ts";
import type { LoadBalancerId } from "./snapshot.ts";

/** What an admission says of itself: for whom, on what, and from which group it was made. */
export const admissionText = (
  name: string,
  protocol: string,
  range: Range,
  from: GroupId,
): string => `elb-only: admits ${name} on ${protocol}/${rangeText(range)} from ${from}`;

/** A Classic Load Balancer's id is its name; in any other's ARN the name comes last but one. */
const nameOf = (id: LoadBalancerId): string => id.split("/").at(-2) ?? id;

/**
 * The load balancer that a rule of ours was made for; undefined: the rule is not ours, or not any more.
 * Ours by proof: our tag, and a description that fits the tag and exactly the ports and the source that the rule has. What somebody edited is theirs.
 */
export function admittedBy({
  tags,
  source,
  description,
  protocol,
  fromPort,
  toPort,
}: Rule): LoadBalancerId | undefined {
  const id = tags[loadBalancerTag];
  if (id === undefined || source.kind !== "group") return undefined;
  const made = admissionText(nameOf(id), protocol, { from: fromPort, to: toPort }, source.group);
  return description === made ? id : undefined;
}
