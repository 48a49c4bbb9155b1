import {
  AuthorizeSecurityGroupIngressCommand,
  type IpPermission,
  ModifySecurityGroupRulesCommand,
  type Tag,
} from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { sourceKey } from "../../sandbox/ec2/permissions.ts";
import type { RuleWanted } from "../../sandbox/world.ts";
import { clients, unique } from "../contract/backend.ts";

type Tags = Readonly<Record<string, string>>;

export const fromInternet: RuleWanted = { protocol: "tcp", fromPort: 80, cidr: "0.0.0.0/0" };
export const from = (group: string, port: number): RuleWanted => ({
  protocol: "tcp",
  fromPort: port,
  group,
});

/** A VPC of its own in the one sandbox, so that no attack meets another; its owner's things are made unseen, the attacker calls as anybody does. */
export function field(sandbox: Sandbox) {
  const { world, cloud } = sandbox;
  const mallory = clients(sandbox, "mallory");
  const { id: vpc } = world.vpc({ cidr: "10.0.0.0/16" });
  const subnets = [...cloud.subnets.values()].flatMap((one) => (one.vpc === vpc ? one.id : []));
  const subnet = subnets[0] ?? "";
  const group = (name: string, rules: readonly RuleWanted[] = [], tags: Tags = {}): string =>
    world.group({ name: unique(name), vpc, rules, tags }).id;
  const instance = (...groups: readonly string[]): string => world.instance({ groups, subnet }).id;
  const targetGroup = (port: number, ...targets: readonly string[]): string =>
    world.targetGroup({
      name: unique("tg"),
      protocol: "HTTP",
      port,
      vpc,
      targets: targets.map((id) => ({ id })),
    }).arn;
  /** The owner's own load balancer. */
  const serve = (port: number, groups: readonly string[], ...targets: readonly string[]) =>
    world.loadBalancer({
      name: unique("site"),
      groups,
      subnets,
      targetGroup: targetGroup(port, ...targets),
    });
  /** With rights to load balancers alone: one that is attached to what they like, and sends to whom they like. */
  const seize = async (
    target: string,
    ports: readonly number[],
    SecurityGroups: readonly string[],
    tags: Tags = {},
    TargetType: "instance" | "ip" = "instance",
  ): Promise<void> => {
    const { elbv2 } = mallory;
    const { LoadBalancers = [] } = await elbv2.send(
      new CreateLoadBalancerCommand({
        Name: unique("mine"),
        Subnets: subnets,
        SecurityGroups: [...SecurityGroups],
        ...(Object.keys(tags).length > 0 && {
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        }),
      }),
    );
    for (const port of ports) {
      const { TargetGroups = [] } = await elbv2.send(
        new CreateTargetGroupCommand({
          Name: unique("tg"),
          Protocol: "HTTP",
          Port: port,
          VpcId: vpc,
          TargetType,
        }),
      );
      const TargetGroupArn = TargetGroups[0]?.TargetGroupArn;
      await elbv2.send(
        new CreateListenerCommand({
          LoadBalancerArn: LoadBalancers[0]?.LoadBalancerArn,
          Protocol: "HTTP",
          Port: port,
          DefaultActions: [{ Type: "forward", TargetGroupArn }],
        }),
      );
      await elbv2.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: target }] }));
    }
    await sandbox.idle();
  };
  const authorize = async (
    GroupId: string,
    permission: IpPermission,
    tags: Tags = {},
  ): Promise<string> => {
    const { SecurityGroupRules = [] } = await mallory.ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId,
        IpPermissions: [permission],
        ...(Object.keys(tags).length > 0 && {
          TagSpecifications: [{ ResourceType: "security-group-rule", Tags: tagList(tags) }],
        }),
      }),
    );
    await sandbox.idle();
    return SecurityGroupRules[0]?.SecurityGroupRuleId ?? "";
  };
  return {
    vpc,
    subnet,
    mallory,
    group,
    instance,
    serve,
    seize,
    authorize,
    /** Edits a rule in place: what is not given stays out of it, as EC2 has it. */
    modify: async (
      GroupId: string,
      id: string,
      to: Readonly<Record<string, string | number>>,
    ): Promise<void> => {
      await mallory.ec2.send(
        new ModifySecurityGroupRulesCommand({
          GroupId,
          SecurityGroupRules: [{ SecurityGroupRuleId: id, SecurityGroupRule: to }],
        }),
      );
      await sandbox.idle();
    },
  };
}

const tagList = (tags: Tags): Tag[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** A group's inbound rules: "tcp 80-80 0.0.0.0/0". */
export const rulesOf = ({ cloud }: Sandbox, group: string): readonly string[] =>
  [...(cloud.groups.get(group)?.rules.values() ?? [])]
    .filter(({ egress }) => !egress)
    .map((rule) => `${rule.protocol} ${rule.fromPort}-${rule.toPort} ${sourceKey(rule.source)}`)
    .sort();

/** The ids of a group's inbound rules on a port. */
export const ruleIds = ({ cloud }: Sandbox, group: string, port: number): readonly string[] =>
  [...(cloud.groups.get(group)?.rules.values() ?? [])].flatMap(({ egress, id, fromPort }) =>
    !egress && fromPort === port ? id : [],
  );

/** The messages that people got about a group. */
export const toldOf = ({ alerts }: Sandbox, group: string) =>
  alerts.filter(({ attributes }) => attributes["group"] === group);

/** The findings that people were told of a group: "high admission-refused". */
export const findingsOf = (sandbox: Sandbox, group: string): readonly string[] => {
  const told = toldOf(sandbox, group).flatMap(({ message }) => [
    ...message.matchAll(/^ {2}(info|low|medium|high): ([a-z-]+):/gm),
  ]);
  return [...new Set(told.map(([, severity, code]) => `${severity} ${code}`))].sort();
};

/** Calls of ours that changed a group. */
export const writesTo = ({ calls }: Sandbox, group: string): readonly string[] =>
  calls.flatMap(({ action, params, caller }) =>
    /^(Authorize|Revoke|Modify)SecurityGroup/.test(action) &&
    caller.includes("elb-only") &&
    JSON.stringify(params).includes(group)
      ? action
      : [],
  );
