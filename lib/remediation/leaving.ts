import { loadBalancerCutOff } from "../judge/cutOff.ts";
import { admittedBy } from "../values/ownAdmission.ts";
import type { GroupId, Rule } from "../values/rule.ts";
import type { Group, Snapshot } from "../values/snapshot.ts";

/** Rules of ours in one group: those that can go, and those without which a load balancer would be cut off. */
export interface Leaving {
  readonly group: GroupId;
  readonly name: string;
  readonly free: readonly Rule[];
  readonly needed: readonly { readonly rule: Rule; readonly loadBalancer: string }[];
}

/** What of our rules can go from these groups, all of it together, without cutting off anybody. */
export function leavingFrom(snapshot: Snapshot): readonly Leaving[] {
  const groups = new Map(snapshot.groups);
  return [...snapshot.groups.values()].flatMap((group) => {
    const ours = group.rules.filter((rule) => admittedBy(rule) !== undefined);
    return ours.length === 0 ? [] : [leavingOne(group, ours, groups, snapshot)];
  });
}

/** What goes here is gone for the groups that come after. */
function leavingOne(
  { id, name }: Group,
  ours: readonly Rule[],
  groups: Map<GroupId, Group>,
  snapshot: Snapshot,
): Leaving {
  const free: Rule[] = [];
  const needed: { rule: Rule; loadBalancer: string }[] = [];
  for (const rule of ours) {
    const group = groups.get(id);
    if (group === undefined) continue;
    const rest = group.rules.filter((one) => one !== rule);
    const lost = loadBalancerCutOff(rest, id, { ...snapshot, groups });
    if (lost === undefined) {
      free.push(rule);
      groups.set(id, { ...group, rules: rest });
    } else needed.push({ rule, loadBalancer: lost.name });
  }
  return { group: id, name, free, needed };
}
