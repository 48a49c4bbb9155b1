import { describe, expect, it } from "vitest";
import type { Store } from "../../lib/remediation/ports.ts";
import { restraintsBy } from "../../lib/remediation/restraints.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import { defaultPolicy } from "../../lib/values/policy.ts";
import { ruleText } from "../../lib/values/rule.ts";
import type { Trigger } from "../../lib/values/trigger.ts";
import { application, group, instance, prefixList, region, target } from "../support/builders.ts";
import { type Cloud, cloud, fakeWorld } from "../support/fakeWorld.ts";
import { memoryStore } from "../support/memoryStore.ts";
import { remediate } from "../support/remediate.ts";
import { rulesOf } from "../support/region.ts";

const hour = 3_600_000;
const start = Date.parse("2026-11-22T12:00:00Z");

/** A group with these rules, on whose ports 80 (and 81) a load balancer comes to serve it. */
const site = (...rules: readonly string[]): Cloud =>
  cloud(
    region({
      groups: [group("sg-web", ...rules), group("sg-lb", "tcp 443 0.0.0.0/0")],
      interfaces: [instance("i-1", ["sg-web"])],
      loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] })],
      prefixLists: [prefixList("pl-inside", "10.0.0.0/8"), prefixList("pl-outside", "8.8.8.0/24")],
    }),
  );

const registered: Trigger = {
  event: "RegisterTargets",
  eventId: "e-1",
  at: "2026-11-22T11:59:30Z",
  actor: { principal: "alice" },
  touched: [],
  rules: [],
};

async function run(
  where: Cloud,
  store: Store,
  now = start,
  { grace = 24 * hour, triggers = [registered] } = {},
): Promise<Outcome> {
  const limits = { groups: 9, interfaces: 9, sources: 99 };
  const restraint = restraintsBy(store, { now: () => now }, { limits, privateGrace: grace });
  const policy = { ...defaultPolicy, defaultMode: "enforce" } as const;
  const asked = new Map([["sg-web", triggers]]);
  const [outcome] = await remediate(asked, policy, fakeWorld(where), () => true, restraint);
  if (outcome === undefined) throw new Error("no outcome");
  return outcome;
}

const store = () => memoryStore({ now: () => start });
const standing = (where: Cloud): readonly string[] => rulesOf(where.now, "sg-web").map(ruleText);

describe("the grace of private sources", () => {
  it("lets public ones go at once and private ones stay, announced, until it is over", async () => {
    const [where, kept] = [site("tcp 80 0.0.0.0/0", "tcp 80 10.0.0.0/8", "tcp 80 sg-ci"), store()];
    const first = await run(where, kept);
    expect(first).toMatchObject({ result: "drift" });
    expect(first.removed.map(ruleText)).toEqual(["tcp/80 from 0.0.0.0/0"]);
    expect(first.findings.map(({ code, text }) => [code, text])).toEqual([
      [
        "grace",
        "tcp/80 from 10.0.0.0/8 stays until 2026-11-23T12:00:00.000Z: it was there before a load balancer served tcp/80.",
      ],
      [
        "grace",
        "tcp/80 from sg-ci stays until 2026-11-23T12:00:00.000Z: it was there before a load balancer served tcp/80.",
      ],
    ]);
    // Looking again puts nothing off.
    expect((await run(where, kept, start + 23 * hour)).findings[0]?.text).toBe(
      first.findings[0]?.text,
    );
    const last = await run(where, kept, start + 24 * hour);
    expect(last.result).toBe("changed");
    expect(standing(where)).toEqual(["tcp/80 from sg-lb"]);
  });

  it("adds no remainder of a wide rule that stays meanwhile", async () => {
    const where = site("tcp 20-90 10.0.0.0/8");
    await run(where, store());
    expect(standing(where)).toEqual(["tcp/20-90 from 10.0.0.0/8", "tcp/80 from sg-lb"]);
  });

  it.each([
    ["pl-inside", true],
    ["pl-outside", false],
    ["172.16.0.0/12", true],
    ["9.0.0.0/8", false],
    ["::/0", false],
    ["fd00::/8", true],
  ])("takes %s for private: %s", async (source, isPrivate) => {
    const where = site(`tcp 80 ${source}`);
    await run(where, store());
    expect(standing(where).includes(`tcp/80 from ${source}`)).toBe(isPrivate);
  });

  it("is not given to what a call has only just opened", async () => {
    const where = site("tcp 80 10.0.0.0/8");
    const opened = { ...registered, rules: rulesOf(where.now, "sg-web") };
    expect(await run(where, store(), start, { triggers: [opened] })).toMatchObject({
      result: "changed",
    });
  });

  it("is none unless a deployment wants one", async () => {
    const where = site("tcp 80 10.0.0.0/8");
    expect(await run(where, store(), start, { grace: 0 })).toMatchObject({ result: "changed" });
  });

  it("cannot be put off by what somebody writes into the table", async () => {
    const [where, kept] = [site("tcp 80 10.0.0.0/8"), store()];
    const body = { since: "2099-01-01T00:00:00Z" };
    await kept.write({ of: "served", at: "sg-web tcp/80" }, body, undefined);
    const { result, findings } = await run(where, kept);
    expect([result, findings.map(({ code }) => code)]).toEqual(["failed", ["no-state"]]);
  });
});
