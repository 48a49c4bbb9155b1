import type { AccountId, GroupId } from "../../values/rule.ts";
import type {
  Group,
  InstanceId,
  Interface,
  LoadBalancer,
  Snapshot,
  Target,
  VpcId,
} from "../../values/snapshot.ts";
import { withDelegatedAddresses } from "./delegated.ts";
import { readGroups } from "./groups.ts";
import { type ReadInterface, readInterfaces } from "./interfaces.ts";
import { listLoadBalancers, readTags, withTargets } from "./loadBalancers.ts";
import { type Missing, nothingMissing } from "./gaps.ts";
import { emptyPicture, servicesAt, servingAny } from "./picture.ts";
import { readPrefixLists } from "./prefixLists.ts";
import { readAutoScalingGroups } from "./tags.ts";
import type { ReadRegistered } from "./targetGroups.ts";
import { readVpcRanges } from "./vpcs.ts";

/**
 * Reads everything about these groups; one that is not there is left out. The groups themselves, their wearers and the wearers' other groups are read
 * or the failure is thrown; any other failure is said in `missing`.
 */
export async function look(
  account: AccountId,
  asked: readonly GroupId[],
  registeredIn: ReadRegistered,
): Promise<Snapshot> {
  if (asked.length === 0) return emptyPicture(account);
  const missing = nothingMissing();

  const [listing, read] = await Promise.all([
    listLoadBalancers(missing),
    readInterfaces("group-id", asked),
  ]);
  const known = await withTargets(listing, read, registeredIn, missing);
  const targets = known.flatMap((loadBalancer) => loadBalancer.targets);
  const wearers = withDelegatedAddresses(read, targets);

  const serving = servingAny(known, wearers);
  const inQuestion = new Set(asked);
  const worn = new Set([...asked, ...wearers.flatMap((wearer) => wearer.groups)]);
  const frontDoors = new Set(serving.flatMap((loadBalancer) => loadBalancer.groups));
  const ids = new Set([...worn, ...frontDoors]);
  const others = [...ids].filter((id) => !inQuestion.has(id));
  const [{ groups, unread }, alsoRead, tags, autoScaling] = await Promise.all([
    readGroups(ids),
    missing.without([], readInterfaces("group-id", others)),
    missing.without(new Map(), readTags(serving)),
    missing.without(
      new Map(),
      readAutoScalingGroups(instancesToTellApart(known, targets, wearers)),
    ),
  ]);
  unread.forEach(missing.say);
  sayUnread(wearers, groups, missing);

  const interfaces = [
    ...new Map(
      [...wearers, ...withDelegatedAddresses(alsoRead, targets)].map((one) => [one.id, one]),
    ).values(),
  ];
  const [moreTags, sources, prefixLists, vpcRanges] = await Promise.all([
    missing.without(
      new Map(),
      readTags(servingAny(known, interfaces).filter((one) => !serving.includes(one))),
    ),
    missing.without([], readInterfaces("group-id", unreadSourcesOf(groups, worn, ids))),
    missing.without(new Map(), readPrefixLists(prefixListsOf(groups, worn, frontDoors))),
    missing.without(new Map(), readVpcRanges(vpcsToTellApart(groups, worn))),
  ]);

  return {
    at: new Date().toISOString(),
    account,
    inQuestion: [...inQuestion].filter((id) => groups.has(id)),
    groups,
    interfaces: [
      ...interfaces.map((one) => inAutoScalingGroup(one, autoScaling)),
      ...ownOfLoadBalancers(sources, interfaces),
    ],
    loadBalancers: known.map((one) => ({
      ...one,
      tags: tags.get(one.id) ?? moreTags.get(one.id) ?? {},
    })),
    prefixLists,
    vpcRanges,
    missing: missing.said,
  };
}

/** An interface may wear another account's group, which is not ours to read: then what it lets in is not known. */
function sayUnread(
  wearers: readonly Interface[],
  groups: ReadonlyMap<GroupId, Group>,
  missing: Missing,
): void {
  for (const { id, groups: worn } of wearers)
    for (const group of worn)
      if (!groups.has(group)) missing.say(`${group}, which ${id} wears, could not be read`);
}

/**
 * The instances whose Auto Scaling groups must be known. An instance that no load balancer serves may be about to be registered: it is if others of its
 * Auto Scaling group are. Where all are served, none need be known.
 */
function instancesToTellApart(
  known: readonly LoadBalancer[],
  targets: readonly Target[],
  wearers: readonly Interface[],
): readonly InstanceId[] {
  const services = servicesAt(known, wearers);
  const registered = new Set(
    targets.flatMap(({ at }) => (at.kind === "instance" ? [at.instance] : [])),
  );
  const instances = wearers.flatMap(({ id, use }) =>
    use.kind === "instance" ? [{ id, instance: use.instance }] : [],
  );
  const isServed = ({ id, instance }: { id: string; instance: string }): boolean =>
    registered.has(instance) || services.has(id);
  return instances.every(isServed) ? [] : instances.map(({ instance }) => instance);
}

function inAutoScalingGroup(
  one: Interface,
  autoScaling: ReadonlyMap<InstanceId, string>,
): Interface {
  const group = one.use.kind === "instance" ? autoScaling.get(one.use.instance) : undefined;
  return one.use.kind === "instance" && group !== undefined
    ? { ...one, use: { ...one.use, autoScalingGroup: group } }
    : one;
}

/** The prefix lists that decide something: who gets in to the wearers, and where the load balancers' own groups let them out. */
function prefixListsOf(
  groups: ReadonlyMap<GroupId, Group>,
  worn: ReadonlySet<GroupId>,
  frontDoors: ReadonlySet<GroupId>,
): readonly string[] {
  const inbound = [...worn].flatMap((id) => groups.get(id)?.rules ?? []);
  const outbound = [...frontDoors].flatMap((id) => groups.get(id)?.egress ?? []);
  return [...inbound, ...outbound].flatMap(({ source }) =>
    source.kind === "prefixList" ? [source.id] : [],
  );
}

/**
 * The groups that rules let in to the wearers and whose own wearers are not read yet. ELB and EC2 may disagree for a while about what a load balancer
 * wears: then EC2 alone knows that such a group is still its way in.
 */
function unreadSourcesOf(
  groups: ReadonlyMap<GroupId, Group>,
  worn: ReadonlySet<GroupId>,
  read: ReadonlySet<GroupId>,
): ReadonlySet<GroupId> {
  const inbound = [...worn].flatMap((id) => groups.get(id)?.rules ?? []);
  return new Set(
    inbound.flatMap(({ source }) =>
      source.kind === "group" && !read.has(source.group) ? [source.group] : [],
    ),
  );
}

/** The load balancers' own among those interfaces, without those that are known. Others that wear a source group decide nothing. */
function ownOfLoadBalancers(
  sources: readonly ReadInterface[],
  known: readonly Interface[],
): readonly Interface[] {
  const ids = new Set(known.map(({ id }) => id));
  const own = sources.filter(({ id, use }) => use.kind === "loadBalancer" && !ids.has(id));
  return withDelegatedAddresses(own, []);
}

/** A VPC's own IPv6 ranges tell neighbours from the world. Where nobody but the world is named, they need not be known. */
function vpcsToTellApart(
  groups: ReadonlyMap<GroupId, Group>,
  worn: ReadonlySet<GroupId>,
): readonly VpcId[] {
  return [...worn].flatMap((id) => {
    const { vpc, rules = [] } = groups.get(id) ?? {};
    const needs = rules.some(
      ({ source }) =>
        (source.kind === "ipv6" && source.cidr !== "::/0") || source.kind === "prefixList",
    );
    return needs && vpc !== undefined ? [vpc] : [];
  });
}
