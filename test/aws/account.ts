import {
  DescribeManagedPrefixListsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeTagsCommand,
  DescribeVpcsCommand,
  GetManagedPrefixListEntriesCommand,
  type ManagedPrefixList,
  type NetworkInterface,
  type SecurityGroup,
  type SecurityGroupRule,
  type TagDescription,
  type Vpc,
} from "@aws-sdk/client-ec2";
import {
  DescribeInstanceHealthCommand,
  DescribeLoadBalancersCommand as DescribeClassicCommand,
  DescribeTagsCommand as DescribeClassicTagsCommand,
  type InstanceState,
  type LoadBalancerDescription,
} from "@aws-sdk/client-elastic-load-balancing";
import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand as DescribeLoadBalancerTagsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type LoadBalancer,
  type TargetGroup,
  type TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { mockClient } from "aws-sdk-client-mock";
import { ec2, elb, elbv2 } from "../../lib/aws/clients.ts";
import { type Aws, connect } from "../../lib/aws/connect.ts";
import { createWorld } from "../../lib/aws/world.ts";
import type { RegionWorld } from "../../lib/remediation/ports.ts";
import { fakeClock } from "../support/fakeClock.ts";

/** What an AWS account holds, in the SDK's own shapes. */
export interface Account {
  readonly groups?: readonly SecurityGroup[];
  readonly rules?: readonly SecurityGroupRule[];
  readonly interfaces?: readonly NetworkInterface[];
  readonly instanceTags?: readonly TagDescription[];
  readonly prefixLists?: readonly ManagedPrefixList[];
  readonly entries?: Readonly<Record<string, readonly string[]>>;
  readonly vpcs?: readonly Vpc[];
  readonly classic?: readonly LoadBalancerDescription[];
  readonly instanceHealth?: Readonly<Record<string, readonly InstanceState[]>>;
  readonly balancers?: readonly LoadBalancer[];
  readonly targetGroups?: readonly TargetGroup[];
  readonly registered?: Readonly<Record<string, readonly TargetHealthDescription[]>>;
  /** Of load balancers, by name or ARN. */
  readonly tags?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Operations that fail, by name ("elb." and "elbv2." before those that both or several services have). */
  readonly failing?: Readonly<Record<string, Error>>;
  /** How many items come in a page; as many as are asked for, unless given. */
  readonly pageSize?: number;
}

/** An error as AWS sends it. */
export const awsError = (name: string, message = "no"): Error =>
  Object.assign(new Error(message), { name });

/** What was called: the operation, its input, and how many round trips came before it. */
export interface Called {
  readonly operation: string;
  readonly input: object;
  readonly depth: number;
}

export const accountId = "111122223333";

/** Where everything is. */
const here = { account: accountId, region: "us-east-1", partition: "aws" };

/** A connection to an account that is only imagined, and what is called by it. */
export interface StandIn {
  readonly aws: Aws;
  readonly called: Called[];
  /** Lets the time pass until what ELB said does not stand any more. */
  readonly wait: (milliseconds?: number) => void;
  readonly newWorld: (visit?: Partial<Parameters<typeof createWorld>[1]>) => RegionWorld;
}

type Filters =
  | readonly {
      readonly Name?: string | undefined;
      readonly Values?: readonly string[] | undefined;
    }[]
  | undefined;

/** Filters as EC2 has them: all must match, one value each, `*` for anything. What it would refuse fails here. */
function matching<Item>(
  items: readonly Item[],
  filters: Filters,
  values: Readonly<Record<string, (item: Item) => readonly (string | undefined)[]>>,
): Item[] {
  for (const { Name = "", Values = [] } of filters ?? []) {
    if (values[Name] === undefined)
      throw awsError("InvalidParameterValue", `The filter '${Name}' is invalid`);
    if (Values.length === 0 || Values.length > 200)
      throw awsError("FilterLimitExceeded", `${Values.length} values in '${Name}'`);
  }
  return items.filter((item) =>
    (filters ?? []).every(({ Name = "", Values = [] }) =>
      values[Name]?.(item).some(
        (value) => value !== undefined && (Values.includes("*") || Values.includes(value)),
      ),
    ),
  );
}

const tagged =
  (key: string) =>
  (item: {
    Tags?: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined;
  }): (string | undefined)[] =>
    (item.Tags ?? []).filter(({ Key }) => Key === key).map(({ Value }) => Value);

/** Connects to an account. Its clock is a fake one. */
export function standIn(account: Account): StandIn {
  const clock = fakeClock();
  const aws = connect({ ec2, elb, elbv2 }, { region: "eu-west-1", clock });
  const [ec2Mock, elbMock, elbv2Mock] = [
    mockClient(aws.ec2),
    mockClient(aws.elb),
    mockClient(aws.elbv2),
  ];
  const called: Called[] = [];
  let depth = 0;
  let waiting: (() => void)[] = [];

  /** All calls that are under way at once are answered at once: that is one round trip. */
  const roundTrip = async (operation: string, input: object): Promise<void> => {
    called.push({ operation, input, depth });
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length > 1) return;
      setImmediate(() => {
        const answered = waiting;
        waiting = [];
        depth += 1;
        for (const answer of answered) answer();
      });
    });
    const failure = account.failing?.[operation];
    if (failure !== undefined) throw failure;
  };

  const page = <Item>(
    items: readonly Item[],
    size: number | undefined,
    token: string | undefined,
  ): { items: Item[]; next: string | undefined } => {
    const from = Number(token ?? 0);
    const to = from + Math.min(size ?? 1000, account.pageSize ?? 1000);
    return { items: items.slice(from, to), next: to < items.length ? `${to}` : undefined };
  };

  const gone = (name: string, id: string): Error => awsError(name, `${id} not found`);

  ec2Mock.on(DescribeNetworkInterfacesCommand).callsFake(async (input) => {
    await roundTrip("DescribeNetworkInterfaces", input);
    const found = matching(account.interfaces ?? [], input.Filters, {
      "group-id": ({ Groups }) => (Groups ?? []).map(({ GroupId }) => GroupId),
      "attachment.instance-id": ({ Attachment }) => [Attachment?.InstanceId],
      "attachment.attachment-id": ({ Attachment }) => [Attachment?.AttachmentId],
      "network-interface-id": ({ NetworkInterfaceId }) => [NetworkInterfaceId],
      "addresses.private-ip-address": ({ PrivateIpAddress, PrivateIpAddresses }) => [
        PrivateIpAddress,
        ...(PrivateIpAddresses ?? []).map((one) => one.PrivateIpAddress),
      ],
      "ipv6-addresses.ipv6-address": ({ Ipv6Addresses }) =>
        (Ipv6Addresses ?? []).map((one) => one.Ipv6Address),
    });
    const { items, next } = page(
      input.IncludeManagedResources
        ? found
        : found.filter(({ Operator }) => !Operator?.HiddenByDefault),
      input.MaxResults,
      input.NextToken,
    );
    return { NetworkInterfaces: items, NextToken: next };
  });
  ec2Mock.on(DescribeSecurityGroupsCommand).callsFake(async (input) => {
    await roundTrip("DescribeSecurityGroups", input);
    const found = matching(account.groups ?? [], input.Filters, {
      "group-id": ({ GroupId }) => [GroupId],
      "group-name": ({ GroupName }) => [GroupName],
      "ip-permission.prefix-list-id": ({ IpPermissions }) =>
        (IpPermissions ?? []).flatMap(({ PrefixListIds }) =>
          (PrefixListIds ?? []).map(({ PrefixListId }) => PrefixListId),
        ),
    });
    const { items, next } = page(found, input.MaxResults, input.NextToken);
    return { SecurityGroups: items, NextToken: next };
  });
  ec2Mock.on(DescribeSecurityGroupRulesCommand).callsFake(async (input) => {
    await roundTrip("DescribeSecurityGroupRules", input);
    const found = matching(account.rules ?? [], input.Filters, {
      "group-id": ({ GroupId }) => [GroupId],
      "security-group-rule-id": ({ SecurityGroupRuleId }) => [SecurityGroupRuleId],
      "tag:elb-only:load-balancer": tagged("elb-only:load-balancer"),
      "tag:elb-only:remainder-of": tagged("elb-only:remainder-of"),
    });
    const { items, next } = page(found, input.MaxResults, input.NextToken);
    return { SecurityGroupRules: items, NextToken: next };
  });
  ec2Mock.on(DescribeTagsCommand).callsFake(async (input) => {
    await roundTrip("DescribeTags", input);
    const found = matching(account.instanceTags ?? [], input.Filters, {
      "resource-type": ({ ResourceType }) => [ResourceType],
      "resource-id": ({ ResourceId }) => [ResourceId],
      key: ({ Key }) => [Key],
    });
    const { items, next } = page(found, input.MaxResults, input.NextToken);
    return { Tags: items, NextToken: next };
  });
  ec2Mock.on(DescribeManagedPrefixListsCommand).callsFake(async (input) => {
    await roundTrip("DescribeManagedPrefixLists", input);
    const found = matching(account.prefixLists ?? [], input.Filters, {
      "prefix-list-id": ({ PrefixListId }) => [PrefixListId],
    });
    const { items, next } = page(found, input.MaxResults, input.NextToken);
    return { PrefixLists: items, NextToken: next };
  });
  ec2Mock.on(GetManagedPrefixListEntriesCommand).callsFake(async (input) => {
    await roundTrip("GetManagedPrefixListEntries", input);
    const entries = account.entries?.[input.PrefixListId];
    if (entries === undefined)
      throw awsError("UnauthorizedOperation", "You are not authorized to perform this operation.");
    const { items, next } = page(entries, input.MaxResults, input.NextToken);
    return { Entries: items.map((Cidr) => ({ Cidr })), NextToken: next };
  });
  ec2Mock.on(DescribeVpcsCommand).callsFake(async (input) => {
    await roundTrip("DescribeVpcs", input);
    const { items, next } = page(
      matching(account.vpcs ?? [], input.Filters, { "vpc-id": ({ VpcId }) => [VpcId] }),
      input.MaxResults,
      input.NextToken,
    );
    return { Vpcs: items, NextToken: next };
  });

  elbMock.on(DescribeClassicCommand).callsFake(async (input) => {
    await roundTrip("elb.DescribeLoadBalancers", input);
    const { items, next } = page(account.classic ?? [], input.PageSize, input.Marker);
    return { LoadBalancerDescriptions: items, NextMarker: next };
  });
  elbMock.on(DescribeClassicTagsCommand).callsFake(async (input) => {
    await roundTrip("elb.DescribeTags", input);
    const names: string[] = input.LoadBalancerNames;
    if (names.length > 20) throw awsError("ValidationError", "more than 20 names");
    return {
      TagDescriptions: names.map((LoadBalancerName) => {
        if (account.tags?.[LoadBalancerName] === undefined)
          throw gone("AccessPointNotFoundException", LoadBalancerName);
        return { LoadBalancerName, Tags: listed(account.tags[LoadBalancerName]) };
      }),
    };
  });
  elbMock.on(DescribeInstanceHealthCommand).callsFake(async (input) => {
    await roundTrip("elb.DescribeInstanceHealth", input);
    const states = account.instanceHealth?.[input.LoadBalancerName];
    if (states === undefined) throw gone("AccessPointNotFoundException", input.LoadBalancerName);
    return { InstanceStates: states };
  });

  elbv2Mock.on(DescribeLoadBalancersCommand).callsFake(async (input) => {
    await roundTrip("elbv2.DescribeLoadBalancers", input);
    const { items, next } = page(account.balancers ?? [], input.PageSize, input.Marker);
    return { LoadBalancers: items, NextMarker: next };
  });
  elbv2Mock.on(DescribeTargetGroupsCommand).callsFake(async (input) => {
    await roundTrip("DescribeTargetGroups", input);
    const { items, next } = page(account.targetGroups ?? [], input.PageSize, input.Marker);
    return { TargetGroups: items, NextMarker: next };
  });
  elbv2Mock.on(DescribeTargetHealthCommand).callsFake(async (input) => {
    await roundTrip("DescribeTargetHealth", input);
    const registered = account.registered?.[input.TargetGroupArn];
    if (registered === undefined) throw gone("TargetGroupNotFoundException", input.TargetGroupArn);
    return { TargetHealthDescriptions: registered };
  });
  elbv2Mock.on(DescribeLoadBalancerTagsCommand).callsFake(async (input) => {
    await roundTrip("elbv2.DescribeTags", input);
    const arns: string[] = input.ResourceArns;
    if (arns.length > 20) throw awsError("ValidationError", "more than 20 ARNs");
    return {
      TagDescriptions: arns.map((ResourceArn) => {
        if (account.tags?.[ResourceArn] === undefined)
          throw gone("LoadBalancerNotFoundException", ResourceArn);
        return { ResourceArn, Tags: listed(account.tags[ResourceArn]) };
      }),
    };
  });
  return {
    aws,
    called,
    wait: (milliseconds = 30_000) => clock.advance(milliseconds),
    newWorld: (visit = {}) => createWorld(aws, { ...here, ...visit }),
  };
}

const listed = (tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
