import type { TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { GroupId } from "../../values/rule.ts";
import type { VpcId } from "../../values/snapshot.ts";
import type { Trigger } from "../../values/trigger.ts";
import { withDelegatedAddresses } from "./delegated.ts";
import type { ReadInterface } from "./interfaces.ts";
import type { Registered } from "./registrations.ts";

const changesOfRules: ReadonlySet<string> = new Set([
  "AuthorizeSecurityGroupIngress",
  "RevokeSecurityGroupIngress",
  "ModifySecurityGroupRules",
]);

/** Are all that these events changed rules? Where nobody is served those are nobody's business; tags and interfaces may be. */
export const areAboutRules = (triggers: readonly Trigger[]): boolean =>
  triggers.every(({ event }) => changesOfRules.has(event));

/** Groups that no load balancer can concern, and the target groups that concern the others, as far as the index knows them. */
export interface Concern {
  readonly unserved: ReadonlySet<GroupId>;
  readonly targetGroups: readonly TargetGroup[];
}

/**
 * No load balancer can concern a group to which no interface is attached, or none that is registered anywhere. Most changes of rules are of such
 * groups, and they take one call. What the index does not know yet has an event of its own, which leads here, too.
 */
export async function concernIn(
  groups: readonly GroupId[],
  attachedTo: (groups: readonly GroupId[]) => Promise<readonly ReadInterface[]>,
  everyone: (vpcs: readonly VpcId[]) => Promise<Registered | undefined>,
): Promise<Concern> {
  if (groups.length === 0) return { unserved: new Set(), targetGroups: [] };
  const attached = await attachedTo(groups);
  const registered: Registered | undefined =
    attached.length === 0 ? new Map() : await everyone(attached.flatMap(({ vpc }) => vpc ?? []));
  const concerned = attached.filter(
    (eni) =>
      registered === undefined || eni.use.kind === "loadBalancer" || isRegistered(eni, registered),
  );
  const served = new Set(concerned.flatMap((eni) => eni.groups));
  const keys = concerned.flatMap(({ use, addresses }) =>
    use.kind === "instance" ? [use.instance, ...addresses] : addresses,
  );
  const targetGroups = keys.flatMap((key) => registered?.get(key) ?? []);
  return {
    unserved: new Set(groups.filter((group) => !served.has(group))),
    targetGroups: [
      ...new Map(targetGroups.map((one) => [one.TargetGroupArn, one] as const)).values(),
    ],
  };
}

function isRegistered(eni: ReadInterface, registered: Registered): boolean {
  const { use, vpc } = eni;
  if (use.kind === "instance" && registered.has(use.instance)) return true;
  if (eni.addresses.some((address) => registered.has(address))) return true;
  if (vpc === undefined || eni.prefixes.length === 0) return false;
  const pods = [...registered.keys()]
    .filter((id) => !id.startsWith("i-"))
    .map((id) => ({ at: { kind: "address" as const, address: id, vpc } }));
  return withDelegatedAddresses([eni], pods).some(
    ({ addresses }) => addresses.length > eni.addresses.length,
  );
}
