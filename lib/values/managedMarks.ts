/** Tags by which others say that they write a security group's rules; anybody may write them. Tags that begin with `aws:` AWS alone writes, with the group. */
export const managedTags = ["elbv2.k8s.aws/cluster", "KubernetesCluster"] as const;

/** What such tags begin with; the rest is a cluster's name. */
export const managedTagPrefixes = ["kubernetes.io/cluster/"] as const;

export const isManagedTag = (key: string): boolean =>
  managedTags.some((one) => one === key) || managedTagPrefixes.some((one) => key.startsWith(one));
