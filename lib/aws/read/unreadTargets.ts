import type {
  TargetGroup,
  TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ServicePort, UnreadTargets } from "../../values/snapshot.ts";
import { highPorts } from "./dynamicPorts.ts";
import { placesOf } from "./targetGroups.ts";
import { portsOf } from "./targetPorts.ts";

/**
 * What a target group that could not be read may be about: its last known targets on their ports; else whatever may be registered with it, on the
 * group's own ports, or on a high one, as those are what ECS registers.
 */
export function unreadOf(
  group: TargetGroup,
  failure: string,
  known: readonly TargetHealthDescription[] | undefined,
): UnreadTargets {
  const { TargetGroupName, TargetType, VpcId = "" } = group;
  const why = `${failure} (target group ${TargetGroupName})`;
  if (known !== undefined)
    return {
      why,
      at: known.flatMap((one) => placesOf(group, one, () => [])),
      ports: known.flatMap((one) => knownPortsOf(group, one)),
    };
  return {
    why,
    at: [TargetType === "instance" ? { kind: "anyInstance", vpc: VpcId } : { kind: "anything" }],
    ports: [...knownPortsOf(group, {}), highPorts],
  };
}

/** Of a group that is new to us, its port by any protocol. */
function knownPortsOf(group: TargetGroup, target: TargetHealthDescription): readonly ServicePort[] {
  try {
    return portsOf(group, target);
  } catch {
    const port = target.Target?.Port ?? group.Port;
    const { from, to } = port === undefined ? { from: 0, to: 65_535 } : { from: port, to: port };
    return (["tcp", "udp"] as const).map((protocol) => ({ protocol, from, to, purpose: "target" }));
  }
}
