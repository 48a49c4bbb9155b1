import { createHash } from "node:crypto";
import type { Use } from "../evidence/wayIn.ts";
import type { Finding } from "../values/finding.ts";
import type { OpenPort } from "../values/openPort.ts";
import { openPortsOf } from "../judge/openPorts.ts";
import type { AttachedInterface, GovernedPorts, Reach } from "../values/groupPlan.ts";
import type { Mode, Policy } from "../values/policy.ts";
import { type GroupId, type Rule, ruleKey, type Tags } from "../values/rule.ts";
import { attachedTo, type OpenRule, openingsAt, portTexts, servingAt } from "./openings.ts";
import { type Effect, effectsOn } from "./effects.ts";
import type { Forecast, Forecasts, Refusal } from "./forecast.ts";

/** All that there is to say of one group. */
export interface GroupReport {
  readonly group: GroupId;
  readonly name: string;
  readonly vpc?: string;
  readonly mode: Mode;
  readonly reach: Reach;
  readonly loadBalancers: readonly {
    readonly id: string;
    readonly name: string;
    readonly ports: readonly string[];
  }[];
  /** The blast radius. */
  readonly attached: readonly AttachedInterface[];
  readonly governed: readonly GovernedPorts[];
  readonly rules: readonly Rule[];
  readonly add: readonly Rule[];
  readonly remove: readonly Rule[];
  /** Of what is to be added, the load balancers' ways in. */
  readonly missing: readonly Rule[];
  readonly refused: readonly Refusal[];
  readonly loses: readonly Effect[];
  readonly gains: readonly Effect[];
  /** Ways in to served ports for others than load balancers, as it is now and as it would be. */
  readonly open: readonly OpenRule[];
  readonly staysOpen: readonly OpenRule[];
  /** Who else gets in to the interfaces' served ports, by whichever of their groups, and why that stays: now, and once all is done. */
  readonly openPorts: readonly OpenPort[];
  readonly openPortsAfter: readonly OpenPort[];
  readonly findings: readonly Finding[];
  /** Who used what would be closed, where flow logs were read. */
  readonly uses?: readonly Use[];
  /** Of all that the plan for this group hangs on in it. */
  readonly state: string;
}

export const isToChange = ({ add, remove }: Pick<GroupReport, "add" | "remove">): boolean =>
  add.length + remove.length > 0;

/** What the plan hangs on: the group's rules, tags and interfaces, and which load balancers serve them where. */
function stateOf({ group, plan }: Forecast, loadBalancers: GroupReport["loadBalancers"]): string {
  const sorted = (items: readonly string[]): readonly string[] => [...items].sort();
  const tagTexts = (tags: Tags): readonly string[] =>
    sorted(Object.entries(tags).map(([key, value]) => `${key}=${value}`));
  const state = {
    rules: sorted(
      group.rules.map((rule) =>
        JSON.stringify([ruleKey(rule), rule.id, rule.description, tagTexts(rule.tags)]),
      ),
    ),
    tags: tagTexts(group.tags),
    attached: sorted(plan.attached.map((one) => one.interface)),
    loadBalancers: sorted(loadBalancers.map(({ id, ports }) => `${id} ${ports.join()}`)),
  };
  return createHash("sha256").update(JSON.stringify(state)).digest("hex");
}

/** One report a group that the forecast is about. */
export const reportsOf = (
  { before, after, groups }: Forecasts,
  policy: Policy,
): readonly GroupReport[] =>
  groups.map((forecast) => {
    const { group, plan, added, removed, refused } = forecast;
    const attached = attachedTo(group.id, before);
    const isIdle = added.length + removed.length === 0;
    const loadBalancers = servingAt(attached, before).map(({ loadBalancer, ports }) => ({
      id: loadBalancer.id,
      name: loadBalancer.name,
      ports: portTexts(ports),
    }));
    return {
      group: group.id,
      name: group.name,
      ...(group.vpc === undefined ? {} : { vpc: group.vpc }),
      mode: plan.mode,
      reach: plan.reach,
      loadBalancers,
      attached: plan.attached,
      governed: plan.governed,
      rules: group.rules,
      add: added,
      remove: removed,
      missing: plan.admissions,
      refused,
      ...(isIdle ? { loses: [], gains: [] } : effectsOn(group.id, before, after)),
      open: openingsAt(attached, [group.id], before),
      staysOpen: openingsAt(attached, [group.id], after),
      openPorts: openPortsOf(plan, before, policy),
      openPortsAfter: openPortsOf(plan, after, policy),
      findings: plan.findings,
      state: stateOf(forecast, loadBalancers),
    };
  });
