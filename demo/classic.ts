import {
  AuthorizeSecurityGroupIngressCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { RegisterInstancesWithLoadBalancerCommand } from "@aws-sdk/client-elastic-load-balancing";
import type { Act } from "./act.ts";
import { readSenders } from "./auditor.ts";
import { check, internet, type Question, reaches, somebody, ssh } from "./judge.ts";
import type { Stage } from "./stage.ts";
import type { Seen, Step } from "./step.ts";
import { isChange } from "./calls.ts";

const loadBalancer = "MyLoadBalancer";
const loadBalancerGroup = "sg-2b9d5c31";
const loadBalancerGroupName = "my-lb";
const instances = ["i-f5ab7988", "i-fbab7986"];
export const group = "sg-9cd8a3f4";

/** The example of AWS's guide on locking instances to their Classic Load Balancer. */
export const classic: Act = {
  title: "A Classic Load Balancer and two instances, as in AWS's guide",
  topology: [
    [
      loadBalancer,
      `HTTP 80 and HTTPS 443, both to instance port 80; health check HTTP:80/; security group ${loadBalancerGroup} (${loadBalancerGroupName})`,
    ],
    [instances.join(", "), `security group ${group} (MyTestSecurityGroup)`],
    [group, "lets in tcp/22 and tcp/80 from everywhere: anybody can go around the load balancer"],
  ],
  build: ({ sandbox: { world } }) => {
    world.group({
      id: loadBalancerGroup,
      name: loadBalancerGroupName,
      rules: [80, 443].map((port) => ({ protocol: "tcp", fromPort: port, cidr: "0.0.0.0/0" })),
    });
    world.group({
      id: group,
      name: "MyTestSecurityGroup",
      rules: [22, 80].map((port) => ({ protocol: "tcp", fromPort: port, cidr: "0.0.0.0/0" })),
    });
    for (const id of instances) world.instance({ id, groups: [group] });
    world.classicLoadBalancer({
      name: loadBalancer,
      groups: [loadBalancerGroup],
      listeners: [
        { protocol: "HTTP", port: 80, instancePort: 80 },
        { protocol: "HTTPS", port: 443, instancePort: 80 },
      ],
      healthCheck: "HTTP:80/",
    });
  },
  steps: [registered(), opened(), cutOff(), again()],
};

/** What holds for as long as the instances are registered. */
export async function standing(stage: Stage): Promise<readonly Question[]> {
  return [
    reaches(loadBalancer, await readSenders(stage, loadBalancerGroup), 80, "yes"),
    ...internet(80, "no"),
    ssh("as before"),
  ];
}

const alertsOf = ({ alerts }: Seen): string => alerts.map(({ message }) => message).join("\n");

function registered(): Step {
  return {
    title: "alice registers the instances",
    says: "From now on port 80 is the load balancer's. SSH stays as it is: it is people's own way in.",
    group,
    act: async (stage) => {
      const Instances = instances.map((InstanceId) => ({ InstanceId }));
      await stage.as("alice").elb.send(
        new RegisterInstancesWithLoadBalancerCommand({
          LoadBalancerName: loadBalancer,
          Instances,
        }),
      );
    },
    questions: standing,
    checks: ({ alerts }) => [check("messages to people", alerts.length, 1)],
    wholeAlert: true,
  };
}

function opened(): Step {
  return {
    title: "bob opens port 80 to IPv6, and every tcp port to the world",
    says: "Port 80 is closed again. The other ports are bob's business, as long as no load balancer serves them: they stay.",
    group,
    act: async (stage) => {
      const IpPermissions = [
        { IpProtocol: "tcp", FromPort: 80, ToPort: 80, Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
        {
          IpProtocol: "tcp",
          FromPort: 0,
          ToPort: 65535,
          IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "just for testing" }],
        },
      ];
      await stage
        .as("bob")
        .ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: group, IpPermissions }));
    },
    questions: async (stage) => [
      ...(await standing(stage)),
      somebody("the internet (IPv4)", "198.51.100.23", 8080, "as before"),
    ],
    checks: (seen) => [
      check("messages to people", seen.alerts.length, 1),
      check("the message names bob", alertsOf(seen).includes(":user/bob") ? "yes" : "no", "yes"),
    ],
  };
}

function cutOff(): Step {
  return {
    title: "carol deletes the load balancer's rule",
    says: "Nothing is open, and the load balancer is cut off: its rule comes back.",
    group,
    act: async (stage) => {
      const admission = {
        IpProtocol: "tcp",
        FromPort: 80,
        ToPort: 80,
        UserIdGroupPairs: [{ GroupId: loadBalancerGroup }],
      };
      await stage
        .as("carol")
        .ec2.send(
          new RevokeSecurityGroupIngressCommand({ GroupId: group, IpPermissions: [admission] }),
        );
    },
    questions: standing,
    checks: ({ alerts }) => [check("messages to people", alerts.length, 1)],
  };
}

function again(): Step {
  return {
    title: "all of it once more",
    says: "Every event so far is delivered a second time, and the hourly sweep looks at everything. Nothing is left to do.",
    group,
    act: async ({ sandbox }) => {
      const told = sandbox.events.filter(({ source }) => source.startsWith("aws."));
      for (const event of told) sandbox.putEvent(event);
      await sandbox.invoke("verify", {});
    },
    questions: standing,
    checks: ({ functions, alerts }) => [
      check("writes by the functions", functions.filter(isChange).length, 0),
      check("messages to people", alerts.length, 0),
    ],
  };
}
