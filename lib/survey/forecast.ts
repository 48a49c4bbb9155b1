import type { GroupPlan, Plan } from "../values/groupPlan.ts";
import type { Policy } from "../values/policy.ts";
import { type GroupId, type Rule, ruleKey } from "../values/rule.ts";
import type { Group, Snapshot } from "../values/snapshot.ts";
import { veto } from "../judge/veto.ts";
import { plan } from "../plan/plan.ts";

/** A rule that ought to go and would not, and why. */
export interface Refusal {
  readonly rule: Rule;
  readonly why: string;
}

/** What would become of one group if everything went as planned. */
export interface Forecast {
  readonly group: Group;
  readonly plan: GroupPlan;
  readonly after: readonly Rule[];
  readonly added: readonly Rule[];
  readonly removed: readonly Rule[];
  readonly refused: readonly Refusal[];
}

export interface Forecasts {
  readonly before: Snapshot;
  /** As it would be read once all is done. */
  readonly after: Snapshot;
  readonly groups: readonly Forecast[];
}

/** Remediation needs two looks to narrow a wide rule, and a third to find nothing left; more where closing one makes room for another. */
const looks = 20;

const has = (rules: readonly Rule[], rule: Rule): boolean =>
  rules.some((other) => ruleKey(other) === ruleKey(rule));

/** What remediation would do to these groups, look by look, on paper; every removal passes the judge, as it does in earnest. */
export function forecast(before: Snapshot, policy: Policy): Forecasts {
  const all = new Set(before.inQuestion);
  const first = plan(before, policy, all);
  const vetoes = new Map<string, string>();
  let now = before;
  let todo = first;
  for (let look = 0; look < looks && isOpen(todo, vetoes); look += 1) {
    const groups = new Map(now.groups);
    for (const [id, one] of todo.groups) {
      const group = groups.get(id);
      if (group !== undefined) groups.set(id, changed(group, one, now, policy, vetoes));
    }
    now = { ...now, groups };
    todo = plan(now, policy, all);
  }
  return {
    before,
    after: now,
    groups: [...first.groups].flatMap(([id, one]) => {
      const group = before.groups.get(id);
      const rest = todo.groups.get(id);
      return group === undefined ? [] : [forecastOf(group, one, rest, now, vetoes)];
    }),
  };
}

/** Is there anything that this look would do? */
const isOpen = ({ groups }: Plan, vetoes: ReadonlyMap<string, string>): boolean =>
  [...groups.values()].some(
    ({ group, admissions, remainders, removals }) =>
      admissions.length + remainders.length > 0 ||
      removals.some((rule) => !vetoes.has(`${group} ${ruleKey(rule)}`)),
  );

/** The group once everything is done that one look allows. */
function changed(
  group: Group,
  { admissions, remainders, removals }: GroupPlan,
  now: Snapshot,
  policy: Policy,
  vetoes: Map<string, string>,
): Group {
  const going = removals.filter((rule) => {
    const why = veto(rule, removals, group.id, now, policy);
    if (why !== undefined) vetoes.set(`${group.id} ${ruleKey(rule)}`, why);
    return why === undefined;
  });
  const wanted = [...admissions, ...remainders.map(({ rule }) => rule)];
  const rules = group.rules.filter((rule) => !going.includes(rule));
  for (const rule of wanted) if (!has(rules, rule)) rules.push(rule);
  return { ...group, rules };
}

function forecastOf(
  group: Group,
  first: GroupPlan,
  rest: GroupPlan | undefined,
  now: Snapshot,
  vetoes: ReadonlyMap<GroupId, string>,
): Forecast {
  const after = now.groups.get(group.id)?.rules ?? [];
  const full = rest?.noRoom.remove ?? [];
  const left = [...(rest?.removals ?? []), ...(rest?.waiting ?? []), ...full];
  return {
    group,
    plan: first,
    after,
    added: after.filter((rule) => !has(group.rules, rule)),
    removed: group.rules.filter((rule) => !has(after, rule)),
    refused: left.map((rule) => ({
      rule,
      why:
        vetoes.get(`${group.id} ${ruleKey(rule)}`) ??
        (full.includes(rule)
          ? "there is no room in the group for what has to stand before it goes"
          : "what has to stand before it goes cannot be added"),
    })),
  };
}
