import { type Finding, finding } from "../values/finding.ts";
import { clusterOf } from "../values/managedMarks.ts";
import { type Rule, ruleText } from "../values/rule.ts";
import type { Group } from "../values/snapshot.ts";
import type { Topology } from "./topology.ts";

/** Does the rule let in a group of the same cluster: its control plane, or others of its machines? */
const isClusters = ({ source }: Rule, group: Group, { snapshot }: Topology): boolean => {
  if (source.kind !== "group") return false;
  const tags = snapshot.groups.get(source.group)?.tags ?? {};
  const cluster = clusterOf(tags) ?? snapshot.sourceClusters?.get(source.group);
  return cluster !== undefined && cluster === clusterOf(group.tags);
};

/** Why nothing is closed in a cluster's group. A webhook that the API server cannot reach stops all deployments: so whoever wrote the mark, we hold back. */
export function ownedByCluster(group: Group, topology: Topology): readonly Finding[] {
  const cluster = clusterOf(group.tags);
  if (cluster === undefined) return [];
  const own = group.rules.filter((rule) => isClusters(rule, group, topology)).map(ruleText);
  const ways = own.length === 0 ? "" : `, which comes in by ${own.join(", ")}`;
  const text = `Nothing in ${group.id} (${group.name}) is closed: it belongs to the cluster ${cluster}${ways}.`;
  return [finding("cluster-group", group.id, text)];
}

/** The cluster's own ways in that are closed, since the group's owner wants it so. */
export const closedToCluster = (
  group: Group,
  excess: readonly Rule[],
  topology: Topology,
): readonly Finding[] =>
  excess
    .filter((rule) => isClusters(rule, group, topology))
    .map((rule) =>
      finding(
        "cluster-group",
        group.id,
        `${ruleText(rule)} is a way in of the cluster ${clusterOf(group.tags)} itself, and is being closed on the ports that load balancers serve.`,
        rule,
      ),
    );
