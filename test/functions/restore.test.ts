import { describe, expect, it } from "vitest";
import { checksOf, checkTargets } from "../../functions/enforce/checkTargets.ts";
import { restore } from "../../functions/enforce/restore.ts";
import { readHolds, putHold } from "../../lib/remediation/holds.ts";
import { untoldChanges, writeAhead, writeOutcome } from "../../lib/remediation/journal.ts";
import { takeLease } from "../../lib/remediation/lease.ts";
import { parseEvent } from "../../lib/triggers/parse.ts";
import { received } from "../../lib/messages/received.ts";
import { subject } from "../../lib/messages/subject.ts";
import type { Intent } from "../../lib/values/intent.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import { checkMessage, ownMessage } from "../../lib/values/ownMessages.ts";
import { defaultPolicy } from "../../lib/values/policy.ts";
import { ruleText } from "../../lib/values/rule.ts";
import { observe } from "../../lib/remediation/remediate.ts";
import { outcome as outcomeAs, trigger } from "../messages/outcome.ts";
import { application, group, instance, region, rule, target } from "../support/builders.ts";
import { cloud, fakeWorld } from "../support/fakeWorld.ts";
import { memoryStore } from "../support/memoryStore.ts";
import { rulesOf } from "../support/region.ts";
import { checked, reading } from "../support/targets.ts";
import { fakeRuntime } from "./fakeRuntime.ts";

const change = "20261122-120000-3fa9c1";
const web = "sg-0a00000000000000a";
const [at, now] = ["2026-11-22T12:00:00Z", Date.parse("2026-11-22T12:02:00Z")];
const old = { ...rule("tcp 80 10.0.0.0/8", { description: "partner" }), id: "sgr-old" };
const all = ["eni-1 i-1 web:80", "eni-2 i-2 web:80", "eni-1 i-1 api:81"];
const silent = (some: readonly string[]) =>
  all.map((one) => reading(one, some.includes(one) ? "silent:Target.Timeout" : "healthy"));

/** A change that removed a rule on which targets depended, as it was told, and the world after it. */
async function after(parts: Partial<Outcome> = {}, readings = silent(all.slice(0, 2))) {
  const where = cloud(
    region({
      groups: [group(web, "tcp 80 sg-lb"), group("sg-lb", "tcp 443 0.0.0.0/0")],
      interfaces: [instance("i-1", [web]), instance("i-2", [web])],
      loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] })],
    }),
  );
  const store = memoryStore({ now: () => now });
  const fake = fakeWorld(where);
  const { runtime, notified, lines } = fakeRuntime({
    now: () => now,
    store,
    world: { ...fake, calls: () => 0, health: () => Promise.resolve(readings) },
    observe: (affected) => observe(affected, defaultPolicy, fake),
  });
  const done = outcomeAs({
    group: web,
    change,
    result: "changed",
    removed: [old],
    at,
    triggers: [trigger({ at: "2026-11-22T11:59:00Z" })],
    healthyBefore: all.map(checked),
    ...parts,
  });
  const { account, region: where2, partition, name, mode, reach, triggers } = done;
  const intent: Intent = {
    version: 1,
    change,
    account,
    region: where2,
    partition,
    group: web,
    name,
    mode,
    reach,
    triggers,
    begun: at,
    before: [old],
    add: [],
    remove: [old],
    difference: { loses: [], gains: [] },
  };
  await writeAhead(store, intent);
  await writeOutcome(store, done);
  const worker = { name: "enforce", until: now + 120_000 };
  return {
    store,
    lines,
    check: async () => {
      const checks = checksOf(done).map((one) => {
        const parsed = parseEvent(JSON.parse(ownMessage(checkMessage, one)));
        if (parsed.kind !== "check") throw new Error("no check");
        return parsed.check;
      });
      return checkTargets(checks, runtime, (one, health) =>
        restore(one, health, { ...runtime, worker }),
      );
    },
    standing: () => rulesOf(where.now, web).map(ruleText),
    told: () => notified.map((text) => received(text) as Outcome),
  };
}

describe("after a removal that silences all targets of a load balancer", () => {
  it("undoes it, once, holds it for four hours, and says so first", async () => {
    const { store, check, standing, told } = await after();
    expect(await check()).toEqual(new Map());
    expect(standing()).toEqual(["tcp/80 from sg-lb", "tcp/80 from 10.0.0.0/8"]);
    expect(await readHolds(store)).toMatchObject([
      { on: web, change, stops: "removals", by: "elb-only", until: "2026-11-22T16:02:00.000Z" },
    ]);
    const [message] = told();
    expect(message?.findings.slice(0, 2).map(({ code, severity }) => [code, severity])).toEqual([
      ["restored", "high"],
      ["target-health", "high"],
    ]);
    expect(message?.findings[0]?.text).toContain(
      "(no target of web:80 that was healthy answers); put back: tcp/80 from 10.0.0.0/8",
    );
    expect(subject(message as Outcome)).toMatch(/^restored: /);
    // Of the undoing people know by that; of the change this test does not tell.
    expect((await untoldChanges(store)).map((one) => one.change)).toEqual([change]);
    await check();
    expect(standing()).toHaveLength(2);
    expect(told()[1]?.findings[0]?.code).toBe("target-health");
  });

  it.each<[string, Partial<Outcome>, readonly string[]]>([
    ["one target of it still answers", {}, ["eni-1 i-1 web:80"]],
    ["it was long ago", { at: "2026-11-22T11:50:00Z" }, all],
    [
      "a call had only just opened it",
      { triggers: [trigger({ at: "2026-11-22T11:59:00Z", rules: [old] })] },
      all,
    ],
  ])("changes nothing where %s", async (_, parts, lost) => {
    const { store, check, standing, told } = await after(parts, silent(lost));
    await check();
    expect(standing()).toEqual(["tcp/80 from sg-lb"]);
    expect(await readHolds(store)).toEqual([]);
    expect(told()[0]?.findings[0]?.code).toBe("target-health");
  });

  it("changes nothing while everything is paused", async () => {
    const { store, check, standing } = await after();
    await putHold(store, { on: "*", stops: "writes", by: "bob", why: "", since: at });
    await check();
    expect(standing()).toEqual(["tcp/80 from sg-lb"]);
  });

  it("tells of the targets all the same where it cannot be undone", async () => {
    const { store, check, standing, told, lines } = await after();
    await takeLease(store, web, [], { name: "other", until: now + 60_000 }, now);
    await check();
    expect(standing()).toEqual(["tcp/80 from sg-lb"]);
    expect(told()[0]?.findings[0]?.code).toBe("target-health");
    expect(lines.map(({ message }) => message)).toContain("A change was not undone");
  });
});
