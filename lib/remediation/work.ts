import type { Remainder } from "../values/groupPlan.ts";
import { isIn, type Rule, ruleKey } from "../values/rule.ts";
import type { Remediation } from "./remediation.ts";

/** What a look leaves to do, less what was given up, and what is to be taken back. */
export interface Work {
  readonly admissions: readonly Rule[];
  readonly remainders: readonly Remainder[];
  readonly removals: readonly Rule[];
  readonly waiting: readonly Rule[];
  /** Remainders of this remediation whose wide rule will not go after all. */
  readonly takeBack: readonly Rule[];
}

/** What is to be done after the last look; undefined where there is nothing, or nothing may be done. */
export function workOf(remediation: Remediation): Work | undefined {
  const { group, plan, last, failure, hold, withheld, givenUp, whyAddOnly } = remediation;
  if (plan?.mode !== "enforce" || last === undefined || failure !== undefined) return undefined;
  const isOpen = (rule: Rule): boolean =>
    [givenUp, withheld].every((rules) => !rules.has(ruleKey(rule)));
  if (hold !== undefined || whyAddOnly !== undefined) {
    const admissions = hold?.stops === "writes" ? [] : plan.admissions.filter(isOpen);
    const rest = { remainders: [], removals: [], waiting: [], takeBack: [] };
    return admissions.length === 0 ? undefined : { admissions, ...rest };
  }
  const open = {
    admissions: plan.admissions.filter(isOpen),
    remainders: plan.remainders.filter(({ rule, of }) => isOpen(rule) && isOpen(of)),
    removals: plan.removals.filter(isOpen),
    waiting: plan.waiting.filter(isOpen),
  };
  const isDone = Object.values(open).every((rules) => rules.length === 0);
  const rules = last.groups.get(group)?.rules ?? [];
  // Last of all, and only under a wide rule that still stands: until then another removal may count on them.
  const orphans =
    isDone || remediation.isLastTry
      ? remediation.remainders
          .filter(({ rule, of }) => !isOpen(of) && isOpen(rule) && isIn(rules, of))
          .map(({ rule }) => rule)
      : [];
  const takeBack = rules.filter((rule) => isIn(orphans, rule));
  return isDone && takeBack.length === 0 ? undefined : { ...open, takeBack };
}

/** Does the last look not show yet what was written? Then it is older than that, and proves nothing. */
export function isUnseen({ group, added, takenBack, last, failure }: Remediation): boolean {
  const rules = last?.groups.get(group)?.rules ?? [];
  return (
    failure === undefined &&
    (added.some((rule) => !isIn(rules, rule)) || takenBack.some((rule) => isIn(rules, rule)))
  );
}
