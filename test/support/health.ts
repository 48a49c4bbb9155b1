import { admits } from "../../lib/judge/admits.ts";
import { type Contact, contactsAt, knocking, rulesAt } from "../../lib/judge/contact.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import type { Health, TargetKey } from "../../lib/values/snapshot.ts";
import { type Region, snapshotOf } from "./region.ts";

/** A Classic Load Balancer checks an instance but once; of the others each port counts as one target group. */
const checkOf = ({ loadBalancer: { kind, name }, port }: Contact): string =>
  kind === "classic" ? name : `${name}:${port.from}`;

/** How the groups' interfaces fare by the rules as they stand: each target is healthy if its load balancer gets in on every port that this check is about. */
export function healthIn(
  region: Region,
  groups: readonly GroupId[],
): ReadonlyMap<TargetKey, Health> {
  const snapshot = snapshotOf(region, groups);
  const attached = snapshot.interfaces.filter((one) =>
    one.groups.some((id) => groups.includes(id)),
  );
  return new Map(
    attached.flatMap((eni) => {
      const { id, use, addresses } = eni;
      const isIn = ({ loadBalancer, port: { protocol, from } }: Contact): boolean =>
        admits(
          rulesAt(eni, snapshot.groups),
          { protocol, port: from, from: knocking(loadBalancer, snapshot) },
          snapshot.prefixLists,
        );
      const checks = Map.groupBy(contactsAt([eni], snapshot).get(eni) ?? [], checkOf);
      return [...checks].map(([by, contacts]): readonly [TargetKey, Health] => [
        `${id} ${use.kind === "instance" ? use.instance : addresses[0]} ${by}`,
        contacts.every(isIn) ? "healthy" : "silent:Target.Timeout",
      ]);
    }),
  );
}
