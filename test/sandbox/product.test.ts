import { AuthorizeSecurityGroupIngressCommand } from "@aws-sdk/client-ec2";
import {
  RegisterInstancesWithLoadBalancerCommand,
  RemoveTagsCommand as RemoveClassicTagsCommand,
} from "@aws-sdk/client-elastic-load-balancing";
import {
  CreateListenerCommand,
  CreateRuleCommand,
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  DeleteRuleCommand,
  DescribeTargetHealthCommand,
  ModifyListenerCommand,
  ModifyRuleCommand,
  RegisterTargetsCommand,
  RemoveTagsCommand,
  type Action,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sourceKey } from "../../sandbox/ec2/permissions.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { clients, type Clients } from "../contract/backend.ts";
import { tcp } from "../contract/groups.ts";
import { type Bundled, bundled } from "./bundled.ts";

let product: Bundled;
let sandbox: Sandbox;

beforeAll(async () => {
  product = await bundled();
});
afterAll(() => product.remove());

beforeEach(async () => {
  sandbox = await product.start();
});
afterEach(() => sandbox.close());

/** "tcp 80-80 0.0.0.0/0", inbound. */
const rules = (group: string): readonly string[] =>
  [...(sandbox.cloud.groups.get(group)?.rules.values() ?? [])]
    .filter(({ egress }) => !egress)
    .map((rule) => `${rule.protocol} ${rule.fromPort}-${rule.toPort} ${sourceKey(rule.source)}`)
    .sort((a, b) => a.localeCompare(b));

/** A load balancer's group and a back end's, which the world can reach on 20 to 90. */
function groups() {
  const front = sandbox.world.group({
    name: "front",
    rules: [{ protocol: "tcp", fromPort: 80, cidr: "0.0.0.0/0" }],
  }).id;
  const back = sandbox.world.group({
    name: "back",
    rules: [{ protocol: "tcp", fromPort: 20, toPort: 90, cidr: "0.0.0.0/0" }],
  }).id;
  const instance = sandbox.world.instance({ groups: [back] }).id;
  const closed = (from: string) => [
    "tcp 20-79 0.0.0.0/0",
    `tcp 80-80 ${from}`,
    "tcp 81-90 0.0.0.0/0",
  ];
  return { front, back, instance, closed };
}

describe("the bundled functions in the sandbox", () => {
  it("close a back end to everybody but its load balancer, and tell", async () => {
    const { front, back, instance, closed } = groups();
    const LoadBalancerName = "MyLoadBalancer";
    sandbox.world.classicLoadBalancer({
      name: LoadBalancerName,
      groups: [front],
      listeners: [{ protocol: "HTTP", port: 80, instancePort: 80 }],
    });
    await clients(sandbox).elb.send(
      new RegisterInstancesWithLoadBalancerCommand({
        LoadBalancerName,
        Instances: [{ InstanceId: instance }],
      }),
    );
    await sandbox.idle();
    expect(rules(back)).toEqual(closed(front));
    expect(rules(front)).toEqual(["tcp 80-80 0.0.0.0/0"]);
    expect([sandbox.failures, sandbox.deadLetters]).toEqual([[], []]);
    expect(sandbox.alerts.map(({ attributes }) => attributes["group"])).toEqual([back]);
    expect(
      sandbox.events
        .filter(({ source }) => source === "elb-only")
        .map(({ detail }) => detail["result"]),
    ).toEqual(["changed"]);
  });

  it("do so for an Application Load Balancer, whose targets stay healthy", async () => {
    const { front, back, instance, closed } = groups();
    const { arn: TargetGroupArn } = sandbox.world.targetGroup({
      name: "web",
      protocol: "HTTP",
      port: 80,
    });
    sandbox.world.loadBalancer({ name: "front", groups: [front], targetGroup: TargetGroupArn });
    const { elbv2 } = clients(sandbox);
    await elbv2.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: instance }] }));
    await sandbox.idle();
    expect(rules(back)).toEqual(closed(front));
    const { TargetHealthDescriptions } = await elbv2.send(
      new DescribeTargetHealthCommand({ TargetGroupArn }),
    );
    expect(TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State)).toEqual([
      "healthy",
    ]);
  });

  it.each([
    [
      "Classic",
      (front: string, instance: string) =>
        sandbox.world.classicLoadBalancer({
          name: "front",
          groups: [front],
          listeners: [{ protocol: "HTTP", port: 80, instancePort: 80 }],
          instances: [instance],
        }),
    ],
    [
      "Application",
      (front: string, instance: string) => {
        const { arn } = sandbox.world.targetGroup({
          name: "web",
          protocol: "HTTP",
          port: 80,
          targets: [{ id: instance }],
        });
        sandbox.world.loadBalancer({ name: "front", groups: [front], targetGroup: arn });
      },
    ],
  ])(
    "tell of a target that does not answer its %s Load Balancer any more some time after a removal",
    async (_, serve) => {
      await sandbox.close();
      sandbox = await product.start({ ELB_ONLY_CHECK_HEALTH_AFTER: "900" });
      const { front, back, instance } = groups();
      serve(front, instance);
      const open = () =>
        clients(sandbox).ec2.send(
          new AuthorizeSecurityGroupIngressCommand({
            GroupId: back,
            IpPermissions: [tcp(80, "0.0.0.0/0")],
          }),
        );
      const codes = () =>
        sandbox.events.flatMap(
          ({ detail }) =>
            (detail["findings"] as undefined | { code: string }[])?.map(({ code }) => code) ?? [],
        );
      await open();
      await sandbox.idle();
      sandbox.hasten();
      await sandbox.idle();
      expect([sandbox.alerts.length, codes()]).toEqual([1, []]);

      await open();
      await sandbox.idle();
      // The load balancer's own way out is nobody's to put right.
      for (const [id, { egress }] of sandbox.cloud.groups.get(front)?.rules ?? [])
        if (egress) sandbox.cloud.groups.get(front)?.rules.delete(id);
      sandbox.forget();
      sandbox.hasten();
      await sandbox.idle();
      expect(codes()).toEqual(expect.arrayContaining(["target-health", "load-balancer-egress"]));
      expect(sandbox.alerts.map(({ subject }) => subject)).toEqual([
        expect.stringMatching(`^target-health on ${back}`),
      ]);
      expect([sandbox.failures, sandbox.deadLetters]).toEqual([[], []]);
    },
  );

  const nowhere: Action[] = [
    { Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } },
  ];
  const ignored = { "elb-only": "ignore" };
  const web = (id: string, protocol: string) =>
    sandbox.world.targetGroup({ name: `web-${protocol}`, protocol, port: 80, targets: [{ id }] })
      .arn;
  /** A Network Load Balancer without groups, and its only listener. */
  const network = (instance: string): readonly [string, string] => {
    const { arn } = sandbox.world.loadBalancer({
      name: "bare",
      type: "network",
      targetGroup: web(instance, "TCP"),
    });
    return [
      arn,
      [...sandbox.cloud.v2.listeners.values()].find(({ loadBalancer }) => loadBalancer === arn)
        ?.arn ?? "",
    ];
  };
  /** An Application Load Balancer that is left alone; its listener answers by itself, but for one rule. */
  const ruled = async (instance: string): Promise<string> => {
    const { arn } = sandbox.world.loadBalancer({ name: "ignored", tags: ignored });
    const { elbv2 } = clients(sandbox);
    const { Listeners } = await elbv2.send(
      new CreateListenerCommand({
        LoadBalancerArn: arn,
        Protocol: "HTTP",
        Port: 80,
        DefaultActions: nowhere,
      }),
    );
    const Conditions = [{ Field: "path-pattern", Values: ["/web"] }];
    const Actions: Action[] = [{ Type: "forward", TargetGroupArn: web(instance, "HTTP") }];
    const { Rules } = await elbv2.send(
      new CreateRuleCommand({
        ListenerArn: Listeners?.[0]?.ListenerArn,
        Priority: 1,
        Conditions,
        Actions,
      }),
    );
    return Rules?.[0]?.RuleArn ?? "";
  };

  /** Each puts up what keeps a port open for an instance, and answers with the one call that takes it away. */
  it.each<[string, (instance: string, to: Clients) => Promise<() => Promise<unknown>>]>([
    [
      "DeleteListener of a Network Load Balancer without groups",
      async (instance, { elbv2 }) => {
        const [, ListenerArn] = network(instance);
        return () => elbv2.send(new DeleteListenerCommand({ ListenerArn }));
      },
    ],
    [
      "ModifyListener of a Network Load Balancer without groups",
      async (instance, { elbv2 }) => {
        const [, ListenerArn] = network(instance);
        const { arn: TargetGroupArn } = sandbox.world.targetGroup({
          name: "other",
          protocol: "TCP",
          port: 80,
        });
        return () =>
          elbv2.send(
            new ModifyListenerCommand({
              ListenerArn,
              DefaultActions: [{ Type: "forward", TargetGroupArn }],
            }),
          );
      },
    ],
    [
      "DeleteLoadBalancer of a Network Load Balancer without groups",
      async (instance, { elbv2 }) => {
        const [LoadBalancerArn] = network(instance);
        return () => elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
      },
    ],
    [
      "DeleteRule of an ignored Application Load Balancer",
      async (instance, { elbv2 }) => {
        const RuleArn = await ruled(instance);
        return () => elbv2.send(new DeleteRuleCommand({ RuleArn }));
      },
    ],
    [
      "ModifyRule of an ignored Application Load Balancer",
      async (instance, { elbv2 }) => {
        const RuleArn = await ruled(instance);
        return () => elbv2.send(new ModifyRuleCommand({ RuleArn, Actions: nowhere }));
      },
    ],
    [
      "RemoveTags of an ignored Application Load Balancer",
      async (instance, { elbv2 }) => {
        const { id } = sandbox.world.group({ name: "ignored" });
        const { arn } = sandbox.world.loadBalancer({
          name: "ignored",
          groups: [id],
          tags: ignored,
          targetGroup: web(instance, "HTTP"),
        });
        return () =>
          elbv2.send(new RemoveTagsCommand({ ResourceArns: [arn], TagKeys: ["elb-only"] }));
      },
    ],
    [
      "RemoveTags of an ignored Classic Load Balancer",
      async (instance, { elb }) => {
        const [LoadBalancerName, { id }] = ["ignored", sandbox.world.group({ name: "ignored" })];
        const listeners = [{ protocol: "HTTP", port: 80, instancePort: 80 }];
        sandbox.world.classicLoadBalancer({
          name: LoadBalancerName,
          groups: [id],
          listeners,
          instances: [instance],
          tags: ignored,
        });
        return () =>
          elb.send(
            new RemoveClassicTagsCommand({
              LoadBalancerNames: [LoadBalancerName],
              Tags: [{ Key: "elb-only" }],
            }),
          );
      },
    ],
  ])(
    "close what was kept open once %s takes the obstacle away, without a sweep",
    async (_, putUp) => {
      const { front, back, instance } = groups();
      sandbox.world.loadBalancer({
        name: "front",
        groups: [front],
        targetGroup: web(instance, "HTTPS"),
      });
      const to = clients(sandbox);
      const takeAway = await putUp(instance, to);
      await to.ec2.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: back,
          IpPermissions: [tcp(80, "0.0.0.0/0")],
        }),
      );
      await sandbox.idle();
      expect(rules(back)).toEqual(
        expect.arrayContaining(["tcp 20-90 0.0.0.0/0", "tcp 80-80 0.0.0.0/0"]),
      );
      await takeAway();
      await sandbox.idle();
      expect(rules(back)).toEqual(
        expect.arrayContaining([
          "tcp 20-79 0.0.0.0/0",
          `tcp 80-80 ${front}`,
          "tcp 81-90 0.0.0.0/0",
        ]),
      );
      expect(rules(back)).not.toContain("tcp 80-80 0.0.0.0/0");
      expect([sandbox.failures, sandbox.deadLetters]).toEqual([[], []]);
    },
  );

  it("ask, after a sweep, about those target groups alone that an event is about", async () => {
    const { front, back, instance, closed } = groups();
    const other = sandbox.world.group({ name: "other" }).id;
    const newcomer = sandbox.world.instance({ groups: [other] }).id;
    const arns = Array.from({ length: 12 }, (_, index) => {
      const targets = index === 0 ? [{ id: instance }] : [];
      const { arn } = sandbox.world.targetGroup({
        name: `web-${index}`,
        protocol: "HTTP",
        port: 80,
        targets,
      });
      sandbox.world.loadBalancer({ name: `front-${index}`, groups: [front], targetGroup: arn });
      return arn;
    });
    await sandbox.invoke("verify", {});
    await sandbox.idle();
    sandbox.forget();
    const asked = () =>
      sandbox.calls.flatMap(({ action, params, caller }) =>
        action === "DescribeTargetHealth" && caller === "elb-only-enforce"
          ? [params["TargetGroupArn"]]
          : [],
      );
    const { ec2, elbv2 } = clients(sandbox);
    const open = async (GroupId: string) => {
      const IpPermissions = [tcp(80, "0.0.0.0/0")];
      await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
      await sandbox.idle();
    };
    await open(back);
    expect(rules(back)).toEqual(closed(front));
    expect(new Set(asked())).toEqual(new Set([arns[0]]));
    // Nobody serves it: only its interfaces are asked about.
    sandbox.forget();
    await open(other);
    expect(rules(other)).toEqual(["tcp 80-80 0.0.0.0/0"]);
    expect(sandbox.calls.filter(({ service }) => service === "elb" || service === "elbv2")).toEqual(
      [],
    );
    sandbox.forget();
    const Targets = [{ Id: newcomer }];
    await elbv2.send(new RegisterTargetsCommand({ TargetGroupArn: arns[5], Targets }));
    await sandbox.idle();
    expect(rules(other)).toEqual([`tcp 80-80 ${front}`]);
    expect(new Set(asked())).toEqual(new Set([arns[5]]));
    await open(other);
    expect(rules(other)).toEqual([`tcp 80-80 ${front}`]);
    expect([sandbox.failures, sandbox.deadLetters]).toEqual([[], []]);
  });

  it("heal what no event told of, when verify comes by", async () => {
    const { front, back, instance, closed } = groups();
    const listeners = [{ protocol: "HTTP", port: 80, instancePort: 80 }];
    sandbox.world.classicLoadBalancer({
      name: "MyLoadBalancer",
      groups: [front],
      listeners,
      instances: [instance],
    });
    sandbox.setTrail(false);
    await clients(sandbox).ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: back,
        IpPermissions: [tcp(80, "0.0.0.0/0")],
      }),
    );
    await sandbox.idle();
    expect(rules(back)).toEqual(["tcp 20-90 0.0.0.0/0", "tcp 80-80 0.0.0.0/0"]);
    await sandbox.invoke("verify", {});
    await sandbox.idle();
    expect(rules(back)).toEqual(closed(front));
  });

  it("tell, when verify comes by, that a trail has stopped, and measure it", async () => {
    const lines = () =>
      sandbox.logs.map(({ text }) => JSON.parse(text) as Readonly<Record<string, unknown>>);
    const measured = () => lines().filter((line) => "_aws" in line);
    await sandbox.invoke("verify", {});
    await sandbox.idle();
    expect(sandbox.alerts).toEqual([]);
    expect(measured()).toMatchObject([
      { service: "elb-only", Armed: 1 },
      { AlertsHeard: 1 },
      { SweepCompleted: 1, GroupsProtected: 0, Calls: expect.any(Number) as number },
    ]);

    sandbox.setTrail(false);
    sandbox.forget();
    await sandbox.invoke("verify", {});
    await sandbox.idle();
    expect(measured()).toMatchObject([{ Armed: 0 }, { AlertsHeard: 1 }, { SweepCompleted: 1 }]);
    expect(lines().filter(({ level }) => level === "ERROR")).toMatchObject([
      { message: "Not armed" },
    ]);
    expect(sandbox.alerts.map(({ subject, attributes }) => [subject, attributes["kind"]])).toEqual([
      [
        "not armed in us-east-1: The trail management-events is not logging. Start it: aws cloudtrail...",
        "not-armed",
      ],
    ]);
    expect([sandbox.failures, sandbox.deadLetters]).toEqual([[], []]);
  });

  it("measure what they change, and every call that it took", async () => {
    const { front, back, instance } = groups();
    const listeners = [{ protocol: "HTTP", port: 80, instancePort: 80 }];
    sandbox.world.classicLoadBalancer({
      name: "MyLoadBalancer",
      groups: [front],
      listeners,
      instances: [instance],
    });
    await clients(sandbox).ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: back,
        IpPermissions: [tcp(80, "0.0.0.0/0")],
      }),
    );
    await sandbox.idle();
    const lines = sandbox.logs
      .filter((line) => line.function === "enforce")
      .map(({ text }) => JSON.parse(text) as Readonly<Record<string, unknown>>);
    const sum = (name: string) =>
      lines.reduce((total, line) => total + (typeof line[name] === "number" ? line[name] : 0), 0);
    expect(["RulesAdded", "RulesRemoved", "DriftLeft", "GroupsRefused"].map(sum)).toEqual([
      3, 2, 0, 0,
    ]);
    const calls = sandbox.calls.filter(
      ({ caller, service }) => caller === "elb-only-enforce" && /^(ec2|elb|elbv2)$/.test(service),
    );
    expect(sum("Calls")).toBe(calls.length);
  });

  it("do not wake themselves", async () => {
    const { front, back, instance } = groups();
    const listeners = [{ protocol: "HTTP", port: 80, instancePort: 80 }];
    sandbox.world.classicLoadBalancer({
      name: "MyLoadBalancer",
      groups: [front],
      listeners,
      instances: [instance],
    });
    await clients(sandbox).ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: back,
        IpPermissions: [tcp(80, "0.0.0.0/0")],
      }),
    );
    await sandbox.idle();
    const changes = sandbox.calls.filter(
      ({ caller, action }) => caller === "elb-only-enforce" && /^(Authorize|Revoke)/.test(action),
    );
    expect(changes.map(({ ok }) => ok)).not.toEqual([]);
    sandbox.forget();
    await sandbox.idle();
    expect(sandbox.calls).toEqual([]);
  });
});
