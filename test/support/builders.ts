import { isIP } from "node:net";
import type { GroupId, Rule, Source, Tags } from "../../lib/values/rule.ts";
import { canonicalRule } from "../../lib/values/rule.ts";
import type {
  Group,
  Interface,
  InterfaceUse,
  LoadBalancer,
  PrefixList,
  ServicePort,
  Target,
} from "../../lib/values/snapshot.ts";
import type { Region } from "./region.ts";

const account = "111111111111";
export const otherAccount = "222222222222";
export const vpc = "vpc-1";

const sourceOf = (text: string): Source => {
  const [address = ""] = text.split("/");
  if (isIP(address) === 4) return { kind: "ipv4", cidr: text };
  if (isIP(address) === 6) return { kind: "ipv6", cidr: text };
  if (text.startsWith("pl-")) return { kind: "prefixList", id: text };
  const [group = "", owner = account] = text.split("@");
  if (text.startsWith("sg-")) return { kind: "group", group, ...(owner === "?" ? {} : { owner }) };
  const [alias = "", name = ""] = text.split("/");
  return { kind: "groupName", owner: alias, name };
};

/**
 * "tcp 80 0.0.0.0/0", "tcp 20-90 sg-lb", "udp 53 pl-1", "-1 ::/0", "icmp 10.0.0.0/8", "icmp 3/4 10.0.0.0/8" (type/code), "50 sg-a";
 * a group of another account is "sg-a@222222222222", one that nobody can resolve "sg-a@?", an EC2-Classic group "amazon-elb/amazon-elb-sg".
 */
export function rule(
  text: string,
  extra: { readonly description?: string; readonly tags?: Tags } = {},
): Rule {
  const words = text.split(" ");
  const [protocol = "", ports = ""] = words;
  const [from, to] = words.length === 3 ? ports.split(/(?<=\d)[-/]/).map(Number) : [];
  const toPort = to ?? (protocol.startsWith("icmp") ? -1 : from);
  return canonicalRule({
    protocol,
    fromPort: from,
    toPort,
    source: sourceOf(words.at(-1) ?? ""),
    ...extra,
  });
}

type Ruled = Rule | string;
const ruled = (one: Ruled): Rule => (typeof one === "string" ? rule(one) : one);

/** A group of ours in the VPC; its name is its id without `sg-`. */
export const group = (id: GroupId, ...rules: readonly Ruled[]): Group => ({
  id,
  name: id.slice(3),
  owner: account,
  vpc,
  tags: {},
  rules: rules.map(ruled),
  egress: [rule("-1 0.0.0.0/0"), rule("-1 ::/0")],
});

export const tagged = <Thing extends { readonly tags: Tags }>(thing: Thing, tags: Tags): Thing => ({
  ...thing,
  tags: { ...thing.tags, ...tags },
});

/** An address of its own for everything that has an id. */
const addressOf = (id: string): string => {
  const number = id
    .split("")
    .reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_000, 7);
  return `10.0.${Math.floor(number / 250)}.${number % 250}`;
};

const worn = (
  id: string,
  use: InterfaceUse,
  groups: readonly GroupId[],
  addresses: readonly string[],
): Interface => ({
  id,
  vpc,
  groups,
  addresses,
  use,
});

/** An instance's primary interface: `instance("i-a", ["sg-web"])` is interface `eni-a`. */
export const instance = (
  id: string,
  groups: readonly GroupId[],
  extra: { readonly address?: string; readonly autoScalingGroup?: string } = {},
): Interface =>
  worn(
    `eni-${id.slice(2)}`,
    {
      kind: "instance",
      instance: id,
      primary: true,
      ...(extra.autoScalingGroup ? { autoScalingGroup: extra.autoScalingGroup } : {}),
    },
    groups,
    [extra.address ?? addressOf(id)],
  );

export const secondary = (
  id: string,
  groups: readonly GroupId[],
  address = addressOf(`${id}-2`),
): Interface =>
  worn(`eni-${id.slice(2)}-2`, { kind: "instance", instance: id, primary: false }, groups, [
    address,
  ]);

export const task = (id: string, groups: readonly GroupId[], address: string): Interface =>
  worn(id, { kind: "ecsTask" }, groups, [address]);

export const database = (id: string, groups: readonly GroupId[], address: string): Interface =>
  worn(id, { kind: "other", what: "RDS database" }, groups, [address]);

/** One of a load balancer's own interfaces. */
export const front = (id: string, groups: readonly GroupId[], address: string): Interface =>
  worn(id, { kind: "loadBalancer" }, groups, [address]);

/** "80", "tcp 80", "udp 53", "tcp 32768-65535" (dynamic). */
export const port = (text: string, purpose = "target"): ServicePort => {
  const words = text.split(" ");
  const [from = 0, to = from] = (words.at(-1) ?? "").split("-").map(Number);
  return {
    protocol: words[0] === "udp" ? "udp" : "tcp",
    from,
    to,
    purpose,
    ...(from === to ? {} : { dynamic: true }),
  };
};

type Ported = ServicePort | string | number;
const ported = (one: Ported): ServicePort => (typeof one === "object" ? one : port(String(one)));

/** A target by instance id or by address (in the VPC) and the ports on which it is contacted. */
export const target = (at: string, ...ports: readonly Ported[]): Target => ({
  at: isIP(at) === 0 ? { kind: "instance", instance: at } : { kind: "address", address: at, vpc },
  ports: ports.map(ported),
});

type Balanced = Partial<
  Pick<LoadBalancer, "groups" | "targets" | "tags" | "privateLinkUnenforced">
> & { readonly vpc?: string };

const balancer = (
  kind: LoadBalancer["kind"],
  id: string,
  name: string,
  extra: Balanced,
): LoadBalancer => ({
  id,
  name,
  kind,
  vpc,
  groups: [],
  tags: {},
  targets: [],
  ...extra,
});
const arn = (type: string, name: string): string =>
  `arn:aws:elasticloadbalancing:us-east-1:${account}:loadbalancer/${type}/${name}/50dc6c495c0c9188`;

export const classic = (name: string, extra: Balanced): LoadBalancer =>
  balancer("classic", name, name, extra);
export const application = (name: string, extra: Balanced): LoadBalancer =>
  balancer("application", arn("app", name), name, extra);
export const network = (name: string, extra: Balanced): LoadBalancer =>
  balancer("network", arn("net", name), name, extra);
export const gateway = (name: string, extra: Balanced): LoadBalancer =>
  balancer("gateway", arn("gwy", name), name, extra);

export const prefixList = (id: string, ...entries: readonly string[]): PrefixList => ({
  id,
  name: id,
  owner: account,
  entries,
});
export const hiddenPrefixList = (id: string): PrefixList => ({ id, name: id, owner: otherAccount });

/** What stands in a region; what is not said is empty. Rules get ids where they have none. */
export function region(parts: Partial<Region>): Region {
  const groups = (parts.groups ?? []).map((one) => ({
    ...one,
    rules: one.rules.map((each, index) => ({
      ...each,
      id: each.id ?? `sgr-${one.id.slice(3)}-${index}`,
    })),
  }));
  const base = {
    at: "2026-11-22T12:00:00Z",
    account,
    interfaces: [],
    loadBalancers: [],
    prefixLists: [],
    vpcRanges: new Map(),
    quota: 60,
    gone: [],
  };
  return { ...base, ...parts, groups };
}
