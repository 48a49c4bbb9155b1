import { describe, expect, it } from "vitest";
import type { Tags } from "../../lib/values/rule.ts";
import type { Interface } from "../../lib/values/snapshot.ts";
import {
  classic,
  database,
  front,
  group,
  instance,
  otherAccount,
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
  rules,
  settling,
  site,
} from "./scene.ts";

/** `site`, with its open group attached to somebody else too. */
const shared = (by: Interface, tags: Tags = {}): Region => ({
  ...site(),
  groups: [tagged(group("sg-web", "tcp 80 0.0.0.0/0"), tags), frontGroup],
  interfaces: [instance("i-a", ["sg-web"]), by, frontDoor],
});

const admitted = ["tcp/80 from 0.0.0.0/0", "tcp/80 from sg-lb"];
const closed = ["tcp/80 from sg-lb"];

describe("groups that are shared", () => {
  it("only admits where the back end's group is also the load balancer's, with the way out, whatever the tag", async () => {
    for (const tags of [{}, { "elb-only": "enforce" }]) {
      const run = await settling({
        ...shared(front("eni-lb-2", ["sg-web"], "10.0.9.2"), tags),
        loadBalancers: [
          classic("MyLoadBalancer", { groups: ["sg-lb"], targets: [target("i-a", 80)] }),
          classic("Other", { groups: ["sg-web"], targets: [] }),
        ],
      });
      expect(rules(run)).toEqual(admitted);
      expect(outcomeOf(run).reach).toBe("admitOnly");
      expect(codes(run)).toContain("shared-with-load-balancer");
    }
  });

  it("leaves the load balancer's own group open to the world without a word", async () => {
    const run = await settling(site());
    expect(rules(run, "sg-lb")).toEqual(["tcp/80 from 0.0.0.0/0", "tcp/80 from ::/0"]);
    expect(codes(run, "sg-lb")).toEqual([]);
  });

  it("takes only ELB's own interfaces for a front door: a person's interface never keeps a group open", async () => {
    const run = await settling(shared(instance("i-fake", ["sg-web"]), { "elb-only": "enforce" }));
    expect(outcomeOf(run).reach).toBe("govern");
    expect(rules(run)).toEqual(closed);
  });

  it("only admits while a database wears the group, unless its owner tagged the group", async () => {
    const run = await settling(shared(database("eni-db", ["sg-web"], "10.0.5.5")));
    expect(rules(run)).toEqual(admitted);
    expect(codes(run)).toContain("foreign-interface");
    expect(
      rules(
        await settling(
          shared(database("eni-db", ["sg-web"], "10.0.5.5"), { "elb-only": "enforce" }),
        ),
      ),
    ).toEqual(closed);
  });

  it("only admits while a public server that no load balancer serves wears the group, unless its owner tagged the group", async () => {
    const run = await settling(shared(instance("i-public", ["sg-web"])));
    expect(rules(run)).toEqual(admitted);
    expect(codes(run)).toContain("unserved-interface");
    expect(
      rules(await settling(shared(instance("i-public", ["sg-web"]), { "elb-only": "enforce" }))),
    ).toEqual(closed);
  });

  it("closes although an instance is not served yet, if it shares an Auto Scaling group with a served one", async () => {
    const before = site("tcp 80 0.0.0.0/0");
    const scaled = ["i-a", "i-new"].map((id) =>
      instance(id, ["sg-web"], { autoScalingGroup: "web" }),
    );
    expect(rules(await settling({ ...before, interfaces: [...scaled, frontDoor] }))).toEqual(
      closed,
    );
  });

  it("governs what any interface is served on, and lists who loses a port by it", async () => {
    const run = await settling(
      region({
        groups: [group("sg-web", "tcp 80-81 0.0.0.0/0"), frontGroup],
        interfaces: [instance("i-a", ["sg-web"]), instance("i-b", ["sg-web"]), frontDoor],
        loadBalancers: [
          classic("first", { groups: ["sg-lb"], targets: [target("i-a", 80)] }),
          classic("second", { groups: ["sg-lb"], targets: [target("i-b", 81)] }),
        ],
      }),
    );
    expect(rules(run)).toEqual(["tcp/80 from sg-lb", "tcp/81 from sg-lb"]);
    expect(outcomeOf(run).findings.find(({ code }) => code === "shared-group")?.text).toMatch(
      /i-a.*i-b/,
    );
  });

  it("keeps its hands off groups of other accounts and groups that the AWS Load Balancer Controller manages", async () => {
    const open = group("sg-web", "tcp 80 0.0.0.0/0");
    const hands = [
      { ...open, owner: otherAccount },
      tagged(open, { "elbv2.k8s.aws/cluster": "prod", "elb-only": "enforce" }),
      tagged(open, { "elbv2.k8s.aws/cluster": "prod" }),
    ];
    for (const one of hands) {
      const run = await settling({ ...site(), groups: [one, frontGroup] });
      expect(run.calls).toEqual([]);
      expect(outcomeOf(run).reach).toBe("handsOff");
      expect(codes(run)).toContain("served-and-open");
    }
  });

  it("closes a group's reference to itself only where the policy says so", async () => {
    const run = await settling(site("tcp 80 sg-web", "tcp 80 sg-lb"));
    expect(rules(run)).toEqual(["tcp/80 from sg-lb", "tcp/80 from sg-web"]);
    expect(codes(run)).toContain("self-reference");
    expect(
      rules(
        await settling(site("tcp 80 sg-web", "tcp 80 sg-lb"), { ...enforcing, keepSelf: false }),
      ),
    ).toEqual(closed);
  });

  it("leaves groups of other accounts, and those that nobody can resolve, where they are let in, and says so", async () => {
    const run = await settling(site("tcp 80 sg-far@222222222222", "tcp 80 sg-lost@?"));
    expect(rules(run)).toEqual(["tcp/80 from sg-far", "tcp/80 from sg-lb", "tcp/80 from sg-lost"]);
    expect(codes(run).filter((code) => code === "foreign-source")).toHaveLength(2);
  });
});
