import { differenceOf } from "../judge/difference.ts";
import { partyText } from "../values/difference.ts";
import { admittedBy } from "../values/ownAdmission.ts";
import type { GroupId } from "../values/rule.ts";
import { millis } from "../values/time.ts";
import type { Trigger } from "../values/trigger.ts";
import { isFresh, type Proposal } from "./proposal.ts";

/** Who is cut off from where by removals in one group, and what they come from. */
export interface Damage {
  readonly group: GroupId;
  /** When: milliseconds since 1970. */
  readonly at: number;
  readonly interfaces: readonly string[];
  readonly sources: readonly string[];
  /** "event ...", "principal ...", "load balancer ...". */
  readonly causes: readonly string[];
}

/** How much one cause may cut off. */
export interface Limits {
  readonly groups: number;
  readonly interfaces: number;
  readonly sources: number;
}

/** An hour, whatever the causes, may cut off so many times as much. */
const hourFactor = 4;

/**
 * What these removals would cut off, by the judge; undefined: nobody. What a call has only just opened is not counted, or whoever opens much at once
 * would keep it from being closed; nor are our own admissions.
 */
export function damageOf(proposal: Proposal): Damage | undefined {
  const { group, plan, snapshot, triggers } = proposal;
  const rules = snapshot.groups.get(group)?.rules ?? [];
  const going = proposal.rules.filter(
    (rule) => admittedBy(rule) === undefined && !isFresh(rule, proposal),
  );
  const coming = [...plan.admissions, ...plan.remainders.map(({ rule }) => rule)];
  const after = [...rules.filter((rule) => !going.includes(rule)), ...coming];
  const { prefixLists } = snapshot;
  const { loses } = differenceOf({ rules, prefixLists }, { rules: after, prefixLists });
  if (loses.length === 0) return undefined;
  return {
    group,
    at: millis(snapshot.at),
    interfaces: plan.attached.map((one) => one.interface),
    sources: [...new Set(loses.map(({ who }) => partyText(who)))],
    causes: [
      ...new Set([
        ...triggers.flatMap(causesIn),
        ...plan.loadBalancers.map((id) => `load balancer ${id}`),
      ]),
    ],
  };
}

/** A role's sessions are one. */
const causesIn = ({ eventId, actor }: Trigger): readonly string[] => [
  `event ${eventId}`,
  `principal ${actor.principal.replace(/(:assumed-role\/[^/]+)\/.*$/, "$1")}`,
];

/** Groups that would be one too many, each with why: by one of its causes, or in the hour. `past`: what was cut off in the last hour. */
export function tooMuch(
  past: readonly Damage[],
  planned: readonly Damage[],
  limits: Limits,
): ReadonlyMap<GroupId, string> {
  const all = [...past, ...planned];
  const why = new Map<GroupId, string>();
  const mark = (some: readonly Damage[], text: string): void => {
    for (const { group } of some) if (!why.has(group)) why.set(group, text);
  };
  for (const cause of new Set(planned.flatMap(({ causes }) => causes))) {
    const isOf = ({ causes }: Damage): boolean => causes.includes(cause);
    const over = excessOf(all.filter(isOf), limits, 1);
    if (over !== undefined) mark(planned.filter(isOf), `${cause} would cut off ${over}`);
  }
  const over = excessOf(all, limits, hourFactor);
  if (over !== undefined) mark(planned, `within an hour this would cut off ${over}`);
  return why;
}

/** "31 security groups, and at most 20 may be"; undefined: it is not too much. */
function excessOf(some: readonly Damage[], limits: Limits, factor: number): string | undefined {
  const counted = [
    ["security groups", some.map(({ group }) => group), limits.groups],
    ["network interfaces", some.flatMap(({ interfaces }) => interfaces), limits.interfaces],
    ["sources", some.flatMap(({ sources }) => sources), limits.sources],
  ] as const;
  for (const [what, items, limit] of counted) {
    const count = new Set(items).size;
    if (count > limit * factor) return `${count} ${what}, and at most ${limit * factor} may be`;
  }
  return undefined;
}
