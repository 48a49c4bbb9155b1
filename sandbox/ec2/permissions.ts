import ipaddr from "ipaddr.js";
import type { Cloud } from "../state/cloud.ts";
import type { Permission, SecurityGroup, Source } from "../state/ec2.ts";
import { awsError, invalidValue, missing } from "../errors.ts";
import { account } from "../identities.ts";
import { integer, structures, text, type Params } from "../wire/params.ts";
import { groupById, groupByName } from "./lookup.ts";

/** What a request asks for, as single-source permissions, from `IpPermissions` or from the flat form. */
export function permissionsOf(
  cloud: Cloud,
  group: SecurityGroup,
  egress: boolean,
  params: Params,
): readonly Permission[] {
  const flat = ["IpProtocol", "FromPort", "ToPort", "CidrIp"].some(
    (name) => text(params, name) !== undefined,
  );
  const asked = [
    ...structures(params, "IpPermissions"),
    ...(flat ? [{ ...params, IpRanges: [{ CidrIp: text(params, "CidrIp") }] }] : []),
  ];
  return asked.flatMap((permission) => {
    const range = rangeOf(permission);
    const sources = sourcesOf(cloud, group, permission);
    if (sources.length === 0) throw awsError("MissingParameter", "Source group ID missing.");
    return sources.map(({ source, description }) => ({
      egress,
      ...range,
      source,
      ...(description === undefined ? {} : { description }),
    }));
  });
}

const protocolNames: Readonly<Record<string, string>> = {
  "6": "tcp",
  "17": "udp",
  "1": "icmp",
  "58": "icmpv6",
  all: "-1",
};

/** Protocol by name where it has one; ports of tcp and udp, type and code of icmp, -1 of all others. */
export function rangeOf(permission: Params): Pick<Permission, "protocol" | "fromPort" | "toPort"> {
  const written = text(permission, "IpProtocol")?.toLowerCase();
  if (written === undefined) throw missing("ipProtocol");
  const protocol = protocolNames[written] ?? written;
  const [from, to] = [integer(permission, "FromPort"), integer(permission, "ToPort")];
  switch (protocol) {
    case "tcp":
    case "udp":
      if (from === undefined || to === undefined) {
        throw invalidValue(
          "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
        );
      }
      if (from < 0 || to > 65535 || from > to)
        throw invalidValue(`Invalid ${protocol.toUpperCase()} port range: ${from}-${to}`);
      return { protocol, fromPort: from, toPort: to };
    case "icmp":
    case "icmpv6":
      if ((from ?? -1) > 255 || (to ?? -1) > 255)
        throw invalidValue(`ICMP code (${to}) out of range`);
      return {
        protocol,
        fromPort: from ?? -1,
        toPort: from === undefined || from === -1 ? -1 : (to ?? -1),
      };
    default:
      if (!/^-1$|^\d{1,3}$/.test(protocol) || Number(protocol) > 255)
        throw invalidValue(`Invalid value '${written}' for IP protocol. Unknown protocol.`);
      return { protocol, fromPort: -1, toPort: -1 };
  }
}

interface Described {
  readonly source: Source;
  readonly description?: string;
}

function sourcesOf(cloud: Cloud, group: SecurityGroup, permission: Params): readonly Described[] {
  const described = (entry: Params, source: Source): Described => {
    const description = descriptionOf(entry);
    return description === undefined ? { source } : { source, description };
  };
  return [
    ...structures(permission, "IpRanges").map((entry) =>
      described(entry, cidrSource("ipv4", text(entry, "CidrIp"))),
    ),
    ...structures(permission, "Ipv6Ranges").map((entry) =>
      described(entry, cidrSource("ipv6", text(entry, "CidrIpv6"))),
    ),
    ...structures(permission, "PrefixListIds").map((entry) =>
      described(entry, prefixListSource(cloud, text(entry, "PrefixListId"))),
    ),
    ...structures(permission, "Groups").map((entry) =>
      described(entry, groupSource(cloud, group, entry)),
    ),
  ];
}

/** Returns undefined for no description, which is what an empty one means. */
export function descriptionOf(entry: Params): string | undefined {
  const description = text(entry, "Description");
  if (
    description !== undefined &&
    (description.length > 255 || !/^[a-zA-Z0-9 ._\-:/()#,@[\]+=;{}!$*]*$/.test(description))
  ) {
    throw invalidValue(
      "Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=;{}!$*",
    );
  }
  return description;
}

/** Masked and compressed, as EC2 keeps it. */
export function cidrSource(kind: "ipv4" | "ipv6", cidr: string | undefined): Source {
  const family = kind === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6;
  if (cidr === undefined || !/^[0-9a-fA-F.:]+\/\d+$/.test(cidr) || !family.isValidCIDR(cidr)) {
    throw invalidValue(`CIDR block ${cidr ?? ""} is malformed`);
  }
  return {
    kind,
    cidr: `${family.networkAddressFromCIDR(cidr).toString()}/${cidr.slice(cidr.indexOf("/") + 1)}`,
  };
}

export function prefixListSource(cloud: Cloud, id: string | undefined): Source {
  if (id === undefined || !cloud.prefixLists.has(id))
    throw awsError(
      "InvalidPrefixListID.NotFound",
      `The prefix list ID '${id ?? ""}' does not exist`,
    );
  return { kind: "prefixList", id };
}

/** A group of this account has to exist, in the same VPC. Groups of other accounts (peers) are taken as they are. */
export function groupSource(cloud: Cloud, group: SecurityGroup, entry: Params): Source {
  const [id, name, owner] = [
    text(entry, "GroupId"),
    text(entry, "GroupName"),
    text(entry, "UserId") ?? account,
  ];
  if (id === undefined && name !== undefined && owner !== account)
    return { kind: "groupName", owner, name };
  if (id === undefined && name === undefined)
    throw awsError("MissingParameter", "Source group ID missing.");
  if (id !== undefined && owner !== account) return { kind: "group", group: id, owner };
  const source = id === undefined ? groupByName(cloud, name ?? "") : groupById(cloud, id);
  if (source.vpc !== group.vpc)
    throw awsError(
      "InvalidGroup.NotFound",
      "You have specified two resources that belong to different networks.",
    );
  return { kind: "group", group: source.id, owner: source.owner };
}

export function sourceKey(source: Source): string {
  switch (source.kind) {
    case "ipv4":
    case "ipv6":
      return source.cidr;
    case "prefixList":
      return source.id;
    case "group":
      return source.group;
    case "groupName":
      return `${source.owner}/${source.name}`;
  }
}

/** A rule's identity within its group: everything but the description. */
export const permissionKey = (permission: Permission): string =>
  `${permission.egress ? "out" : "in"} ${permission.protocol} ${permission.fromPort}-${permission.toPort} ${sourceKey(permission.source)}`;
