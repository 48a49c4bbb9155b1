import { type Finding, finding } from "../values/finding.ts";
import { byTerraform, exposure } from "./exposure.ts";
import type { GovernedPorts, GroupPlan, Wearer } from "../plan/plan.ts";
import type { Mode, Policy } from "../values/policy.ts";
import { type Proof, prove } from "../judge/proof.ts";
import { type AccountId, type GroupId, type Rule, ruleKey, ruleText } from "../values/rule.ts";
import type { Snapshot, TargetKey } from "../values/snapshot.ts";
import type { Reach } from "../plan/eligibility.ts";
import type { Trigger } from "../values/trigger.ts";

/**
 * What was done in one group and what is left.
 * `unchanged`: nothing to do. `changed`: done, and proven by reading back. `drift`: audit; what `would` says is open.
 * `left`: enforced, but something could not be finished (see findings). `failed`: a call was denied or gave up; tried again. `gone`: no such group.
 */
export type Result = "unchanged" | "changed" | "drift" | "left" | "failed" | "gone";

export interface Outcome {
  readonly version: 1;
  readonly account: AccountId;
  readonly group: GroupId;
  readonly name: string;
  readonly vpc?: string;
  readonly result: Result;
  readonly mode: Mode;
  readonly reach: Reach;
  /** What woke us; several where a batch touched the group more than once. Empty: a person at the CLI, or the group was only lent a hand. */
  readonly triggers: readonly Trigger[];
  readonly before: readonly Rule[];
  readonly after: readonly Rule[];
  readonly added: readonly Rule[];
  readonly removed: readonly Rule[];
  /** The wearers' targets that load balancers found healthy just before the first removal. Missing: nothing was removed, or nobody knows. */
  readonly healthyBefore?: readonly TargetKey[];
  /** What is still to do: in audit what would be done, in enforce what could not be. */
  readonly would: { readonly add: readonly Rule[]; readonly remove: readonly Rule[] };
  readonly governed: readonly GovernedPorts[];
  /** Judged on the rules before and after by `admits`, not by the planner. */
  readonly proof: readonly Proof[];
  readonly findings: readonly Finding[];
  /** Names of the load balancers that serve the group. */
  readonly loadBalancers: readonly string[];
  readonly wearers: readonly Wearer[];
  /** When the last look was taken: ISO 8601, UTC. Missing: no look succeeded. */
  readonly at?: string;
  /** Seconds from the call that opened a removed rule to the look that found it gone. Missing: nobody can say. */
  readonly exposedSeconds?: number;
  readonly looks: number;
  readonly writes: number;
}

/** What ended a remediation before its time. */
export interface Failure {
  /** `unsettled`: EC2's answers contradicted what it showed, to the last look. */
  readonly kind: "denied" | "gone" | "throttled" | "unsettled" | "other";
  readonly text: string;
}

/** What a remediation saw and did in one group. */
export interface Ledger {
  readonly group: GroupId;
  readonly triggers: readonly Trigger[];
  /** Only looked at: nothing was tried. */
  readonly isObserved: boolean;
  readonly first?: Snapshot;
  readonly last?: Snapshot;
  /** By the last look. Missing: the group is not there. */
  readonly plan?: GroupPlan;
  readonly failure?: Failure;
  readonly added: readonly Rule[];
  readonly removed: readonly Rule[];
  readonly healthyBefore?: readonly TargetKey[];
  readonly findings: readonly Finding[];
  readonly looks: number;
  readonly writes: number;
}

const rulesIn = (snapshot: Snapshot | undefined, group: GroupId): readonly Rule[] =>
  snapshot?.groups.get(group)?.rules ?? [];

/** The plan's rules that are still to be added and removed. */
const wouldOf = (plan: GroupPlan | undefined): Outcome["would"] => ({
  add: plan === undefined ? [] : [...plan.admissions, ...plan.remainders.map(({ rule }) => rule)],
  remove: plan === undefined ? [] : [...plan.removals, ...plan.waiting],
});

function resultOf(
  { failure, plan, last, added, removed }: Ledger,
  would: Outcome["would"],
  isHalf: boolean,
): Result {
  if (failure !== undefined) return failure.kind === "gone" ? "gone" : "failed";
  if (plan === undefined) return last === undefined ? "failed" : "gone";
  const isOpen = would.add.length + would.remove.length > 0;
  // In audit, too: what could not be read may be open.
  if (isHalf) return "failed";
  if (plan.mode !== "enforce") return isOpen ? "drift" : "unchanged";
  if (isOpen) return "left";
  return added.length + removed.length > 0 ? "changed" : "unchanged";
}

/** What is said when a remediation ended before its plan was empty. */
function unfinished(
  { group, failure, plan, findings, isObserved }: Ledger,
  would: Outcome["would"],
): readonly Finding[] {
  if (failure?.kind === "gone") return [];
  const ended =
    failure === undefined
      ? []
      : [finding(failure.kind === "denied" ? "denied" : "failed", group, failure.text)];
  if (failure !== undefined && failure.kind !== "unsettled") return ended;
  if (plan?.mode !== "enforce" || isObserved) return [];
  const explains: readonly string[] = ["rule-quota", "refused", "unproven"];
  const isExplained = (rule: Rule): boolean =>
    findings.some(
      (one) =>
        explains.includes(one.code) &&
        one.rule !== undefined &&
        ruleKey(one.rule) === ruleKey(rule),
    );
  return [
    ...ended,
    ...plan.admissions
      .filter((rule) => !isExplained(rule))
      .map((rule) =>
        finding("could-not-admit", group, `${ruleText(rule)} is still missing.`, rule),
      ),
    ...would.remove
      .filter((rule) => !isExplained(rule))
      .map((rule) => finding("could-not-remove", group, `${ruleText(rule)} is still there.`, rule)),
  ];
}

/** There was no room at first, and then there was. */
const isOvercome = ({ code, rule }: Finding, { added, removed }: Ledger): boolean =>
  code === "rule-quota" &&
  rule !== undefined &&
  [...added, ...removed].some((done) => ruleKey(done) === ruleKey(rule));

const distinct = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map((one) => [`${one.code} ${one.text}`, one])).values(),
];

/** The account of one group's remediation, for people and programs. */
export function outcomeOf(ledger: Ledger, account: AccountId, policy: Policy): Outcome {
  const { group, first, last, plan, added, removed, healthyBefore } = ledger;
  const would = wouldOf(plan);
  const known = last?.groups.get(group) ?? first?.groups.get(group);
  const isHalf = plan?.findings.some(({ code }) => code === "incomplete-picture") ?? false;
  const exposedSeconds =
    last === undefined ? undefined : exposure(removed, ledger.triggers, last.at);
  const names = new Map(last?.loadBalancers.map(({ id, name }) => [id, name]));
  return {
    version: 1,
    account,
    group,
    name: known?.name ?? "",
    ...(known?.vpc === undefined ? {} : { vpc: known.vpc }),
    result: resultOf(ledger, would, isHalf),
    mode: plan?.mode ?? policy.defaultMode,
    reach: plan?.reach ?? "handsOff",
    triggers: ledger.triggers,
    before: rulesIn(first, group),
    after: rulesIn(last, group),
    added,
    removed,
    ...(removed.length === 0 || healthyBefore === undefined ? {} : { healthyBefore }),
    would,
    governed: plan?.governed ?? [],
    proof:
      first !== undefined && last !== undefined && plan !== undefined
        ? prove(first, last, plan, policy)
        : [],
    findings: distinct([
      ...(plan?.findings ?? []),
      ...ledger.findings.filter((one) => !isOvercome(one, ledger)),
      ...byTerraform(group, [...removed, ...would.remove], ledger.triggers),
      ...unfinished(ledger, would),
    ]),
    loadBalancers: (plan?.loadBalancers ?? []).map((id) => names.get(id) ?? id),
    wearers: plan?.wearers ?? [],
    ...(last === undefined ? {} : { at: last.at }),
    ...(exposedSeconds === undefined ? {} : { exposedSeconds }),
    looks: ledger.looks,
    writes: ledger.writes,
  };
}
