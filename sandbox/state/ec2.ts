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
    readonly deleteOnTermination?: boolean;
  };
  /** Missing: checked. */
  readonly sourceDestCheck?: boolean;
}

export interface Instance {
  readonly id: string;
  readonly vpc: string;
  readonly subnet: string;
  readonly image: string;
  readonly type: string;
  readonly launched: Date;
  /** Missing: running. A terminated one can be described for ever, unlike in AWS, where it can for an hour. */
  readonly state?: InstanceState;
  /** Attributes that were changed, by the names of DescribeInstanceAttribute. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export type InstanceState = "running" | "stopped" | "terminated";

export interface PrefixList {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly family: "IPv4" | "IPv6";
  readonly maxEntries: number;
  /** CIDRs of the current version. */
  readonly entries: readonly string[];
  /** Entries of every version, the first one first; missing: the current one is the only one. */
  readonly versions?: readonly (readonly PrefixListEntry[])[];
}

export interface PrefixListEntry {
  readonly cidr: string;
  readonly description?: string;
}
