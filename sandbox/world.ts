import type { Cloud } from "./state/cloud.ts";
import type {
  Instance,
  NetworkInterface,
  PrefixList,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Vpc,
} from "./state/ec2.ts";
import { claimAddress, takeAddress } from "./ec2/addresses.ts";
import { createGroup } from "./ec2/groups.ts";
import { defaultGroup, subnetOf } from "./ec2/lookup.ts";
import { permissionsOf } from "./ec2/permissions.ts";
import { setTags } from "./ec2/tags.ts";
import { makeClassic } from "./elb/model.ts";
import type { ClassicListener } from "./state/elb.ts";
import { makeLoadBalancer } from "./elbv2/loadBalancers.ts";
import { makeListener } from "./elbv2/listeners.ts";
import type { LoadBalancer, LoadBalancerType, TargetGroup } from "./state/elbv2.ts";
import { makeTargetGroup } from "./elbv2/targetGroups.ts";
import { register } from "./elbv2/targets.ts";
import { account } from "./identities.ts";

type Tags = Readonly<Record<string, string>>;

/** An inbound rule in few words; exactly one of the sources. */
export interface RuleWanted {
  /** "tcp", "udp", "icmp", "-1", ... */
  readonly protocol: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly cidr?: string;
  readonly ipv6?: string;
  readonly group?: string;
  readonly prefixList?: string;
  readonly description?: string;
  readonly tags?: Tags;
}

export interface InterfaceWanted {
  readonly id?: string;
  readonly subnet?: string;
  readonly groups?: readonly string[];
  readonly instance?: string;
  readonly device?: number;
  readonly addresses?: readonly string[];
  readonly ipv6?: readonly string[];
  readonly description?: string;
  readonly type?: string;
  readonly requester?: string;
  readonly requesterManaged?: boolean;
  readonly tags?: Tags;
}

/** Builds a world directly: at once, with the ids that are asked for, and without a trace in CloudTrail. */
export interface World {
  /** With a subnet in each of three zones and a default group. */
  vpc(wanted: {
    readonly id?: string;
    readonly cidr: string;
    readonly ipv6?: readonly string[];
    readonly isDefault?: boolean;
  }): Vpc;
  group(wanted: {
    readonly id?: string;
    readonly name: string;
    readonly vpc?: string;
    /** In no VPC. */
    readonly ec2Classic?: boolean;
    readonly rules?: readonly RuleWanted[];
    readonly tags?: Tags;
  }): SecurityGroup;
  rule(group: string, wanted: RuleWanted): SecurityGroupRule;
  /** With its primary interface. */
  instance(wanted: {
    readonly id?: string;
    readonly groups?: readonly string[];
    readonly subnet?: string;
    readonly address?: string;
    readonly tags?: Tags;
  }): Instance;
  interface(wanted: InterfaceWanted): NetworkInterface;
  prefixList(wanted: Partial<PrefixList> & Pick<PrefixList, "name" | "entries">): PrefixList;
  classicLoadBalancer(wanted: {
    readonly name: string;
    readonly groups?: readonly string[];
    /** An empty list: in EC2-Classic. */
    readonly subnets?: readonly string[];
    readonly listeners: readonly Pick<ClassicListener, "protocol" | "port" | "instancePort">[];
    readonly instances?: readonly string[];
    readonly healthCheck?: string;
    readonly tags?: Tags;
  }): void;
  /** With a listener on port 80 (or `listenerPort`) that forwards to `targetGroup`, if given. */
  loadBalancer(wanted: {
    readonly name: string;
    readonly type?: LoadBalancerType;
    readonly groups?: readonly string[];
    readonly subnets?: readonly string[];
    readonly targetGroup?: string;
    readonly listenerPort?: number;
    readonly tags?: Tags;
  }): LoadBalancer;
  targetGroup(wanted: {
    readonly name: string;
    readonly protocol: string;
    readonly port: number;
    readonly vpc?: string;
    readonly targetType?: "instance" | "ip";
    readonly healthCheckPort?: string;
    readonly controlPort?: number;
    readonly targets?: readonly { readonly id: string; readonly port?: number }[];
  }): TargetGroup;
}

export const createWorld = (cloud: Cloud): World => ({
  vpc: (wanted) => vpc(cloud, wanted),
  group: ({ id, name, vpc, ec2Classic, rules = [], tags = {} }) => {
    const group = createGroup(cloud, {
      id: id ?? cloud.ids.next("sg"),
      name,
      description: name,
      ...(ec2Classic ? {} : { vpc: vpc ?? subnetOf(cloud, undefined).vpc }),
    });
    setTags(cloud, group.id, Object.entries(tags));
    for (const one of rules) rule(cloud, group, one);
    return group;
  },
  rule: (id, wanted) => {
    const group = cloud.groups.get(id);
    if (group === undefined) throw new Error(`There is no group ${id}.`);
    return rule(cloud, group, wanted);
  },
  instance: ({ id = cloud.ids.next("i"), groups, subnet, address, tags = {} }) => {
    const where = subnetOf(cloud, subnet);
    const instance = {
      id,
      vpc: where.vpc,
      subnet: where.id,
      image: "ami-0sandbox",
      type: "t3.micro",
      launched: cloud.now(),
    };
    cloud.instances.set(id, instance);
    setTags(cloud, id, Object.entries(tags));
    networkInterface(cloud, {
      subnet: where.id,
      instance: id,
      ...(groups && { groups }),
      ...(address && { addresses: [address] }),
    });
    return instance;
  },
  interface: (wanted) => networkInterface(cloud, wanted),
  prefixList: (wanted) => {
    const list: PrefixList = {
      id: cloud.ids.next("pl"),
      owner: account,
      family: wanted.entries.some((entry) => entry.includes(":")) ? "IPv6" : "IPv4",
      maxEntries: Math.max(1, wanted.entries.length),
      ...wanted,
    };
    cloud.prefixLists.set(list.id, list);
    return list;
  },
  classicLoadBalancer: ({
    name,
    groups,
    subnets,
    listeners,
    instances = [],
    healthCheck,
    tags = {},
  }) => {
    const places =
      subnets === undefined
        ? [subnetOf(cloud, undefined)]
        : subnets.map((id) => subnetOf(cloud, id));
    makeClassic(cloud, {
      name,
      subnets: places,
      groups: groups ?? places.slice(0, 1).map(({ vpc }) => defaultGroup(cloud, vpc)),
      listeners: listeners.map((listener) => ({
        ...listener,
        instanceProtocol: listener.protocol,
      })),
      instances,
      scheme: "internet-facing",
      tags: new Map(Object.entries(tags)),
      ...(healthCheck === undefined ? {} : { healthCheck }),
    });
  },
  loadBalancer: (wanted) => loadBalancer(cloud, wanted),
  targetGroup: ({
    name,
    protocol,
    port,
    vpc,
    targetType = "instance",
    healthCheckPort,
    controlPort,
    targets = [],
  }) => {
    const made = makeTargetGroup(cloud, {
      Name: name,
      Protocol: protocol,
      Port: port,
      VpcId: vpc ?? subnetOf(cloud, undefined).vpc,
      TargetType: targetType,
      HealthCheckPort: healthCheckPort,
      TargetControlPort: controlPort,
    });
    register(
      cloud,
      made,
      targets.map((target) => ({ port, ...target })),
    );
    return cloud.v2.targetGroups.get(made.arn) ?? made;
  },
});

function loadBalancer(cloud: Cloud, wanted: Parameters<World["loadBalancer"]>[0]): LoadBalancer {
  const { name, type = "application", subnets, targetGroup, listenerPort = 80, tags = {} } = wanted;
  const first = subnetOf(cloud, subnets?.[0]);
  const places =
    subnets?.map((id) => subnetOf(cloud, id)) ??
    [...cloud.subnets.values()].filter(({ vpc }) => vpc === first.vpc);
  const groups = wanted.groups ?? (type === "application" ? [defaultGroup(cloud, first.vpc)] : []);
  const { made } = makeLoadBalancer(cloud, {
    name,
    type,
    groups,
    subnets: places,
    scheme: "internet-facing",
    tags: new Map(Object.entries(tags)),
  });
  if (targetGroup !== undefined) {
    const DefaultActions = [{ Type: "forward", TargetGroupArn: targetGroup }];
    const protocol = {
      application: "HTTP",
      network: cloud.v2.targetGroups.get(targetGroup)?.protocol,
      gateway: undefined,
    }[type];
    makeListener(cloud, {
      LoadBalancerArn: made.arn,
      Protocol: protocol,
      Port: listenerPort,
      DefaultActions,
    });
  }
  return made;
}

function vpc(
  cloud: Cloud,
  { id = cloud.ids.next("vpc"), cidr, ipv6 = [], isDefault = false }: Parameters<World["vpc"]>[0],
): Vpc {
  const made: Vpc = { id, cidr, ipv6, isDefault };
  cloud.vpcs.set(id, made);
  const [a, b] = cidr.split(".");
  for (const [index, zone] of ["a", "b", "c"].entries()) {
    const subnet: Subnet = {
      id: cloud.ids.next("subnet"),
      vpc: id,
      zone: `${cloud.region}${zone}`,
      cidr: `${a}.${b}.${index * 64}.0/18`,
    };
    cloud.subnets.set(subnet.id, subnet);
  }
  const group = createGroup(cloud, {
    id: cloud.ids.next("sg"),
    name: "default",
    description: "default VPC security group",
    vpc: id,
  });
  const self = cloud.ids.next("sgr");
  const source = { kind: "group", group: group.id, owner: account } as const;
  group.rules.set(self, {
    id: self,
    egress: false,
    protocol: "-1",
    fromPort: -1,
    toPort: -1,
    source,
  });
  return made;
}

/** The same reading as of a request, so that nothing gets in that EC2 would not take. */
function rule(cloud: Cloud, group: SecurityGroup, wanted: RuleWanted): SecurityGroupRule {
  const described = (source: Readonly<Record<string, string>>) => [
    { ...source, ...(wanted.description && { Description: wanted.description }) },
  ];
  const [permission] = permissionsOf(cloud, group, false, {
    IpPermissions: [
      {
        IpProtocol: wanted.protocol,
        FromPort: wanted.fromPort,
        ToPort: wanted.toPort ?? wanted.fromPort,
        ...(wanted.cidr && { IpRanges: described({ CidrIp: wanted.cidr }) }),
        ...(wanted.ipv6 && { Ipv6Ranges: described({ CidrIpv6: wanted.ipv6 }) }),
        ...(wanted.group && { Groups: described({ GroupId: wanted.group }) }),
        ...(wanted.prefixList && { PrefixListIds: described({ PrefixListId: wanted.prefixList }) }),
      },
    ],
  });
  if (permission === undefined) throw new Error("A rule needs a source.");
  const made = { id: cloud.ids.next("sgr"), ...permission };
  group.rules.set(made.id, made);
  setTags(cloud, made.id, Object.entries(wanted.tags ?? {}));
  return made;
}

function networkInterface(cloud: Cloud, wanted: InterfaceWanted): NetworkInterface {
  const instance = wanted.instance === undefined ? undefined : cloud.instances.get(wanted.instance);
  const subnet = subnetOf(cloud, wanted.subnet ?? instance?.subnet);
  const made: NetworkInterface = {
    id: wanted.id ?? cloud.ids.next("eni"),
    vpc: subnet.vpc,
    subnet: subnet.id,
    zone: subnet.zone,
    groups: wanted.groups ?? [defaultGroup(cloud, subnet.vpc)],
    description: wanted.description ?? "",
    addresses: wanted.addresses?.map((address) => claimAddress(cloud, subnet.vpc, address)) ?? [
      takeAddress(cloud, subnet),
    ],
    ipv6: wanted.ipv6 ?? [],
    type: wanted.type ?? "interface",
    requesterManaged: wanted.requesterManaged ?? false,
    ...(wanted.requester === undefined ? {} : { requester: wanted.requester }),
    ...(instance === undefined
      ? {}
      : {
          attachment: {
            id: cloud.ids.next("eni-attach"),
            instance: instance.id,
            owner: account,
            device: wanted.device ?? 0,
          },
        }),
  };
  cloud.interfaces.set(made.id, made);
  setTags(cloud, made.id, Object.entries(wanted.tags ?? {}));
  return made;
}
