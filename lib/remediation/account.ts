import type { Failure } from "../values/errors.ts";
import type { AccountRegion, Outcome, Result } from "../values/outcome.ts";
import type { Intent } from "../values/intent.ts";
import { type GroupPlan, remainingIn } from "../values/groupPlan.ts";
import { type Finding, type FindingCode, finding } from "../values/finding.ts";
import { byTerraform, exposure } from "./exposure.ts";
import { openElsewhere } from "./openPorts.ts";
import { overruled, withCode } from "./otherWriters.ts";
import { openPortsOf } from "../judge/openPorts.ts";
import type { Policy } from "../values/policy.ts";
import { differenceOf, type Inbound } from "../judge/difference.ts";
import { prove } from "../judge/proof.ts";
import { type GroupId, type Rule, ruleKey, ruleText, sameTraffic } from "../values/rule.ts";
import type { CheckedTarget, Snapshot } from "../values/snapshot.ts";
import type { Trigger } from "../values/trigger.ts";

/** What a remediation saw and did in one group. */
export interface Ledger {
  readonly group: GroupId;
  readonly triggers: readonly Trigger[];
  /** What was written down before anything was tried. Missing: nothing was, or it could not be. */
  readonly intent?: Intent;
  /** Did it end before anybody could say what became of all that was tried? Then whoever comes next goes on with it. */
  readonly isOpenEnded: boolean;
  /** Only looked at: nothing was tried. */
  readonly isObserved: boolean;
  readonly first?: Snapshot;
  readonly last?: Snapshot;
  /** By the last look. Missing: the group is not there. */
  readonly plan?: GroupPlan;
  readonly failure?: Failure;
  /** What must not be done for now, and why. */
  readonly hold?: { readonly finding: Finding };
  /** Rules that are not to go for now, by key, and why. */
  readonly withheld: ReadonlyMap<string, Finding>;
  readonly added: readonly Rule[];
  readonly removed: readonly Rule[];
  readonly healthyBefore?: readonly CheckedTarget[];
  readonly findings: readonly Finding[];
  readonly looks: number;
  readonly writes: number;
}

const rulesIn = (snapshot: Snapshot | undefined, group: GroupId): readonly Rule[] =>
  snapshot?.groups.get(group)?.rules ?? [];

const inboundOf = (snapshot: Snapshot, group: GroupId): Inbound => ({
  rules: rulesIn(snapshot, group),
  prefixLists: snapshot.prefixLists,
});

function resultOf(
  { failure, plan, last, hold, withheld, added, removed }: Ledger,
  remaining: Outcome["remaining"],
  isHalf: boolean,
): Result {
  if (failure !== undefined) return failure.kind === "gone" ? "gone" : "failed";
  if (plan === undefined) return last === undefined ? "failed" : "gone";
  const isOpen = remaining.add.length + remaining.remove.length > 0;
  // In audit, too: what could not be read may be open.
  if (isHalf) return "failed";
  if (plan.mode !== "enforce") return isOpen ? "drift" : "unchanged";
  const isHeld =
    hold !== undefined ||
    (remaining.remove.length > 0 &&
      plan.admissions.length === 0 &&
      remaining.remove.every((rule) => withheld.has(ruleKey(rule))));
  if (isOpen) return isHeld ? "drift" : "incomplete";
  return added.length + removed.length > 0 ? "changed" : "unchanged";
}

function codeOf({ kind }: Failure): FindingCode {
  if (kind === "noState") return "no-state";
  return kind === "denied" ? "denied" : "failed";
}

/** What is said when a remediation ended before its plan was empty. */
function unfinished(
  { group, failure, plan, findings, hold, withheld, isObserved, looks }: Ledger,
  remaining: Outcome["remaining"],
): readonly Finding[] {
  if (failure?.kind === "gone") return [];
  // Worded without the group: it is the same for all, and told once.
  const isBlind = failure?.kind === "denied" && looks === 0;
  const scope = isBlind ? "; no security group can be looked at" : "";
  const ended =
    failure === undefined ? [] : [finding(codeOf(failure), group, failure.text + scope)];
  if (failure !== undefined && failure.kind !== "unsettled") return ended;
  if (plan?.mode !== "enforce" || isObserved) return [];
  if (hold !== undefined)
    return remaining.add.length + remaining.remove.length > 0 ? [...ended, hold.finding] : ended;
  const explains: readonly string[] = ["rule-quota", "refused", "unproven"];
  const isExplained = (rule: Rule): boolean =>
    [...findings, ...plan.findings].some(
      (one) => explains.includes(one.code) && one.rule !== undefined && sameTraffic(one.rule, rule),
    );
  return [
    ...ended,
    ...remaining.remove.flatMap((rule) => withheld.get(ruleKey(rule)) ?? []),
    ...plan.admissions
      .filter((rule) => !isExplained(rule))
      .map((rule) =>
        finding("could-not-admit", group, `${ruleText(rule)} is still missing.`, rule),
      ),
    ...remaining.remove
      .filter((rule) => !isExplained(rule) && !withheld.has(ruleKey(rule)))
      .map((rule) => finding("could-not-remove", group, `${ruleText(rule)} is still there.`, rule)),
  ];
}

const distinct = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map((one) => [`${one.code} ${one.text}`, one])).values(),
];

/** The account of one group's remediation, for people and programs. */
export function outcomeOf(
  ledger: Ledger,
  { account, region, partition }: AccountRegion,
  policy: Policy,
): Outcome {
  const { group, first, last, plan, healthyBefore, intent, isOpenEnded } = ledger;
  // What is not known whole is told once it is.
  const [added, removed] = isOpenEnded ? [[], []] : [ledger.added, ledger.removed];
  const remaining = plan === undefined ? { add: [], remove: [] } : remainingIn(plan);
  const known = last?.groups.get(group) ?? first?.groups.get(group);
  const isHalf = plan?.findings.some(({ code }) => code === "incomplete-picture") ?? false;
  const exposedSeconds =
    last === undefined ? undefined : exposure(removed, ledger.triggers, last.at);
  const names = new Map(last?.loadBalancers.map(({ id, name }) => [id, name]));
  const open = last === undefined || plan === undefined ? [] : openPortsOf(plan, last, policy);
  return {
    version: 1,
    account,
    region,
    partition,
    ...(intent === undefined || isOpenEnded ? {} : { change: intent.change }),
    group,
    name: known?.name ?? "",
    ...(known?.vpc === undefined ? {} : { vpc: known.vpc }),
    result: resultOf(ledger, remaining, isHalf),
    mode: plan?.mode ?? policy.defaultMode,
    reach: plan?.reach ?? "handsOff",
    triggers: ledger.triggers,
    before: rulesIn(first, group),
    after: rulesIn(last, group),
    added,
    removed,
    ...(removed.length === 0 || healthyBefore === undefined ? {} : { healthyBefore }),
    remaining,
    governed: plan?.governed ?? [],
    proof:
      first !== undefined && last !== undefined && plan !== undefined
        ? prove(first, last, plan, policy)
        : [],
    ...(last === undefined ? {} : { open }),
    ...(first === undefined || last === undefined
      ? {}
      : { difference: differenceOf(inboundOf(first, group), inboundOf(last, group)) }),
    findings: distinct([
      ...(plan?.findings ?? []),
      ...ledger.findings,
      ...byTerraform(group, [...removed, ...remaining.remove], ledger.triggers),
      ...overruled(group, added, ledger.triggers),
      ...unfinished(ledger, remaining),
      ...(last === undefined || plan === undefined ? [] : openElsewhere(plan, open, last)),
    ]).map((one) => withCode(one, last?.groups.get(group))),
    loadBalancers: (plan?.loadBalancers ?? []).map((id) => names.get(id) ?? id),
    interfaces: plan?.attached ?? [],
    ...(last === undefined ? {} : { at: last.at }),
    ...(exposedSeconds === undefined ? {} : { exposedSeconds }),
    looks: ledger.looks,
    writes: ledger.writes,
  };
}
