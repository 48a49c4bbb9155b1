import {
  CreateListenerCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Act } from "./act.ts";
import { readSenders } from "./auditor.ts";
import { check, internet, reaches, somebody, ssh } from "./judge.ts";
import type { Stage } from "./stage.ts";
import type { Step } from "./step.ts";

const loadBalancer = "web-alb";
const loadBalancerGroup = "sg-3f0a7c12";
const instances = ["i-0a1b2c3d4e5f60001", "i-0a1b2c3d4e5f60002"];
const group = "sg-5d1e8b47";
const taskAddress = "172.31.20.9";
const taskGroup = "sg-7a6b5c4d";

/** An Application Load Balancer with target groups of both types. */
export const targets: Act = {
  title: "An Application Load Balancer and two target groups",
  topology: [
    [
      loadBalancer,
      `HTTP 80 to the target group web; security group ${loadBalancerGroup} (web-alb)`,
    ],
    ["web", "instances on port 8080, their health check on 8081"],
    ["two instances", `security group ${group} (web): tcp/22 and tcp/8000-8999 from everywhere`],
    ["api", "addresses, on port 9090"],
    [
      taskAddress,
      `an ECS task's interface, security group ${taskGroup} (api): tcp/9090 from the whole VPC`,
    ],
  ],
  build: ({ sandbox: { world } }) => {
    world.group({
      id: loadBalancerGroup,
      name: "web-alb",
      rules: [{ protocol: "tcp", fromPort: 80, cidr: "0.0.0.0/0" }],
    });
    world.group({
      id: group,
      name: "web",
      rules: [
        { protocol: "tcp", fromPort: 22, cidr: "0.0.0.0/0" },
        { protocol: "tcp", fromPort: 8000, toPort: 8999, cidr: "0.0.0.0/0" },
      ],
    });
    for (const id of instances) world.instance({ id, groups: [group] });
    world.group({
      id: taskGroup,
      name: "api",
      rules: [
        { protocol: "tcp", fromPort: 9090, cidr: "172.31.0.0/16", description: "all of the VPC" },
      ],
    });
    world.interface({
      groups: [taskGroup],
      addresses: [taskAddress],
      tags: { "aws:ecs:clusterName": "api" },
    });
    world.targetGroup({ name: "api", targetType: "ip", protocol: "HTTP", port: 9090 });
    const web = world.targetGroup({
      name: "web",
      protocol: "HTTP",
      port: 8080,
      healthCheckPort: "8081",
    });
    world.loadBalancer({ name: loadBalancer, groups: [loadBalancerGroup], targetGroup: web.arn });
  },
  steps: [registered(), addressed()],
};

function registered(): Step {
  return {
    title: "alice registers the instances",
    says: "The event names a target group, no load balancer. Both ports are the load balancer's, each by a rule of its own; what is left of the wide rule stays.",
    group,
    act: async (stage) => {
      const Targets = instances.map((Id) => ({ Id }));
      await stage
        .as("alice")
        .elbV2.send(
          new RegisterTargetsCommand({ TargetGroupArn: targetGroupArn(stage, "web"), Targets }),
        );
    },
    questions: async (stage) => {
      const senders = await readSenders(stage, loadBalancerGroup);
      return [
        ...[8080, 8081].flatMap((port) => [
          reaches(loadBalancer, senders, port, "yes"),
          ...internet(port, "no"),
        ]),
        somebody("the internet (IPv4)", "198.51.100.23", 8443, "as before"),
        ssh("as before"),
      ];
    },
    checks: ({ alerts }) => [check("messages to people", alerts.length, 1)],
  };
}

function addressed(): Step {
  return {
    title: "alice registers an address, behind a new listener",
    says: "An address is the interface that holds it. A rule for the whole VPC is a way around the load balancer, too.",
    group: taskGroup,
    act: async (stage) => {
      const { elbV2 } = stage.as("alice");
      const TargetGroupArn = targetGroupArn(stage, "api");
      await elbV2.send(
        new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: taskAddress }] }),
      );
      await elbV2.send(
        new CreateListenerCommand({
          LoadBalancerArn: loadBalancerArn(stage),
          Protocol: "HTTP",
          Port: 9000,
          DefaultActions: [{ Type: "forward", TargetGroupArn }],
        }),
      );
    },
    questions: async (stage) => [
      reaches(loadBalancer, await readSenders(stage, loadBalancerGroup), 9090, "yes"),
      somebody("a neighbour in the VPC", "172.31.44.5", 9090, "no"),
      ...internet(9090, "no"),
    ],
    checks: ({ alerts }) => [check("messages to people", alerts.length, 1)],
  };
}

const named = <Thing extends { readonly name: string; readonly arn: string }>(
  things: Iterable<Thing>,
  name: string,
): string => {
  const found = [...things].find((thing) => thing.name === name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found.arn;
};

const targetGroupArn = ({ sandbox }: Stage, name: string): string =>
  named(sandbox.cloud.v2.targetGroups.values(), name);

const loadBalancerArn = ({ sandbox }: Stage): string =>
  named(sandbox.cloud.v2.loadBalancers.values(), loadBalancer);
