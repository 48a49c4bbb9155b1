import type { Cloud } from "../state/cloud.ts";
import type { Permission, SecurityGroup, SecurityGroupRule } from "../state/ec2.ts";
import type { Tree } from "../wire/tree.ts";
import { tagSet } from "./tags.ts";

/** One rule, as DescribeSecurityGroupRules and AuthorizeSecurityGroupIngress answer it. */
export const ruleShape = (cloud: Cloud, group: SecurityGroup, rule: SecurityGroupRule): Tree => ({
  groupOwnerId: group.owner,
  groupId: group.id,
  securityGroupRuleId: rule.id,
  description: rule.description,
  isEgress: rule.egress,
  ipProtocol: rule.protocol,
  fromPort: rule.fromPort,
  toPort: rule.toPort,
  ...sourceShape(cloud, rule),
  tagSet: tagSet(cloud, rule.id),
  securityGroupRuleArn: `arn:aws:ec2:${cloud.region}:${group.owner}:security-group-rule/${rule.id}`,
});

function sourceShape(cloud: Cloud, { source }: SecurityGroupRule): Tree {
  switch (source.kind) {
    case "ipv4":
      return { cidrIpv4: source.cidr };
    case "ipv6":
      return { cidrIpv6: source.cidr };
    case "prefixList":
      return { prefixListId: source.id };
    case "group":
      return {
        referencedGroupInfo: {
          groupId: source.group,
          userId: source.owner,
          vpcId: cloud.groups.get(source.group)?.vpc,
        },
      };
    case "groupName":
      return { referencedGroupInfo: { userId: source.owner } };
  }
}

/** One rule, as RevokeSecurityGroupIngress answers it. */
export const revokedShape = (group: SecurityGroup, rule: SecurityGroupRule): Tree => ({
  securityGroupRuleId: rule.id,
  groupId: group.id,
  isEgress: rule.egress,
  ipProtocol: rule.protocol,
  fromPort: rule.fromPort,
  toPort: rule.toPort,
  cidrIpv4: rule.source.kind === "ipv4" ? rule.source.cidr : undefined,
  cidrIpv6: rule.source.kind === "ipv6" ? rule.source.cidr : undefined,
  prefixListId: rule.source.kind === "prefixList" ? rule.source.id : undefined,
  referencedGroupId: rule.source.kind === "group" ? rule.source.group : undefined,
  description: rule.description,
});

/** Permissions of one protocol and range together, each kind of source in its own list. All protocols have no ports here. */
export function grouped(permissions: Iterable<Permission>): readonly Tree[] {
  const byRange = new Map<string, Permission[]>();
  for (const permission of permissions) {
    const range = `${permission.protocol} ${permission.fromPort} ${permission.toPort}`;
    byRange.set(range, [...(byRange.get(range) ?? []), permission]);
  }
  return [...byRange.values()].map((same) => ({
    ipProtocol: same[0]?.protocol,
    ...(["tcp", "udp", "icmp", "icmpv6"].includes(same[0]?.protocol ?? "")
      ? { fromPort: same[0]?.fromPort, toPort: same[0]?.toPort }
      : {}),
    groups: same.flatMap(({ source, description }): readonly Tree[] => {
      if (source.kind === "group")
        return [{ userId: source.owner, groupId: source.group, description }];
      return source.kind === "groupName"
        ? [{ userId: source.owner, groupName: source.name, description }]
        : [];
    }),
    ipRanges: same.flatMap(({ source, description }) =>
      source.kind === "ipv4" ? [{ cidrIp: source.cidr, description }] : [],
    ),
    ipv6Ranges: same.flatMap(({ source, description }) =>
      source.kind === "ipv6" ? [{ cidrIpv6: source.cidr, description }] : [],
    ),
    prefixListIds: same.flatMap(({ source, description }) =>
      source.kind === "prefixList" ? [{ prefixListId: source.id, description }] : [],
    ),
  }));
}

export const groupShape = (cloud: Cloud, group: SecurityGroup): Tree => {
  const rules = [...group.rules.values()];
  return {
    ownerId: group.owner,
    groupId: group.id,
    groupName: group.name,
    groupDescription: group.description,
    vpcId: group.vpc,
    ipPermissions: grouped(rules.filter(({ egress }) => !egress)),
    ipPermissionsEgress: grouped(rules.filter(({ egress }) => egress)),
    tagSet: tagSet(cloud, group.id),
    securityGroupArn: `arn:aws:ec2:${cloud.region}:${group.owner}:security-group/${group.id}`,
  };
};
