import { RegisterInstancesWithLoadBalancerCommand } from "@aws-sdk/client-elastic-load-balancing";
import { RegisterTargetsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Act } from "./act.ts";
import { readSenders } from "./auditor.ts";
import { check, internet, type Proof, reaches, somebody } from "./judge.ts";
import type { Seen, Step } from "./step.ts";

const day = 86_400_000;
const date = (days: number): string => new Date(Date.now() + days * day).toISOString().slice(0, 10);

const shared = { group: "sg-6e5f4a3b", instance: "i-0b1c2d3e4f5a60001", loadBalancer: "shop" };
const data = {
  group: "sg-8c7d6e5f",
  address: "172.31.40.7",
  loadBalancerGroup: "sg-4b3c2d1e",
  loadBalancer: "reports-alb",
};
const kept = {
  group: "sg-0f9e8d7c",
  instance: "i-0c1d2e3f4a5b60001",
  loadBalancer: "partners",
  loadBalancerGroup: "sg-1d2c3b4a",
};

/** What is left alone, and what a person is told of it. */
export const refusals: Act = {
  title: "What it refuses to do, and why",
  topology: [
    [
      shared.loadBalancer,
      `a load balancer with the same group as its instance: ${shared.group} (shop)`,
    ],
    [
      data.address,
      `a database, security group ${data.group} (reports-db): tcp/5432 from the reports' group only`,
    ],
    [
      kept.loadBalancer,
      `a load balancer; two partners still have exemptions in ${kept.group}, of which one is over`,
    ],
  ],
  build: (stage) => {
    const { world } = stage.sandbox;
    const web = { protocol: "tcp", fromPort: 80, cidr: "0.0.0.0/0" } as const;
    const listeners = [{ protocol: "HTTP", port: 80, instancePort: 80 }] as const;

    world.group({ id: shared.group, name: "shop", rules: [web] });
    world.instance({ id: shared.instance, groups: [shared.group] });
    world.classicLoadBalancer({ name: shared.loadBalancer, groups: [shared.group], listeners });

    world.group({ id: data.loadBalancerGroup, name: "reports-alb", rules: [web] });
    const reports = world.group({ name: "reports" });
    world.group({
      id: data.group,
      name: "reports-db",
      rules: [{ protocol: "tcp", fromPort: 5432, group: reports.id }],
    });
    world.interface({
      groups: [data.group],
      addresses: [data.address],
      requester: "amazon-rds",
      requesterManaged: true,
    });
    const backEnds = world.targetGroup({
      name: "reports",
      targetType: "ip",
      protocol: "HTTP",
      port: 5432,
    });
    world.loadBalancer({
      name: data.loadBalancer,
      groups: [data.loadBalancerGroup],
      targetGroup: backEnds.arn,
    });

    world.group({ id: kept.loadBalancerGroup, name: "partners-lb", rules: [web] });
    world.group({ id: kept.group, name: "partners-web" });
    const exemption = (cidr: string, why: string, until: string) =>
      world.rule(kept.group, {
        protocol: "tcp",
        fromPort: 80,
        cidr,
        description: why,
        tags: { "elb-only:keep": `tcp/80 ${cidr} ${why}`, "elb-only:keep-until": until },
      });
    exemption("192.0.2.0/24", "partner one", date(-30));
    exemption("203.0.113.128/25", "partner two", date(60));
    world.instance({ id: kept.instance, groups: [kept.group] });
    world.classicLoadBalancer({
      name: kept.loadBalancer,
      groups: [kept.loadBalancerGroup],
      listeners,
    });
  },
  steps: [sharedGroup(), database(), expired()],
};

/** These findings were made, and no others. */
function found({ outcomes }: Seen, wanted: readonly string[]): readonly Proof[] {
  const codes = new Set<string>(
    outcomes.flatMap(({ findings }) => findings.map(({ code }) => code)),
  );
  return [
    ...wanted.map((code) => check(`finding ${code}`, codes.has(code) ? "made" : "missing", "made")),
    check("other findings", [...codes].filter((code) => !wanted.includes(code)).length, 0),
  ];
}

function sharedGroup(): Step {
  return {
    title: "alice registers an instance with its load balancer's group",
    says: "To close port 80 there would close the load balancer's own front door. So nothing is removed, and somebody is told.",
    group: shared.group,
    act: async (stage) => {
      const Instances = [{ InstanceId: shared.instance }];
      await stage.as("alice").elb.send(
        new RegisterInstancesWithLoadBalancerCommand({
          LoadBalancerName: shared.loadBalancer,
          Instances,
        }),
      );
    },
    questions: async (stage) => [
      reaches(shared.loadBalancer, await readSenders(stage, shared.group), 80, "yes"),
      ...internet(80, "as before"),
    ],
    checks: (seen) => found(seen, ["shared-with-load-balancer", "source-group-shared"]),
  };
}

function database(): Step {
  return {
    title: "bob registers a database's address as a target",
    says: "Whoever may register targets is not for that reason allowed to open a database: it is not let in, unless the database's own group says so.",
    group: data.group,
    act: async (stage) => {
      const [found] = [...stage.sandbox.cloud.v2.targetGroups.values()].filter(
        ({ name }) => name === "reports",
      );
      await stage.as("bob").elbV2.send(
        new RegisterTargetsCommand({
          TargetGroupArn: found?.arn,
          Targets: [{ Id: data.address }],
        }),
      );
    },
    questions: async (stage) => [
      reaches(data.loadBalancer, await readSenders(stage, data.loadBalancerGroup), 5432, "no"),
      ...internet(5432, "no"),
    ],
    checks: (seen) => found(seen, ["not-a-back-end"]),
  };
}

function expired(): Step {
  return {
    title: "alice registers an instance whose group has exemptions",
    says: `Both rules are tagged elb-only:keep. One was to be kept until ${date(-30)}: it goes, and that is said. The other one stays.`,
    group: kept.group,
    act: async (stage) => {
      const Instances = [{ InstanceId: kept.instance }];
      await stage.as("alice").elb.send(
        new RegisterInstancesWithLoadBalancerCommand({
          LoadBalancerName: kept.loadBalancer,
          Instances,
        }),
      );
    },
    questions: async (stage) => [
      reaches(kept.loadBalancer, await readSenders(stage, kept.loadBalancerGroup), 80, "yes"),
      somebody("partner one", "192.0.2.10", 80, "no"),
      somebody("partner two", "203.0.113.200", 80, "yes"),
    ],
    checks: (seen) => found(seen, ["keep-expired", "kept"]),
  };
}
