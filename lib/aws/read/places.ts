import { loadBalancerTag } from "../../values/ownTags.ts";
import type { TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { GroupId } from "../../values/rule.ts";
import type { LoadBalancerId, Target } from "../../values/snapshot.ts";
import type { Touched } from "../../values/trigger.ts";
import type { Aws } from "../connect.ts";
import type { ElbReadings } from "./elbReadings.ts";
import { groupsWithTaggedRules } from "./groups.ts";
import { addressOf, readInterfaces } from "./interfaces.ts";
import { sideBySide } from "../api/paging.ts";
import { isServed, placesOf } from "./targetGroups.ts";

/** What is, or sends traffic to, network interfaces. */
export type TouchedPlace = Exclude<
  Touched,
  { readonly kind: "group" | "groupName" | "rule" | "prefixList" | "joined" | "everything" }
>;

/** Where an event points: at an interface, or at what is there. An address alone does not say in which VPC. */
type Spot =
  | Target["at"]
  | { readonly kind: "interface"; readonly interface: string }
  | { readonly kind: "attachment"; readonly attachment: string }
  | { readonly kind: "address"; readonly address: string };

/** The groups attached at each place; for a load balancer that is gone, or that serves nothing any more, those that still admit it. */
export async function groupsAt(
  aws: Aws,
  places: readonly TouchedPlace[],
  elb: ElbReadings,
): Promise<(place: TouchedPlace) => readonly GroupId[]> {
  const [classic, targetGroups] = await Promise.all([
    classicSpots(aws, elb, places),
    targetGroupSpots(elb, places),
  ]);
  const spotsOf = (place: TouchedPlace): readonly Spot[] => {
    switch (place.kind) {
      case "instance":
      case "interface":
      case "attachment":
      case "address":
        return [place];
      case "classicLoadBalancer":
        return classic.get(place.name) ?? [];
      case "loadBalancer":
        return [...targetGroups.values()].flatMap(({ loadBalancers, spots }) =>
          loadBalancers.includes(place.arn) ? spots : [],
        );
      case "targetGroup":
        return targetGroups.get(place.arn)?.spots ?? [];
      case "detached":
        return [...targetGroups.values()].flatMap(({ loadBalancers, spots }) =>
          loadBalancers.length === 0 ? spots : [],
        );
    }
  };
  const idle = places.flatMap((place) =>
    spotsOf(place).length === 0 ? [nameOf(place) ?? []].flat() : [],
  );
  const [attached, admitting] = await Promise.all([
    groupsAttached(aws, places.flatMap(spotsOf)),
    groupsWithTaggedRules(aws.ec2, loadBalancerTag, idle),
  ]);
  return (place) => [
    ...new Set([
      ...spotsOf(place).flatMap(attached),
      ...(admitting.get(nameOf(place) ?? "") ?? []),
    ]),
  ];
}

/** As our admissions are tagged. */
const nameOf = (place: TouchedPlace): LoadBalancerId | undefined =>
  place.kind === "classicLoadBalancer"
    ? place.name
    : place.kind === "loadBalancer"
      ? place.arn
      : undefined;

/** The instances of the Classic Load Balancers that are touched. All are listed: asked for by name, one that is gone would fail the call for all. */
async function classicSpots(
  { clock }: Aws,
  elb: ElbReadings,
  places: readonly TouchedPlace[],
): Promise<ReadonlyMap<string, readonly Spot[]>> {
  const names = new Set(
    places.flatMap((place) => (place.kind === "classicLoadBalancer" ? [place.name] : [])),
  );
  if (names.size === 0) return new Map();
  const at = clock.now();
  const touched = (await elb.classic()).filter(({ name }) => names.has(name));
  elb.keepClassic(touched, at);
  return new Map(touched.map(({ name, targets }) => [name, targets.map(({ at }) => at)]));
}

/** As `isServed`, but no load balancer sends traffic to it. */
const isDetached = ({ TargetType, LoadBalancerArns = [] }: TargetGroup): boolean =>
  LoadBalancerArns.length === 0 && (TargetType === "instance" || TargetType === "ip");

interface TargetGroupSpots {
  readonly loadBalancers: readonly LoadBalancerId[];
  readonly spots: readonly Spot[];
}

/** The targets of the target groups that are touched, themselves, through their load balancer or for want of one; by the target group's ARN. */
async function targetGroupSpots(
  elb: ElbReadings,
  places: readonly TouchedPlace[],
): Promise<ReadonlyMap<string, TargetGroupSpots>> {
  const arns = new Set(
    places.flatMap((place) =>
      place.kind === "loadBalancer" || place.kind === "targetGroup" ? [place.arn] : [],
    ),
  );
  const detached = places.some(({ kind }) => kind === "detached");
  if (arns.size === 0 && !detached) return new Map();
  const touched = (await elb.targetGroups()).filter((group) =>
    isServed(group)
      ? [group.TargetGroupArn, ...(group.LoadBalancerArns ?? [])].some(
          (arn) => arn !== undefined && arns.has(arn),
        )
      : detached && isDetached(group),
  );
  const read = await sideBySide(touched, 4, async (group): Promise<[string, TargetGroupSpots]> => {
    const registered = await elb.registeredIn(group);
    // Outside the target group's VPC an address may be anywhere.
    const spots = registered.flatMap((one): readonly Spot[] =>
      one.Target?.AvailabilityZone === "all" && group.TargetType === "ip"
        ? [{ kind: "address", address: one.Target.Id ?? "" }]
        : placesOf(group, one, () => []),
    );
    return [group.TargetGroupArn ?? "", { loadBalancers: group.LoadBalancerArns ?? [], spots }];
  });
  return new Map(read);
}

/** The groups of whatever interface is at a spot: of an instance all its interfaces, as each may be a side door. */
async function groupsAttached(
  aws: Aws,
  spots: readonly Spot[],
): Promise<(spot: Spot) => readonly GroupId[]> {
  const addresses = spots.flatMap((spot) =>
    spot.kind === "address" ? [addressOf(spot.address)] : [],
  );
  const [ofInstances, themselves, detaching, with4, with6] = await Promise.all([
    readInterfaces(
      aws.ec2,
      "attachment.instance-id",
      spots.flatMap((spot) => (spot.kind === "instance" ? [spot.instance] : [])),
    ),
    readInterfaces(
      aws.ec2,
      "network-interface-id",
      spots.flatMap((spot) => (spot.kind === "interface" ? [spot.interface] : [])),
    ),
    readInterfaces(
      aws.ec2,
      "attachment.attachment-id",
      spots.flatMap((spot) => (spot.kind === "attachment" ? [spot.attachment] : [])),
    ),
    readInterfaces(
      aws.ec2,
      "addresses.private-ip-address",
      addresses.filter((address) => !address.includes(":")),
    ),
    readInterfaces(
      aws.ec2,
      "ipv6-addresses.ipv6-address",
      addresses.filter((address) => address.includes(":")),
    ),
  ]);
  const groups = new Map<string, Set<GroupId>>();
  const note = (key: string, attached: readonly GroupId[]): void =>
    void groups.set(key, new Set([...(groups.get(key) ?? []), ...attached]));
  for (const one of ofInstances)
    if (one.use.kind === "instance") note(one.use.instance, one.groups);
  for (const one of themselves) note(one.id, one.groups);
  // Few detach at once: each is taken for all of them.
  for (const one of detaching) note("attachment", one.groups);
  for (const one of [...with4, ...with6]) {
    for (const address of one.addresses) {
      note(address, one.groups);
      note(`${one.vpc} ${address}`, one.groups);
    }
  }
  return (spot) => [...(groups.get(keyOf(spot)) ?? [])];
}

function keyOf(spot: Spot): string {
  switch (spot.kind) {
    case "instance":
      return spot.instance;
    case "interface":
      return spot.interface;
    case "attachment":
      return spot.kind;
    case "address":
      return "vpc" in spot ? `${spot.vpc} ${addressOf(spot.address)}` : addressOf(spot.address);
  }
}
