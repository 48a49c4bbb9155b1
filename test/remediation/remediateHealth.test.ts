import { describe, expect, it } from "vitest";
import { defaultPolicy, type Policy } from "../../lib/values/policy.ts";
import { type GroupId, ruleText } from "../../lib/values/rule.ts";
import { observe } from "../../lib/remediation/remediate.ts";
import { remediate } from "../support/remediate.ts";
import type { World } from "../../lib/remediation/ports.ts";
import { application, group, instance, region, rule, target } from "../support/builders.ts";
import { cloud, fakeWorld, failure } from "../support/fakeWorld.ts";
import { checked, reading } from "../support/targets.ts";

const enforced: Policy = { ...defaultPolicy, defaultMode: "enforce" };
const asked = (...groups: readonly GroupId[]) => new Map(groups.map((id) => [id, []]));

/** Two groups of back ends that one load balancer serves on tcp 80, each with these rules; i-2b is no target. */
const two = (a: readonly string[], b: readonly string[]) =>
  region({
    groups: [
      group("sg-a", ...a.map((text) => rule(text))),
      group("sg-b", ...b.map((text) => rule(text))),
      group("sg-lb", "tcp 443 0.0.0.0/0"),
    ],
    interfaces: [
      instance("i-1", ["sg-a"]),
      instance("i-2", ["sg-b"]),
      instance("i-2b", ["sg-b"], { autoScalingGroup: "web" }),
    ],
    loadBalancers: [
      application("alb", {
        groups: ["sg-lb"],
        targets: [target("i-1", 80), target("i-2", 80), target("i-2b", 80)],
      }),
    ],
  });

/** A world in which the order of readings of health and of changes is kept. */
function watched(world: World, health: World["health"] = (groups) => world.health(groups)) {
  const steps: string[] = [];
  const watching: World = {
    ...world,
    add: (id, rules) => {
      steps.push(`add to ${id}`);
      return world.add(id, rules);
    },
    remove: (id, rules) => {
      steps.push(`remove from ${id}`);
      return world.remove(id, rules);
    },
    health: async (groups) => {
      // It takes longer than anything else.
      await new Promise((resolve) => setTimeout(resolve, 5));
      steps.push(`health of ${groups.join()}`);
      return health(groups);
    },
  };
  return {
    world: watching,
    steps,
    readings: () => steps.filter((step) => step.startsWith("health")),
  };
}

const open = ["tcp 80 0.0.0.0/0", "tcp 80 sg-lb"];

describe("remediate, asking how targets fare", () => {
  it("asks once for all groups of a look that lose rules, before the first goes", async () => {
    const { world, steps } = watched(fakeWorld(cloud(two(open, open))));
    const outcomes = await remediate(asked("sg-a", "sg-b"), enforced, world);
    expect(steps[0]).toBe("health of sg-a,sg-b");
    expect(steps.slice(1).sort()).toEqual(["remove from sg-a", "remove from sg-b"]);
    expect(outcomes.map(({ healthyBefore }) => healthyBefore)).toEqual([
      [checked("eni-1 i-1 alb:80")],
      [checked("eni-2 i-2 alb:80"), checked("eni-2b i-2b alb:80")],
    ]);
  });

  it("asks a group once a run, by the state before its first removal", async () => {
    // Narrowed in two looks; the rule beside it goes in the first.
    const { world, readings } = watched(
      fakeWorld(cloud(two([...open, "tcp 20-90 10.0.0.0/8"], open))),
    );
    const [first] = await remediate(asked("sg-a", "sg-b"), enforced, world);
    expect(first?.removed.map(ruleText)).toEqual([
      "tcp/80 from 0.0.0.0/0",
      "tcp/20-90 from 10.0.0.0/8",
    ]);
    expect(readings()).toEqual(["health of sg-a,sg-b"]);
  });

  it("asks of the groups alone that lose something, when they are about to", async () => {
    const { world, steps } = watched(fakeWorld(cloud(two(["tcp 80 0.0.0.0/0"], ["tcp 80 sg-lb"]))));
    await remediate(asked("sg-a", "sg-b"), enforced, world);
    expect(steps).toEqual(["add to sg-a", "health of sg-a", "remove from sg-a"]);
  });

  it("names no target that was not healthy", async () => {
    const { world } = watched(fakeWorld(cloud(two([], open))), () =>
      Promise.resolve([
        reading("eni-1 i-1 alb:80", "healthy"),
        reading("eni-2 i-2 alb:80", "silent:Target.Timeout"),
        reading("eni-2 i-2 other:80", "healthy"),
      ]),
    );
    const [outcome] = await remediate(asked("sg-b"), enforced, world);
    expect(outcome?.healthyBefore).toEqual([checked("eni-2 i-2 other:80")]);
  });

  it.each([
    ["nothing is to be done", ["tcp 80 sg-lb"], enforced],
    ["something is only added", [], enforced],
    ["groups are only audited", open, defaultPolicy],
  ])("asks nobody where %s", async (_, rules, policy) => {
    const { world, readings } = watched(fakeWorld(cloud(two(rules, ["tcp 80 sg-lb"]))));
    const [outcome] = await remediate(asked("sg-a"), policy, world);
    expect(readings()).toEqual([]);
    expect(outcome).not.toHaveProperty("healthyBefore");
  });

  it("asks nobody where it only looks", async () => {
    const { world, readings } = watched(fakeWorld(cloud(two(open, open))));
    await observe(asked("sg-a", "sg-b"), enforced, world);
    expect(readings()).toEqual([]);
  });

  it("closes all the same where nobody can say, and does not ask again", async () => {
    const denied = () =>
      Promise.reject(failure("denied", "elasticloadbalancing:DescribeTargetHealth: AccessDenied"));
    const { world, readings } = watched(
      fakeWorld(cloud(two([...open, "tcp 20-90 10.0.0.0/8"], []))),
      denied,
    );
    const [outcome] = await remediate(asked("sg-a"), enforced, world);
    expect(outcome).toMatchObject({ result: "changed", findings: [] });
    expect(outcome).not.toHaveProperty("healthyBefore");
    expect(readings()).toEqual(["health of sg-a"]);
  });
});
