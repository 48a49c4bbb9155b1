import { loadBalancerCutOff } from "../judge/cutOff.ts";
import type { Outcome } from "../values/outcome.ts";
import { isIn, type Rule, ruleKey, ruleText, sameTraffic, type Tags } from "../values/rule.ts";
import type { Snapshot } from "../values/snapshot.ts";

/** What a change did, as far as it can be undone. */
export type Done = Pick<Outcome, "group" | "added" | "removed">;

/** What undoing a change has to do yet, by the rules as they are now. */
export interface UndoPlan {
  readonly add: readonly Rule[];
  /** Goes once everything stands that has to. */
  readonly remove: readonly Rule[];
  /** Rules of the change that are left as they are, and why: somebody changed them since, or a load balancer needs them. */
  readonly left: readonly LeftRule[];
}

interface LeftRule {
  readonly rule: Rule;
  readonly why: string;
  /** Did somebody change it since? */
  readonly isConflict: boolean;
}

/**
 * Puts back what a change removed, as it was, and takes away what it added. What somebody changed since is theirs and stays as it is;
 * no load balancer loses its only way in. Taking away waits until everything is put back.
 */
export function planUndo({ group, added, removed }: Done, snapshot: Snapshot): UndoPlan {
  const rules = snapshot.groups.get(group)?.rules;
  if (rules === undefined) throw new Error(`There is no security group ${group} any more.`);
  const add: Rule[] = [];
  const left: LeftRule[] = [];
  const leave = (rule: Rule, why: string, isConflict = false): void =>
    void left.push({ rule, why, isConflict });
  for (const rule of distinct(removed)) {
    const now = rules.find((one) => sameTraffic(one, rule));
    if (now === undefined) add.push(anew(rule));
    else if (!readsAs(now, rule))
      leave(rule, `${ruleText(rule)} stands again, but reads otherwise; it stays so`, true);
  }
  const going: Rule[] = [];
  for (const rule of distinct(added)) {
    const now = rules.find((one) => sameTraffic(one, rule));
    if (isIn(removed, rule)) continue;
    if (now === undefined) leave(rule, `${ruleText(rule)} is gone already`);
    else if (!readsAs(now, rule))
      leave(rule, `${ruleText(rule)} was changed since; it stays as it is`, true);
    else {
      const rest = [...rules, ...add].filter((one) => one !== now && !going.includes(one));
      const lost = loadBalancerCutOff(rest, group, snapshot);
      if (lost === undefined) going.push(now);
      else leave(rule, `${ruleText(rule)} stays: ${lost.name} has no other way in`);
    }
  }
  return { add, remove: add.length === 0 ? going : [], left };
}

const distinct = (rules: readonly Rule[]): readonly Rule[] => [
  ...new Map(rules.map((rule) => [ruleKey(rule), rule])).values(),
];

/** As it can be written: EC2 gives it an id of its own, and takes nobody's `aws:` tags. */
function anew({ id: _id, tags, ...rule }: Rule): Rule {
  return { ...rule, tags: ownable(tags) };
}

const ownable = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith("aws:")));

/** Does a rule still say what it said, description and tags included? */
const readsAs = (now: Rule, then: Rule): boolean =>
  (now.description ?? "") === (then.description ?? "") &&
  JSON.stringify(sorted(ownable(now.tags))) === JSON.stringify(sorted(ownable(then.tags)));

const sorted = (tags: Tags): readonly (readonly [string, string])[] =>
  Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
