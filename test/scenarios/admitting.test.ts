import { describe, expect, it } from "vitest";
import {
  application,
  classic,
  database,
  front,
  gateway,
  group,
  instance,
  network,
  port,
  region,
  rule,
  secondary,
  tagged,
  target,
  task,
} from "../support/builders.ts";
import { drawCall } from "../support/draw.ts";
import { rulesOf } from "../support/region.ts";
import {
  codes,
  enforcing,
  frontDoor,
  frontGroup,
  outcomeOf,
  played,
  result,
  rules,
  settling,
  site,
} from "./scene.ts";

describe("letting the load balancer in", () => {
  it("puts the load balancer's rule back where nothing is open, with its description and tag", async () => {
    const run = await settling(site());
    expect(rules(run)).toEqual(["tcp/80 from sg-lb"]);
    const [admission] = rulesOf(run.where.now, "sg-web");
    expect(admission?.description).toBe("elb-only: admits MyLoadBalancer on tcp/80 from sg-lb");
    expect(admission?.tags).toEqual({ "elb-only:load-balancer": "MyLoadBalancer" });
  });

  it("leaves a wider rule from the load balancer's group alone, and adds nothing beside it", async () => {
    expect((await settling(site("tcp 20-90 sg-lb"))).calls).toEqual([]);
    expect((await settling(site("-1 sg-lb"))).calls).toEqual([]);
  });

  it("judges all groups of an interface together: an admission in one counts for the other", async () => {
    const both = region({
      groups: [group("sg-a", "tcp 80 sg-lb"), group("sg-b", "tcp 80 0.0.0.0/0"), frontGroup],
      interfaces: [instance("i-a", ["sg-a", "sg-b"]), frontDoor],
      loadBalancers: [
        classic("MyLoadBalancer", { groups: ["sg-lb"], targets: [target("i-a", 80)] }),
      ],
    });
    const run = await settling(both);
    expect(rules(run, "sg-a")).toEqual(["tcp/80 from sg-lb"]);
    expect(rules(run, "sg-b")).toEqual([]);
  });

  it("closes the open rule in one group only once the admission in the other stands", async () => {
    const apart = region({
      groups: [
        group("sg-a"),
        tagged(group("sg-b", "tcp 80 0.0.0.0/0"), { "elb-only": "enforce" }),
        frontGroup,
      ],
      interfaces: [instance("i-a", ["sg-a", "sg-b"]), instance("i-b", ["sg-b"]), frontDoor],
      loadBalancers: [
        classic("MyLoadBalancer", { groups: ["sg-lb"], targets: [target("i-a", 80)] }),
      ],
    });
    const run = await settling(apart);
    expect(run.calls.map(drawCall)).toEqual([
      "authorize sg-a: tcp/80 from sg-lb (sg-lb)",
      "revoke sg-b: tcp/80 from 0.0.0.0/0 (0.0.0.0/0)",
    ]);
    const denied = await played(apart, enforcing, { denied: ["sg-a"] });
    expect(rules(denied, "sg-b")).toEqual(["tcp/80 from 0.0.0.0/0"]);
    expect([result(denied, "sg-a"), result(denied, "sg-b")]).toEqual(["failed", "incomplete"]);
  });

  it("chooses the group that the fewest strangers wear, and never the default group if there is another", async () => {
    const fleet = ["i-1", "i-2", "i-3"].map((id) => instance(id, ["sg-base", "sg-default"]));
    const standard = { ...group("sg-default"), name: "default" };
    const run = await settling(
      region({
        groups: [group("sg-base"), standard, group("sg-web"), frontGroup],
        interfaces: [
          instance("i-a", ["sg-base", "sg-default", "sg-web"]),
          instance("i-b", ["sg-default"]),
          ...fleet,
          frontDoor,
        ],
        loadBalancers: [
          classic("MyLoadBalancer", { groups: ["sg-lb"], targets: [target("i-a", 80)] }),
        ],
      }),
    );
    expect(rules(run)).toEqual(["tcp/80 from sg-lb"]);
    expect(run.calls).toHaveLength(1);
  });

  it("names the load balancer by the group that nobody else wears, and says where there is none", async () => {
    const twoGroups = (strangers: readonly string[]) =>
      region({
        groups: [group("sg-web"), group("sg-common"), frontGroup],
        interfaces: [
          instance("i-a", ["sg-web"]),
          instance("i-b", strangers),
          front("eni-lb", ["sg-common", "sg-lb"], "10.0.9.1"),
        ],
        loadBalancers: [
          classic("MyLoadBalancer", {
            groups: ["sg-common", "sg-lb"],
            targets: [target("i-a", 80)],
          }),
        ],
      });
    const exclusive = await settling(twoGroups(["sg-common"]));
    expect(rules(exclusive)).toEqual(["tcp/80 from sg-lb"]);
    expect(codes(exclusive)).not.toContain("source-group-shared");
    const refused = await settling(twoGroups(["sg-common", "sg-lb"]));
    expect(rules(refused)).toEqual([]);
    expect(codes(refused)).toContain("admission-refused");
  });

  it("admits the health check, a target's own port and the control port", async () => {
    const ports = [
      port("8080", "target"),
      port("9000", "health check"),
      port("3000", "target control"),
    ];
    const one = application("site", { groups: ["sg-lb"], targets: [target("i-a", ...ports)] });
    const run = await settling({ ...site("tcp 0-65535 0.0.0.0/0"), loadBalancers: [one] });
    expect(rules(run).filter((text) => text.endsWith("sg-lb"))).toEqual([
      "tcp/3000 from sg-lb",
      "tcp/8080 from sg-lb",
      "tcp/9000 from sg-lb",
    ]);
    expect(rules(run).filter((text) => text.endsWith("/0"))).toEqual([
      "tcp/0-2999 from 0.0.0.0/0",
      "tcp/3001-8079 from 0.0.0.0/0",
      "tcp/8081-8999 from 0.0.0.0/0",
      "tcp/9001-65535 from 0.0.0.0/0",
    ]);
  });

  it("admits dynamic ports of ECS by one rule, says so, and closes them only where the group's owner asks for it", async () => {
    const many = application("site", {
      groups: ["sg-lb"],
      targets: [target("i-a", "tcp 32768-65535"), target("i-a", "tcp 32768-65535")],
    });
    const run = await settling({ ...site("tcp 0-65535 0.0.0.0/0"), loadBalancers: [many] });
    expect(rules(run)).toEqual(["tcp/0-65535 from 0.0.0.0/0", "tcp/32768-65535 from sg-lb"]);
    expect(codes(run)).toContain("dynamic-ports");
    const [web, ...others] = run.where.now.groups;
    const owned = web === undefined ? [] : [tagged(web, { "elb-only": "enforce" }), ...others];
    expect(rules(await settling({ ...run.where.now, groups: owned }))).toEqual([
      "tcp/0-32767 from 0.0.0.0/0",
      "tcp/32768-65535 from sg-lb",
    ]);
  });

  it("admits a task by its address", async () => {
    const run = await settling(
      region({
        groups: [group("sg-web", "tcp 80 0.0.0.0/0"), frontGroup],
        interfaces: [task("eni-task", ["sg-web"], "10.0.1.5"), frontDoor],
        loadBalancers: [
          application("site", { groups: ["sg-lb"], targets: [target("10.0.1.5", 80)] }),
        ],
      }),
    );
    expect(rules(run)).toEqual(["tcp/80 from sg-lb"]);
  });

  it("reports a secondary interface of a served instance that is open, and leaves its own group's rules to that group's judgement", async () => {
    const run = await settling(
      region({
        groups: [
          group("sg-web", "tcp 80 0.0.0.0/0"),
          group("sg-side", "tcp 80 0.0.0.0/0"),
          frontGroup,
        ],
        interfaces: [instance("i-a", ["sg-web"]), secondary("i-a", ["sg-side"]), frontDoor],
        loadBalancers: [
          classic("MyLoadBalancer", { groups: ["sg-lb"], targets: [target("i-a", 80)] }),
        ],
      }),
    );
    expect(rules(run)).toEqual(["tcp/80 from sg-lb"]);
    expect(rules(run, "sg-side")).toEqual(["tcp/80 from 0.0.0.0/0"]);
    expect([...codes(run), ...codes(run, "sg-side")]).toContain("side-door");
  });

  it("leaves the ports of a Network Load Balancer without groups as they are, with the way out, and closes the others", async () => {
    const before = site("tcp 80-81 0.0.0.0/0");
    const run = await settling({
      ...before,
      loadBalancers: [
        network("net", { targets: [target("i-a", 80)] }),
        application("site", { groups: ["sg-lb"], targets: [target("i-a", 81)] }),
      ],
    });
    expect(rules(run)).toEqual(["tcp/80 from 0.0.0.0/0", "tcp/81 from sg-lb"]);
    const told = outcomeOf(run).findings.find(({ code }) => code === "load-balancer-without-group");
    expect(told?.next).toMatch(/security group/);
  });

  it("treats a Network Load Balancer with groups as any other", async () => {
    const run = await settling({
      ...site("udp 53 0.0.0.0/0"),
      loadBalancers: [network("net", { groups: ["sg-lb"], targets: [target("i-a", "udp 53")] })],
    });
    expect(rules(run)).toEqual(["udp/53 from sg-lb"]);
  });

  it("leaves an appliance's ports behind a Gateway Load Balancer as they are, though an Application Load Balancer serves them too", async () => {
    const run = await settling({
      ...site("tcp 80-81 0.0.0.0/0"),
      loadBalancers: [
        gateway("inspection", { targets: [target("i-a", 80)] }),
        application("site", { groups: ["sg-lb"], targets: [target("i-a", 80, 81)] }),
      ],
    });
    expect(rules(run)).toEqual(["tcp/80 from 0.0.0.0/0", "tcp/80-81 from sg-lb"]);
    expect(codes(run)).toContain("load-balancer-without-group");
  });

  it("does not open a database whose address somebody registered as a target, unless the database's own group says so", async () => {
    const registered = (tags: Readonly<Record<string, string>>) =>
      region({
        groups: [tagged(group("sg-db", "tcp 5432 sg-app"), tags), frontGroup],
        interfaces: [database("eni-db", ["sg-db"], "10.0.5.5"), frontDoor],
        loadBalancers: [
          application("evil", {
            groups: ["sg-lb"],
            tags: { "elb-only": "enforce" },
            targets: [target("10.0.5.5", 5432)],
          }),
        ],
      });
    const untagged = await settling(registered({}));
    expect(untagged.calls).toEqual([]);
    expect(codes(untagged, "sg-db")).toContain("not-a-back-end");
    expect(rules(await settling(registered({ "elb-only": "enforce" })), "sg-db")).toEqual([
      "tcp/5432 from sg-lb",
    ]);
  });

  it("does not open a database by way of an instance's group that it wears, once somebody registers it on the same port", async () => {
    const beside = (registered: readonly string[]) =>
      region({
        groups: [group("sg-app"), frontGroup],
        interfaces: [
          instance("i-a", ["sg-app"]),
          database("eni-db", ["sg-app"], "10.0.5.5"),
          frontDoor,
        ],
        loadBalancers: [
          application("site", {
            groups: ["sg-lb"],
            targets: [target("i-a", 5432), ...registered.map((address) => target(address, 5432))],
          }),
        ],
      });
    expect((await settling(beside(["10.0.5.5"]), enforcing)).calls).toEqual([]);
    expect(codes(await settling(beside(["10.0.5.5"]), enforcing), "sg-app")).toContain(
      "not-a-back-end",
    );
    expect(rules(await settling(beside([]), enforcing), "sg-app")).toEqual(["tcp/5432 from sg-lb"]);
  });

  it("says that the load balancer's own group does not let it out", async () => {
    const shut = { ...frontGroup, egress: [rule("tcp 443 0.0.0.0/0")] };
    const run = await settling({ ...site(), groups: [group("sg-web"), shut] });
    expect(codes(run)).toContain("load-balancer-egress");
    expect(codes(await settling(site()))).not.toContain("load-balancer-egress");
  });

  it("lets nobody in to a protected port that is served, closes nobody out of it, and says so", async () => {
    const ssh = classic("MyLoadBalancer", { groups: ["sg-lb"], targets: [target("i-a", 22)] });
    const run = await settling({ ...site("tcp 22 0.0.0.0/0"), loadBalancers: [ssh] });
    expect(run.calls).toEqual([]);
    expect(codes(run)).toContain("protected-port-served");
  });
});
