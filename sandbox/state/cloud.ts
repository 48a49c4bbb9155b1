import type { Instance, NetworkInterface, PrefixList, SecurityGroup, Subnet, Vpc } from "./ec2.ts";
import type { ClassicLoadBalancer } from "./elb.ts";
import { createV2, type V2 } from "./elbv2.ts";
import type { Tables } from "./dynamodb.ts";
import type { Bus } from "./events.ts";
import type { EventSourceMapping, FunctionState } from "./lambda.ts";
import type { Queue } from "./sqs.ts";
import type { Alert, Subscription } from "./sns.ts";
import type { HistoryEvent } from "./cloudtrail.ts";
import type { LogGroup } from "./logs.ts";
import type { Tree } from "../wire/tree.ts";
import type { Caller } from "./sts.ts";
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
  /** Everything that CloudTrail recorded, whether the trail was logging or not. */
  readonly history: HistoryEvent[];
  readonly logGroups: Map<string, LogGroup>;
  /** Who an assumed role's temporary access key belongs to. */
  readonly sessions: Map<string, Caller>;
  readonly subscriptions: Map<string, Subscription>;
  /** Lambda's, by UUID. */
  readonly mappings: Map<string, EventSourceMapping>;
  /** What was set on functions, by name. */
  readonly functions: Map<string, FunctionState>;
  /** Not logging: the trail has stopped, and nobody hears of changes. `selectors`: as PutEventSelectors set them. */
  readonly trail: { logging: boolean; selectors?: Tree };
  readonly tables: Tables;
}

export interface Quotas {
  /** Rules a group, each way, of IPv4 and IPv6 separately. */
  readonly rulesPerGroup: number;
  readonly groupsPerInterface: number;
  /** How long a deregistered target drains. */
  readonly deregistrationDelayMs: number;
}

export const createCloud = (
  region: string,
  now: () => Date,
  quotas: Quotas,
  bus: Bus,
  tables: Tables,
): Cloud => ({
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
  subscriptions: new Map(),
  history: [],
  logGroups: new Map(),
  sessions: new Map(),
  bus,
  mappings: new Map(),
  functions: new Map(),
  trail: { logging: true },
  tables,
});

export const defaultVpc = (cloud: Cloud): Vpc | undefined =>
  [...cloud.vpcs.values()].find((vpc) => vpc.isDefault);
