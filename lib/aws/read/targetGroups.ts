import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type TargetGroup,
  type TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Clock } from "../../remediation/ports.ts";
import type { InstanceId, Interface, Target, VpcId } from "../../values/snapshot.ts";
import { withDelegatedAddresses } from "./delegated.ts";
import { call, failedCall, isNotFound } from "../api/errors.ts";
import { addressOf, type ReadInterface } from "./interfaces.ts";
import { everyPage } from "../api/paging.ts";
import { asDynamic, changesPort } from "./dynamicPorts.ts";
import type { Registrations } from "./registrations.ts";
import { portsOf } from "./targetPorts.ts";

/** Every target group of the region. */
export const readTargetGroups = (
  elbv2: ElasticLoadBalancingV2Client,
): Promise<readonly TargetGroup[]> =>
  everyPage(
    "elasticloadbalancing:DescribeTargetGroups",
    (Marker) => elbv2.send(new DescribeTargetGroupsCommand({ PageSize: 400, Marker })),
    (page) => page.TargetGroups,
  );

/**
 * Answers what is registered with a target group, draining targets too, and how each fares; nothing where the group has gone. `among`: the interfaces
 * in question, whose registrations and health must not be old.
 */
export interface ReadRegistered {
  (
    group: TargetGroup,
    among?: readonly ReadInterface[],
  ): Promise<readonly TargetHealthDescription[]>;
  /** What was registered when it was read last; undefined: it never was. */
  readonly lastKnown?: (group: TargetGroup) => readonly TargetHealthDescription[] | undefined;
}

/** With a memory: what the index has is good enough if it was read no earlier than `verifiedSince`. */
export interface RememberedRegistered extends Required<ReadRegistered> {
  (
    group: TargetGroup,
    among?: readonly ReadInterface[],
    verifiedSince?: number,
  ): Promise<readonly TargetHealthDescription[]>;
}

/** Asks every time, each time within the rate limit. */
export const readingRegistered =
  (elbv2: ElasticLoadBalancingV2Client, rateLimit: () => Promise<void>): ReadRegistered =>
  async ({ TargetGroupArn }) => {
    await rateLimit();
    try {
      const answer = await call(
        "elasticloadbalancing:DescribeTargetHealth",
        elbv2.send(new DescribeTargetHealthCommand({ TargetGroupArn })),
      );
      return answer.TargetHealthDescriptions ?? [];
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  };

/**
 * As `read`, but what one run has read stands for a while, and longer where nobody in question is a target; so does what the index knows from earlier runs.
 * What is registered elsewhere meanwhile has an event of its own. Failures are not remembered.
 */
export function rememberingRegistered(
  read: ReadRegistered,
  index: Registrations,
  clock: Clock,
  stands: number,
): RememberedRegistered {
  const known = new Map<
    string,
    { readonly at: number; readonly registered: readonly TargetHealthDescription[] }
  >();
  const asking = new Map<string, Promise<readonly TargetHealthDescription[]>>();
  const ask = async (
    group: TargetGroup,
    arn: string,
  ): Promise<readonly TargetHealthDescription[]> => {
    const at = clock.now();
    try {
      const registered = await read(group);
      known.set(arn, { at, registered });
      index.keep(group, registered, at);
      return registered;
    } finally {
      asking.delete(arn);
    }
  };
  const remembering = async (
    group: TargetGroup,
    among?: readonly ReadInterface[],
    verifiedSince = Infinity,
  ): Promise<readonly TargetHealthDescription[]> => {
    const arn = group.TargetGroupArn ?? "";
    const begun = asking.get(arn);
    if (begun !== undefined) return begun;
    const isNobodys = (registered: readonly TargetHealthDescription[]): boolean =>
      among !== undefined && !hasTargetAmong(group, registered, among);
    const before = known.get(arn);
    if (before !== undefined && (clock.now() - before.at < stands || isNobodys(before.registered)))
      return before.registered;
    // Whoever does not say among whom wants to know what an event has changed, or verifies what is remembered.
    const isAsked = before !== undefined || (among === undefined && verifiedSince === Infinity);
    const remembered = isAsked
      ? undefined
      : await index.recall(group, among === undefined ? verifiedSince : undefined);
    if (remembered !== undefined && (among === undefined || isNobodys(remembered)))
      return remembered;
    const reading = asking.get(arn) ?? ask(group, arn);
    asking.set(arn, reading);
    return reading;
  };
  // The index is there to save calls, not to say what may be closed: of what cannot be read it tells nothing.
  return Object.assign(remembering, {
    lastKnown: ({ TargetGroupArn = "" }: TargetGroup) => known.get(TargetGroupArn)?.registered,
  });
}

function hasTargetAmong(
  group: TargetGroup,
  registered: readonly TargetHealthDescription[],
  among: readonly ReadInterface[],
): boolean {
  const vpcs = [...new Set(among.flatMap(({ vpc }) => vpc ?? []))];
  const targets = registered.flatMap((one) =>
    placesOf(group, one, () => vpcs).map((at) => ({ at })),
  );
  const ids = new Set(targets.map(({ at }) => (at.kind === "instance" ? at.instance : at.address)));
  return withDelegatedAddresses(among, targets).some(
    ({ addresses, use }) =>
      (use.kind === "instance" && ids.has(use.instance)) ||
      addresses.some((address) => ids.has(address)),
  );
}

/** Has this target group targets with security groups, and does a load balancer send traffic to them? A load balancer or a function as target has none. */
export const isServed = ({ TargetType, LoadBalancerArns = [] }: TargetGroup): boolean =>
  LoadBalancerArns.length > 0 && (TargetType === "instance" || TargetType === "ip");

/** Could one of these interfaces be a target of the group? An address may lie outside the group's VPC; an instance may not. */
export const mayServe = (group: TargetGroup, among: readonly Interface[]): boolean =>
  isServed(group) &&
  among.some(({ vpc, use }) =>
    group.TargetType === "instance"
      ? use.kind === "instance" && vpc === group.VpcId
      : use.kind !== "loadBalancer",
  );

/** Where these registered targets are. An address that was registered with the zone "all" is outside the group's VPC; in which one EC2 alone can tell. */
export function placesOf(
  group: TargetGroup,
  { Target }: TargetHealthDescription,
  vpcsWith: (address: string) => readonly VpcId[],
): readonly Target["at"][] {
  const id = Target?.Id ?? "";
  if (group.TargetType === "instance") return [{ kind: "instance", instance: id }];
  const address = addressOf(id);
  const vpcs = new Set([
    group.VpcId ?? "",
    ...(Target?.AvailabilityZone === "all" ? vpcsWith(address) : []),
  ]);
  return [...vpcs].map((vpc) => ({ kind: "address", address, vpc }));
}

/** The targets of a group, each with the ports on which it is contacted. */
export function targetsOf(
  group: TargetGroup,
  registered: readonly TargetHealthDescription[],
  vpcsWith: (address: string) => readonly VpcId[],
  isEcs: (instance: InstanceId) => boolean,
): readonly Target[] {
  try {
    return registered.flatMap((one) => {
      const fixed = portsOf(group, one);
      const ports = changesPort(group, one, registered, isEcs) ? asDynamic(fixed) : fixed;
      return placesOf(group, one, vpcsWith).map((at) => ({ at, ports }));
    });
  } catch (error) {
    throw failedCall("elasticloadbalancing:DescribeTargetHealth", error);
  }
}
