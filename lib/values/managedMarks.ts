import type { Tags } from "./rule.ts";

/** Tags by which others say that they write a security group's rules; anybody may write them. Tags that begin with `aws:` AWS alone writes, with the group. */
export const managedTags = ["elbv2.k8s.aws/cluster", "KubernetesCluster"] as const;

/** What such tags begin with; the rest is a cluster's name. */
export const managedTagPrefixes = ["kubernetes.io/cluster/"] as const;

/** AWS's own mark, which nobody else can write. */
const eksTag = "aws:eks:cluster-name";

/** The Kubernetes cluster that owns a group, as its tags say; undefined: none. */
export const clusterOf = (tags: Tags): string | undefined =>
  tags[eksTag] ??
  tags["KubernetesCluster"] ??
  Object.keys(tags).flatMap((key) =>
    managedTagPrefixes.flatMap((prefix) =>
      key.startsWith(prefix) ? [key.slice(prefix.length)] : [],
    ),
  )[0];

export const isManagedTag = (key: string): boolean =>
  managedTags.some((one) => one === key) || managedTagPrefixes.some((one) => key.startsWith(one));
