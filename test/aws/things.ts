import type { NetworkInterface, SecurityGroup, SecurityGroupRule } from "@aws-sdk/client-ec2";
import type { LoadBalancerDescription } from "@aws-sdk/client-elastic-load-balancing";
import type {
  LoadBalancer,
  TargetGroup,
  TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { accountId } from "./account.ts";
import type { Touched, Trigger } from "../../lib/values/trigger.ts";

// Things in an account, each as AWS lists it, with what most tests do not care about filled in.

export const account = accountId;

export const group = (GroupId: string, more: SecurityGroup = {}): SecurityGroup => ({
  GroupId,
  GroupName: GroupId.replace("sg-", ""),
  OwnerId: account,
  VpcId: "vpc-1",
  ...more,
});

let rules = 0;

/** An inbound rule; for tcp/80 from everywhere unless said otherwise. */
export const rule = (GroupId: string, more: SecurityGroupRule = {}): SecurityGroupRule => ({
  SecurityGroupRuleId: `sgr-${++rules}`,
  GroupId,
  GroupOwnerId: account,
  IsEgress: false,
  IpProtocol: "tcp",
  FromPort: 80,
  ToPort: 80,
  ...((more.CidrIpv6 ?? more.PrefixListId ?? more.ReferencedGroupInfo)
    ? {}
    : { CidrIpv4: "0.0.0.0/0" }),
  ...more,
});

/** The primary interface of an instance. */
export const instanceInterface = (
  InstanceId: string,
  groups: readonly string[],
  more: NetworkInterface = {},
): NetworkInterface => ({
  NetworkInterfaceId: `eni-${InstanceId}`,
  InterfaceType: "interface",
  VpcId: "vpc-1",
  RequesterManaged: false,
  Attachment: { InstanceId, DeviceIndex: 0, NetworkCardIndex: 0 },
  Groups: groups.map((GroupId) => ({ GroupId })),
  ...more,
});

/** An interface of a load balancer's. */
export const frontInterface = (id: string, groups: readonly string[]): NetworkInterface => ({
  NetworkInterfaceId: id,
  InterfaceType: "interface",
  VpcId: "vpc-1",
  RequesterManaged: true,
  RequesterId: "amazon-elb",
  Groups: groups.map((GroupId) => ({ GroupId })),
});

export const classic = (
  LoadBalancerName: string,
  instances: readonly string[],
  more: LoadBalancerDescription = {},
): LoadBalancerDescription => ({
  LoadBalancerName,
  VPCId: "vpc-1",
  SecurityGroups: ["sg-front"],
  ListenerDescriptions: [
    {
      Listener: {
        Protocol: "HTTP",
        LoadBalancerPort: 443,
        InstanceProtocol: "HTTP",
        InstancePort: 80,
      },
    },
  ],
  HealthCheck: {
    Target: "HTTP:80/ping",
    Interval: 30,
    Timeout: 5,
    UnhealthyThreshold: 2,
    HealthyThreshold: 10,
  },
  Instances: instances.map((InstanceId) => ({ InstanceId })),
  ...more,
});

export const arnOf = (name: string): string =>
  `arn:aws:elasticloadbalancing:eu-west-1:${account}:loadbalancer/app/${name}/50dc6c495c0c9188`;

export const balancer = (LoadBalancerName: string, more: LoadBalancer = {}): LoadBalancer => ({
  LoadBalancerArn: arnOf(LoadBalancerName),
  LoadBalancerName,
  Type: "application",
  VpcId: "vpc-1",
  SecurityGroups: ["sg-front"],
  ...more,
});

export const targetGroupArn = (name: string): string =>
  `arn:aws:elasticloadbalancing:eu-west-1:${account}:targetgroup/${name}/73e2d6bc24d8a067`;

export const targetGroup = (
  TargetGroupName: string,
  balancers: readonly string[],
  more: TargetGroup = {},
): TargetGroup => ({
  TargetGroupArn: targetGroupArn(TargetGroupName),
  TargetGroupName,
  Protocol: "HTTP",
  Port: 80,
  VpcId: "vpc-1",
  HealthCheckEnabled: true,
  HealthCheckPort: "traffic-port",
  TargetType: "instance",
  LoadBalancerArns: balancers.map(arnOf),
  ...more,
});

export const registered = (
  Id: string,
  Port: number,
  more: TargetHealthDescription = {},
): TargetHealthDescription => ({
  Target: { Id, Port },
  HealthCheckPort: `${Port}`,
  TargetHealth: { State: "healthy" },
  ...more,
});

let events = 0;

export const trigger = (...touched: readonly Touched[]): Trigger => ({
  event: "Something",
  eventId: `event-${++events}`,
  actor: { principal: "arn:aws:iam::111122223333:user/alice" },
  touched,
  rules: [],
});
