import { type Finding, finding } from "../values/finding.ts";
import { ruleText } from "../values/rule.ts";
import type { Share } from "./fit.ts";
import { freeIn } from "./room.ts";
import type { Needs, Rooms } from "./rooms.ts";
import type { Topology } from "./topology.ts";

const rulesText = (count: number): string => (count === 1 ? "1 more rule" : `${count} more rules`);

/** "21 more rules in sg-1 (web), where 15 of 60 are free, 2 of them for people". */
const needsText = (needs: Needs, rooms: Rooms, { snapshot }: Topology): string =>
  [...needs]
    .map(([group, rules]) => {
      const room = rooms.in(group);
      const free = freeIn(room);
      const spare = Math.min(room.spare, free);
      const theirs = spare > 0 ? `, ${spare} of them for people` : "";
      return `${rulesText(rules.length)} in ${group} (${snapshot.groups.get(group)?.name}), where ${free} of ${room.limit} are free${theirs}`;
    })
    .join(", and ");

/** What is not done, since there is no room for it, and how much it would take. */
export function aboutRoom(
  { lacking, tooBig }: Share,
  rooms: Rooms,
  topology: Topology,
): readonly Finding[] {
  const counted = new Set(tooBig.flatMap(({ closing }) => closing.admissions));
  return [
    ...tooBig.map(({ closing: { group, rule }, needs }) =>
      finding(
        "rule-quota",
        group,
        `${ruleText(rule)} stays open: to close it takes ${needsText(needs, rooms, topology)}.`,
        rule,
      ),
    ),
    ...lacking
      .filter((one) => !counted.has(one))
      .map(({ group, rule, isUrgent }) => {
        const needs = needsText(new Map([[group, [rule]]]), rooms, topology);
        const harm = isUrgent
          ? "A load balancer does not get in"
          : "A load balancer gets in by other rules alone";
        return finding("rule-quota", group, `${harm}: ${ruleText(rule)} takes ${needs}.`, rule);
      }),
  ];
}
