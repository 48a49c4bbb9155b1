import { describe, expect, it } from "vitest";
import { planUndo, type UndoPlan } from "../../lib/remediation/undo.ts";
import { undo } from "../../lib/remediation/undoing.ts";
import { type Rule, ruleText } from "../../lib/values/rule.ts";
import { application, group, instance, region, rule, target } from "../support/builders.ts";
import { cloud, fakeWorld, type Moods } from "../support/fakeWorld.ts";
import { rulesOf, snapshotOf } from "../support/region.ts";

const partner = rule("tcp 80 203.0.113.0/24", {
  description: "partner feed",
  tags: { team: "web", "aws:cloudformation:stack-name": "web" },
});
const wide = rule("tcp 20-90 0.0.0.0/0", { description: "temporary" });
const remainder = rule("tcp 20-79 0.0.0.0/0", { description: "temporary" });
const letIn = rule("tcp 80 sg-lb", { description: "elb-only: admits alb on tcp/80 from sg-lb" });

/** A group with these rules, whose instance a load balancer serves on tcp 80. */
const site = (...rules: readonly Rule[]) =>
  region({
    groups: [group("sg-web", ...rules), group("sg-lb")],
    interfaces: [instance("i-1", ["sg-web"])],
    loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] })],
  });

const planned = (
  done: { readonly added?: readonly Rule[]; readonly removed?: readonly Rule[] },
  ...now: readonly Rule[]
): UndoPlan =>
  planUndo(
    { group: "sg-web", added: [], removed: [], ...done },
    snapshotOf(site(...now), ["sg-web"]),
  );

const left = ({ left: some }: UndoPlan): readonly string[] => some.map(({ why }) => why);

describe("planUndo", () => {
  it("puts back what was removed as it was, with its description and the tags that can be written", () => {
    const { add, remove } = planned({ removed: [{ ...partner, id: "sgr-1" }] }, letIn);
    expect(add).toEqual([{ ...partner, tags: { team: "web" } }]);
    expect(remove).toEqual([]);
  });

  it("takes away what was added once everything stands again that was removed", () => {
    const done = { added: [remainder, letIn], removed: [wide] };
    expect(planned(done, remainder, letIn)).toMatchObject({ add: [wide], remove: [] });
    const { add, remove } = planned(done, wide, remainder, letIn);
    expect([add, remove.map(ruleText)]).toEqual([[], ["tcp/20-79 from 0.0.0.0/0"]]);
  });

  it("leaves a load balancer its only way in", () => {
    const plan = planned({ added: [letIn], removed: [] }, letIn);
    expect(plan.remove).toEqual([]);
    expect(left(plan)).toEqual(["tcp/80 from sg-lb stays: alb has no other way in"]);
  });

  it("leaves one of two ways in that were added, either of which would do", () => {
    const other = rule("tcp 80-81 sg-lb", { description: "elb-only: admits alb" });
    const plan = planned({ added: [letIn, other], removed: [] }, letIn, other);
    expect(plan.remove.map(ruleText)).toEqual(["tcp/80 from sg-lb"]);
    expect(left(plan)).toEqual(["tcp/80-81 from sg-lb stays: alb has no other way in"]);
  });

  it("asks of every port of a range, also where another group lets the load balancer in to a part", () => {
    const dynamic = region({
      groups: [
        group("sg-web", rule("tcp 32768-65535 sg-lb")),
        group("sg-other", rule("tcp 80-40000 sg-lb")),
        group("sg-lb"),
      ],
      interfaces: [instance("i-1", ["sg-other", "sg-web"])],
      loadBalancers: [
        application("alb", { groups: ["sg-lb"], targets: [target("i-1", "32768-65535")] }),
      ],
    });
    const done = { group: "sg-web", added: [rule("tcp 32768-65535 sg-lb")], removed: [] };
    expect(planUndo(done, snapshotOf(dynamic, ["sg-web"])).remove).toEqual([]);
  });

  it("trusts no range with a load balancer's way in: its addresses change", () => {
    const plan = planned({ added: [letIn], removed: [wide] }, wide, letIn);
    expect(plan.remove).toEqual([]);
    expect(left(plan)).toEqual(["tcp/80 from sg-lb stays: alb has no other way in"]);
  });

  it.each([
    ["was put back already", { removed: [partner] }, [partner], []],
    [
      "stands with another description",
      { removed: [partner] },
      [{ ...partner, description: "mine now" }],
      ["tcp/80 from 203.0.113.0/24 stands again, but reads otherwise; it stays so"],
    ],
    [
      "stands with another tag",
      { removed: [partner] },
      [{ ...partner, tags: { team: "db" } }],
      ["tcp/80 from 203.0.113.0/24 stands again, but reads otherwise; it stays so"],
    ],
    [
      "was added and is gone",
      { added: [remainder] },
      [],
      ["tcp/20-79 from 0.0.0.0/0 is gone already"],
    ],
    [
      "was added and changed since",
      { added: [remainder] },
      [{ ...remainder, tags: { "elb-only:keep": "tcp/20-79 0.0.0.0/0" } }],
      ["tcp/20-79 from 0.0.0.0/0 was changed since; it stays as it is"],
    ],
  ])("does nothing about a rule that %s", (_, done, now, why) => {
    const plan = planned(done, ...now);
    expect(plan).toMatchObject({ add: [], remove: [] });
    expect(left(plan)).toEqual(why);
  });

  it("has nothing to do in a group that is gone, and says so", () => {
    const snapshot = snapshotOf(region({}), ["sg-web"]);
    const done = { group: "sg-web", added: [], removed: [partner] };
    expect(() => planUndo(done, snapshot)).toThrow("There is no security group sg-web any more.");
  });
});

async function undone(now: readonly Rule[], moods: Moods = {}, quota = 60) {
  const where = cloud({ ...site(...now), quota });
  const world = fakeWorld(where, moods);
  const done = { group: "sg-web", added: [remainder, letIn], removed: [wide] };
  const result = await undo(done, world);
  return {
    ...result,
    standing: rulesOf(where.now, "sg-web").map(ruleText),
    calls: world.calls.map(({ kind, rules }) => `${kind} ${rules.map(ruleText).join(", ")}`),
  };
}

describe("undo", () => {
  it("puts back, then takes away, and sees that it is done", async () => {
    const { standing, calls, problems } = await undone([remainder, letIn]);
    expect(standing).toEqual(["tcp/80 from sg-lb", "tcp/20-90 from 0.0.0.0/0"]);
    expect(calls).toEqual([
      "authorize tcp/20-90 from 0.0.0.0/0",
      "revoke tcp/20-79 from 0.0.0.0/0",
    ]);
    expect(problems).toEqual([]);
  });

  it("takes nothing away where EC2 will not have back what was removed, and says why", async () => {
    const { standing, problems } = await undone([remainder, letIn], {}, 2);
    expect(standing).toEqual(["tcp/20-79 from 0.0.0.0/0", "tcp/80 from sg-lb"]);
    expect(problems).toEqual(["tcp/20-90 from 0.0.0.0/0: the group has no room for it"]);
  });

  it("comes to the same end where looks are late", async () => {
    const { standing, problems, added, removed } = await undone([remainder, letIn], {
      behind: (look) => (look === 2 || look === 4 ? 1 : 0),
    });
    expect(standing).toEqual(["tcp/80 from sg-lb", "tcp/20-90 from 0.0.0.0/0"]);
    expect(problems).toEqual([]);
    expect([added.length, removed.length]).toEqual([1, 1]);
  });
});
