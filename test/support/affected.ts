import type { GroupId } from "../../lib/values/rule.ts";
import type { Target } from "../../lib/values/snapshot.ts";
import type { Touched, Trigger } from "../../lib/values/trigger.ts";
import type { Region } from "./region.ts";

/** Which groups events touch, and which of the events touch each: a rule's group, an instance's groups, a load balancer's targets' groups. */
export function affectedGroups(
  region: Region,
  triggers: readonly Trigger[],
): ReadonlyMap<GroupId, readonly Trigger[]> {
  const affected = new Map<GroupId, readonly Trigger[]>();
  for (const trigger of triggers) {
    const touched = new Set(trigger.touched.flatMap((one) => groupsOf(region, one)));
    for (const group of touched) affected.set(group, [...(affected.get(group) ?? []), trigger]);
  }
  return affected;
}

function groupsOf(region: Region, touched: Touched): readonly GroupId[] {
  const worn = (is: (one: Region["interfaces"][number]) => boolean): readonly GroupId[] =>
    region.interfaces.filter(is).flatMap((one) => one.groups);
  const at = (target: Target["at"]): readonly GroupId[] =>
    target.kind === "instance"
      ? worn(({ use }) => use.kind === "instance" && use.instance === target.instance)
      : worn((one) => one.addresses.includes(target.address) && one.vpc === target.vpc);
  const served = (id: string): readonly GroupId[] =>
    region.loadBalancers
      .filter((one) => one.id === id)
      .flatMap((one) => one.targets.flatMap((target) => at(target.at)));
  switch (touched.kind) {
    case "group":
      return [touched.group];
    case "groupName":
      return region.groups.filter((group) => group.name === touched.name).map((group) => group.id);
    case "rule":
      return region.groups
        .filter((group) => group.rules.some((rule) => rule.id === touched.rule))
        .map((group) => group.id);
    case "instance":
      return at(touched);
    case "interface":
      return worn((one) => one.id === touched.interface);
    case "joined":
      return [touched.group];
    case "prefixList":
      return region.groups
        .filter(({ rules }) =>
          rules.some(
            ({ source }) => source.kind === "prefixList" && source.id === touched.prefixList,
          ),
        )
        .map((group) => group.id);
    case "classicLoadBalancer":
      return served(touched.name);
    case "loadBalancer":
      return served(touched.arn);
    case "address":
      return worn((one) => one.addresses.includes(touched.address));
    case "attachment":
    case "targetGroup":
    case "detached":
    case "everything":
      return region.groups.map((group) => group.id);
  }
}
