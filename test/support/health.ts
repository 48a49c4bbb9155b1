import { admits } from "../../lib/judge/admits.ts";
import { type Contact, contactsAt, knocking, rulesAt } from "../../lib/judge/contact.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import type { CheckedTarget, HealthReading } from "../../lib/values/snapshot.ts";
import { type Region, snapshotOf } from "./region.ts";

/** A Classic Load Balancer checks an instance but once; of the others each port counts as one target group. */
const checkOf = ({ loadBalancer: { kind, name }, port }: Contact): CheckedTarget["by"] =>
  kind === "classic"
    ? { kind: "classicLoadBalancer", name }
    : { kind: "targetGroup", name, port: port.from };

/** How the groups' interfaces fare by the rules as they stand: each target is healthy if its load balancer gets in on every port that this check is about. */
export function healthIn(region: Region, groups: readonly GroupId[]): readonly HealthReading[] {
  const snapshot = snapshotOf(region, groups);
  const attached = snapshot.interfaces.filter((one) =>
    one.groups.some((id) => groups.includes(id)),
  );
  return attached.flatMap((eni) => {
    const { id, use, addresses } = eni;
    const isIn = ({ loadBalancer, port: { protocol, from } }: Contact): boolean =>
      admits(
        rulesAt(eni, snapshot.groups),
        { protocol, port: from, from: knocking(loadBalancer, snapshot) },
        snapshot.prefixLists,
      );
    const checks = Map.groupBy(contactsAt([eni], snapshot).get(eni) ?? [], (one) =>
      JSON.stringify(checkOf(one)),
    );
    return [...checks.values()].flatMap((contacts) =>
      contacts.slice(0, 1).map((contact): HealthReading => ({
        target: {
          interface: id,
          at: use.kind === "instance" ? use.instance : (addresses[0] ?? ""),
          by: checkOf(contact),
        },
        health: contacts.every(isIn)
          ? { state: "healthy" }
          : { state: "silent", reason: "Target.Timeout" },
      })),
    );
  });
}
