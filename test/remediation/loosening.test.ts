import { describe, expect, it } from "vitest";
import { noticeLoosening } from "../../lib/remediation/loosening.ts";
import type { Store } from "../../lib/remediation/ports.ts";
import { observe } from "../../lib/remediation/remediate.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import { defaultPolicy } from "../../lib/values/policy.ts";
import type { Tags } from "../../lib/values/rule.ts";
import { sweepEvent, type Trigger } from "../../lib/values/trigger.ts";
import { trigger } from "../messages/outcome.ts";
import { application, group, instance, region, rule, target } from "../support/builders.ts";
import { cloud, fakeWorld } from "../support/fakeWorld.ts";
import { memoryStore } from "../support/memoryStore.ts";
import type { Region } from "../support/region.ts";

const policy = { ...defaultPolicy, defaultMode: "enforce" as const };
const tagged: Trigger = trigger({
  event: "CreateTags",
  at: "2026-11-22T11:59:00Z",
  actor: { principal: "arn:aws:iam::111111111111:user/mallory" },
});
const swept: Trigger = { ...trigger({ event: sweepEvent }), actor: { principal: "elb-only" } };

/** `sg-web`, served on tcp/80 and let in by its load balancer alone. */
const site = (tags: Tags = {}, parts: Partial<Region> = {}): Region =>
  region({
    groups: [{ ...group("sg-web", "tcp 80 sg-lb"), tags }, group("sg-lb")],
    interfaces: [instance("i-1", ["sg-web"])],
    loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] })],
    ...parts,
  });

/** What is said of each of these states in turn, and remembered. */
async function saidOf(
  states: readonly (readonly [Region, Trigger])[],
  store: Store = memoryStore({ now: () => 0 }),
  isTold = true,
): Promise<readonly (readonly string[])[]> {
  const said: (readonly string[])[] = [];
  for (const [state, because] of states) {
    const world = fakeWorld(cloud(state));
    const outcomes = await observe(new Map([["sg-web", [because]]]), policy, world);
    const noticed = await noticeLoosening(outcomes, store);
    said.push(loosened(noticed.outcomes));
    await noticed.remember(() => isTold);
  }
  return said;
}

const loosened = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.flatMap(({ findings }) =>
    findings.filter(({ code }) => code === "loosened").map(({ text }) => text),
  );

describe("noticeLoosening", () => {
  const ignored = "sg-web (web) is less protected: it was enforced and is ignored.";

  it("says what became looser since the last look, with who did it as the event says, once", async () => {
    expect(
      await saidOf([
        [site(), swept],
        [site({ "elb-only": "ignore" }), tagged],
        [site({ "elb-only": "ignore" }), swept],
      ]),
    ).toEqual([
      [],
      [
        `${ignored} As its event says: CreateTags by arn:aws:iam::111111111111:user/mallory at 2026-11-22T11:59:00Z.`,
      ],
      [],
    ]);
  });

  it("says nothing of the first look ever", async () => {
    expect(await saidOf([[site({ "elb-only": "ignore" }), tagged]])).toEqual([[]]);
  });

  it("says that nobody knows who did it where a sweep found it", async () => {
    const [, said] = await saidOf([
      [site(), swept],
      [site({ "elb-only": "ignore" }), swept],
    ]);
    expect(said).toEqual([`${ignored} No event told who did it.`]);
  });

  it("says it again while people have not been told", async () => {
    const store = memoryStore({ now: () => 0 });
    await saidOf([[site(), swept]], store);
    const loose = [[site({ "elb-only": "ignore" }), tagged]] as const;
    expect((await saidOf(loose, store, false))[0]).toHaveLength(1);
    expect((await saidOf(loose, store))[0]).toHaveLength(1);
    expect((await saidOf(loose, store))[0]).toHaveLength(0);
  });

  it("remembers since when an exemption stands, and who made it", async () => {
    const store = memoryStore({ now: () => 0 });
    const partner = rule("tcp 80 203.0.113.7/32", {
      tags: { "elb-only:keep": "tcp/80 203.0.113.7/32 partner" },
    });
    const exempt = site({}, { groups: [group("sg-web", "tcp 80 sg-lb", partner), group("sg-lb")] });
    const [, said] = await saidOf(
      [
        [site(), swept],
        [exempt, tagged],
      ],
      store,
    );
    expect(said).toHaveLength(1);
    const kept = await store.read({ of: "group sg-web", at: "posture" });
    expect(kept?.body).toMatchObject({
      exempt: [{ since: "2026-11-22T11:59:00Z", by: "arn:aws:iam::111111111111:user/mallory" }],
    });
  });

  it("says with each way in that is exempt since when it is and by whom, from then on", async () => {
    const store = memoryStore({ now: () => 0 });
    const partner = rule("tcp 80 203.0.113.7/32", {
      tags: { "elb-only:keep": "tcp/80 203.0.113.7/32 partner" },
    });
    const exempt = site({}, { groups: [group("sg-web", "tcp 80 sg-lb", partner), group("sg-lb")] });
    const openIn = async (because: Trigger) => {
      const world = fakeWorld(cloud(exempt));
      const outcomes = await observe(new Map([["sg-web", [because]]]), policy, world);
      const noticed = await noticeLoosening(outcomes, store);
      await noticed.remember(() => true);
      return noticed.outcomes[0]?.open?.map(({ since, by }) => [since, by]);
    };
    await saidOf([[site(), swept]], store);
    const known = ["2026-11-22T11:59:00Z", "arn:aws:iam::111111111111:user/mallory"];
    expect(await openIn(tagged)).toEqual([known]);
    expect(await openIn(swept)).toEqual([known]);
  });

  it.each<[string, Region]>([
    [
      "whose load balancer is gone: there is nothing left to protect",
      site({}, { loadBalancers: [] }),
    ],
    ["that nothing is attached to any more", site({}, { interfaces: [] })],
    ["that is tagged as it is by default", site({ "elb-only": "enforce" })],
    [
      "that has one more served instance",
      site(
        {},
        {
          interfaces: [instance("i-1", ["sg-web"]), instance("i-2", ["sg-web"])],
          loadBalancers: [
            application("alb", {
              groups: ["sg-lb"],
              targets: [target("i-1", 80), target("i-2", 80)],
            }),
          ],
        },
      ),
    ],
  ])("says nothing of a group %s", async (_, now) => {
    expect(
      (
        await saidOf([
          [site(), swept],
          [now, swept],
        ])
      )[1],
    ).toEqual([]);
  });

  it("says of a new instance that no load balancer serves", async () => {
    const now = site(
      {},
      { interfaces: [instance("i-1", ["sg-web"]), instance("i-9", ["sg-web"])] },
    );
    expect(
      (
        await saidOf([
          [site(), swept],
          [now, swept],
        ])
      )[1],
    ).toEqual([
      "sg-web (web) is less protected: excess in it was closed, and load balancers are only let in now (unserved-interface). No event told who did it.",
    ]);
  });

  it("says nothing, and what is wrong, where it cannot be read", async () => {
    const denied = (): Promise<never> => Promise.reject(new Error("AccessDenied"));
    const world = fakeWorld(cloud(site({ "elb-only": "ignore" })));
    const outcomes = await observe(new Map([["sg-web", [tagged]]]), policy, world);
    const store = { ...memoryStore({ now: () => 0 }), read: denied };
    const noticed = await noticeLoosening(outcomes, store);
    expect(noticed.outcomes).toEqual(outcomes);
    expect(noticed.problems).toEqual(["how strict sg-web was: AccessDenied"]);
    expect(await noticed.remember(() => true)).toEqual([]);
  });

  it("takes what nobody of ours wrote for a first look", async () => {
    const store = memoryStore({ now: () => 0 });
    await store.write({ of: "group sg-web", at: "posture" }, { mode: "strict" }, undefined);
    const loose = [site({ "elb-only": "ignore" }), tagged] as const;
    expect(await saidOf([loose, loose], store)).toEqual([[], []]);
  });

  it("writes only what is new, or has not been written for a month", async () => {
    const whole = memoryStore({ now: () => 0 });
    let writes = 0;
    const store: Store = { ...whole, write: (...all) => ((writes += 1), whole.write(...all)) };
    const later = { ...site(), at: "2026-12-25T00:00:00Z" };
    await saidOf(
      [
        [site(), swept],
        [site(), swept],
        [later, swept],
        [later, swept],
      ],
      store,
    );
    expect(writes).toBe(2);
  });
});
