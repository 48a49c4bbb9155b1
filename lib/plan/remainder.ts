import { otherProtocols } from "../values/otherProtocols.ts";
import { covers, intersection, type PortSet, portSet, subtract } from "../values/portRange.ts";
import { mostTags, remainderTag } from "../values/ownTags.ts";
import {
  canonicalRule,
  type Rule,
  ruleKey,
  type Source,
  sourceKey,
  type Tags,
} from "../values/rule.ts";
import { isNeighbours } from "./allProtocols.ts";
import { type AllowedPart, allowedParts } from "./allowances.ts";
import { isLetIn, portsUnder } from "./consent.ts";
import type { Ports } from "./governed.ts";
import { cidrsOf, icmpOf } from "./sources.ts";
import type { Standards } from "./standards.ts";

/** The user's own tags, and a mark of ours where there is room for it. */
function tagsOfRemainder({ id, tags }: Rule): Tags {
  const theirs = Object.entries(tags).filter(([key]) => !/^(aws|elb-only):/.test(key));
  const isMarked = id !== undefined && theirs.length < mostTags;
  return Object.fromEntries(isMarked ? [...theirs, [remainderTag, id]] : theirs);
}

/** What stays of an excess rule: its source on all ports that are not closed, and on those the parts of it that are allowed. */
export function remainderOf(rule: Rule, closed: Ports, standards: Standards): readonly Rule[] {
  const { topology, allowances } = standards;
  const tags = tagsOfRemainder(rule);
  const write = (protocol: string, source: Source, ports: PortSet): Rule[] =>
    ports.map(({ from, to }) =>
      canonicalRule({
        protocol,
        fromPort: from,
        toPort: to,
        source,
        description: rule.description,
        tags,
      }),
    );
  const parts = [
    ...allowedParts(cidrsOf(rule.source, topology), allowances, closed),
    ...allowedGroups(rule, closed, standards),
  ];
  const rest = (["tcp", "udp"] as const).flatMap((protocol) => [
    ...write(protocol, rule.source, subtract(portsUnder(rule, protocol), closed[protocol])),
    ...parts.flatMap(({ source, ports }) => write(protocol, source, ports[protocol])),
  ]);
  const icmp =
    rule.protocol === "-1"
      ? icmpOf(rule.source, topology).flatMap((protocol) =>
          write(protocol, rule.source, [{ from: -1, to: -1 }]),
        )
      : [];
  const others = isNeighbours(rule, standards.group, topology)
    ? otherProtocols.flatMap((protocol) => write(protocol, rule.source, [{ from: -1, to: -1 }]))
    : [];
  return [...rest, ...icmp, ...others];
}

/** The allowed groups all of whose interfaces come in by the rule: they are carried over by name, and nobody gains. */
function allowedGroups(
  rule: Rule,
  closed: Ports,
  { allowances, topology, group: { id } }: Standards,
): readonly AllowedPart[] {
  if (rule.source.kind === "group") return [];
  return allowances.flatMap(({ source, ports }) => {
    const attached = topology.attached.get(source) ?? [];
    const isKnown =
      topology.snapshot.groups.has(source) &&
      topology.snapshot.attachmentsUnread?.has(source) !== true;
    const on: Ports = {
      tcp: intersection(closed.tcp, ports.tcp),
      udp: intersection(closed.udp, ports.udp),
    };
    return isKnown &&
      source !== id &&
      attached.length > 0 &&
      attached.every((eni) => isLetIn(eni, [rule], on, topology))
      ? [{ source: { kind: "group", group: source }, ports: on }]
      : [];
  });
}

/** Is everything that a rule admits admitted by these, of the same source? */
export function isCovered(rule: Rule, by: readonly Rule[]): boolean {
  const source = sourceKey(rule.source);
  const same = by.filter((other) => sourceKey(other.source) === source);
  if (same.some((other) => other.protocol === "-1" || ruleKey(other) === ruleKey(rule)))
    return true;
  if (rule.protocol === "tcp" || rule.protocol === "udp") {
    const protocol = rule.protocol;
    return covers(portSet(same.flatMap((other) => portsUnder(other, protocol))), [
      { from: rule.fromPort, to: rule.toPort },
    ]);
  }
  return same.some((other) => other.protocol === rule.protocol && other.fromPort === -1);
}
