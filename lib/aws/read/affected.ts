import type { GroupId } from "../../values/rule.ts";
import type { Touched, Trigger } from "../../values/trigger.ts";
import type { Aws } from "../connect.ts";
import type { ElbReadings } from "./elbReadings.ts";
import { groupsLettingIn, groupsNamed, groupsOfRules } from "./groups.ts";
import { groupsAt, type TouchedPlace } from "./places.ts";
import type { ReadInterface } from "./interfaces.ts";
import { areAboutRules, concernIn } from "./unserved.ts";
import { sweep } from "./sweep.ts";
import { groupsWithWayIn } from "./waysIn.ts";

/**
 * Which groups these events touch, each with the events that did, in their order. What is not there any more touches what is left of it, or nothing.
 * However many events name the same things, each is asked for once.
 */
export async function affected(
  aws: Aws,
  triggers: readonly Trigger[],
  elb: ElbReadings,
  attachedTo: (groups: readonly GroupId[]) => Promise<readonly ReadInterface[]>,
): Promise<ReadonlyMap<GroupId, readonly Trigger[]>> {
  const touched = new Map(
    triggers.flatMap((trigger) => trigger.touched.map((one) => [keyOf(one), one] as const)),
  );
  const groupsOf = await finder(aws, [...touched.values()], elb);
  const groups = new Map([...touched].map(([key, one]) => [key, groupsOf(one)]));
  const found = new Map<GroupId, Trigger[]>();
  for (const trigger of triggers) {
    for (const group of new Set(trigger.touched.flatMap((one) => groups.get(keyOf(one)) ?? []))) {
      const known = found.get(group);
      if (known === undefined) found.set(group, [trigger]);
      else known.push(trigger);
    }
  }
  const { unserved, targetGroups } = await concernIn(
    [...found].flatMap(([group, some]) => (areAboutRules(some) ? [group] : [])),
    attachedTo,
    elb.everyone,
  );
  elb.begin(targetGroups);
  return new Map([...found].filter(([group]) => !unserved.has(group)));
}

const keyOf = (one: Touched): string => Object.values(one).join(" ");

/** Asks for everything at once; the answer knows the groups of each thing. */
async function finder(
  aws: Aws,
  touched: readonly Touched[],
  elb: ElbReadings,
): Promise<(one: Touched) => readonly GroupId[]> {
  const [all, byName, byRule, byPrefixList, withWayIn, places] = await Promise.all([
    touched.some(({ kind }) => kind === "everything") ? sweep(aws, elb) : [],
    groupsNamed(
      aws.ec2,
      touched.flatMap((one) => (one.kind === "groupName" ? [one.name] : [])),
    ),
    groupsOfRules(
      aws.ec2,
      touched.flatMap((one) => (one.kind === "rule" ? [one.rule] : [])),
    ),
    groupsLettingIn(
      aws.ec2,
      touched.flatMap((one) => (one.kind === "prefixList" ? [one.prefixList] : [])),
    ),
    groupsWithWayIn(
      aws.ec2,
      touched.flatMap((one) => (one.kind === "joined" ? [one.group] : [])),
    ),
    groupsAt(aws, touched.filter(isPlace), elb),
  ]);
  return (one) => {
    switch (one.kind) {
      case "group":
        return [one.group];
      case "groupName":
        return byName.get(one.name) ?? [];
      case "rule":
        return [byRule.get(one.rule) ?? []].flat();
      case "prefixList":
        return byPrefixList.get(one.prefixList) ?? [];
      case "joined":
        return withWayIn.has(one.group) ? [one.group] : [];
      case "everything":
        return all;
      case "instance":
      case "interface":
      case "attachment":
      case "address":
      case "classicLoadBalancer":
      case "loadBalancer":
      case "targetGroup":
      case "detached":
        return places(one);
    }
  };
}

const elsewhere: ReadonlySet<Touched["kind"]> = new Set([
  "group",
  "groupName",
  "rule",
  "prefixList",
  "joined",
  "everything",
]);
const isPlace = (one: Touched): one is TouchedPlace => !elsewhere.has(one.kind);
