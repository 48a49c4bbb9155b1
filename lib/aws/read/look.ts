import { containsPublicAddress } from "../../values/cidr.ts";
import { clusterOf } from "../../values/managedMarks.ts";
import type { AccountId, GroupId, Rule } from "../../values/rule.ts";
import type {
  Group,
  InstanceId,
  Interface,
  LoadBalancer,
  Snapshot,
  Target,
  UnreadTargets,
  VpcId,
} from "../../values/snapshot.ts";
import type { Aws } from "../connect.ts";
import { withDelegatedAddresses } from "./delegated.ts";
import { withDynamicPorts } from "./dynamicPorts.ts";
import type { ElbReadings } from "./elbReadings.ts";
import { readClusters, readGroups } from "./groups.ts";
import { type ReadInterface, readInterfaces } from "./interfaces.ts";
import { listLoadBalancers, withTargets } from "./loadBalancers.ts";
import { type Gaps, collectGaps } from "./gaps.ts";
import { emptyPicture, servicesAt, servingAny } from "./picture.ts";
import { readPrefixLists } from "./prefixLists.ts";
import { readAutoScalingGroups } from "./tags.ts";
import { readVpcRanges } from "./vpcs.ts";

/**
 * Reads everything about these groups; one that is not there is left out. The groups themselves, their interfaces and the interfaces' other groups are read
 * or the failure is thrown; any other failure is said in `gaps`.
 */
export async function look(
  aws: Aws,
  account: AccountId,
  asked: readonly GroupId[],
  elb: ElbReadings,
  attachedTo: (groups: readonly GroupId[]) => Promise<readonly ReadInterface[]>,
  allowedSources: readonly string[] = [],
): Promise<Snapshot> {
  if (asked.length === 0) return emptyPicture(account, timeOf(aws));
  const gaps = collectGaps();

  const [listing, read] = await Promise.all([listLoadBalancers(elb, gaps), attachedTo(asked)]);
  const unreadTargets: UnreadTargets[] = [];
  const known = await withTargets(listing, read, elb.registeredIn, gaps, (one) =>
    unreadTargets.push(one),
  );
  const targets = known.flatMap((loadBalancer) => loadBalancer.targets);
  const attached = withDelegatedAddresses(read, targets);

  const serving = servingAny(known, attached);
  const inQuestion = new Set(asked);
  const attachedGroups = new Set([...asked, ...attached.flatMap((eni) => eni.groups)]);
  const frontDoors = new Set(serving.flatMap((loadBalancer) => loadBalancer.groups));
  // Who is attached to an allowed group decides whether it may be carried over by name.
  const allowed = allowedSources.filter((source) => source.startsWith("sg-"));
  const ids = new Set([...attachedGroups, ...frontDoors, ...allowed]);
  const others = [...ids].filter((id) => !inQuestion.has(id));
  const [{ groups, unread }, alsoRead, tags, autoScaling] = await Promise.all([
    readGroups(aws.ec2, ids),
    gaps.without<readonly ReadInterface[] | undefined>(
      undefined,
      readInterfaces(aws.ec2, "group-id", others),
    ),
    gaps.without(new Map(), elb.tagsOf(serving)),
    gaps.without(
      new Map(),
      readAutoScalingGroups(aws.ec2, instancesToTellApart(known, targets, attached)),
    ),
  ]);
  unread.forEach(gaps.say);
  sayUnread(attached, groups, gaps);

  const interfaces = [
    ...new Map(
      [...attached, ...withDelegatedAddresses(alsoRead ?? [], targets)].map((one) => [one.id, one]),
    ).values(),
  ];
  const [moreTags, sources, prefixLists, vpcRanges, sourceClusters] = await Promise.all([
    gaps.without(
      new Map(),
      elb.tagsOf(servingAny(known, interfaces).filter((one) => !serving.includes(one))),
    ),
    gaps.without(
      [],
      readInterfaces(aws.ec2, "group-id", unreadSourcesOf(groups, attachedGroups, ids)),
    ),
    gaps.without(
      new Map(),
      readPrefixLists(aws.ec2, [
        ...prefixListsOf(groups, attachedGroups, frontDoors),
        ...allowedSources.filter((source) => source.startsWith("pl-")),
      ]),
    ),
    gaps.without(new Map(), readVpcRanges(aws.ec2, vpcsToTellApart(groups, attached))),
    gaps.without(new Map(), readClusters(aws.ec2, sourcesOfClusters(groups, inQuestion))),
  ]);

  return {
    at: timeOf(aws),
    account,
    inQuestion: [...inQuestion].filter((id) => groups.has(id)),
    groups,
    interfaces: [
      ...interfaces.map((one) => inAutoScalingGroup(one, autoScaling)),
      ...ownOfLoadBalancers(sources, interfaces),
    ],
    ...(alsoRead === undefined ? { attachmentsUnread: new Set(others) } : {}),
    loadBalancers: withDynamicPorts(known, interfaces, groups).map((one) => ({
      ...one,
      tags: tags.get(one.id) ?? moreTags.get(one.id) ?? {},
    })),
    prefixLists,
    ...(sourceClusters.size > 0 ? { sourceClusters } : {}),
    vpcRanges,
    ...(unreadTargets.length > 0 ? { unreadTargets } : {}),
    gaps: gaps.said,
  };
}

const timeOf = ({ clock }: Aws): string => new Date(clock.now()).toISOString();

/** Another account's group may be attached to an interface, which is not ours to read: then what it lets in is not known. */
function sayUnread(
  attached: readonly Interface[],
  groups: ReadonlyMap<GroupId, Group>,
  gaps: Gaps,
): void {
  for (const { id, groups: own } of attached)
    for (const group of own)
      if (!groups.has(group)) gaps.say(`${group}, which is attached to ${id}, could not be read`);
}

/**
 * The instances whose Auto Scaling groups must be known. An instance that no load balancer serves may be about to be registered: it is if others of its
 * Auto Scaling group are. Where all are served, none need be known.
 */
function instancesToTellApart(
  known: readonly LoadBalancer[],
  targets: readonly Target[],
  attached: readonly Interface[],
): readonly InstanceId[] {
  const services = servicesAt(known, attached);
  const registered = new Set(
    targets.flatMap(({ at }) => (at.kind === "instance" ? [at.instance] : [])),
  );
  const instances = attached.flatMap(({ id, use }) =>
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

/** The prefix lists that decide something: who gets in to the interfaces, and where the load balancers' own groups let them out. */
function prefixListsOf(
  groups: ReadonlyMap<GroupId, Group>,
  attachedGroups: ReadonlySet<GroupId>,
  frontDoors: ReadonlySet<GroupId>,
): readonly string[] {
  const inbound = [...attachedGroups].flatMap((id) => groups.get(id)?.rules ?? []);
  const outbound = [...frontDoors].flatMap((id) => groups.get(id)?.egress ?? []);
  return [...inbound, ...outbound].flatMap(({ source }) =>
    source.kind === "prefixList" ? [source.id] : [],
  );
}

/**
 * The groups that rules let in to the interfaces and whose own interfaces are not read yet. ELB and EC2 may disagree for a while about the groups
 * of a load balancer: then EC2 alone knows that such a group is still its way in.
 */
function unreadSourcesOf(
  groups: ReadonlyMap<GroupId, Group>,
  attachedGroups: ReadonlySet<GroupId>,
  read: ReadonlySet<GroupId>,
): ReadonlySet<GroupId> {
  const inbound = [...attachedGroups].flatMap((id) => groups.get(id)?.rules ?? []);
  return new Set(
    inbound.flatMap(({ source }) =>
      source.kind === "group" && !read.has(source.group) ? [source.group] : [],
    ),
  );
}

/** The load balancers' own among those interfaces, without those that are known. Other interfaces of a source group decide nothing. */
function ownOfLoadBalancers(
  sources: readonly ReadInterface[],
  known: readonly Interface[],
): readonly Interface[] {
  const ids = new Set(known.map(({ id }) => id));
  const own = sources.filter(({ id, use }) => use.kind === "loadBalancer" && !ids.has(id));
  return withDelegatedAddresses(own, []);
}

/** The groups in a cluster's groups' rules that were not read: the cluster's own among them are to be named. */
function sourcesOfClusters(
  groups: ReadonlyMap<GroupId, Group>,
  inQuestion: ReadonlySet<GroupId>,
): ReadonlySet<GroupId> {
  const owned = [...inQuestion]
    .flatMap((id) => groups.get(id) ?? [])
    .filter(({ tags }) => clusterOf(tags) !== undefined);
  return new Set(
    owned
      .flatMap(({ rules }) => rules)
      .flatMap(({ source }) =>
        source.kind === "group" && !groups.has(source.group) ? [source.group] : [],
      ),
  );
}

/** A VPC's own ranges tell neighbours from the world. Where nobody but the world is named, or plainly private addresses, they need not be known. */
function vpcsToTellApart(
  groups: ReadonlyMap<GroupId, Group>,
  attached: readonly Interface[],
): readonly VpcId[] {
  const isDoubtful = ({ source }: Rule): boolean =>
    source.kind === "prefixList" ||
    ((source.kind === "ipv4" || source.kind === "ipv6") &&
      !["0.0.0.0/0", "::/0"].includes(source.cidr) &&
      containsPublicAddress(source.cidr, []));
  const doubtful = new Map(
    [...groups].filter(([, { rules }]) => rules.some(isDoubtful)).map(([id, { vpc }]) => [id, vpc]),
  );
  return attached.flatMap((eni) =>
    eni.groups.some((id) => doubtful.has(id))
      ? [eni.vpc, ...eni.groups.map((id) => doubtful.get(id))].flatMap((vpc) => vpc ?? [])
      : [],
  );
}
