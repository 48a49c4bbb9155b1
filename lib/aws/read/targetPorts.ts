import type {
  TargetGroup,
  TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ServicePort } from "../../values/snapshot.ts";

type Transport = ServicePort["protocol"];

const transports: Readonly<Record<string, readonly Transport[]>> = {
  HTTP: ["tcp"],
  HTTPS: ["tcp"],
  TCP: ["tcp"],
  TLS: ["tcp"],
  UDP: ["udp"],
  TCP_UDP: ["tcp", "udp"],
  QUIC: ["udp"],
  TCP_QUIC: ["tcp", "udp"],
  GENEVE: ["udp"],
};

/** Every port on which a target is contacted: its own (which may not be its group's), the health check's, the target control agent's. Throws on what is new to us. */
export function portsOf(
  group: TargetGroup,
  target: TargetHealthDescription,
): readonly ServicePort[] {
  const own = target.Target?.Port ?? group.Port;
  const carried = transports[group.Protocol ?? ""];
  if (own === undefined || carried === undefined)
    throw new Error(
      `${group.TargetGroupArn}: no ports can be told of protocol ${group.Protocol} and port ${own}.`,
    );

  const ports = [
    ...carried.map((protocol) => single(protocol, own, "target")),
    ...(group.TargetControlPort === undefined
      ? []
      : [single("tcp", group.TargetControlPort, "target control")]),
    ...(group.HealthCheckEnabled === false ? [] : [healthCheckPort(group, target, own)]),
  ];
  return withoutNested(ports);
}

/** The ports less those that others hold. */
export const withoutNested = (ports: readonly ServicePort[]): readonly ServicePort[] => {
  const isWithin = (port: ServicePort, other: ServicePort): boolean =>
    port.protocol === other.protocol && other.from <= port.from && port.to <= other.to;
  return ports.filter(
    (port, place) => !ports.some((other, before) => before < place && isWithin(port, other)),
  );
};

const single = (protocol: Transport, port: number, purpose: string): ServicePort => ({
  protocol,
  from: port,
  to: port,
  purpose,
});

/** Health checks are TCP, whatever the targets speak. */
function healthCheckPort(
  group: TargetGroup,
  target: TargetHealthDescription,
  own: number,
): ServicePort {
  const said = target.HealthCheckPort ?? group.HealthCheckPort ?? "traffic-port";
  const port = said === "traffic-port" ? own : Number(said);
  if (!Number.isInteger(port))
    throw new Error(`${group.TargetGroupArn}: the health check port "${said}" cannot be read.`);
  return single("tcp", port, "health check");
}
