import { expect, it, vi } from "vitest";
import { remediate } from "../../lib/remediation/remediate.ts";
import { ruleText } from "../../lib/values/rule.ts";
import type { Plan } from "../../lib/values/groupPlan.ts";
import type { Snapshot } from "../../lib/values/snapshot.ts";
import { policyOf } from "../plan/planned.ts";
import { application, group, instance, region, target } from "../support/builders.ts";
import { cloud, fakeWorld } from "../support/fakeWorld.ts";

/** A planner broken on purpose: it removes every rule there is, at once. */
vi.mock(import("../../lib/plan/plan.ts"), async (original) => {
  const whole = await original();
  return {
    ...whole,
    plan: (snapshot: Snapshot, ...more): Plan => ({
      groups: new Map(
        [...whole.plan(snapshot, ...more).groups].map(([id, todo]) => [
          id,
          { ...todo, removals: snapshot.groups.get(id)?.rules ?? [], waiting: [] },
        ]),
      ),
    }),
  };
});

it("a planner that would remove everything is stopped by the judge, rule by rule, and that is told", async () => {
  const open = ["tcp 80 sg-lb", "tcp 443 0.0.0.0/0", "tcp 22 10.0.0.0/8", "icmp 10.0.0.0/8"];
  const where = cloud(
    region({
      groups: [group("sg-web", ...open), group("sg-lb")],
      interfaces: [instance("i-1", ["sg-web"])],
      loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] })],
    }),
  );
  const [outcome] = await remediate(new Map([["sg-web", []]]), policyOf(), fakeWorld(where));
  expect(outcome?.removed).toEqual([]);
  expect(outcome?.after.map(ruleText)).toEqual(outcome?.before.map(ruleText));
  expect(outcome?.findings.filter(({ code }) => code === "unproven")).toHaveLength(open.length);
  expect(outcome?.result).toBe("incomplete");
});
