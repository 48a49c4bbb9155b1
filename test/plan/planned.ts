import type { GroupPlan } from "../../lib/values/groupPlan.ts";
import type { FindingCode } from "../../lib/values/finding.ts";
import { plan } from "../../lib/plan/plan.ts";
import { defaultPolicy, type Policy } from "../../lib/values/policy.ts";
import { type GroupId, type Rule, ruleText } from "../../lib/values/rule.ts";
import { type Topology, topologyOf } from "../../lib/plan/topology.ts";
import { eligibilityOf } from "../../lib/plan/eligibility.ts";
import { region } from "../support/builders.ts";
import { type Region, snapshotOf } from "../support/region.ts";

/** What stands in a region, and how it is read and judged: all groups asked about unless said. */
export type Setting = Partial<Region> & {
  readonly policy?: Partial<Policy>;
  readonly asked?: readonly GroupId[];
  readonly gaps?: readonly string[];
  readonly cleanUp?: boolean;
  readonly attachmentsUnread?: ReadonlySet<GroupId>;
};

/** In tests of decisions everything is enforced unless said. */
export const policyOf = (parts: Partial<Policy> = {}): Policy => ({
  ...defaultPolicy,
  defaultMode: "enforce",
  ...parts,
});

const snapshot = ({ asked, gaps, attachmentsUnread, ...parts }: Setting) => {
  const whole = region(parts);
  return {
    ...snapshotOf(whole, asked ?? whole.groups.map(({ id }) => id)),
    gaps: gaps ?? [],
    ...(attachmentsUnread === undefined ? {} : { attachmentsUnread }),
  };
};

export const sceneIn = (setting: Setting): Topology => topologyOf(snapshot(setting));

/** The plan for one group, `sg-web` unless said. */
export function planned(setting: Setting, group: GroupId = "sg-web"): GroupPlan {
  const found = plan(
    snapshot(setting),
    policyOf(setting.policy),
    new Set(setting.cleanUp ? [group] : []),
  ).groups.get(group);
  if (found === undefined) throw new Error(`nothing is planned for ${group}`);
  return found;
}

export const plannedGroups = (setting: Setting): readonly GroupId[] =>
  [...plan(snapshot(setting), policyOf(setting.policy)).groups.keys()].sort();

export function eligibility(setting: Setting, group: GroupId = "sg-web") {
  const topology = sceneIn(setting);
  const found = topology.snapshot.groups.get(group);
  if (found === undefined) throw new Error(`${group} is not there`);
  return eligibilityOf(found, topology, policyOf(setting.policy));
}

export const texts = (rules: readonly Rule[]): readonly string[] => rules.map(ruleText).sort();

/** A plan in a few lines: what is added and what goes, now or later. */
export const deeds = (todo: GroupPlan) => ({
  admissions: texts(todo.admissions),
  remainders: texts(todo.remainders.map(({ rule }) => rule)),
  removals: texts(todo.removals),
  waiting: texts(todo.waiting),
});

export const codes = ({
  findings,
}: {
  readonly findings: readonly { readonly code: FindingCode }[];
}): readonly FindingCode[] => [...new Set(findings.map(({ code }) => code))].sort();
