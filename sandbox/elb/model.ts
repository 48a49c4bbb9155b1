import { awsError } from "../errors.ts";
import type { ClassicListener, ClassicLoadBalancer, HealthCheck } from "../state/elb.ts";
import type { Cloud } from "../state/cloud.ts";
import type { Subnet } from "../state/ec2.ts";
import { account } from "../identities.ts";
import type { Consequence } from "../operation.ts";
import type { Tree } from "../wire/tree.ts";
import { dropInterfaces, makeInterfaces } from "./interfaces.ts";

export function classicByName(cloud: Cloud, name: string): ClassicLoadBalancer {
  const found = cloud.classic.get(name);
  if (found === undefined)
    throw awsError("LoadBalancerNotFound", `There is no ACTIVE Load Balancer named '${name}'`);
  return found;
}

/** Makes the load balancer with its interfaces. What health check there is by default, the first listener says. */
export function makeClassic(
  cloud: Cloud,
  wanted: Pick<ClassicLoadBalancer, "name" | "groups" | "listeners" | "scheme" | "tags"> & {
    readonly subnets: readonly Subnet[];
    readonly instances?: readonly string[];
    readonly healthCheck?: string;
  },
): readonly Consequence[] {
  const { ids, consequences } = makeInterfaces(
    cloud,
    wanted.subnets,
    wanted.groups,
    `ELB ${wanted.name}`,
    "interface",
  );
  const vpc = wanted.subnets[0]?.vpc;
  cloud.classic.set(wanted.name, {
    ...wanted,
    ...(vpc === undefined ? {} : { vpc }),
    subnets: wanted.subnets.map(({ id }) => id),
    zones: wanted.subnets.map(({ zone }) => zone),
    instances: wanted.instances ?? [],
    healthCheck: {
      target: wanted.healthCheck ?? `TCP:${wanted.listeners[0]?.instancePort ?? 80}`,
      interval: 30,
      timeout: 5,
      unhealthy: 2,
      healthy: 10,
    },
    created: cloud.now(),
    interfaces: ids,
  });
  return consequences;
}

export function dropClassic(cloud: Cloud, name: string): readonly Consequence[] {
  const found = cloud.classic.get(name);
  if (found === undefined) return [];
  cloud.classic.delete(name);
  return dropInterfaces(cloud, found.interfaces);
}

const listenerShape = (listener: ClassicListener): Tree => ({
  Protocol: listener.protocol,
  LoadBalancerPort: listener.port,
  InstanceProtocol: listener.instanceProtocol,
  InstancePort: listener.instancePort,
  SSLCertificateId: listener.certificate,
});

export const healthCheckShape = (check: HealthCheck): Tree => ({
  Target: check.target,
  Interval: check.interval,
  Timeout: check.timeout,
  UnhealthyThreshold: check.unhealthy,
  HealthyThreshold: check.healthy,
});

export const instancesShape = (instances: readonly string[]): readonly Tree[] =>
  instances.map((InstanceId) => ({ InstanceId }));

export const classicDnsName = (
  cloud: Cloud,
  { name, scheme }: Pick<ClassicLoadBalancer, "name" | "scheme">,
): string =>
  `${scheme === "internal" ? "internal-" : ""}${name}-1234567890.${cloud.region}.elb.amazonaws.com`;

/** In a VPC the source group is the account and a mere name; in EC2-Classic it is `amazon-elb/amazon-elb-sg`. */
const sourceGroup = (cloud: Cloud, found: ClassicLoadBalancer): Tree =>
  found.vpc === undefined
    ? { OwnerAlias: "amazon-elb", GroupName: "amazon-elb-sg" }
    : { OwnerAlias: account, GroupName: cloud.groups.get(found.groups[0] ?? "")?.name };

export const classicShape = (cloud: Cloud, found: ClassicLoadBalancer): Tree => ({
  LoadBalancerName: found.name,
  DNSName: classicDnsName(cloud, found),
  CanonicalHostedZoneName: classicDnsName(cloud, found),
  CanonicalHostedZoneNameID: "Z3DZXE0Q79N41H",
  ListenerDescriptions: found.listeners.map((listener) => ({
    Listener: listenerShape(listener),
    PolicyNames: [],
  })),
  Policies: { AppCookieStickinessPolicies: [], LBCookieStickinessPolicies: [], OtherPolicies: [] },
  BackendServerDescriptions: [],
  AvailabilityZones: found.zones,
  Subnets: found.subnets,
  VPCId: found.vpc,
  Instances: instancesShape(found.instances),
  HealthCheck: healthCheckShape(found.healthCheck),
  SourceSecurityGroup: sourceGroup(cloud, found),
  SecurityGroups: found.groups,
  CreatedTime: found.created,
  Scheme: found.scheme,
});
