import type {
  TargetGroup,
  TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { hasDynamicPorts } from "../../values/ownTags.ts";
import type { GroupId } from "../../values/rule.ts";
import type { Group, Interface, LoadBalancer, ServicePort } from "../../values/snapshot.ts";
import { withoutNested } from "./targetPorts.ts";

/** Where ECS's dynamic host ports begin, and every ephemeral port range that Linux has had. */
const firstDynamicPort = 32_768;

/** Every port that ECS may pick. */
export const highPorts: ServicePort = {
  protocol: "tcp",
  from: firstDynamicPort,
  to: 65_535,
  purpose: "target",
};

const dynamic: ServicePort = { ...highPorts, dynamic: true };

/** Could ECS have picked this port of a target on an instance? A pod's or task's own address has fixed ports. */
const isHigh = ({ protocol, from, purpose }: ServicePort): boolean =>
  protocol === "tcp" && purpose === "target" && from >= firstDynamicPort;

/**
 * The ports with one range for those that change: ECS gives a task on an instance a new host port each time, and a rule for each would pile up. Of TCP alone,
 * since the range may be closed to everybody else.
 */
export const asDynamic = (ports: readonly ServicePort[]): readonly ServicePort[] =>
  withoutNested(ports.map((port) => (isHigh(port) ? dynamic : port)));

/** Is a target on an instance registered on a high port that is not its group's? One such port proves nothing: gRPC is served on 50051. */
const isOddHigh = ({ TargetType, Port }: TargetGroup, { Target }: TargetHealthDescription) =>
  TargetType === "instance" &&
  Target?.Port !== undefined &&
  Target.Port >= firstDynamicPort &&
  Target.Port !== Port;

/** Does this target's port change? It does where several such ports are registered, those of draining targets among them, or ECS marked the machine. */
export function changesPort(
  group: TargetGroup,
  target: TargetHealthDescription,
  registered: readonly TargetHealthDescription[],
  isMarked: (instance: string) => boolean,
): boolean {
  if (!isOddHigh(group, target)) return false;
  const ports = registered.filter((one) => isOddHigh(group, one)).map(({ Target }) => Target?.Port);
  return new Set(ports).size > 1 || isMarked(target.Target?.Id ?? "");
}

/** The load balancers with a range for the high ports of targets whose group's owner says that they change. */
export function withDynamicPorts(
  known: readonly LoadBalancer[],
  interfaces: readonly Interface[],
  groups: ReadonlyMap<GroupId, Group>,
): readonly LoadBalancer[] {
  const isTagged = (id: GroupId): boolean => hasDynamicPorts(groups.get(id) ?? { tags: {} });
  const instances = new Set(
    interfaces.flatMap(({ use, groups: own }) =>
      use.kind === "instance" && use.primary && own.some(isTagged) ? [use.instance] : [],
    ),
  );
  if (instances.size === 0) return known;
  return known.map((loadBalancer) => ({
    ...loadBalancer,
    targets: loadBalancer.targets.map((target) =>
      target.at.kind === "instance" && instances.has(target.at.instance)
        ? { ...target, ports: asDynamic(target.ports) }
        : target,
    ),
  }));
}
