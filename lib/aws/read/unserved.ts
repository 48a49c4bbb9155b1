import type { GroupId } from "../../values/rule.ts";
import type { VpcId } from "../../values/snapshot.ts";
import type { Trigger } from "../../values/trigger.ts";
import { withDelegatedAddresses } from "./delegated.ts";
import type { ReadInterface } from "./interfaces.ts";

const changesOfRules: ReadonlySet<string> = new Set([
  "AuthorizeSecurityGroupIngress",
  "RevokeSecurityGroupIngress",
  "ModifySecurityGroupRules",
]);

/** Are all that these events changed rules? Where nobody is served those are nobody's business; tags and interfaces may be. */
export const areAboutRules = (triggers: readonly Trigger[]): boolean =>
  triggers.every(({ event }) => changesOfRules.has(event));

/**
 * Those of these groups that no load balancer can concern: no interface is attached, or none that is registered anywhere. Most changes of rules are of such
 * groups, and they take one call. What the index does not know yet has an event of its own, which leads here, too.
 */
export async function groupsUnserved(
  groups: readonly GroupId[],
  attachedTo: (groups: readonly GroupId[]) => Promise<readonly ReadInterface[]>,
  everyone: (vpcs: readonly VpcId[]) => Promise<ReadonlySet<string> | undefined>,
): Promise<ReadonlySet<GroupId>> {
  if (groups.length === 0) return new Set();
  const attached = await attachedTo(groups);
  const registered =
    attached.length === 0
      ? new Set<string>()
      : await everyone(attached.flatMap(({ vpc }) => vpc ?? []));
  const concerned = attached.filter(
    (eni) =>
      registered === undefined || eni.use.kind === "loadBalancer" || isRegistered(eni, registered),
  );
  const served = new Set(concerned.flatMap((eni) => eni.groups));
  return new Set(groups.filter((group) => !served.has(group)));
}

function isRegistered(eni: ReadInterface, registered: ReadonlySet<string>): boolean {
  const { use, vpc } = eni;
  if (use.kind === "instance" && registered.has(use.instance)) return true;
  if (eni.addresses.some((address) => registered.has(address))) return true;
  if (vpc === undefined || eni.prefixes.length === 0) return false;
  const pods = [...registered]
    .filter((id) => !id.startsWith("i-"))
    .map((id) => ({ at: { kind: "address" as const, address: id, vpc } }));
  return withDelegatedAddresses([eni], pods).some(
    ({ addresses }) => addresses.length > eni.addresses.length,
  );
}
