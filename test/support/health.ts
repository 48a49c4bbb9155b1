import { admits } from "../../lib/judge/admits.ts";
import { type Contact, contactsOf, knocking, rulesAt } from "../../lib/judge/contact.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import type { Health, TargetKey } from "../../lib/values/snapshot.ts";
import { type Region, snapshotOf } from "./region.ts";

/** A Classic Load Balancer checks an instance but once; of the others each port counts as one target group. */
const checkOf = ({ loadBalancer: { kind, name }, port }: Contact): string =>
  kind === "classic" ? name : `${name}:${port.from}`;

/** How the groups' wearers fare by the rules as they stand: each target is healthy if its load balancer gets in on every port that this check is about. */
export function healthIn(
  region: Region,
  groups: readonly GroupId[],
): ReadonlyMap<TargetKey, Health> {
  const snapshot = snapshotOf(region, groups);
  const wearers = snapshot.interfaces.filter((one) => one.groups.some((id) => groups.includes(id)));
  return new Map(
    wearers.flatMap((wearer) => {
      const { id, use, addresses } = wearer;
      const isIn = ({ loadBalancer, port: { protocol, from } }: Contact): boolean =>
        admits(
          rulesAt(wearer, snapshot.groups),
          { protocol, port: from, from: knocking(loadBalancer, snapshot) },
          snapshot.prefixLists,
        );
      const checks = Map.groupBy(contactsOf(wearer, snapshot), checkOf);
      return [...checks].map(([by, contacts]): readonly [TargetKey, Health] => [
        `${id} ${use.kind === "instance" ? use.instance : addresses[0]} ${by}`,
        contacts.every(isIn) ? "healthy" : "silent:Target.Timeout",
      ]);
    }),
  );
}
