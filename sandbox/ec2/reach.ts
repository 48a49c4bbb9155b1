import ipaddr from "ipaddr.js";
import type { Cloud } from "../state/cloud.ts";
import type { NetworkInterface, SecurityGroupRule } from "../state/ec2.ts";

/** Could one interface open a connection to the other's port? Both have to let it: the one's way out and the other's way in. */
export function reaches(
  cloud: Cloud,
  from: NetworkInterface,
  to: NetworkInterface,
  protocol: "tcp" | "udp",
  port: number,
): boolean {
  return (
    lets(cloud, from, true, to, protocol, port) && lets(cloud, to, false, from, protocol, port)
  );
}

/** An interface without groups (a Network or Gateway Load Balancer's) lets everything through. */
function lets(
  cloud: Cloud,
  eni: NetworkInterface,
  egress: boolean,
  peer: NetworkInterface,
  protocol: string,
  port: number,
): boolean {
  if (eni.groups.length === 0) return true;
  return eni.groups.some((id) =>
    [...(cloud.groups.get(id)?.rules.values() ?? [])].some(
      (rule) =>
        rule.egress === egress && coversPort(rule, protocol, port) && coversPeer(cloud, rule, peer),
    ),
  );
}

const coversPort = (rule: SecurityGroupRule, protocol: string, port: number): boolean =>
  rule.protocol === "-1" ||
  (rule.protocol === protocol && rule.fromPort <= port && port <= rule.toPort);

function coversPeer(cloud: Cloud, { source }: SecurityGroupRule, peer: NetworkInterface): boolean {
  switch (source.kind) {
    case "ipv4":
    case "ipv6":
      return holds(source.cidr, peer);
    case "prefixList":
      return cloud.prefixLists.get(source.id)?.entries.some((cidr) => holds(cidr, peer)) === true;
    case "group":
      return peer.groups.includes(source.group);
    case "groupName":
      return false;
  }
}

/** Load balancers and targets talk to each other over IPv4 here. */
function holds(cidr: string, { addresses }: NetworkInterface): boolean {
  const [range, bits] = ipaddr.parseCIDR(cidr);
  return addresses.some((text) => {
    const address = ipaddr.parse(text);
    return address.kind() === range.kind() && address.match(range, bits);
  });
}
