import { describe, expect, it } from "vitest";
import { withGrace } from "../../lib/remediation/grace.ts";
import { noticeLoosening } from "../../lib/remediation/loosening.ts";
import { observe } from "../../lib/remediation/remediate.ts";
import { defaultPolicy } from "../../lib/values/policy.ts";
import { ruleText } from "../../lib/values/rule.ts";
import { sweepEvent, type Trigger } from "../../lib/values/trigger.ts";
import { trigger } from "../messages/outcome.ts";
import { application, group, instance, region, rule, target } from "../support/builders.ts";
import { change, type Cloud, cloud, fakeWorld } from "../support/fakeWorld.ts";
import { memoryStore } from "../support/memoryStore.ts";
import { remediate } from "../support/remediate.ts";
import { rulesOf } from "../support/region.ts";

const policy = { ...defaultPolicy, defaultMode: "enforce" as const };
const day = 24 * 3_600_000;
const swept: Trigger = trigger({ event: sweepEvent });
const admissionOn = (port: number) =>
  rule(`tcp ${port} sg-lb`, {
    description: `elb-only: admits alb on tcp/${port} from sg-lb`,
    tags: { "elb-only:load-balancer": "arn:aws:elasticloadbalancing:::loadbalancer/app/alb/1" },
  });

/** A load balancer that served tcp/8080 before it served these ports. */
const site = (...ports: readonly number[]): Cloud => {
  const alb = application("alb", { groups: ["sg-lb"], targets: [target("i-1", ...ports)] });
  return cloud(
    region({
      groups: [group("sg-web", admissionOn(80), admissionOn(8080)), group("sg-lb")],
      interfaces: [instance("i-1", ["sg-web"])],
      loadBalancers: [{ ...alb, id: "arn:aws:elasticloadbalancing:::loadbalancer/app/alb/1" }],
    }),
  );
};

/** Sweeps at these hours; the ways in that stand after each, as an enforcing sweep leaves them. */
function sweeping(where: Cloud) {
  const store = memoryStore({ now: () => 0 });
  const affected = new Map([["sg-web", [swept]]]);
  return {
    store,
    at: async (hours: number): Promise<readonly string[]> => {
      const at = new Date(Date.parse("2026-11-22T12:00:00Z") + hours * 3_600_000).toISOString();
      change(where, { ...where.now, at });
      const world = withGrace(fakeWorld(where), store, day);
      const seen = await noticeLoosening(await observe(affected, policy, world), store);
      await seen.remember(() => true);
      await remediate(affected, policy, world);
      return rulesOf(where.now, "sg-web").map(ruleText);
    },
  };
}

describe("an admission that its load balancer uses no more", () => {
  const both = ["tcp/80 from sg-lb", "tcp/8080 from sg-lb"];

  it("stays for a day, and then goes", async () => {
    const { at } = sweeping(site(80));
    expect(await at(0)).toEqual(both);
    expect(await at(23)).toEqual(both);
    expect(await at(25)).toEqual(["tcp/80 from sg-lb"]);
  });

  it("stays for a day from its last use: a rollback starts anew", async () => {
    const where = site(80);
    const { at } = sweeping(where);
    const { loadBalancers } = site(80, 8080).now;
    await at(0);
    const released = where.now;
    change(where, { ...where.now, loadBalancers });
    await at(20);
    change(where, { ...where.now, loadBalancers: released.loadBalancers });
    expect(await at(26)).toEqual(both);
    expect(await at(49)).toEqual(both);
    expect(await at(51)).toEqual(["tcp/80 from sg-lb"]);
  });

  it("stays where state cannot be read, or says what nobody of ours wrote", async () => {
    const where = site(80);
    const { store, at } = sweeping(where);
    await at(0);
    const denied = (): Promise<never> => Promise.reject(new Error("AccessDenied"));
    const later = { ...where.now, at: "2026-12-31T00:00:00Z" };
    const looking = (read: typeof store.read) =>
      withGrace(fakeWorld(cloud(later)), { read }, day).look(["sg-web"]);
    expect((await looking(denied)).pastGrace).toBeUndefined();
    expect((await looking((place) => store.read(place))).pastGrace?.size).toBe(1);
    await store.write({ of: "group sg-web", at: "posture" }, { unused: { x: "1999" } }, "whatever");
    expect((await looking((place) => store.read(place))).pastGrace).toBeUndefined();
  });
});
