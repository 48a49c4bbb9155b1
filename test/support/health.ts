import { admits } from "../../functions/core/admits.ts";
import { contactsOf, knocking, rulesAt } from "../../functions/core/contact.ts";
import type { GroupId } from "../../functions/core/rule.ts";
import type { Health, InterfaceId } from "../../functions/core/snapshot.ts";
import { type Region, snapshotOf } from "./region.ts";

/** How the groups' wearers fare by the rules as they stand: healthy if every load balancer that serves them gets in on each of its ports. */
export function healthIn(region: Region, groups: readonly GroupId[]): ReadonlyMap<InterfaceId, Health> {
  const snapshot = snapshotOf(region, groups);
  const wearers = snapshot.interfaces.filter((one) => one.groups.some((id) => groups.includes(id)));
  return new Map(
    wearers.flatMap((wearer): readonly (readonly [InterfaceId, Health])[] => {
      const contacts = contactsOf(wearer, snapshot);
      const isIn = contacts.every(({ loadBalancer, port: { protocol, from } }) =>
        admits(rulesAt(wearer, snapshot.groups), { protocol, port: from, from: knocking(loadBalancer, snapshot) }, snapshot.prefixLists),
      );
      return contacts.length === 0 ? [] : [[wearer.id, isIn ? "healthy" : "unhealthy:Target.Timeout"]];
    }),
  );
}
