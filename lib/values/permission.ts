import { hasPorts, type Rule, type Source } from "./rule.ts";

/** One rule in the grouped shape that EC2's calls take. */
export interface Permission {
  IpProtocol: string;
  FromPort?: number;
  ToPort?: number;
  IpRanges?: { CidrIp: string; Description?: string }[];
  Ipv6Ranges?: { CidrIpv6: string; Description?: string }[];
  PrefixListIds?: { PrefixListId: string; Description?: string }[];
  UserIdGroupPairs?: {
    GroupId?: string;
    GroupName?: string;
    UserId?: string;
    Description?: string;
  }[];
}

/** The permission that stands for one rule: what to authorize, or, with the description as read, what exactly to revoke. */
export function permissionOf(rule: Rule): Permission {
  const Description = rule.description;
  const ports =
    hasPorts(rule.protocol) || rule.protocol.startsWith("icmp")
      ? { FromPort: rule.fromPort, ToPort: rule.toPort }
      : {};
  return {
    IpProtocol: rule.protocol,
    ...ports,
    ...sourcePart(rule.source, Description === undefined ? {} : { Description }),
  };
}

function sourcePart(
  source: Source,
  described: { Description?: string },
): Omit<Permission, "IpProtocol"> {
  switch (source.kind) {
    case "ipv4":
      return { IpRanges: [{ CidrIp: source.cidr, ...described }] };
    case "ipv6":
      return { Ipv6Ranges: [{ CidrIpv6: source.cidr, ...described }] };
    case "prefixList":
      return { PrefixListIds: [{ PrefixListId: source.id, ...described }] };
    case "group":
      return {
        UserIdGroupPairs: [
          {
            GroupId: source.group,
            ...(source.owner === undefined ? {} : { UserId: source.owner }),
            ...described,
          },
        ],
      };
    case "groupName":
      return { UserIdGroupPairs: [{ UserId: source.owner, GroupName: source.name, ...described }] };
  }
}
