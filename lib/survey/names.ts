import { containsPublicAddress } from "../values/cidr.ts";
import { type Party, trafficText } from "../values/difference.ts";
import { type GroupId, type Source, sourceKey } from "../values/rule.ts";
import type { Interface, Snapshot } from "../values/snapshot.ts";
import type { Effect } from "./effects.ts";
import { plain } from "./words.ts";

/** "sg-1 (web)". */
export function groupName(id: GroupId, { groups }: Pick<Snapshot, "groups">): string {
  const name = groups.get(id)?.name;
  return name === undefined || name === id ? id : `${id} (${plain(name)})`;
}

/** The load balancers that a group belongs to. */
const balancersWith = (id: GroupId, { loadBalancers }: Snapshot): readonly string[] =>
  loadBalancers.filter(({ groups }) => groups.includes(id)).map(({ name }) => name);

/** Who a source is, in words: "everybody (0.0.0.0/0)", "10.0.0.0/8 (private)", "sg-1 (web), of load balancer web-alb". */
export function sourceName(source: Source, group: GroupId, snapshot: Snapshot): string {
  switch (source.kind) {
    case "ipv4":
    case "ipv6": {
      const cidr = sourceKey(source);
      if (cidr.endsWith("/0")) return `everybody (${cidr})`;
      return containsPublicAddress(cidr, [...snapshot.vpcRanges.values()].flat())
        ? cidr
        : `${cidr} (private)`;
    }
    case "prefixList": {
      const list = snapshot.prefixLists.get(source.id);
      const name = list === undefined || list.name === list.id ? "prefix list" : plain(list.name);
      return `${source.id} (${list?.entries === undefined ? `${name}, unreadable` : name})`;
    }
    case "group": {
      if (source.group === group) return `${group} (itself)`;
      const owner = balancersWith(source.group, snapshot);
      const name = groupName(source.group, snapshot);
      return owner.length === 0 ? name : `${name}, of load balancer ${owner.join(", ")}`;
    }
    case "groupName":
      return sourceKey(source);
  }
}

/** Somebody who loses or gains a way in, in words. */
function partyName(party: Party, group: GroupId, snapshot: Snapshot): string {
  switch (party.kind) {
    case "addresses":
      return sourceName({ kind: "ipv4", cidr: party.text }, group, snapshot);
    case "prefixList":
    case "group":
    case "groupName":
      return sourceName(party, group, snapshot);
  }
}

/** "tcp/80, tcp/8080 to everybody (0.0.0.0/0)": what each is let in to, or not. */
export function byParty(
  effects: readonly Effect[],
  group: GroupId,
  snapshot: Snapshot,
): readonly (readonly [who: string, what: string, interfaces: readonly string[]])[] {
  const named = effects.map(({ passage, interfaces }) => ({
    who: partyName(passage.who, group, snapshot),
    what: trafficText(passage),
    interfaces,
  }));
  const grouped = Map.groupBy(named, ({ who, interfaces }) => `${who} ${interfaces.join()}`);
  return [...grouped.values()].map((some) => [
    some[0]?.who ?? "",
    some.map(({ what }) => what).join(", "),
    some[0]?.interfaces ?? [],
  ]);
}

/** "eni-1 of instance i-1 (primary)". */
export function interfaceName({ id, use }: Interface): string {
  switch (use.kind) {
    case "instance":
      return `${id} of instance ${use.instance}${use.primary ? "" : " (secondary)"}`;
    case "loadBalancer":
      return `${id} of a load balancer`;
    case "ecsTask":
      return `${id} of an ECS task`;
    case "other":
      return `${id} (${use.what})`;
  }
}
