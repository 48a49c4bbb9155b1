import { AuthorizeSecurityGroupIngressCommand } from "@aws-sdk/client-ec2";
import { RegisterTargetsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { admits, type Packet } from "../../lib/judge/admits.ts";
import type { Rule } from "../../lib/values/rule.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { sourceKey } from "../../sandbox/ec2/permissions.ts";
import { clients } from "../contract/backend.ts";
import { tcp } from "../contract/groups.ts";

/** The source of rules that only fill a group. */
export const filling = "192.0.2.0/24";

/** A back end behind an Application Load Balancer, which the world reaches on 20 to 90: by that rule alone people get in by SSH. */
export interface Story {
  readonly front: string;
  readonly back: string;
  readonly loadBalancer: string;
  readonly targetGroup: string;
  readonly instance: string;
}

export function tellStory({ world }: Sandbox): Story {
  const front = world.group({
    name: "front",
    rules: [{ protocol: "tcp", fromPort: 80, cidr: "0.0.0.0/0" }],
  }).id;
  const back = world.group({
    name: "back",
    rules: [{ protocol: "tcp", fromPort: 80, cidr: "10.9.0.0/16" }],
  }).id;
  const instance = world.instance({ groups: [back] }).id;
  const { arn: targetGroup } = world.targetGroup({ name: "web", protocol: "HTTP", port: 80 });
  const { arn: loadBalancer } = world.loadBalancer({ name: "site", groups: [front], targetGroup });
  return { front, back, loadBalancer, targetGroup, instance };
}

/** What happens: an instance is registered, and somebody opens a wide range of ports. */
export async function happen(sandbox: Sandbox, { targetGroup, instance, back }: Story) {
  const { ec2, elbv2 } = clients(sandbox);
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: back,
      IpPermissions: [{ ...tcp(20, "0.0.0.0/0"), ToPort: 90 }],
    }),
  );
  await elbv2.send(
    new RegisterTargetsCommand({ TargetGroupArn: targetGroup, Targets: [{ Id: instance }] }),
  );
}

const packet = (port: number, from: Packet["from"]): Packet => ({ protocol: "tcp", port, from });
const stranger = { address: "198.51.100.7", groups: [] };
const neighbour = { address: "10.9.0.1", groups: [] };

/** A group's inbound rules as they stand, in our words. */
export const rulesIn = ({ cloud }: Sandbox, group: string): readonly Rule[] =>
  [...(cloud.groups.get(group)?.rules.values() ?? [])].flatMap((rule) =>
    rule.egress
      ? []
      : [
          {
            id: rule.id,
            protocol: rule.protocol,
            fromPort: rule.fromPort,
            toPort: rule.toPort,
            source: sourceOf(sourceKey(rule.source)),
            tags: {},
          },
        ],
  );

const sourceOf = (text: string): Rule["source"] => {
  if (text.startsWith("sg-")) return { kind: "group", group: text };
  return { kind: text.includes(":") ? "ipv6" : "ipv4", cidr: text };
};

/** After every call: SSH is open as it was, and whatever was open beside the served port. */
export function lostNow(sandbox: Sandbox, { back }: Story): readonly string[] {
  const rules = rulesIn(sandbox, back);
  if (!sandbox.cloud.groups.has(back)) return [];
  return [22, 79, 81]
    .filter((port) => !admits(rules, packet(port, stranger)))
    .map((port) => `the internet has lost tcp/${port}`);
}

/** In the end: the load balancer gets in to the served port, nobody else does, and nothing else is lost. */
export function amissNow(sandbox: Sandbox, story: Story): readonly string[] {
  const { back, front, loadBalancer } = story;
  if (!sandbox.cloud.groups.has(back)) return [];
  const rules = rulesIn(sandbox, back);
  const isServed = sandbox.cloud.v2.loadBalancers.has(loadBalancer);
  const ways = isServed ? [] : ["the load balancer is gone"];
  return [
    ...lostNow(sandbox, story),
    ...(isServed && !admits(rules, packet(80, { groups: [front] }))
      ? ["the load balancer does not get in to tcp/80"]
      : []),
    ...(ways.length === 0 && admits(rules, packet(80, stranger))
      ? ["the internet gets in to tcp/80"]
      : []),
    ...(ways.length === 0 && admits(rules, packet(80, neighbour))
      ? ["10.9.0.0/16 gets in to tcp/80"]
      : []),
  ];
}
