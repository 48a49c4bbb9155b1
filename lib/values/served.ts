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

/** Alike services are the same object, at whichever interfaces. */
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

/** A load balancer's contact on one port, and its service at interfaces that a reference can and cannot name it at. */
interface Contact {
  readonly key: string;
  readonly named: Service;
  readonly nameless: Service;
}

/** Its contacts on these ports: the same one for every target that is contacted alike, so that what is alike is the same thing. */
function contactsOf(
  loadBalancer: LoadBalancer,
): (ports: readonly ServicePort[]) => readonly Contact[] {
  const known = new Map<string, Contact>();
  return (ports) =>
    ports.map((port) => {
      const key = `${loadBalancer.id} ${port.protocol} ${port.from}-${port.to}`;
      const text = `${key} ${port.purpose}`;
      const contact = known.get(text) ?? {
        key,
        named: { loadBalancer, port, nameable: true },
        nameless: { loadBalancer, port, nameable: false },
      };
      known.set(text, contact);
      return contact;
    });
}

/** Which load balancers contact which interface, and on which ports. Interfaces that none contacts are left out. */
export function servicesOf(snapshot: Pick<Snapshot, "loadBalancers" | "interfaces">): Services {
  const targets = new Map<string, { loadBalancer: LoadBalancer; contacts: readonly Contact[] }[]>();
  for (const loadBalancer of snapshot.loadBalancers) {
    const contactsOn = contactsOf(loadBalancer);
    for (const { at, ports } of loadBalancer.targets) {
      const key = targetKey(at);
      const known = targets.get(key);
      const one = { loadBalancer, contacts: contactsOn(ports) };
      if (known === undefined) targets.set(key, [one]);
      else known.push(one);
    }
  }
  const services = new Map<InterfaceId, readonly Service[]>();
  for (const eni of snapshot.interfaces) {
    const found = new Map<string, Service>();
    for (const key of keysOf(eni)) {
      for (const { loadBalancer, contacts } of targets.get(key) ?? []) {
        const nameable = loadBalancer.groups.length > 0 && loadBalancer.vpc === eni.vpc;
        for (const { key: port, named, nameless } of contacts)
          found.set(port, nameable ? named : nameless);
      }
    }
    if (found.size > 0) services.set(eni.id, [...found.values()]);
  }
  return services;
}
