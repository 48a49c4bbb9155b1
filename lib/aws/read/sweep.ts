import { loadBalancerTag, remainderTag } from "../../values/ownTags.ts";
import type { GroupId } from "../../values/rule.ts";
import type { Aws } from "../connect.ts";
import { withDelegatedAddresses } from "./delegated.ts";
import type { ElbReadings } from "./elbReadings.ts";
import { groupsWithTaggedRules } from "./groups.ts";
import { readAllInterfaces } from "./interfaces.ts";
import { listLoadBalancers, withTargets } from "./loadBalancers.ts";
import { type Gaps, throwOnGap } from "./gaps.ts";
import { servicesAt } from "./picture.ts";

/**
 * Every group in question in the whole region: those attached where a load balancer sends traffic, and those that hold a rule of ours, served or not.
 * A group that is left out would count as closed: what cannot be read of load balancers and their targets is said in `gaps`; all else is thrown.
 */
export async function sweep(
  aws: Aws,
  elb: ElbReadings,
  gaps: Gaps = throwOnGap,
): Promise<readonly GroupId[]> {
  const at = aws.clock.now();
  const [listing, read, admitting, narrowed] = await Promise.all([
    listLoadBalancers(elb, gaps),
    readAllInterfaces(aws.ec2),
    groupsWithTaggedRules(aws.ec2, loadBalancerTag, ["*"]),
    groupsWithTaggedRules(aws.ec2, remainderTag, ["*"]),
  ]);
  elb.keepClassic(
    listing.loadBalancers.filter(({ kind }) => kind === "classic"),
    at,
  );
  const loadBalancers = await withTargets(listing, read, elb.registeredIn, gaps);
  const interfaces = withDelegatedAddresses(
    read,
    loadBalancers.flatMap(({ targets }) => targets),
  );

  const services = servicesAt(loadBalancers, interfaces);
  const served = interfaces.filter(
    ({ id, use }) => use.kind !== "loadBalancer" && services.has(id),
  );
  return [
    ...new Set([
      ...served.flatMap(({ groups }) => groups),
      ...[...admitting.values(), ...narrowed.values()].flat(),
    ]),
  ].sort();
}
