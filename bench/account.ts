import { EC2Client, AuthorizeSecurityGroupIngressCommand } from "@aws-sdk/client-ec2";
import {
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { makeListener } from "../sandbox/elbv2/listeners.ts";
import { createInProcessSandbox, type InProcessSandbox } from "../sandbox/inProcess.ts";

/** An account in one VPC. Each target group has an instance of its own, in a group of its own; a load balancer has its share of target groups. */
export interface Shape {
  readonly targetGroups: number;
  readonly loadBalancers: number;
  readonly classicLoadBalancers?: number;
  /** How many instances each target group has; missing: 1. */
  readonly instances?: number;
  /** How many security groups the instances of one target group have between them; missing: 1. */
  readonly groupsEach?: number;
  /** Rules on ports that nobody serves, in each group. */
  readonly rules?: number;
  /** Is tcp/80 of every group open to the world from the beginning? */
  readonly isOpen?: boolean;
  /** Are the load balancers' ways in written already? */
  readonly isAdmitted?: boolean;
}

export interface Account {
  readonly sandbox: InProcessSandbox;
  /** The back ends' groups, in the order of their target groups or Classic Load Balancers. */
  readonly groups: readonly string[];
  readonly instances: readonly string[];
  readonly targetGroups: readonly string[];
  /** A group with an instance that no load balancer serves. */
  readonly unrelated: string;
  /** How many of the back ends' groups the world does not enter any more. */
  readonly closed: () => number;
  /** Somebody opens tcp/80 of a group to the world; answers the event that tells of it. */
  readonly open: (group: string) => Promise<object>;
  /** Somebody registers an instance; answers the event that tells of it. */
  readonly register: (targetGroup: string, instance: string) => Promise<object>;
}

const world = { protocol: "tcp", fromPort: 80, cidr: "0.0.0.0/0" } as const;
const address = (index: number): string => `172.31.${Math.floor(index / 250)}.${(index % 250) + 4}`;

export function accountOf(
  {
    targetGroups,
    loadBalancers,
    classicLoadBalancers = 0,
    instances = 1,
    groupsEach = 1,
    rules = 0,
    isOpen = false,
    isAdmitted = true,
  }: Shape,
  now: () => Date,
): Account {
  const sandbox = createInProcessSandbox({ now });
  const { cloud } = sandbox;
  const made = { groups: [] as string[], instances: [] as string[], targetGroups: [] as string[] };
  const [subnet] = cloud.subnets.keys();
  const subnets = subnet === undefined ? [] : [subnet];
  const frontOf = (name: string): string => sandbox.world.group({ name: `front-${name}` }).id;

  function backEnds(name: string, front: string): readonly string[] {
    const groups = Array.from({ length: groupsEach }, (_, index) => {
      const { id } = sandbox.world.group({
        name: `back-${name}-${index}`,
        rules: [
          ...(isAdmitted ? [{ protocol: "tcp", fromPort: 80, group: front }] : []),
          ...(isOpen ? [world] : []),
          ...Array.from({ length: rules }, (__, rule) => ({
            protocol: "tcp",
            fromPort: 5000 + rule,
            cidr: "10.0.0.0/8",
          })),
        ],
      });
      return id;
    });
    made.groups.push(...groups);
    return Array.from({ length: instances }, (_, index) => {
      const group = groups[index % groupsEach];
      const { id } = sandbox.world.instance({
        groups: group === undefined ? [] : [group],
        ...(subnet === undefined ? {} : { subnet }),
        address: address(made.instances.length),
      });
      made.instances.push(id);
      return id;
    });
  }

  for (let index = 0; index < classicLoadBalancers; index += 1) {
    const front = frontOf(`classic-${index}`);
    sandbox.world.classicLoadBalancer({
      name: `classic-${index}`,
      groups: [front],
      listeners: [{ protocol: "HTTP", port: 80, instancePort: 80 }],
      instances: backEnds(`classic-${index}`, front),
    });
  }
  const fronts = Array.from({ length: loadBalancers }, (_, index) => frontOf(`${index}`));
  const served = Array.from({ length: targetGroups }, (_, index) => {
    const front = fronts[index % loadBalancers] ?? "";
    const { arn } = sandbox.world.targetGroup({
      name: `targets-${index}`,
      protocol: "HTTP",
      port: 80,
      targets: backEnds(`${index}`, front).map((id) => ({ id })),
    });
    made.targetGroups.push(arn);
    return arn;
  });
  for (const [index, front] of fronts.entries()) {
    const { arn } = sandbox.world.loadBalancer({
      name: `front-${index}`,
      groups: [front],
      subnets,
    });
    const own = served.filter((_, place) => place % loadBalancers === index);
    for (const [place, TargetGroupArn] of own.entries())
      makeListener(cloud, {
        LoadBalancerArn: arn,
        Protocol: "HTTP",
        Port: `${80 + place}`,
        DefaultActions: [{ Type: "forward", TargetGroupArn }],
      });
  }
  const unrelated = sandbox.world.group({ name: "unrelated" }).id;
  sandbox.world.instance({ groups: [unrelated], address: "172.31.62.4" });

  const told = (): object => sandbox.events.at(-1) ?? {};
  return {
    sandbox,
    ...made,
    unrelated,
    closed: () =>
      made.groups.filter(
        (id) =>
          ![...(cloud.groups.get(id)?.rules.values() ?? [])].some(
            ({ egress, fromPort, source }) =>
              !egress && fromPort === world.fromPort && source.kind === "ipv4",
          ),
      ).length,
    open: async (GroupId) => {
      const { cidr, fromPort, protocol } = world;
      await new EC2Client(sandbox.clientConfig).send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId,
          IpPermissions: [
            {
              IpProtocol: protocol,
              FromPort: fromPort,
              ToPort: fromPort,
              IpRanges: [{ CidrIp: cidr }],
            },
          ],
        }),
      );
      return told();
    },
    register: async (TargetGroupArn, Id) => {
      await new ElasticLoadBalancingV2Client(sandbox.clientConfig).send(
        new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id }] }),
      );
      return told();
    },
  };
}
