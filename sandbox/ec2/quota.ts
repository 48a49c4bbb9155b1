import type { Cloud } from "../state/cloud.ts";
import type { Permission } from "../state/ec2.ts";
import { awsError } from "../errors.ts";

/** How much of the IPv4 and of the IPv6 quota a rule takes: a group counts in both, a prefix list with its maximum size in its own. */
function weight(
  cloud: Cloud,
  { source }: Permission,
): { readonly ipv4: number; readonly ipv6: number } {
  switch (source.kind) {
    case "ipv4":
      return { ipv4: 1, ipv6: 0 };
    case "ipv6":
      return { ipv4: 0, ipv6: 1 };
    case "prefixList": {
      const list = cloud.prefixLists.get(source.id);
      return list?.family === "IPv6"
        ? { ipv4: 0, ipv6: list.maxEntries }
        : { ipv4: list?.maxEntries ?? 1, ipv6: 0 };
    }
    case "group":
    case "groupName":
      return { ipv4: 1, ipv6: 1 };
  }
}

/** Throws if these rules, all of one group and way, are too many. */
export function checkQuota(cloud: Cloud, rules: readonly Permission[]): void {
  const weights = rules.map((rule) => weight(cloud, rule));
  const most = Math.max(
    weights.reduce((sum, { ipv4 }) => sum + ipv4, 0),
    weights.reduce((sum, { ipv6 }) => sum + ipv6, 0),
  );
  if (most > cloud.quotas.rulesPerGroup) {
    throw awsError(
      "RulesPerSecurityGroupLimitExceeded",
      "The maximum number of rules per security group has been reached.",
    );
  }
}
