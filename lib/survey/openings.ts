import { admits } from "../judge/admits.ts";
import { contactsAt, someoneFrom } from "../judge/contact.ts";
import { portSet, rangeText } from "../values/portRange.ts";
import type { GroupId, Rule } from "../values/rule.ts";
import type { Interface, LoadBalancer, ServicePort, Snapshot } from "../values/snapshot.ts";

/** A rule by which others than its load balancers get in to a port of an interface that load balancers serve. */
export interface OpenRule {
  readonly group: GroupId;
  readonly rule: Rule;
  /** The served ports that it opens: "tcp/80". */
  readonly ports: readonly string[];
}

/** A load balancer's business at some interfaces, in words: "web-alb", "tcp/8080 (target)". */
export interface Serving {
  readonly loadBalancer: LoadBalancer;
  readonly ports: readonly ServicePort[];
}

export const attachedTo = (id: GroupId, { interfaces }: Snapshot): readonly Interface[] =>
  interfaces.filter(({ groups }) => groups.includes(id));

/** Which load balancers send traffic to any of these interfaces, and on which ports. */
export function servingAt(attached: readonly Interface[], snapshot: Snapshot): readonly Serving[] {
  const contacts = [...contactsAt(attached, snapshot).values()].flat();
  const byBalancer = Map.groupBy(contacts, ({ loadBalancer }) => loadBalancer);
  return [...byBalancer].map(([loadBalancer, some]) => ({
    loadBalancer,
    ports: [
      ...new Map(
        some.map(({ port }) => [`${port.protocol} ${port.from}-${port.to}`, port]),
      ).values(),
    ],
  }));
}

/** Do others than these load balancers get in by this rule, as the judge sees it? */
function letsOthersIn(
  rule: Rule,
  { protocol, from, to }: ServicePort,
  friends: readonly GroupId[],
  snapshot: Snapshot,
): boolean {
  const { source } = rule;
  if (source.kind === "group" && friends.includes(source.group)) return false;
  if (source.kind === "groupName" && source.owner === "amazon-elb") return false;
  const ports = [...new Set([from, to, rule.fromPort, rule.toPort])].filter(
    (port) => from <= port && port <= to,
  );
  // Of a list that cannot be read anybody may be in it.
  const isUnread =
    source.kind === "prefixList" && snapshot.prefixLists.get(source.id)?.entries === undefined;
  const senders = isUnread ? [{ address: "0.0.0.0", groups: [] }] : someoneFrom(source, snapshot);
  return ports.some((port) =>
    senders.some((sender) =>
      admits([rule], { protocol, port, from: sender }, snapshot.prefixLists),
    ),
  );
}

/** Every such rule of these groups, at these interfaces. */
export function openingsAt(
  attached: readonly Interface[],
  ids: readonly GroupId[],
  snapshot: Snapshot,
): readonly OpenRule[] {
  const serving = servingAt(attached, snapshot);
  const ports = serving.flatMap((one) => one.ports);
  const friends = serving.flatMap(({ loadBalancer }) => loadBalancer.groups);
  return ids.flatMap((group) =>
    (snapshot.groups.get(group)?.rules ?? []).flatMap((rule) => {
      const open = ports.filter((port) => letsOthersIn(rule, port, friends, snapshot));
      return open.length === 0 ? [] : [{ group, rule, ports: portTexts(open) }];
    }),
  );
}

/** "tcp/80", "tcp/8080-8081": each port once. */
export const portTexts = (ports: readonly ServicePort[]): readonly string[] =>
  (["tcp", "udp"] as const).flatMap((protocol) =>
    portSet(ports.filter((port) => port.protocol === protocol)).map(
      (range) => `${protocol}/${rangeText(range)}`,
    ),
  );
