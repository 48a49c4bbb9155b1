import type { Outcome } from "../../lib/values/outcome.ts";
import { expect } from "vitest";
import { defaultPolicy, type Policy } from "../../lib/values/policy.ts";
import { type GroupId, type Rule, ruleText } from "../../lib/values/rule.ts";
import type { Group, Interface } from "../../lib/values/snapshot.ts";
import { classic, front, group, instance, region, target } from "../support/builders.ts";
import type { Call } from "../support/calls.ts";
import { drawCall } from "../support/draw.ts";
import { type Cloud, cloud, type Moods } from "../support/fakeWorld.ts";
import { referee, startOf } from "../support/referee.ts";
import { type Region, rulesOf } from "../support/region.ts";

export const enforcing: Policy = { ...defaultPolicy, defaultMode: "enforce" };

/** The load balancer's own group: open to the world, as it is meant to be. */
export const frontGroup: Group = group("sg-lb", "tcp 80 0.0.0.0/0", "tcp 80 ::/0");
export const frontDoor: Interface = front("eni-lb", ["sg-lb"], "10.0.9.1");

/** The guide's picture: one instance in one group, served on port 80 by MyLoadBalancer. */
export const site = (...rules: readonly (Rule | string)[]): Region =>
  region({
    groups: [group("sg-web", ...rules), frontGroup],
    interfaces: [instance("i-a", ["sg-web"]), frontDoor],
    loadBalancers: [classic("MyLoadBalancer", { groups: ["sg-lb"], targets: [target("i-a", 80)] })],
  });

/** What a run has made of a region. */
export interface Played {
  readonly where: Cloud;
  readonly calls: readonly Call[];
  readonly outcomes: readonly Outcome[];
}

/** One run, every group asked about, refereed: laws 1 to 3 hold after each of its calls. */
export async function played(
  before: Region | Cloud,
  policy: Policy = enforcing,
  moods: Moods = {},
): Promise<Played> {
  const where = "now" in before ? before : cloud(before);
  const { breaches, calls, outcomes } = await referee(
    where,
    policy,
    startOf(where.now, policy),
    moods,
  );
  expect(breaches).toEqual([]);
  return { where, calls, outcomes };
}

/** One run, and that the one after it writes nothing. */
export async function settling(
  before: Region,
  policy: Policy = enforcing,
  moods: Moods = {},
): Promise<Played> {
  const first = await played(before, policy, moods);
  const second = await played(first.where, policy, moods);
  expect(second.calls.map(drawCall)).toEqual([]);
  return first;
}

/** A group's rules as people read them, sorted. */
export const rules = (
  { where }: Pick<Played, "where">,
  id: GroupId = "sg-web",
): readonly string[] =>
  rulesOf(where.now, id)
    .map(ruleText)
    .toSorted((a, b) => (a < b ? -1 : 1));

export const outcomeOf = ({ outcomes }: Played, id: GroupId = "sg-web"): Outcome => {
  const outcome = outcomes.find((one) => one.group === id);
  if (outcome === undefined) throw new Error(`no outcome for ${id}`);
  return outcome;
};

export const codes = (run: Played, id: GroupId = "sg-web"): readonly string[] =>
  outcomeOf(run, id).findings.map(({ code }) => code);

export const result = (run: Played, id: GroupId = "sg-web"): string => outcomeOf(run, id).result;
