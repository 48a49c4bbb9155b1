import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type TargetGroup,
  type TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Interface, Target, VpcId } from "../core/snapshot.ts";
import { elbTurn, elbv2 } from "./clients.ts";
import { call, failedCall, isNotFound } from "./errors.ts";
import { addressOf } from "./interfaces.ts";
import { everyPage } from "./pages.ts";
import { portsOf } from "./targetPorts.ts";

/** Every target group of the region. */
export const readTargetGroups = (): Promise<readonly TargetGroup[]> =>
  everyPage(
    "elasticloadbalancing:DescribeTargetGroups",
    (Marker) => elbv2.send(new DescribeTargetGroupsCommand({ PageSize: 400, Marker })),
    (page) => page.TargetGroups,
  );

/** Answers what is registered with a target group, draining targets too, and how each fares; nothing where the group has gone. */
export type ReadRegistered = (group: TargetGroup) => Promise<readonly TargetHealthDescription[]>;

export const readRegistered: ReadRegistered = async ({ TargetGroupArn }) => {
  await elbTurn();
  try {
    const answer = await call("elasticloadbalancing:DescribeTargetHealth", elbv2.send(new DescribeTargetHealthCommand({ TargetGroupArn })));
    return answer.TargetHealthDescriptions ?? [];
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
};

/** As `readRegistered`, but asks once for each target group; failures are not remembered. */
export function rememberingRegistered(): ReadRegistered {
  const read = new Map<string, Promise<readonly TargetHealthDescription[]>>();
  return async (group) => {
    const arn = group.TargetGroupArn ?? "";
    const reading = read.get(arn) ?? readRegistered(group);
    read.set(arn, reading);
    try {
      return await reading;
    } catch (error) {
      read.delete(arn);
      throw error;
    }
  };
}

/** Has this target group targets that wear security groups, and does a load balancer send traffic to them? A load balancer or a function as target has none. */
export const isServed = ({ TargetType, LoadBalancerArns = [] }: TargetGroup): boolean =>
  LoadBalancerArns.length > 0 && (TargetType === "instance" || TargetType === "ip");

/** Could one of these interfaces be a target of the group? An address may lie outside the group's VPC; an instance may not. */
export const mayServe = (group: TargetGroup, among: readonly Interface[]): boolean =>
  isServed(group) &&
  among.some(({ vpc, use }) => (group.TargetType === "instance" ? use.kind === "instance" && vpc === group.VpcId : use.kind !== "loadBalancer"));

/** Where these registered targets are. An address that was registered with the zone "all" is outside the group's VPC; in which one EC2 alone can tell. */
export function placesOf(
  group: TargetGroup,
  { Target }: TargetHealthDescription,
  vpcsWith: (address: string) => readonly VpcId[],
): readonly Target["at"][] {
  const id = Target?.Id ?? "";
  if (group.TargetType === "instance") return [{ kind: "instance", instance: id }];
  const address = addressOf(id);
  const vpcs = new Set([group.VpcId ?? "", ...(Target?.AvailabilityZone === "all" ? vpcsWith(address) : [])]);
  return [...vpcs].map((vpc) => ({ kind: "address", address, vpc }));
}

/** The targets of a group, each with the ports on which it is contacted. */
export function targetsOf(
  group: TargetGroup,
  registered: readonly TargetHealthDescription[],
  vpcsWith: (address: string) => readonly VpcId[],
): readonly Target[] {
  try {
    return registered.flatMap((one) => placesOf(group, one, vpcsWith).map((at) => ({ at, ports: portsOf(group, one) })));
  } catch (error) {
    throw failedCall("elasticloadbalancing:DescribeTargetHealth", error);
  }
}
