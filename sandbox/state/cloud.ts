import type { ClassicLoadBalancer } from "../elb/model.ts";
import { createV2, type V2 } from "../elbv2/model.ts";
import type { Bus } from "../events/bus.ts";
import type { Queue } from "../sqs/queue.ts";
import type { Alert } from "../sns/sns.ts";
import { createIds, type Ids } from "./ids.ts";

/** Everything that is, in one account and region. Its parts are values: a change replaces them. */
export interface Cloud {
  readonly region: string;
  /** How the outside reaches it: `http://127.0.0.1:port`; empty until it listens. */
  endpoint: string;
  readonly now: () => Date;
  readonly ids: Ids;
  readonly quotas: Quotas;
  readonly vpcs: Map<string, Vpc>;
  readonly subnets: Map<string, Subnet>;
  readonly groups: Map<string, SecurityGroup>;
  readonly interfaces: Map<string, NetworkInterface>;
  readonly instances: Map<string, Instance>;
  /** Addresses that were ever given to an interface, as "vpc address", and each subnet's next offset: none is given twice. */
  readonly addresses: { readonly taken: Set<string>; readonly next: Map<string, number> };
  readonly prefixLists: Map<string, PrefixList>;
  /** EC2's tags, by resource id. */
  readonly tags: Map<string, Map<string, string>>;
  readonly classic: Map<string, ClassicLoadBalancer>;
  readonly v2: V2;
  readonly queues: Map<string, Queue>;
  readonly topics: Set<string>;
  readonly alerts: Alert[];
  readonly bus: Bus;
  /** Not logging: the trail has stopped, and nobody hears of changes. */
  readonly trail: { logging: boolean };
}

export interface Quotas {
  /** Rules a group, each way, of IPv4 and IPv6 separately. */
  readonly rulesPerGroup: number;
  readonly groupsPerInterface: number;
  /** How long a deregistered target drains. */
  readonly deregistrationDelayMs: number;
}

export interface Vpc {
  readonly id: string;
  readonly cidr: string;
  readonly ipv6: readonly string[];
  readonly isDefault: boolean;
}

export interface Subnet {
  readonly id: string;
  readonly vpc: string;
  readonly zone: string;
  readonly cidr: string;
}

export type Source =
  | { readonly kind: "ipv4"; readonly cidr: string }
  | { readonly kind: "ipv6"; readonly cidr: string }
  | { readonly kind: "prefixList"; readonly id: string }
  | { readonly kind: "group"; readonly group: string; readonly owner: string }
  /** EC2-Classic's `amazon-elb/amazon-elb-sg`. */
  | { readonly kind: "groupName"; readonly owner: string; readonly name: string };

/** What a rule lets through: one protocol, one range, one source. */
export interface Permission {
  readonly egress: boolean;
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly source: Source;
  readonly description?: string;
}

export interface SecurityGroupRule extends Permission {
  readonly id: string;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly owner: string;
  /** Missing: EC2-Classic. */
  readonly vpc?: string;
  readonly rules: Map<string, SecurityGroupRule>;
}

export interface NetworkInterface {
  readonly id: string;
  readonly vpc: string;
  readonly subnet: string;
  readonly zone: string;
  readonly groups: readonly string[];
  readonly description: string;
  /** Private IPv4, the primary one first. */
  readonly addresses: readonly string[];
  readonly ipv6: readonly string[];
  readonly type: string;
  /** Who made it for the account, like "amazon-elb". */
  readonly requester?: string;
  readonly requesterManaged: boolean;
  readonly attachment?: {
    readonly id: string;
    readonly instance?: string;
    readonly owner: string;
    readonly device: number;
  };
}

export interface Instance {
  readonly id: string;
  readonly vpc: string;
  readonly subnet: string;
  readonly image: string;
  readonly type: string;
  readonly launched: Date;
}

export interface PrefixList {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly family: "IPv4" | "IPv6";
  readonly maxEntries: number;
  readonly entries: readonly string[];
}

export const createCloud = (region: string, now: () => Date, quotas: Quotas, bus: Bus): Cloud => ({
  region,
  endpoint: "",
  now,
  ids: createIds(),
  quotas,
  vpcs: new Map(),
  subnets: new Map(),
  groups: new Map(),
  interfaces: new Map(),
  instances: new Map(),
  addresses: { taken: new Set(), next: new Map() },
  prefixLists: new Map(),
  tags: new Map(),
  classic: new Map(),
  v2: createV2(),
  queues: new Map(),
  topics: new Set(),
  alerts: [],
  bus,
  trail: { logging: true },
});

export const defaultVpc = (cloud: Cloud): Vpc | undefined =>
  [...cloud.vpcs.values()].find((vpc) => vpc.isDefault);
