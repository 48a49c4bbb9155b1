import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  type ElasticLoadBalancingV2Client,
  type LoadBalancer as ReadLoadBalancer,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Tags } from "../../values/rule.ts";
import type {
  InstanceId,
  LoadBalancer,
  LoadBalancerId,
  Target,
  UnreadTargets,
} from "../../values/snapshot.ts";
import { readClassicTags } from "./classic.ts";
import type { Aws } from "../connect.ts";
import type { ElbReadings } from "./elbReadings.ts";
import { call, failureOf } from "../api/errors.ts";
import type { ReadInterface } from "./interfaces.ts";
import type { Gaps } from "./gaps.ts";
import { everyPage, sideBySide } from "../api/paging.ts";
import { readTagsInLots, tagsOf } from "./tags.ts";
import { mayServe, type ReadRegistered, targetsOf } from "./targetGroups.ts";
import { unreadOf } from "./unreadTargets.ts";

/** The load balancers of a region, of both APIs: the Classic ones with their targets, the others' being in target groups. */
export interface Listing {
  readonly loadBalancers: readonly LoadBalancer[];
  readonly targetGroups: readonly TargetGroup[];
}

/** Lists every load balancer of the region, without tags. */
export async function listLoadBalancers(
  { classic, others, targetGroups }: ElbReadings,
  gaps: Gaps,
): Promise<Listing> {
  const [ofClassic, ofOthers, groups] = await Promise.all([
    gaps.without([], classic()),
    gaps.without([], others()),
    gaps.without([], targetGroups()),
  ]);
  return { loadBalancers: [...ofClassic, ...ofOthers], targetGroups: groups };
}

/**
 * The load balancers with their targets: all of them that may be at these interfaces. Target groups that cannot be read are gaps, unless `unread` takes them;
 * what there was no time for is a gap in any case, as it is read at the next try.
 */
export async function withTargets(
  { loadBalancers, targetGroups }: Listing,
  among: readonly ReadInterface[],
  registeredIn: ReadRegistered,
  gaps: Gaps,
  unread?: (targets: UnreadTargets) => void,
): Promise<readonly LoadBalancer[]> {
  const vpcs = Map.groupBy(
    among.flatMap(({ vpc, addresses }) => addresses.map((address) => ({ vpc, address }))),
    ({ address }) => address,
  );
  const vpcsWith = (address: string): readonly string[] =>
    (vpcs.get(address) ?? []).flatMap(({ vpc }) => vpc ?? []);
  const ofEcs = new Set(
    among.flatMap(({ use, isEcs }) => (isEcs && use.kind === "instance" ? [use.instance] : [])),
  );
  const isEcs = (instance: InstanceId): boolean => ofEcs.has(instance);
  const targets = new Map<LoadBalancerId, Target[]>(
    loadBalancers.map((one) => [one.id, [...one.targets]]),
  );
  const relevant = targetGroups.filter((group) => mayServe(group, among));
  const unnamed = unnamedIn(relevant, loadBalancers);
  const found = await sideBySide(relevant, 4, async (group) => {
    const reading = registeredIn(group, unnamed.has(group) ? undefined : among).then((registered) =>
      targetsOf(group, registered, vpcsWith, isEcs),
    );
    if (unread === undefined) return gaps.without([], reading);
    return reading.catch((error: unknown) => {
      const { kind, text } = failureOf(error);
      if (kind === "throttled") gaps.say(text);
      else unread(unreadOf(group, text, registeredIn.lastKnown?.(group)));
      return [];
    });
  });
  for (const [place, { TargetGroupName, LoadBalancerArns = [] }] of relevant.entries()) {
    for (const arn of LoadBalancerArns) {
      const known = targets.get(arn);
      if (known === undefined)
        gaps.say(
          `${arn}, which sends traffic to target group ${TargetGroupName}, is not among the load balancers`,
        );
      else known.push(...(found[place] ?? []));
    }
  }
  return loadBalancers.map((one) => ({ ...one, targets: targets.get(one.id) ?? [] }));
}

/** So many are asked about every time, and no more. */
const fewUnnamed = 10;

/**
 * The target groups of load balancers that no rule can name. What is closed to the clients of one is not opened again when its registration's event comes, as it is
 * for all others: so these are not taken from the index, unless they are many.
 */
function unnamedIn(
  targetGroups: readonly TargetGroup[],
  loadBalancers: readonly LoadBalancer[],
): ReadonlySet<TargetGroup> {
  const without = new Set(
    loadBalancers.filter(({ groups }) => groups.length === 0).map(({ id }) => id),
  );
  const found = targetGroups.filter(({ LoadBalancerArns = [] }) =>
    LoadBalancerArns.some((arn) => without.has(arn)),
  );
  return new Set(found.length > fewUnnamed ? [] : found);
}

/** The tags of these load balancers. */
export async function readTags(
  { elb, elbv2 }: Aws,
  loadBalancers: readonly LoadBalancer[],
): Promise<ReadonlyMap<LoadBalancerId, Tags>> {
  const [classic, others] = await Promise.all([
    readClassicTags(
      elb,
      loadBalancers.filter(({ kind }) => kind === "classic").map(({ id }) => id),
    ),
    readTagsInLots(
      loadBalancers.filter(({ kind }) => kind !== "classic").map(({ id }) => id),
      (arns) => describeTags(elbv2, arns),
    ),
  ]);
  return new Map([...classic, ...others]);
}

async function describeTags(
  elbv2: ElasticLoadBalancingV2Client,
  ResourceArns: LoadBalancerId[],
): Promise<readonly (readonly [LoadBalancerId, Tags])[]> {
  const answer = await call(
    "elasticloadbalancing:DescribeTags",
    elbv2.send(new DescribeTagsCommand({ ResourceArns })),
  );
  return (answer.TagDescriptions ?? []).map(({ ResourceArn, Tags }) => [
    ResourceArn ?? "",
    tagsOf(Tags),
  ]);
}

/** Every Application, Network and Gateway Load Balancer of the region, without targets. */
export async function readLoadBalancers(
  elbv2: ElasticLoadBalancingV2Client,
): Promise<readonly LoadBalancer[]> {
  const read = await everyPage(
    "elasticloadbalancing:DescribeLoadBalancers",
    (Marker) => elbv2.send(new DescribeLoadBalancersCommand({ PageSize: 400, Marker })),
    (page) => page.LoadBalancers,
  );
  return read.map(loadBalancerOf);
}

function loadBalancerOf(read: ReadLoadBalancer): LoadBalancer {
  const id = read.LoadBalancerArn ?? "";
  return {
    id,
    name: read.LoadBalancerName ?? id,
    kind: read.Type ?? "application",
    ...(read.VpcId ? { vpc: read.VpcId } : {}),
    groups: read.SecurityGroups ?? [],
    tags: {},
    targets: [],
    ...(read.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic === "off"
      ? { privateLinkUnenforced: true }
      : {}),
  };
}
