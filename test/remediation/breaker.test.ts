import { describe, expect, it } from "vitest";
import { type Damage, tooMuch } from "../../lib/remediation/damage.ts";
import { endHolds, putHold, readHolds } from "../../lib/remediation/holds.ts";
import { remediate } from "../support/remediate.ts";
import { restraintsBy } from "../../lib/remediation/restraints.ts";
import { breaker } from "../../lib/values/hold.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import { defaultPolicy } from "../../lib/values/policy.ts";
import { ruleText } from "../../lib/values/rule.ts";
import type { Trigger } from "../../lib/values/trigger.ts";
import { application, group, instance, region, target } from "../support/builders.ts";
import { change, cloud, type Cloud, fakeWorld } from "../support/fakeWorld.ts";
import { memoryStore } from "../support/memoryStore.ts";
import { rulesOf, withRules } from "../support/region.ts";

const limits = { groups: 2, interfaces: 10, sources: 5 };

const damage = (id: string, parts: Partial<Damage> = {}): Damage => ({
  group: id,
  at: 0,
  interfaces: [`eni-of-${id}`],
  sources: ["10.0.0.0/8"],
  causes: ["event e-1", "principal alice"],
  ...parts,
});

const many = (count: number, what: string): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${what}${index}`);

describe("tooMuch", () => {
  it.each<[string, readonly Damage[], readonly Damage[], string | undefined]>([
    ["as many groups as may be", [], [damage("sg-a"), damage("sg-b")], undefined],
    [
      "one group too many by one cause",
      [],
      [damage("sg-a"), damage("sg-b"), damage("sg-c")],
      "event e-1 would cut off 3 security groups, and at most 2 may be",
    ],
    [
      "one group too many by what the cause did before",
      [damage("sg-b"), damage("sg-c")],
      [damage("sg-a", { causes: ["event e-2", "principal alice"] })],
      "principal alice would cut off 3 security groups, and at most 2 may be",
    ],
    ["the same group again", [damage("sg-a"), damage("sg-b")], [damage("sg-a")], undefined],
    [
      "interfaces",
      [],
      [damage("sg-a", { interfaces: many(11, "eni-") })],
      "event e-1 would cut off 11 network interfaces, and at most 10 may be",
    ],
    [
      "sources",
      [],
      [damage("sg-a", { sources: many(6, "10.0.0.") })],
      "event e-1 would cut off 6 sources, and at most 5 may be",
    ],
    [
      "the same sources in several groups",
      [],
      [damage("sg-a", { sources: many(4, "10.") }), damage("sg-b", { sources: many(4, "10.") })],
      undefined,
    ],
    [
      "an hour of many causes",
      many(8, "sg-").map((id) => damage(id, { causes: [`event of ${id}`] })),
      [damage("sg-a")],
      "within an hour this would cut off 9 security groups, and at most 8 may be",
    ],
  ])("judges %s", (_, past, planned, why) => {
    expect(tooMuch(past, planned, limits).get("sg-a")).toBe(why);
  });

  it("spares the groups of other causes", () => {
    const others = damage("sg-d", { causes: ["event e-9"] });
    const planned = [damage("sg-a"), damage("sg-b"), damage("sg-c"), others];
    expect([...tooMuch([], planned, limits).keys()]).toEqual(["sg-a", "sg-b", "sg-c"]);
  });
});

const groups = ["sg-a", "sg-b", "sg-c"];
const start = Date.parse("2026-11-22T12:00:00Z");

/** Three groups of back ends that let a private range in, and lack their load balancer's way in. */
const three = (rules: readonly string[] = ["tcp 80 10.0.0.0/8"]): Cloud =>
  cloud(
    region({
      groups: [...groups.map((id) => group(id, ...rules)), group("sg-lb", "tcp 443 0.0.0.0/0")],
      interfaces: groups.map((id) => instance(`i-${id}`, [id])),
      loadBalancers: groups.map((id) =>
        application(`alb-of-${id}`, { groups: ["sg-lb"], targets: [target(`i-${id}`, 80)] }),
      ),
    }),
  );

const trigger = (parts: Partial<Trigger> = {}): Trigger => ({
  event: "RegisterTargets",
  eventId: "e-1",
  at: "2026-11-22T11:59:00Z",
  actor: { principal: "arn:aws:iam::111111111111:user/alice" },
  touched: [],
  rules: [],
  ...parts,
});

/** What remediation does in the groups, with a state that is kept. */
function breaking(where: Cloud, store = memoryStore({ now: () => start })) {
  const restraint = restraintsBy(store, { now: () => start }, { limits, privateGrace: 0 });
  const policy = { ...defaultPolicy, defaultMode: "enforce" } as const;
  return {
    store,
    run: (asked = groups, triggers = [trigger()]): Promise<readonly Outcome[]> =>
      remediate(
        new Map(asked.map((id) => [id, triggers])),
        policy,
        fakeWorld(where),
        () => true,
        restraint,
      ),
  };
}

const codes = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.map(({ result, findings }) => [result, ...findings.map(({ code }) => code)].join(" "));

const standing = (where: Cloud, id: string): readonly string[] =>
  rulesOf(where.now, id).map(ruleText).sort();

describe("the breaker", () => {
  it("holds what one cause would cut off in too many groups, and lets the load balancers in", async () => {
    const where = three();
    const { run, store } = breaking(where);
    const outcomes = await run();
    expect(codes(outcomes)).toEqual(groups.map(() => "drift breaker"));
    expect(outcomes[0]?.findings[0]).toMatchObject({
      severity: "high",
      text: "Nothing is removed from sg-a that was not opened just now: event e-1 would cut off 3 security groups, and at most 2 may be. To let it go: elb-only resume sg-a",
    });
    for (const id of groups)
      expect(standing(where, id)).toEqual(["tcp/80 from 10.0.0.0/8", "tcp/80 from sg-lb"]);
    expect((await readHolds(store)).map(({ on, by }) => `${on} ${by}`)).toEqual(
      groups.map((id) => `${id} ${breaker}`),
    );
    // It stays so, whatever comes next and however little.
    expect(codes(await run(["sg-a"], [trigger({ eventId: "e-2" })]))).toEqual(["drift breaker"]);
  });

  it("lets as much go as may be, and counts it for the next", async () => {
    const where = three();
    const { run } = breaking(where);
    expect(codes(await run(["sg-a", "sg-b"]))).toEqual(["changed", "changed"]);
    expect(codes(await run(["sg-c"]))).toEqual(["drift breaker"]);
  });

  it("counts nothing where nothing is taken from anybody", async () => {
    const { run } = breaking(three(["tcp 443 10.0.0.0/8"]));
    expect(codes(await run())).toEqual(["changed", "changed", "changed"]);
  });

  it("closes what was opened just now, however much it is, held or not", async () => {
    const where = three(["tcp 80 0.0.0.0/0"]);
    const opened = groups.flatMap((id) => rulesOf(where.now, id));
    const { run } = breaking(where);
    expect(codes(await run(groups, [trigger({ rules: opened })]))).toEqual(
      groups.map(() => "changed"),
    );
    const held = three();
    const again = breaking(held);
    await again.run();
    const rule = { ...opened[0], id: "sgr-new" } as (typeof opened)[number];
    change(
      held,
      withRules(held.now, "sg-a", (rules) => [...rules, rule]),
    );
    const [outcome] = await again.run(["sg-a"], [trigger({ eventId: "e-3", rules: [rule] })]);
    expect(outcome?.removed.map(ruleText)).toEqual(["tcp/80 from 0.0.0.0/0"]);
    expect(standing(held, "sg-a")).toContain("tcp/80 from 10.0.0.0/8");
  });

  it("takes an old rule for an old one, though the event names it", async () => {
    const where = three();
    const rules = groups.flatMap((id) => rulesOf(where.now, id));
    const { run } = breaking(where);
    const old = trigger({ at: "2026-11-22T10:00:00Z", rules });
    expect(codes(await run(groups, [old]))).toEqual(groups.map(() => "drift breaker"));
  });

  it("does not hold again what somebody let go", async () => {
    const where = three();
    const { run, store } = breaking(where);
    await run();
    await endHolds(store, (on) => on === "sg-a");
    await putHold(store, {
      on: "sg-a",
      stops: "nothing",
      by: "alice",
      why: "",
      since: "2026-11-22T12:00:00Z",
      until: "2026-11-23T12:00:00Z",
    });
    expect(codes(await run())).toEqual(["changed", "drift breaker", "drift breaker"]);
  });

  it("removes nothing where it cannot count", async () => {
    const store = memoryStore({ now: () => start });
    await store.write({ of: "damage", at: "-" }, { damages: ["forged"] }, undefined);
    const { run } = breaking(three(), store);
    expect(codes(await run(["sg-a"]))).toEqual(["failed no-state"]);
  });
});
