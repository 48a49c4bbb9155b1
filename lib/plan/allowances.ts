import { cidrContains, cidrFamily, cidrIntersection } from "../values/cidr.ts";
import { allowedBy } from "../values/exemption.ts";
import type { Policy } from "../values/policy.ts";
import { allPorts, covers, intersection, subtract } from "../values/portRange.ts";
import { type Source, sourceKey } from "../values/rule.ts";
import type { Group } from "../values/snapshot.ts";
import type { Ports } from "./governed.ts";
import type { Topology } from "./topology.ts";

/** A source that may enter a group on these ports, though it is no load balancer: a CIDR, a group's id or a prefix list's. */
export interface Allowance {
  readonly source: string;
  readonly ports: Ports;
}

const everyPort: Ports = { tcp: allPorts, udp: allPorts };

/** Whom the policy allows everywhere, and whom the group's own tag allows in it. A prefix list allows each of its entries. */
export function allowancesIn(
  group: Group,
  { snapshot }: Topology,
  policy: Policy,
): readonly Allowance[] {
  const own = allowedBy(group.tags, snapshot.at);
  const given: readonly Allowance[] = [
    ...policy.allowedSources.map((source) => ({ source, ports: everyPort })),
    ...(own.kind === "granted"
      ? own.traffic.sources.map((source) => ({ source, ports: own.traffic }))
      : []),
  ];
  return given.flatMap((one) => [
    one,
    ...(snapshot.prefixLists.get(one.source)?.entries ?? []).map((source) => ({ ...one, source })),
  ]);
}

/** On which of these ports may the source stay as a whole? */
export function allowedPorts(
  source: string,
  allowances: readonly Allowance[],
  ports: Ports,
): Ports {
  const of = (protocol: "tcp" | "udp") =>
    allowances
      .filter((one) => one.source === source || cidrContains(one.source, source))
      .reduce((left, one) => subtract(left, one.ports[protocol]), ports[protocol]);
  return { tcp: subtract(ports.tcp, of("tcp")), udp: subtract(ports.udp, of("udp")) };
}

/** A part of a source that may stay on a part of the ports. */
export interface AllowedPart {
  readonly source: Source;
  readonly ports: Ports;
}

/** What of these CIDRs may stay on these ports: the smaller of each nesting pair, and none that another holds. */
export function allowedParts(
  cidrs: readonly string[],
  allowances: readonly Allowance[],
  ports: Ports,
): readonly AllowedPart[] {
  const parts = cidrs.flatMap((cidr) =>
    allowances.flatMap((one) => {
      const shared = cidrIntersection(cidr, one.source);
      const on: Ports = {
        tcp: intersection(ports.tcp, one.ports.tcp),
        udp: intersection(ports.udp, one.ports.udp),
      };
      return shared === undefined
        ? []
        : [{ source: { kind: cidrFamily(shared) ?? "ipv4", cidr: shared }, ports: on }];
    }),
  );
  const holds = (wide: AllowedPart, part: AllowedPart): boolean =>
    cidrContains(sourceKey(wide.source), sourceKey(part.source)) &&
    covers(wide.ports.tcp, part.ports.tcp) &&
    covers(wide.ports.udp, part.ports.udp);
  return parts.filter(
    (part, index) =>
      !parts.some(
        (other, at) => at !== index && holds(other, part) && (!holds(part, other) || at < index),
      ),
  );
}
