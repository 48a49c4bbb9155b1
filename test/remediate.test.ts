import { describe, expect, it } from "vitest";
import type { Outcome } from "../functions/core/outcome.ts";
import { defaultPolicy, type Policy } from "../functions/core/policy.ts";
import type { GroupId } from "../functions/core/rule.ts";
import type { Trigger } from "../functions/core/trigger.ts";
import { observe, remediate, type World } from "../functions/remediate.ts";
import { application, group, instance, region, rule, target } from "./support/builders.ts";
import { type Cloud, cloud, fakeWorld, type Moods } from "./support/fakeWorld.ts";
import type { Region } from "./support/region.ts";

const enforced: Policy = { ...defaultPolicy, defaultMode: "enforce" };

const opened = (...rules: Trigger["rules"]): Trigger => ({
  event: "AuthorizeSecurityGroupIngress",
  eventId: "e-1",
  at: "2026-11-22T11:59:30Z",
  actor: { principal: "arn:aws:iam::111111111111:user/alice" },
  touched: [],
  rules,
});

const alb = application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] });

/** `sg-web` with these rules, worn by an instance that a load balancer serves on tcp 80. */
const site = (rules: Parameters<typeof group>[1][], parts: Partial<Region> = {}): Region =>
  region({
    groups: [group("sg-web", ...rules), group("sg-lb", "tcp 443 0.0.0.0/0")],
    interfaces: [instance("i-1", ["sg-web"])],
    loadBalancers: [alb],
    ...parts,
  });

const asked = (...groups: readonly GroupId[]): ReadonlyMap<GroupId, readonly Trigger[]> => new Map(groups.map((id) => [id, [opened()]]));

async function outcomes(where: Cloud, groups: readonly GroupId[] = ["sg-web"], moods: Moods = {}, policy = enforced): Promise<readonly Outcome[]> {
  return remediate(asked(...groups), policy, fakeWorld(where, moods));
}

/** A world in which some looks lack something. */
const halfSeen = (world: World, missing: string): World => ({
  ...world,
  look: async (groups) => ({ ...(await world.look(groups)), missing: [missing] }),
});

describe("remediate on half a picture", () => {
  it.each(["enforce", "audit"] as const)("in mode %s adds at most, removes nothing, and asks to be tried again", async (defaultMode) => {
    const where = cloud(site([rule("tcp 80 0.0.0.0/0")]));
    const [outcome] = await remediate(asked("sg-web"), { ...defaultPolicy, defaultMode }, halfSeen(fakeWorld(where), "a page of DescribeInstances"));
    expect(outcome).toMatchObject({ result: "failed", removed: [] });
    expect(outcome?.findings).toContainEqual(
      expect.objectContaining({ code: "incomplete-picture", text: expect.stringContaining("a page of DescribeInstances") }),
    );
  });

  it("is no picture of a group that nobody serves: the load balancers may be what is missing", async () => {
    const where = cloud(site([rule("tcp 80 0.0.0.0/0")], { loadBalancers: [] }));
    const [outcome] = await remediate(asked("sg-web"), enforced, halfSeen(fakeWorld(where), "elasticloadbalancing:DescribeLoadBalancers"));
    expect(outcome).toMatchObject({ result: "failed", before: outcome?.after });
  });
});
