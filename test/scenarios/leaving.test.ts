import { describe, expect, it } from "vitest";
import { ruleText } from "../../lib/values/rule.ts";
import { sweepEvent } from "../../lib/values/trigger.ts";
import { remediate } from "../support/remediate.ts";
import { application, front, group, instance, region, rule, target } from "../support/builders.ts";
import { cloud, fakeWorld } from "../support/fakeWorld.ts";
import { everyGroup } from "../support/referee.ts";
import type { Region } from "../support/region.ts";
import {
  codes,
  enforcing,
  frontDoor,
  frontGroup,
  outcomeOf,
  type Played,
  rules,
  settling,
  site,
} from "./scene.ts";

/** A run on the schedule. */
async function swept(before: Region, unread: readonly string[] = []): Promise<Played> {
  const where = cloud(before);
  const world = fakeWorld(where, { partial: (snapshot) => ({ ...snapshot, gaps: unread }) });
  const outcomes = await remediate(everyGroup(where.now, sweepEvent), enforcing, world);
  return { where, calls: world.calls, outcomes };
}

const admission = rule("tcp 8080 sg-old", {
  description: "elb-only: admits old on tcp/8080 from sg-old",
  tags: { "elb-only:load-balancer": "old" },
});

describe("load balancers that leave", () => {
  /** The load balancer `old` is gone; its group stands, attached to nobody. */
  const gone = (): Region => ({
    ...site(admission, "tcp 80 sg-lb"),
    groups: [group("sg-web", admission, "tcp 80 sg-lb"), group("sg-old"), frontGroup],
  });

  it("lists our admission of a load balancer that is gone, and leaves it until the next sweep", async () => {
    const run = await settling(gone());
    expect(rules(run)).toContain("tcp/8080 from sg-old");
    expect(codes(run)).toContain("unused-admission");
  });

  it("takes it away in a sweep, so that the group can be deleted", async () => {
    const run = await swept(gone());
    expect(rules(run)).toEqual(["tcp/80 from sg-lb"]);
    expect(outcomeOf(run).result).toBe("changed");
  });

  it("takes it away where nothing is served any more, too", async () => {
    const nothing = { ...gone(), loadBalancers: [], interfaces: [instance("i-a", ["sg-web"])] };
    expect(rules(await swept(nothing))).toEqual(["tcp/80 from sg-lb"]);
  });

  it("keeps the former group's way in while EC2 still has it on the load balancer's interfaces, whoever wrote the rule", async () => {
    const changing: Region = {
      ...gone(),
      interfaces: [instance("i-a", ["sg-web"]), front("eni-lb", ["sg-old"], "10.0.9.1")],
    };
    const former = rule("tcp 80 sg-old", {
      description: "elb-only: admits MyLoadBalancer on tcp/80 from sg-old",
      tags: { "elb-only:load-balancer": "MyLoadBalancer" },
    });
    for (const way of [former, rule("tcp 80 sg-old")]) {
      const where = cloud({
        ...changing,
        groups: [group("sg-web", way), group("sg-old"), frontGroup],
      });
      const [outcome] = await remediate(
        new Map([...everyGroup(where.now, sweepEvent)].filter(([id]) => id === "sg-web")),
        enforcing,
        fakeWorld(where),
      );
      expect(outcome?.removed).toEqual([]);
      expect(outcome?.after.map(ruleText)).toEqual(["tcp/80 from sg-old", "tcp/80 from sg-lb"]);
    }
  });

  it("does not wait for a sweep on a port that others serve: whoever dresses a rule as ours wins no time", async () => {
    const forged = rule("tcp 80 sg-dev", {
      description: "elb-only: admits MyLoadBalancer on tcp/80 from sg-dev",
      tags: { "elb-only:load-balancer": "MyLoadBalancer" },
    });
    const run = await settling({
      ...gone(),
      groups: [group("sg-web", forged, "tcp 80 sg-lb"), group("sg-dev"), frontGroup],
    });
    expect(rules(run)).toEqual(["tcp/80 from sg-lb"]);
    expect(codes(run)).not.toContain("unused-admission");
  });

  it("leaves a rule of ours that somebody has turned into another's way in", async () => {
    const edited = { ...admission, fromPort: 22, toPort: 22 };
    const bastion = { ...admission, source: { kind: "group", group: "sg-bastion" } as const };
    for (const one of [edited, bastion]) {
      const run = await swept({
        ...gone(),
        groups: [
          group("sg-web", one, "tcp 80 sg-lb"),
          group("sg-old"),
          group("sg-bastion"),
          frontGroup,
        ],
      });
      expect(run.calls).toEqual([]);
    }
  });

  it("takes nothing away in a sweep that could not read everything", async () => {
    const run = await swept(gone(), ["the load balancers"]);
    expect(run.calls).toEqual([]);
  });

  it("leaves a person's rule from the same group to be judged as any other, and a stranger's admission-like rule from an address closed", async () => {
    const forged = rule("tcp 80 0.0.0.0/0", { tags: { "elb-only:load-balancer": "old" } });
    const run = await settling({
      ...gone(),
      groups: [group("sg-web", forged, "tcp 80 sg-old"), group("sg-old"), frontGroup],
    });
    expect(rules(run)).toEqual(["tcp/80 from sg-lb"]);
  });

  it("keeps the old target group's way in through a blue/green switch, so that the rollback finds its door", async () => {
    const fleet = (served: "blue" | "green"): Region =>
      region({
        groups: [group("sg-blue"), group("sg-green"), frontGroup],
        interfaces: [instance("i-blue", ["sg-blue"]), instance("i-green", ["sg-green"]), frontDoor],
        loadBalancers: [
          application("site", { groups: ["sg-lb"], targets: [target(`i-${served}`, 80)] }),
        ],
      });
    const before = await swept(fleet("blue"));
    expect(rules(before, "sg-blue")).toEqual(["tcp/80 from sg-lb"]);
    const switched = await swept({
      ...before.where.now,
      loadBalancers: fleet("green").loadBalancers,
    });
    expect(rules(switched, "sg-blue")).toEqual(["tcp/80 from sg-lb"]);
    expect(rules(switched, "sg-green")).toEqual(["tcp/80 from sg-lb"]);
    const rolledBack = await swept({
      ...switched.where.now,
      loadBalancers: fleet("blue").loadBalancers,
    });
    expect(rolledBack.calls).toEqual([]);
  });
});
