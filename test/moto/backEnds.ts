import { randomUUID } from "node:crypto";
import {
  AuthorizeSecurityGroupIngressCommand,
  RunInstancesCommand,
  type IpPermission,
  type Tag,
} from "@aws-sdk/client-ec2";
import * as classic from "@aws-sdk/client-elastic-load-balancing";
import * as v2 from "@aws-sdk/client-elastic-load-balancing-v2";
import { unique, type Clients } from "../contract/backend.ts";
import { newGroup } from "../contract/groups.ts";
import { sample } from "../triggers/samples.ts";
import { newPlace } from "./moto.ts";

/** An instance that a load balancer serves on tcp/80 and whose health it checks on tcp/8081. */
export interface BackEnd {
  readonly loadBalancer: string;
  /** A Classic Load Balancer's name, another one's ARN. */
  readonly id: string;
  /** The load balancer's security group. */
  readonly front: string;
  /** The instance's. */
  readonly back: string;
  /** CloudTrail's record of the registration, as EventBridge delivers it. */
  readonly registration: object;
}

export type Kind = "classic" | "application" | "network";

export async function newBackEnd(
  aws: Clients,
  kind: Kind,
  ...permissions: readonly IpPermission[]
): Promise<BackEnd> {
  const { vpc, subnets } = await newPlace(aws);
  const front = await newGroup(aws.ec2, vpc);
  const back = await newGroup(aws.ec2, vpc, ...permissions);
  const run = {
    ImageId: "ami-12c6146b",
    MinCount: 1,
    MaxCount: 1,
    SubnetId: subnets[0],
    SecurityGroupIds: [back],
  };
  const instance =
    (await aws.ec2.send(new RunInstancesCommand(run))).Instances?.[0]?.InstanceId ?? "";
  const loadBalancer = unique(kind);
  const where = { Subnets: [...subnets], SecurityGroups: [front] };
  const registered = await (kind === "classic"
    ? balanceClassic(aws, loadBalancer, where, instance)
    : balance(aws, loadBalancer, { ...where, Type: kind }, vpc, instance));
  return { loadBalancer, front, back, ...registered };
}

type Registered = Pick<BackEnd, "id" | "registration">;

interface Where {
  readonly Subnets: string[];
  readonly SecurityGroups: string[];
}

async function balanceClassic(
  { elb }: Clients,
  LoadBalancerName: string,
  where: Where,
  InstanceId: string,
): Promise<Registered> {
  const Listeners = [
    { Protocol: "HTTP", LoadBalancerPort: 80, InstanceProtocol: "HTTP", InstancePort: 80 },
  ];
  await elb.send(new classic.CreateLoadBalancerCommand({ LoadBalancerName, Listeners, ...where }));
  const HealthCheck = {
    Target: "HTTP:8081/health",
    Interval: 10,
    Timeout: 5,
    UnhealthyThreshold: 2,
    HealthyThreshold: 3,
  };
  await elb.send(new classic.ConfigureHealthCheckCommand({ LoadBalancerName, HealthCheck }));
  await elb.send(
    new classic.RegisterInstancesWithLoadBalancerCommand({
      LoadBalancerName,
      Instances: [{ InstanceId }],
    }),
  );
  const request = { loadBalancerName: LoadBalancerName, instances: [{ instanceId: InstanceId }] };
  return {
    id: LoadBalancerName,
    registration: event("aws.elasticloadbalancing.RegisterInstancesWithLoadBalancer", request),
  };
}

async function balance(
  { elbv2 }: Clients,
  Name: string,
  where: Where & { readonly Type: "application" | "network" },
  VpcId: string,
  Id: string,
): Promise<Registered> {
  const Protocol = where.Type === "network" ? "TCP" : "HTTP";
  const { LoadBalancerArn = "" } =
    (await elbv2.send(new v2.CreateLoadBalancerCommand({ Name, ...where }))).LoadBalancers?.[0] ??
    {};
  const group = new v2.CreateTargetGroupCommand({
    Name,
    Protocol,
    Port: 80,
    VpcId,
    HealthCheckPort: "8081",
  });
  const { TargetGroupArn } = (await elbv2.send(group)).TargetGroups?.[0] ?? {};
  await elbv2.send(
    new v2.CreateListenerCommand({
      LoadBalancerArn,
      Protocol,
      Port: 80,
      DefaultActions: [{ Type: "forward", TargetGroupArn }],
    }),
  );
  await elbv2.send(new v2.RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id }] }));
  const request = { targetGroupArn: TargetGroupArn, targets: [{ id: Id }] };
  return {
    id: LoadBalancerArn,
    registration: event("aws.elasticloadbalancing.RegisterTargets", request),
  };
}

/** A sample event made to be of another request, just now. */
export function event(
  name: string,
  requestParameters: object,
): { readonly detail: object; readonly source: string; readonly "detail-type": string } {
  const from = sample(name) as {
    readonly detail: object;
    readonly source: string;
    readonly "detail-type": string;
  };
  const eventTime = new Date().toISOString();
  return {
    ...from,
    detail: {
      ...from.detail,
      eventID: randomUUID(),
      eventTime,
      requestParameters,
      responseElements: null,
    },
  };
}

/** Opens ports by a call of its own, with a tag. */
export async function open(
  { ec2 }: Clients,
  GroupId: string,
  permission: IpPermission,
  tag: Tag,
): Promise<void> {
  const TagSpecifications = [{ ResourceType: "security-group-rule" as const, Tags: [tag] }];
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [permission],
      TagSpecifications,
    }),
  );
}
