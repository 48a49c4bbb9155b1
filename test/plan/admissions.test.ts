import { describe, expect, it } from "vitest";
import type { Group, Interface, LoadBalancer } from "../../lib/values/snapshot.ts";
import {
  application,
  classic,
  database,
  front,
  group,
  instance,
  network,
  rule,
  tagged,
  target,
  task,
} from "../support/builders.ts";
import { deeds, planned, plannedGroups, type Setting, texts } from "./planned.ts";

const alb = (...targets: readonly [string, ...(string | number)[]][]): LoadBalancer =>
  application("alb", {
    groups: ["sg-lb"],
    targets: targets.map(([at, ...ports]) => target(at, ...ports)),
  });

const enforced = (one: Group): Group => tagged(one, { "elb-only": "enforce" });
const named = (one: Group, name: string): Group => ({ ...one, name });

/** Where admissions are planned: "sg-web: tcp/80 from sg-lb". */
function admitted(setting: Setting): readonly string[] {
  return plannedGroups(setting)
    .flatMap((id) => texts(planned(setting, id).admissions).map((text) => `${id}: ${text}`))
    .sort();
}

describe("an admission", () => {
  const setting: Setting = {
    groups: [group("sg-web"), group("sg-lb")],
    interfaces: [instance("i-1", ["sg-web"])],
    loadBalancers: [alb(["i-1", 80])],
  };

  it("is one exact rule a port, by reference to the load balancer's group", () => {
    expect(admitted(setting)).toEqual(["sg-web: tcp/80 from sg-lb"]);
    expect(admitted({ ...setting, loadBalancers: [alb(["i-1", 80, 443, "udp 53"])] })).toEqual([
      "sg-web: tcp/443 from sg-lb",
      "sg-web: tcp/80 from sg-lb",
      "sg-web: udp/53 from sg-lb",
    ]);
  });

  it("says whom it admits, and is tagged ours", () => {
    const [one] = planned(setting).admissions;
    expect(one?.description).toBe("elb-only: admits alb on tcp/80 from sg-lb");
    expect(one?.tags).toEqual({ "elb-only:load-balancer": alb().id });
  });

  it("is one range where ports are dynamic", () => {
    const dynamic = { ...setting, loadBalancers: [alb(["i-1", "tcp 32768-65535"])] };
    expect(admitted(dynamic)).toEqual(["sg-web: tcp/32768-65535 from sg-lb"]);
    expect(planned(dynamic).admissions[0]?.description).toBe(
      "elb-only: admits alb on tcp/32768-65535 from sg-lb",
    );
  });

  it("is never made on a protected port: not alone, nor in a range", () => {
    expect(admitted({ ...setting, loadBalancers: [alb(["i-1", 22])] })).toEqual([]);
    expect(
      admitted({
        ...setting,
        loadBalancers: [alb(["i-1", "tcp 32768-65535"])],
        policy: { protectedPorts: [{ protocol: "tcp", from: 40000, to: 40001 }] },
      }),
    ).toEqual(["sg-web: tcp/32768-39999 from sg-lb", "sg-web: tcp/40002-65535 from sg-lb"]);
  });

  it("is not made for a load balancer that asks for less", () => {
    const modest = tagged(alb(["i-1", 80]), { "elb-only": "ignore" });
    expect(admitted({ ...setting, loadBalancers: [modest] })).toEqual([]);
  });

  it("is made once for many interfaces, and once a load balancer", () => {
    const interfaces = [instance("i-1", ["sg-web"]), instance("i-2", ["sg-web"])];
    const other = application("other", { groups: ["sg-lb2"], targets: [target("i-1", 80)] });
    const loadBalancers = [alb(["i-1", 80], ["i-2", 80]), other];
    expect(
      admitted({
        groups: [group("sg-web"), group("sg-lb"), group("sg-lb2")],
        interfaces,
        loadBalancers,
      }),
    ).toEqual(["sg-web: tcp/80 from sg-lb", "sg-web: tcp/80 from sg-lb2"]);
  });

  it("serves two load balancers that share their group", () => {
    const other = application("other", { groups: ["sg-lb"], targets: [target("i-1", 80)] });
    expect(admitted({ ...setting, loadBalancers: [alb(["i-1", 80]), other] })).toEqual([
      "sg-web: tcp/80 from sg-lb",
    ]);
  });

  it.each<[string, string, boolean]>([
    ["the exact rule", "tcp 80 sg-lb", true],
    ["a wider one", "tcp 20-90 sg-lb", true],
    ["all protocols", "-1 sg-lb", true],
    ["another port", "tcp 81 sg-lb", false],
    ["another protocol", "udp 80 sg-lb", false],
    ["another group", "tcp 80 sg-app", false],
    ["the world, which is going to be closed", "tcp 80 0.0.0.0/0", false],
    ["the load balancer's own address, which may change", "tcp 80 10.0.9.1/32", false],
  ])("stands already by %s (%s): %s", (_, text, isStanding) => {
    const groups = [group("sg-web", text), group("sg-lb"), group("sg-app")];
    const interfaces = [instance("i-1", ["sg-web"]), front("eni-lb", ["sg-lb"], "10.0.9.1")];
    expect(admitted({ ...setting, groups, interfaces })).toEqual(
      isStanding ? [] : ["sg-web: tcp/80 from sg-lb"],
    );
  });

  it("stands by any one group of the load balancer, and in any one group of the interface", () => {
    const loadBalancers = [
      application("alb", { groups: ["sg-lb", "sg-lb2"], targets: [target("i-1", 80)] }),
    ];
    const groups = [
      group("sg-web"),
      group("sg-b", "tcp 80 sg-lb2"),
      group("sg-lb"),
      group("sg-lb2"),
    ];
    expect(
      admitted({ groups, interfaces: [instance("i-1", ["sg-web", "sg-b"])], loadBalancers }),
    ).toEqual([]);
  });

  it("stands for a range by several rules together", () => {
    const groups = [
      group("sg-web", "tcp 32768-50000 sg-lb", "tcp 50001-65535 sg-lb"),
      group("sg-lb"),
    ];
    expect(
      admitted({ ...setting, groups, loadBalancers: [alb(["i-1", "tcp 32768-65535"])] }),
    ).toEqual([]);
  });

  it("is not made for a load balancer that no reference can name", () => {
    expect(
      admitted({ ...setting, loadBalancers: [network("nlb", { targets: [target("i-1", 80)] })] }),
    ).toEqual([]);
  });
});

describe("where an admission is placed", () => {
  const back = group("sg-lb");

  it("where it lets the load balancer in to the fewest that it does not serve: not in a baseline attached to thousands", () => {
    const baseline = Array.from({ length: 2000 }, (_, index) =>
      instance(`i-other${index}`, ["sg-a-baseline"]),
    );
    const setting: Setting = {
      groups: [group("sg-a-baseline"), group("sg-web"), back],
      interfaces: [instance("i-1", ["sg-a-baseline", "sg-web"]), ...baseline],
      loadBalancers: [alb(["i-1", 80])],
    };
    expect(admitted(setting)).toEqual(["sg-web: tcp/80 from sg-lb"]);
  });

  it("counts those that it serves on another port as not served", () => {
    const setting: Setting = {
      groups: [group("sg-a"), group("sg-b"), back],
      interfaces: [instance("i-1", ["sg-a", "sg-b"]), instance("i-2", ["sg-a"])],
      loadBalancers: [alb(["i-1", 80], ["i-2", 81])],
    };
    expect(admitted(setting)).toContain("sg-b: tcp/80 from sg-lb");
  });

  it("never in the VPC's default group if there is another", () => {
    const groups = [named(group("sg-a"), "default"), group("sg-b"), back];
    const interfaces = [instance("i-1", ["sg-a", "sg-b"]), instance("i-2", ["sg-b"])];
    expect(admitted({ groups, interfaces, loadBalancers: [alb(["i-1", 80])] })).toEqual([
      "sg-b: tcp/80 from sg-lb",
    ]);
    expect(
      admitted({
        groups,
        interfaces: [instance("i-1", ["sg-a"])],
        loadBalancers: [alb(["i-1", 80])],
      }),
    ).toEqual(["sg-a: tcp/80 from sg-lb"]);
  });

  it("in the lowest id of those that are alike", () => {
    const groups = [group("sg-b"), group("sg-a"), back];
    expect(
      admitted({
        groups,
        interfaces: [instance("i-1", ["sg-b", "sg-a"])],
        loadBalancers: [alb(["i-1", 80])],
      }),
    ).toEqual(["sg-a: tcp/80 from sg-lb"]);
  });

  it("in an enforced group rather than an audited one; in an audited one where there is no other", () => {
    const groups = [tagged(group("sg-a"), { "elb-only": "audit" }), group("sg-b"), back];
    const loadBalancers = [alb(["i-1", 80])];
    expect(
      admitted({ groups, interfaces: [instance("i-1", ["sg-a", "sg-b"])], loadBalancers }),
    ).toEqual(["sg-b: tcp/80 from sg-lb"]);
    expect(admitted({ groups, interfaces: [instance("i-1", ["sg-a"])], loadBalancers })).toEqual([
      "sg-a: tcp/80 from sg-lb",
    ]);
  });

  it.each<[string, Group]>([
    ["tagged ignore", tagged(group("sg-a"), { "elb-only": "ignore" })],
    ["managed by the controller", tagged(group("sg-a"), { "elbv2.k8s.aws/cluster": "prod" })],
    ["another account's", { ...group("sg-a"), owner: "222222222222" }],
  ])("never in a group that is %s, be it the only one", (_, handsOff) => {
    const loadBalancers = [alb(["i-1", 80])];
    expect(
      admitted({
        groups: [handsOff, group("sg-b"), back],
        interfaces: [instance("i-1", ["sg-a", "sg-b"])],
        loadBalancers,
      }),
    ).toEqual(["sg-b: tcp/80 from sg-lb"]);
    expect(
      admitted({
        groups: [handsOff, back],
        interfaces: [instance("i-1", ["sg-a"])],
        loadBalancers,
      }),
    ).toEqual([]);
  });

  it("in a group that is admit only, too", () => {
    const interfaces = [instance("i-1", ["sg-web"]), instance("i-lone", ["sg-web"])];
    expect(
      admitted({ groups: [group("sg-web"), back], interfaces, loadBalancers: [alb(["i-1", 80])] }),
    ).toEqual(["sg-web: tcp/80 from sg-lb"]);
  });

  it("once for two interfaces that share a group, though one of them has a group of its own", () => {
    const interfaces = [instance("i-1", ["sg-a", "sg-b"]), instance("i-2", ["sg-b"])];
    expect(
      admitted({
        groups: [group("sg-a"), group("sg-b"), back],
        interfaces,
        loadBalancers: [alb(["i-1", 80], ["i-2", 80])],
      }),
    ).toEqual(["sg-b: tcp/80 from sg-lb"]);
  });

  it("in a group that nobody asked about, where it belongs there; and nothing else is done in it", () => {
    const setting: Setting = {
      groups: [group("sg-web", "tcp 80 0.0.0.0/0"), group("sg-own", "tcp 80 ::/0"), back],
      interfaces: [instance("i-1", ["sg-web", "sg-own"]), instance("i-2", ["sg-web"])],
      loadBalancers: [
        alb(["i-1", 80]),
        application("two", { groups: ["sg-lb2"], targets: [target("i-2", 80)] }),
      ],
      asked: ["sg-web"],
    };
    expect(plannedGroups(setting)).toEqual(["sg-own", "sg-web"]);
    expect(deeds(planned(setting, "sg-own"))).toEqual({
      admissions: ["tcp/80 from sg-lb"],
      remainders: [],
      removals: [],
      waiting: [],
    });
    expect(deeds(planned(setting, "sg-web")).waiting).toEqual(["tcp/80 from 0.0.0.0/0"]);
  });
});

describe("which group of the load balancer is the source", () => {
  const interfaces = (...more: readonly Interface[]): readonly Interface[] => [
    instance("i-1", ["sg-web"]),
    ...more,
  ];
  const loadBalancers = [
    application("alb", { groups: ["sg-lb1", "sg-lb2"], targets: [target("i-1", 80)] }),
  ];
  const groups = [group("sg-web"), group("sg-lb1"), group("sg-lb2")];
  const codes = (setting: Setting) => planned(setting).findings.map(({ code }) => code);

  it("the one that the fewest others wear; load balancers' interfaces are no others", () => {
    const attached = interfaces(
      instance("i-x", ["sg-lb1"]),
      front("eni-lb", ["sg-lb1", "sg-lb2"], "10.0.9.1"),
      front("eni-lb2", ["sg-lb2"], "10.0.9.2"),
    );
    expect(admitted({ groups, interfaces: attached, loadBalancers })).toContain(
      "sg-web: tcp/80 from sg-lb2",
    );
    expect(codes({ groups, interfaces: attached, loadBalancers })).not.toContain(
      "source-group-shared",
    );
  });

  it("the lowest id of those that are alike", () => {
    expect(admitted({ groups, interfaces: interfaces(), loadBalancers })).toEqual([
      "sg-web: tcp/80 from sg-lb1",
    ]);
  });

  it("none, where others are attached to each, and that is said", () => {
    const attached = interfaces(instance("i-x", ["sg-lb1"]), instance("i-y", ["sg-lb2"]));
    const setting = { groups, interfaces: attached, loadBalancers };
    expect(admitted(setting)).toEqual([]);
    expect(codes(setting)).toContain("admission-refused");
  });

  it("none, where nobody knows who else is attached", () => {
    const attachmentsUnread = new Set(["sg-lb1", "sg-lb2"]);
    expect(
      admitted({ groups, interfaces: interfaces(), loadBalancers, attachmentsUnread }),
    ).toEqual([]);
  });

  it("a shared one, where all others get in already, on every port and from each of their addresses", () => {
    const open = (text: string): Setting => ({
      groups: [group("sg-web", text), group("sg-lb1"), group("sg-lb2")],
      interfaces: interfaces(
        { ...instance("i-x", ["sg-lb1"]), addresses: ["10.0.7.7", "10.1.7.7"] },
        instance("i-y", ["sg-lb2"], { address: "192.0.2.1" }),
      ),
      loadBalancers,
    });
    expect(admitted(open("tcp 80 10.0.0.0/8"))).toEqual(["sg-web: tcp/80 from sg-lb1"]);
    expect(admitted(open("tcp 80 10.0.0.0/16"))).toEqual([]);
    expect(admitted(open("tcp 81 10.0.0.0/8"))).toEqual([]);
    expect(admitted(open("tcp 0-100 sg-lb1"))).toEqual([]);
  });

  it("a shared one where the policy does not mind, and that is said once it stands", () => {
    const attached = interfaces(
      instance("i-x", ["sg-lb1"]),
      instance("i-y", ["sg-lb2"]),
      instance("i-z", ["sg-lb2"]),
    );
    const any: Setting = {
      groups,
      interfaces: attached,
      loadBalancers,
      policy: { admit: "any" },
    };
    expect(admitted(any)).toContain("sg-web: tcp/80 from sg-lb1");
    const standing = [group("sg-web", "tcp 80 sg-lb1"), group("sg-lb1"), group("sg-lb2")];
    expect(codes({ ...any, groups: standing })).toContain("source-group-shared");
  });
});

describe("to whom a load balancer is admitted", () => {
  const loadBalancers = [alb(["10.0.0.5", 5432])];
  const groups = [group("sg-db"), group("sg-lb")];

  it("instances and ECS tasks, by instance or by address", () => {
    expect(
      admitted({ groups, interfaces: [task("eni-t", ["sg-db"], "10.0.0.5")], loadBalancers }),
    ).toEqual(["sg-db: tcp/5432 from sg-lb"]);
    expect(
      admitted({
        groups,
        interfaces: [instance("i-1", ["sg-db"], { address: "10.0.0.5" })],
        loadBalancers,
      }),
    ).toEqual(["sg-db: tcp/5432 from sg-lb"]);
  });

  it("no database whose address somebody with load-balancer rights has registered", () => {
    const interfaces = [database("eni-db", ["sg-db"], "10.0.0.5")];
    expect(admitted({ groups, interfaces, loadBalancers })).toEqual([]);
    expect(
      admitted({
        groups,
        interfaces,
        loadBalancers: loadBalancers.map((one) => tagged(one, { "elb-only": "enforce" })),
      }),
    ).toEqual([]);
  });

  it("nobody by way of a group to which nobody knows who else is attached, since a database may be", () => {
    const setting = {
      groups,
      interfaces: [instance("i-1", ["sg-db"], { address: "10.0.0.5" })],
      loadBalancers,
      policy: { admit: "any" as const },
    };
    const attachmentsUnread = new Set(["sg-db"]);
    expect(admitted(setting)).toEqual(["sg-db: tcp/5432 from sg-lb"]);
    expect(admitted({ ...setting, attachmentsUnread })).toEqual([]);
    const claimed = [enforced(group("sg-db")), group("sg-lb")];
    expect(admitted({ ...setting, groups: claimed, attachmentsUnread })).toEqual([
      "sg-db: tcp/5432 from sg-lb",
    ]);
  });

  it("but one whose own group says so; and in that group, not in another that it wears", () => {
    const interfaces = [database("eni-db", ["sg-a", "sg-db"], "10.0.0.5")];
    expect(
      admitted({
        groups: [group("sg-a"), enforced(group("sg-db")), group("sg-lb")],
        interfaces,
        loadBalancers,
      }),
    ).toEqual(["sg-db: tcp/5432 from sg-lb"]);
  });

  it("no load balancer's interface", () => {
    expect(
      admitted({ groups, interfaces: [front("eni-f", ["sg-db"], "10.0.0.5")], loadBalancers }),
    ).toEqual([]);
  });

  it("no EC2-Classic instance by id: its load balancer's group has a name alone, and its rule stands", () => {
    const elb = classic("elb", { targets: [target("i-1", 80)] });
    const { vpc: _, ...bare } = elb;
    const { vpc: __, ...machine } = instance("i-1", ["sg-web"]);
    const { vpc: ___, ...web } = group(
      "sg-web",
      "tcp 80 amazon-elb/amazon-elb-sg",
      rule("tcp 22 0.0.0.0/0"),
    );
    expect(deeds(planned({ groups: [web], interfaces: [machine], loadBalancers: [bare] }))).toEqual(
      {
        admissions: [],
        remainders: [],
        removals: [],
        waiting: [],
      },
    );
  });
});
