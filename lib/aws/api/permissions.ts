import type { IpPermission, SecurityGroupRule, UserIdGroupPair } from "@aws-sdk/client-ec2";
import { canonicalRule, type Rule, type Source } from "../../values/rule.ts";
import { tagsOf } from "../read/tags.ts";

// `IpPermission`, EC2's grouped shape of rules, is read only here.

/** A rule as DescribeSecurityGroupRules has it; undefined where its source is none that we know. CIDRs stay as they are written. */
export function ruleOf(read: SecurityGroupRule): Rule | undefined {
  const source = sourceOf(read);
  if (source === undefined) return undefined;
  return canonicalRule({
    protocol: read.IpProtocol ?? "-1",
    fromPort: read.FromPort,
    toPort: read.ToPort,
    source,
    description: read.Description,
    tags: tagsOf(read.Tags),
    id: read.SecurityGroupRuleId,
  });
}

function sourceOf(read: SecurityGroupRule): Source | undefined {
  if (read.CidrIpv4) return { kind: "ipv4", cidr: read.CidrIpv4 };
  if (read.CidrIpv6) return { kind: "ipv6", cidr: read.CidrIpv6 };
  if (read.PrefixListId) return { kind: "prefixList", id: read.PrefixListId };
  const { GroupId, UserId } = read.ReferencedGroupInfo ?? {};
  return GroupId ? groupSource(GroupId, UserId) : undefined;
}

const groupSource = (group: string, owner: string | undefined): Source => ({
  kind: "group",
  group,
  ...(owner ? { owner } : {}),
});

/** EC2-Classic's rules: their source is a group named by owner and name, which DescribeSecurityGroupRules does not show. */
export function namedRulesOf(permissions: readonly IpPermission[] | undefined): readonly Rule[] {
  return (permissions ?? []).flatMap(rulesOf).filter(({ source }) => source.kind === "groupName");
}

/** The rules that a grouped permission stands for. */
export function rulesOf(permission: IpPermission): readonly Rule[] {
  const sources: { source: Source; description: string | undefined }[] = [
    ...(permission.IpRanges ?? []).map((one) => ({
      source: { kind: "ipv4", cidr: one.CidrIp ?? "" } as const,
      description: one.Description,
    })),
    ...(permission.Ipv6Ranges ?? []).map((one) => ({
      source: { kind: "ipv6", cidr: one.CidrIpv6 ?? "" } as const,
      description: one.Description,
    })),
    ...(permission.PrefixListIds ?? []).map((one) => ({
      source: { kind: "prefixList", id: one.PrefixListId ?? "" } as const,
      description: one.Description,
    })),
    ...(permission.UserIdGroupPairs ?? []).map((pair) => ({
      source: pairSource(pair),
      description: pair.Description,
    })),
  ];
  return sources.map(({ source, description }) =>
    canonicalRule({
      protocol: permission.IpProtocol ?? "-1",
      fromPort: permission.FromPort,
      toPort: permission.ToPort,
      source,
      description,
    }),
  );
}

const pairSource = ({ GroupId, GroupName, UserId }: UserIdGroupPair): Source =>
  GroupId
    ? groupSource(GroupId, UserId)
    : { kind: "groupName", owner: UserId ?? "", name: GroupName ?? "" };
