import { containsPublicAddress } from "../values/cidr.ts";
import type { Rule } from "../values/rule.ts";
import type { Places } from "./admissions.ts";
import type { Assessment } from "./assessment.ts";
import { strayPorts } from "./excess.ts";
import { lessPorts, type Ports, protectedPorts } from "./governed.ts";
import { cidrsOf } from "./sources.ts";
import { standardsOf } from "./standards.ts";

/** A rule that lets others than load balancers in, and whether the internet is among them. */
export interface Opening {
  readonly rule: Rule;
  readonly isPublic: boolean;
}

/** Who gets in to these ports by a group's rules who would not if the ports were governed. Protected ports are nobody's business. */
export function openBy(
  { group }: Assessment,
  ports: Ports,
  { topology, policy }: Places,
): readonly Opening[] {
  const asked = lessPorts(ports, protectedPorts(policy));
  const standards = standardsOf(group, asked, topology, policy);
  const own = topology.ownRanges(group);
  return group.rules.flatMap((rule) => {
    const { tcp, udp } = strayPorts(rule, standards);
    const isPublic = cidrsOf(rule.source, topology).some((cidr) =>
      containsPublicAddress(cidr, own),
    );
    return tcp.length + udp.length === 0 ? [] : [{ rule, isPublic }];
  });
}
