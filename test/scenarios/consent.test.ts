import { describe, expect, it } from "vitest";
import type { Policy } from "../../lib/values/policy.ts";
import type { Tags } from "../../lib/values/rule.ts";
import type { Interface } from "../../lib/values/snapshot.ts";
import {
  application,
  front,
  group,
  instance,
  region,
  tagged,
  target,
} from "../support/builders.ts";
import type { Region } from "../support/region.ts";
import {
  codes,
  enforcing,
  frontDoor,
  frontGroup,
  outcomeOf,
  result,
  rules,
  settling,
  site,
} from "./scene.ts";

const audited: Policy = { ...enforcing, defaultMode: "audit" };

/** Somebody with load balancers' rights alone: a load balancer that wears what they like, and registers whom they like. */
const attacker = (
  groups: readonly string[],
  ports: readonly number[],
  tags: Tags = {},
): Region["loadBalancers"][number] =>
  application("attacker", { groups, tags, targets: [target("i-app", ...ports)] });

const victim = (
  rules: readonly string[],
  more: { readonly tags?: Tags; readonly interfaces?: readonly Interface[] } = {},
): Region =>
  region({
    groups: [
      tagged(group("sg-victim", ...rules), more.tags ?? {}),
      group("sg-app"),
      group("sg-dev"),
      frontGroup,
    ],
    interfaces: [
      instance("i-app", ["sg-victim"]),
      instance("i-dev", ["sg-dev"], { address: "10.0.66.6" }),
      front("eni-attacker", ["sg-dev"], "10.0.9.9"),
      ...(more.interfaces ?? []),
    ],
    loadBalancers: [],
  });

describe("whoever has rights to load balancers alone", () => {
  it("opens no port to their own machines by way of a group that these share with a load balancer", async () => {
    const before = {
      ...victim(["tcp 5432 sg-app", "tcp 22 sg-app"]),
      loadBalancers: [attacker(["sg-dev"], [5432, 22])],
    };
    const run = await settling(before);
    expect(run.calls).toEqual([]);
    expect(codes(run, "sg-victim")).toContain("admission-refused");
    expect(codes(run, "sg-victim")).toContain("protected-port-served");
    const told = outcomeOf(run, "sg-victim").findings.find(
      ({ code }) => code === "admission-refused",
    );
    expect(told).toMatchObject({ severity: "high" });
    expect(told?.text).toContain("i-dev");
  });

  it("opens SSH to nobody, not even to a load balancer with a group of its own", async () => {
    const before = {
      ...victim(["tcp 22 sg-app"]),
      loadBalancers: [attacker(["sg-lb"], [22])],
    };
    expect((await settling(before)).calls).toEqual([]);
  });

  it("makes nobody write to a group by tagging a load balancer enforce", async () => {
    const before = {
      ...victim(["tcp 80 0.0.0.0/0"]),
      loadBalancers: [attacker(["sg-lb"], [80], { "elb-only": "enforce" })],
    };
    const run = await settling(before, audited);
    expect(run.calls).toEqual([]);
    expect(outcomeOf(run, "sg-victim").mode).toBe("audit");
  });

  it("switches no group off by registering it with a load balancer that is tagged ignore", async () => {
    const served = site("tcp 80 0.0.0.0/0", "tcp 9999 0.0.0.0/0");
    const run = await settling({
      ...served,
      loadBalancers: [
        ...served.loadBalancers,
        application("attacker", {
          groups: ["sg-lb"],
          tags: { "elb-only": "ignore" },
          targets: [target("i-a", 9999)],
        }),
      ],
    });
    expect(rules(run)).toEqual(["tcp/80 from sg-lb", "tcp/9999 from 0.0.0.0/0"]);
    expect(outcomeOf(run).mode).toBe("enforce");
    expect(
      outcomeOf(run).findings.find(({ code }) => code === "load-balancer-asks-less"),
    ).toMatchObject({ severity: "high" });
  });
});

describe("a load balancer's tag", () => {
  const under = (mode: string, tags: Tags = {}): Region => {
    const before = site();
    return {
      ...before,
      groups: [tagged(group("sg-web", "tcp 80 0.0.0.0/0"), tags), frontGroup],
      loadBalancers: before.loadBalancers.map((one) => tagged(one, { "elb-only": mode })),
    };
  };

  it.each(["audit", "ignore", "yes"])(
    "%s leaves the ports that it serves as they are",
    async (mode) => {
      const run = await settling(under(mode));
      expect(run.calls).toEqual([]);
      expect(codes(run)).toContain("load-balancer-asks-less");
    },
  );

  it("decides nothing about the group's mode", async () => {
    expect(outcomeOf(await settling(under("ignore"))).mode).toBe("enforce");
    expect(result(await settling(under("enforce"), audited))).toBe("drift");
    expect(result(await settling(under("enforce", { "elb-only": "ignore" })))).toBe("unchanged");
    expect(rules(await settling(under("enforce", { "elb-only": "enforce" }), audited))).toEqual([
      "tcp/80 from sg-lb",
    ]);
  });
});

describe("clients that share a group with the load balancer", () => {
  const clients = Array.from({ length: 20 }, (_, index) =>
    instance(`i-client${index}`, ["sg-common"], { address: `10.0.50.${index}` }),
  );
  const common = (loadBalancerGroups: readonly string[], ...web: readonly string[]): Region =>
    region({
      groups: [group("sg-web", ...web), group("sg-common"), frontGroup],
      interfaces: [
        instance("i-a", ["sg-web"]),
        front("eni-lb", loadBalancerGroups, "10.0.9.1"),
        ...clients,
      ],
      loadBalancers: [
        application("site", { groups: loadBalancerGroups, targets: [target("i-a", 80)] }),
      ],
    });

  it("get in no longer, once the load balancer is let in by a group of its own", async () => {
    const run = await settling(common(["sg-common", "sg-lb"], "tcp 80 sg-common"));
    expect(rules(run)).toEqual(["tcp/80 from sg-lb"]);
    expect(codes(run)).not.toContain("source-group-shared");
  });

  it("get in still where the load balancer has no group of its own, and that is told, rule by rule", async () => {
    const run = await settling(common(["sg-common"], "tcp 80 sg-common"));
    expect(rules(run)).toEqual(["tcp/80 from sg-common"]);
    const told = outcomeOf(run).findings.filter(({ code }) => code === "source-group-shared");
    expect(told.map(({ severity }) => severity)).toEqual(["high"]);
    expect(told[0]?.text).toMatch(/i-client0.*15 more/);
  });

  it("are let in by name where all of them got in already by what is closed, and no one besides", async () => {
    const run = await settling(common(["sg-common"], "tcp 80 0.0.0.0/0"));
    expect(rules(run)).toEqual(["tcp/80 from sg-common"]);
    const refused = await settling(common(["sg-common"], "tcp 80 10.0.50.0/28"));
    expect(rules(refused)).toEqual(["tcp/80 from 10.0.50.0/28"]);
    expect(codes(refused)).toContain("admission-refused");
  });

  it("are let in where the account does not mind", async () => {
    const any: Policy = { ...enforcing, admit: "any" };
    const run = await settling(common(["sg-common"], "tcp 80 10.0.50.0/28"), any);
    expect(rules(run)).toEqual(["tcp/80 from sg-common"]);
    expect(codes(run)).toContain("source-group-shared");
  });
});

describe("the VPC's default group", () => {
  const inDefault = (...others: readonly Interface[]): Region =>
    region({
      groups: [
        group("sg-web", "tcp 80 sg-default", "tcp 80 sg-lb"),
        { ...group("sg-default"), name: "default" },
        frontGroup,
      ],
      interfaces: [
        instance("i-a", ["sg-web"]),
        frontDoor,
        front("eni-any", ["sg-default"], "10.0.9.7"),
        ...others,
      ],
      loadBalancers: [
        application("site", { groups: ["sg-lb"], targets: [target("i-a", 80)] }),
        application("any", { groups: ["sg-default"], targets: [target("i-z", 80)] }),
      ],
    });

  it("is nobody's way in merely because some load balancer is attached to it", async () => {
    for (const others of [[], [instance("i-other", ["sg-default"])]])
      expect(rules(await settling(inDefault(...others)))).toEqual(["tcp/80 from sg-lb"]);
  });
});

describe("marks that anybody can write", () => {
  it.each<[string, Partial<Region["groups"][number]>]>([
    ["the controller's tag", { tags: { "elbv2.k8s.aws/cluster": "prod" } }],
    ["Firewall Manager's name", { name: "FMManagedSecurityGroup-mine" }],
    ["elb-only=ignore", { tags: { "elb-only": "ignore" } }],
  ])("%s keep us from writing, and never silent", async (_, mark) => {
    const before = site();
    const run = await settling({
      ...before,
      groups: [{ ...group("sg-web", "tcp 80 0.0.0.0/0"), ...mark }, frontGroup],
    });
    expect(run.calls).toEqual([]);
    expect(outcomeOf(run).findings.find(({ code }) => code === "served-and-open")).toMatchObject({
      severity: "high",
    });
  });
});

describe("a task of an ECS service", () => {
  const tasks = (service: string | undefined): Region =>
    region({
      groups: [group("sg-web", "tcp 80 0.0.0.0/0"), frontGroup],
      interfaces: [
        taskOf("eni-served", "10.0.1.5", "shop/web"),
        taskOf("eni-starting", "10.0.1.6", service),
        frontDoor,
      ],
      loadBalancers: [
        application("site", { groups: ["sg-lb"], targets: [target("10.0.1.5", 80)] }),
      ],
    });

  it("that starts is no obstacle beside a served one of the same service", async () => {
    expect(rules(await settling(tasks("shop/web")))).toEqual(["tcp/80 from sg-lb"]);
  });

  it("is one beside another service's, or where nobody says whose it is", async () => {
    for (const service of ["shop/jobs", undefined])
      expect(codes(await settling(tasks(service)))).toContain("foreign-interface");
  });
});

const taskOf = (id: string, address: string, service: string | undefined): Interface => ({
  id,
  vpc: "vpc-1",
  groups: ["sg-web"],
  addresses: [address],
  use: { kind: "ecsTask", ...(service === undefined ? {} : { service }) },
});
