import { containsPublicAddress } from "../values/cidr.ts";
import { isClaimed } from "../values/ownTags.ts";
import type { Rule } from "../values/rule.ts";
import type { Group } from "../values/snapshot.ts";
import type { Topology } from "./topology.ts";

/** Does the internet come in by the rule? */
function isFromInternet(
  { source }: Rule,
  group: Group,
  { snapshot, ownRanges }: Topology,
): boolean {
  const own = ownRanges(group);
  switch (source.kind) {
    case "ipv4":
    case "ipv6":
      return containsPublicAddress(source.cidr, own);
    case "prefixList":
      return (snapshot.prefixLists.get(source.id)?.entries ?? []).some((entry) =>
        containsPublicAddress(entry, own),
      );
    case "group":
    case "groupName":
      return false;
  }
}

/** Does the rule let neighbours in to everything? Then it may carry what nobody can see, such as a cluster's overlay network. */
export const isNeighbours = (rule: Rule, group: Group, topology: Topology): boolean =>
  rule.protocol === "-1" && !isFromInternet(rule, group, topology);

/** Is the rule left whole, whatever it opens? The owner's own word must stand behind dividing what lets neighbours in to everything. */
export const isLeftWhole = (rule: Rule, group: Group, topology: Topology): boolean =>
  isNeighbours(rule, group, topology) && !isClaimed(group);
