import type { Failure } from "../values/errors.ts";
import type { GroupPlan, Plan, Remainder } from "../values/groupPlan.ts";
import { type Finding, type FindingCode, finding } from "../values/finding.ts";
import type { Ledger } from "./account.ts";
import { type GroupId, type Rule, ruleKey, ruleText } from "../values/rule.ts";
import type { Health, Snapshot, TargetKey } from "../values/snapshot.ts";
import { interfaceOf } from "../values/targetCheck.ts";
import type { Trigger } from "../values/trigger.ts";
import type { Answer } from "./ports.ts";

/** The bookkeeping of one group's remediation, from the first look to the outcome. */
export interface Run extends Ledger {
  first?: Snapshot;
  last?: Snapshot;
  plan?: GroupPlan;
  failure?: Failure;
  healthyBefore?: readonly TargetKey[];
  /** Was asked, before the first removal, how the interfaces fare? */
  isHealthAsked: boolean;
  looks: number;
  writes: number;
  readonly added: Rule[];
  readonly removed: Rule[];
  /** Of earlier looks and of calls; those of the last look are in its plan. */
  readonly findings: Finding[];
  /** Remainders that this run has added. */
  readonly remainders: Remainder[];
  /** Rules that a removal by properties did not find as they were read, by id. */
  readonly stale: Map<string, { readonly rule: Rule; readonly times: number }>;
  /** Did EC2's answers since the last look contradict what it showed? */
  isStale: boolean;
  /** Keys of rules that are not tried again in this run. */
  readonly givenUp: Set<string>;
  /** Keys of rules for which, or for whose remainders, there was no room; until a removal makes some. */
  readonly full: Set<string>;
  /** Have the looks before brought nothing, so that only this one is left? */
  isLastTry: boolean;
  /** How many rules were added and removed, each counted once. */
  done: number;
}

export const newRun = (group: GroupId, triggers: readonly Trigger[], isObserved = false): Run => ({
  group,
  triggers,
  isObserved,
  isHealthAsked: false,
  isLastTry: false,
  isStale: false,
  full: new Set(),
  looks: 0,
  writes: 0,
  added: [],
  removed: [],
  findings: [],
  remainders: [],
  stale: new Map(),
  givenUp: new Set(),
  done: 0,
});

/** Notes a finding once. */
function note(run: Run, one: Finding): void {
  if (!run.findings.some(({ code, text }) => code === one.code && text === one.text))
    run.findings.push(one);
}

const has = (rules: readonly Rule[], rule: Rule): boolean =>
  rules.some((other) => ruleKey(other) === ruleKey(rule));

/** The very same rule: one that was made anew has another id. */
const isSame = (a: Rule, b: Rule): boolean =>
  a.id === undefined || b.id === undefined ? ruleKey(a) === ruleKey(b) : a.id === b.id;

const aboutClosing: readonly FindingCode[] = ["shared-group", "untracked-connections"];

/** Takes in a look and what the plan makes of it. */
export function see(run: Run, snapshot: Snapshot, plan: Plan): void {
  run.looks += 1;
  // What an earlier look had to say of what is closed by now is said all the same; what it said of interfaces is said anew, or is no longer so.
  for (const one of run.plan?.findings ?? [])
    if (one.rule !== undefined || aboutClosing.includes(one.code)) note(run, one);
  run.isStale = false;
  run.first ??= snapshot;
  run.last = snapshot;
  const todo = plan.groups.get(run.group);
  if (todo === undefined) delete run.plan;
  else run.plan = todo;
  const rules = snapshot.groups.get(run.group)?.rules ?? [];
  for (const { rule, of } of run.remainders) {
    const isOrphan =
      has(rules, rule) && !has(rules, of) && !run.removed.some((removed) => isSame(removed, of));
    if (isOrphan)
      note(
        run,
        finding(
          "resurrected",
          run.group,
          `${ruleText(of)} vanished while its remainder ${ruleText(rule)} was being written.`,
          rule,
        ),
      );
  }
}

/** Notes as which targets the interfaces are healthy. */
export function hearHealth(run: Run, health: ReadonlyMap<TargetKey, Health>): void {
  const attached = new Set(
    run.last?.interfaces.filter(({ groups }) => groups.includes(run.group)).map(({ id }) => id),
  );
  run.healthyBefore = [...health].flatMap(([target, one]) =>
    one === "healthy" && attached.has(interfaceOf(target)) ? [target] : [],
  );
}

/** Does the last look not show yet what this run has written? Then it is older than that, and proves nothing. */
export function isUnseen({ group, added, last, failure }: Run): boolean {
  const rules = last?.groups.get(group)?.rules ?? [];
  return failure === undefined && added.some((rule) => !has(rules, rule));
}

/** What a look leaves to do, less what was given up, and what is to be taken back. */
export interface Work {
  readonly admissions: readonly Rule[];
  readonly remainders: readonly Remainder[];
  readonly removals: readonly Rule[];
  readonly waiting: readonly Rule[];
  /** Remainders of this run whose wide rule will not go after all. */
  readonly takeBack: readonly Rule[];
}

export function workOf(run: Run): Work | undefined {
  const { plan, last } = run;
  if (
    plan === undefined ||
    last === undefined ||
    plan.mode !== "enforce" ||
    run.failure !== undefined
  )
    return undefined;
  const isOpen = (rule: Rule): boolean =>
    !run.givenUp.has(ruleKey(rule)) && !run.full.has(ruleKey(rule));
  const rules = last.groups.get(run.group)?.rules ?? [];
  const open = {
    admissions: plan.admissions.filter(isOpen),
    remainders: plan.remainders.filter(({ rule, of }) => isOpen(rule) && isOpen(of)),
    removals: plan.removals.filter(isOpen),
    waiting: plan.waiting.filter(isOpen),
  };
  const isDone = Object.values(open).every((rules) => rules.length === 0);
  // Last of all, and only under a wide rule that still stands: until then another removal may count on them.
  const orphans =
    isDone || run.isLastTry
      ? run.remainders.filter(({ rule, of }) => !isOpen(of) && isOpen(rule) && has(rules, of))
      : [];
  const takeBack = rules.filter((rule) =>
    orphans.some((one) => ruleKey(one.rule) === ruleKey(rule)),
  );
  return isDone && takeBack.length === 0 ? undefined : { ...open, takeBack };
}

/** Notes what became of an addition; `remainder` says which wide rule it is part of. */
export function hearAdded(run: Run, rule: Rule, answer: Answer, remainder?: Remainder): void {
  switch (answer.kind) {
    case "done":
      // What has to be done twice is no progress, whoever undoes it.
      if (has(run.added, rule)) return;
      run.done += 1;
      run.added.push(rule);
      if (remainder !== undefined) run.remainders.push(remainder);
      return;
    case "stale":
      run.isStale = true;
      return;
    case "full":
      run.full.add(ruleKey(remainder?.of ?? rule));
      note(
        run,
        finding(
          "rule-quota",
          run.group,
          `No room for ${ruleText(rule)}${remainder ? `, so ${ruleText(remainder.of)} stays` : ""}.`,
          remainder?.of ?? rule,
        ),
      );
      return;
    case "refused":
      run.givenUp.add(ruleKey(remainder?.of ?? rule));
      note(run, finding("refused", run.group, `${ruleText(rule)}: ${answer.why}`, rule));
      return;
  }
}

/** Notes what became of a removal. What was added in this run and is taken back counts as neither. */
export function hearRemoved(run: Run, rule: Rule, answer: Answer): void {
  switch (answer.kind) {
    case "done": {
      if (
        run.removed.some((removed) => removed.id === rule.id && ruleKey(removed) === ruleKey(rule))
      )
        return;
      run.done += 1;
      const own = run.added.findIndex((added) => ruleKey(added) === ruleKey(rule));
      if (own < 0) {
        run.removed.push(rule);
        run.full.clear();
      } else {
        run.added.splice(own, 1);
        run.givenUp.add(ruleKey(rule));
      }
      return;
    }
    case "stale":
      run.isStale = true;
      if (rule.id !== undefined) run.stale.set(rule.id, { rule, times: timesStale(run, rule) + 1 });
      return;
    case "full":
    case "refused":
      run.givenUp.add(ruleKey(rule));
      note(
        run,
        finding(
          "refused",
          run.group,
          `${ruleText(rule)}: ${answer.kind === "refused" ? answer.why : "no room"}`,
          rule,
        ),
      );
      return;
  }
}

/** How often this very rule was not found by its properties, though it is read again and again as it was. */
export function timesStale(run: Run, rule: Rule): number {
  const tried = rule.id === undefined ? undefined : run.stale.get(rule.id);
  const isUnchanged =
    tried !== undefined &&
    ruleKey(tried.rule) === ruleKey(rule) &&
    tried.rule.description === rule.description;
  return isUnchanged ? tried.times : 0;
}

/** The judge's objection to a removal: it is not made. */
export function object(run: Run, rule: Rule, why: string): void {
  run.givenUp.add(ruleKey(rule));
  note(run, finding("unproven", run.group, `${ruleText(rule)} stays: ${why}.`, rule));
}

/** Ends a run by an error; one that carries a `failure` says of what kind. */
export function fail(run: Run, error: unknown): Run {
  const { failure } = error as { readonly failure?: Failure };
  run.failure = failure ?? {
    kind: "other",
    text: error instanceof Error ? error.message : String(error),
  };
  return run;
}
