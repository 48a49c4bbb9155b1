import { describe, expect, it } from "vitest";
import { endHolds, putHold, readHolds } from "../../lib/remediation/holds.ts";
import { remediate } from "../support/remediate.ts";
import { type Restraint, unrestrained } from "../../lib/remediation/restraint.ts";
import type { Held } from "../../lib/values/hold.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import { defaultPolicy } from "../../lib/values/policy.ts";
import { ruleText } from "../../lib/values/rule.ts";
import { application, group, instance, region, target } from "../support/builders.ts";
import { cloud, fakeWorld, type Moods } from "../support/fakeWorld.ts";
import { memoryStore } from "../support/memoryStore.ts";
import { rulesOf } from "../support/region.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const clock = { now: () => now };

const held = (parts: Partial<Held> = {}): Held => ({
  on: "sg-a",
  stops: "removals",
  by: "arn:aws:iam::111111111111:user/alice",
  why: "incident 42",
  since: "2026-11-22T11:00:00Z",
  until: "2026-11-22T16:00:00Z",
  ...parts,
});

/** Two groups of back ends, each open by a wide rule, and without its load balancer's way in. */
const two = (...alsoInB: readonly string[]) =>
  cloud(
    region({
      groups: [
        group("sg-a", "tcp 20-90 0.0.0.0/0"),
        group("sg-b", "tcp 20-90 0.0.0.0/0", ...alsoInB),
        group("sg-lb", "tcp 443 0.0.0.0/0"),
      ],
      interfaces: [instance("i-1", ["sg-a"]), instance("i-2", ["sg-b"])],
      loadBalancers: [
        application("alb", {
          groups: ["sg-lb"],
          targets: [target("i-1", 80), target("i-2", 80)],
        }),
      ],
    }),
  );

const by = (holds: Restraint["holds"]): Restraint => ({ ...unrestrained, holds, now: clock.now });

async function remediated(restraint: Restraint, where = two(), moods: Moods = {}) {
  const world = fakeWorld(where, moods);
  const asked = new Map(["sg-a", "sg-b"].map((id) => [id, []] as const));
  const policy = { ...defaultPolicy, defaultMode: "enforce" } as const;
  const [a, b] = await remediate(asked, policy, world, () => true, restraint);
  const written = (id: string): readonly string[] =>
    world.calls.filter((one) => one.group === id).map(({ kind }) => kind);
  if (a === undefined || b === undefined) throw new Error("an outcome is missing");
  return { a, b, where, written, calls: world.calls };
}

const said = ({ findings }: Outcome): readonly string[] => findings.map(({ code }) => code);

describe("a hold on a group", () => {
  it("lets load balancers in and removes nothing there, and says so; other groups go on", async () => {
    const { a, b, where, written } = await remediated(by(() => Promise.resolve([held()])));
    expect(rulesOf(where.now, "sg-a").map(ruleText)).toEqual([
      "tcp/20-90 from 0.0.0.0/0",
      "tcp/80 from sg-lb",
    ]);
    expect(written("sg-a")).toEqual(["authorize"]);
    expect(a).toMatchObject({ result: "drift", mode: "enforce" });
    expect(a.remaining.remove.map(ruleText)).toEqual(["tcp/20-90 from 0.0.0.0/0"]);
    expect(said(a)).toEqual(["held"]);
    expect(a.findings[0]?.text).toBe(
      "Nothing is removed from sg-a until 2026-11-22T16:00:00Z, by arn:aws:iam::111111111111:user/alice: incident 42. To end it: elb-only resume sg-a",
    );
    expect(b).toMatchObject({ result: "changed", findings: [] });
  });

  it("has ended at its time", async () => {
    const over = held({ until: "2026-11-22T12:00:00Z" });
    const { a } = await remediated(by(() => Promise.resolve([over])));
    expect(a).toMatchObject({ result: "changed", findings: [] });
  });

  it("stops what is under way, when it comes between the additions and the removals of one look", async () => {
    let isHeld = false;
    const { b, written } = await remediated(
      by(() => Promise.resolve(isHeld ? [held({ on: "sg-b" })] : [])),
      two("tcp 80 sg-lb", "tcp 80 ::/0"),
      {
        afterCall: () => {
          isHeld = true;
        },
      },
    );
    expect(written("sg-b")).toEqual(["authorize"]);
    expect(b).toMatchObject({ result: "drift", removed: [] });
    expect(said(b)).toEqual(["held"]);
  });

  it("is not told of where nothing is to be done", async () => {
    const { where } = await remediated(by(() => Promise.resolve([])));
    const { a } = await remediated(
      by(() => Promise.resolve([held()])),
      where,
    );
    expect(a).toMatchObject({ result: "unchanged", findings: [] });
  });
});

describe("a pause", () => {
  it.each(["*", "sg-a"])("of %s writes nothing at all there", async (on) => {
    const { a, b, calls, written } = await remediated(
      by(() =>
        Promise.resolve([held(), held({ on, stops: "writes", until: "2026-11-23T00:00:00Z" })]),
      ),
    );
    expect(written("sg-a")).toEqual([]);
    expect(a).toMatchObject({ result: "drift", added: [], removed: [] });
    expect(a.findings[0]?.text).toMatch(/^Nothing is written to sg-a until 2026-11-23/);
    expect(a.findings[0]?.text).toMatch(on === "*" ? /resume$/ : /resume sg-a$/);
    expect(b.result).toBe(on === "*" ? "drift" : "changed");
    if (on === "*") expect(calls).toEqual([]);
  });
});

describe("holds that cannot be read", () => {
  it("stop every removal, let load balancers in, and are told", async () => {
    const { a, b, calls } = await remediated(
      by(() => Promise.reject(new Error("dynamodb:Query: AccessDeniedException"))),
    );
    expect(calls.map(({ kind }) => kind)).toEqual(["authorize", "authorize"]);
    for (const one of [a, b]) {
      expect(one).toMatchObject({ result: "failed", removed: [] });
      expect(said(one)).toEqual(["no-state"]);
      expect(one.findings[0]).toMatchObject({ severity: "high" });
      expect(one.findings[0]?.text).toContain("dynamodb:Query: AccessDeniedException");
    }
  });

  it.each([
    ["no object", "sg-a", "forged"],
    ["a word that nobody knows", "sg-a", { ...held(), stops: "everything" }],
    ["a time that is none", "*", { ...held(), until: "soon" }],
    ["a place that is none", "elsewhere", held()],
  ])("count as unreadable: %s", async (_, at, body) => {
    const store = memoryStore(clock);
    await store.write({ of: "hold", at }, body, undefined);
    const { a, b } = await remediated(by(() => readHolds(store)));
    expect([said(a), said(b)]).toEqual([["no-state"], ["no-state"]]);
  });
});

describe("holds as they are kept", () => {
  it("are read as they were put, and are gone when they end", async () => {
    let time = now;
    const store = memoryStore({ now: () => time });
    const some = [held({ on: "*" }), held(), held({ change: "20261122-110000-3fa9c1" })];
    for (const one of some) await putHold(store, one);
    expect(await readHolds(store)).toEqual(some);
    time = Date.parse("2026-11-22T16:00:00Z");
    expect(await readHolds(store)).toEqual([]);
  });

  it("end together for one place, and for no other whose id begins alike", async () => {
    const store = memoryStore(clock);
    const others = [held({ on: "*" }), held({ on: "sg-a2" })];
    for (const one of [...others, held(), held({ change: "20261122-110000-3fa9c1" })])
      await putHold(store, one);
    expect(await endHolds(store, (on) => on === "sg-a")).toHaveLength(2);
    expect(await readHolds(store)).toEqual(others);
  });
});
