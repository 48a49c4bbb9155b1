import type {
  Interface,
  InterfaceId,
  LoadBalancer,
  ServicePort,
  Snapshot,
  Target,
} from "./snapshot.ts";

/** One load balancer's business with one interface: a port on which it contacts it. */
export interface Service {
  readonly loadBalancer: LoadBalancer;
  readonly port: ServicePort;
  /** Can a reference to the load balancer's group name it here? Needs groups of its own, in the interface's VPC. */
  readonly nameable: boolean;
}

export type Services = ReadonlyMap<InterfaceId, readonly Service[]>;

const targetKey = (at: Target["at"]): string =>
  at.kind === "instance" ? at.instance : `${at.vpc} ${at.address}`;

/** Instance targets are reached at the primary interface; address targets at whichever interface of the VPC holds the address. */
function keysOf(eni: Interface): readonly string[] {
  const byAddress =
    eni.vpc === undefined ? [] : eni.addresses.map((address) => `${eni.vpc} ${address}`);
  return eni.use.kind === "instance" && eni.use.primary
    ? [eni.use.instance, ...byAddress]
    : byAddress;
}

const serviceKey = ({ loadBalancer, port }: Service): string =>
  `${loadBalancer.id} ${port.protocol} ${port.from}-${port.to}`;

/** Which load balancers contact which interface, and on which ports. Interfaces that none contacts are left out. */
export function servicesOf(snapshot: Pick<Snapshot, "loadBalancers" | "interfaces">): Services {
  const targets = new Map<
    string,
    { loadBalancer: LoadBalancer; ports: readonly ServicePort[] }[]
  >();
  for (const loadBalancer of snapshot.loadBalancers) {
    for (const { at, ports } of loadBalancer.targets) {
      const key = targetKey(at);
      const known = targets.get(key);
      if (known === undefined) targets.set(key, [{ loadBalancer, ports }]);
      else known.push({ loadBalancer, ports });
    }
  }
  const services = new Map<InterfaceId, readonly Service[]>();
  for (const eni of snapshot.interfaces) {
    const found = new Map<string, Service>();
    for (const key of keysOf(eni)) {
      for (const { loadBalancer, ports } of targets.get(key) ?? []) {
        const nameable = loadBalancer.groups.length > 0 && loadBalancer.vpc === eni.vpc;
        for (const port of ports) {
          const service = { loadBalancer, port, nameable };
          found.set(serviceKey(service), service);
        }
      }
    }
    if (found.size > 0) services.set(eni.id, [...found.values()]);
  }
  return services;
}
