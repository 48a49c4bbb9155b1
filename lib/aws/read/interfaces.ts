import {
  DescribeNetworkInterfacesCommand,
  type EC2Client,
  type NetworkInterface,
} from "@aws-sdk/client-ec2";
import { canonicalCidr } from "../../values/cidr.ts";
import type { Interface, InterfaceUse } from "../../values/snapshot.ts";
import { everyPage, filtered } from "../api/paging.ts";

/** An interface with what is read of it besides. */
export interface ReadInterface extends Interface {
  /** The address ranges delegated to it (Kubernetes gives pods addresses out of them), which EC2 does not list one by one. */
  readonly prefixes: readonly string[];
  /** Does ECS run the machine? As only AWS can write: by operator, or a tag of ECS's. */
  readonly isEcs: boolean;
}

type Filter =
  | "group-id"
  | "attachment.instance-id"
  | "attachment.attachment-id"
  | "network-interface-id"
  | "addresses.private-ip-address"
  | "ipv6-addresses.ipv6-address";

/** The network interfaces that a filter finds for any of the values; those that AWS services manage, too. */
export async function readInterfaces(
  ec2: EC2Client,
  filter: Filter,
  values: Iterable<string>,
): Promise<readonly ReadInterface[]> {
  const read = await filtered(values, (some) =>
    everyInterface(ec2, [{ Name: filter, Values: some }]),
  );
  return [...new Map(read.map((one) => [one.id, one])).values()];
}

/** Every network interface of the region. */
export const readAllInterfaces = (ec2: EC2Client): Promise<readonly ReadInterface[]> =>
  everyInterface(ec2, []);

async function everyInterface(
  ec2: EC2Client,
  Filters: { Name: string; Values: string[] }[],
): Promise<readonly ReadInterface[]> {
  const read = await everyPage(
    "ec2:DescribeNetworkInterfaces",
    (NextToken) =>
      ec2.send(
        new DescribeNetworkInterfacesCommand({
          Filters,
          IncludeManagedResources: true,
          MaxResults: 1000,
          NextToken,
        }),
      ),
    (page) => page.NetworkInterfaces,
  );
  return read.map(interfaceOf);
}

/** IPv6 addresses in their one spelling, as ELB may keep what somebody typed. */
export const addressOf = (text: string): string =>
  text.includes(":") ? canonicalCidr(`${text}/128`).replace(/\/128$/, "") : text;

function interfaceOf(read: NetworkInterface): ReadInterface {
  const addresses = [
    read.PrivateIpAddress,
    ...(read.PrivateIpAddresses ?? []).map((one) => one.PrivateIpAddress),
    ...(read.Ipv6Addresses ?? []).map((one) => one.Ipv6Address),
  ].filter((address) => address !== undefined);
  const prefixes = [
    ...(read.Ipv4Prefixes ?? []).map((one) => one.Ipv4Prefix),
    ...(read.Ipv6Prefixes ?? []).map((one) => one.Ipv6Prefix),
  ];
  return {
    id: read.NetworkInterfaceId ?? "",
    ...(read.VpcId ? { vpc: read.VpcId } : {}),
    groups: (read.Groups ?? []).flatMap(({ GroupId }) => (GroupId ? [GroupId] : [])),
    addresses: [...new Set(addresses.map(addressOf))],
    use: useOf(read),
    prefixes: prefixes.filter((prefix) => prefix !== undefined),
    isEcs: read.Operator?.Principal === "ecs.amazonaws.com" || hasEcsTag(read),
  };
}

const balancers = new Set<string>([
  "load_balancer",
  "network_load_balancer",
  "gateway_load_balancer",
]);

/** By what only AWS can write: requester, type, attachment and `aws:` tags. A description alone proves nothing: anybody can write one. */
function useOf(read: NetworkInterface): InterfaceUse {
  const type = read.InterfaceType ?? "interface";
  if (balancers.has(type) || (read.RequesterManaged === true && read.RequesterId === "amazon-elb"))
    return { kind: "loadBalancer" };
  const { InstanceId, DeviceIndex, NetworkCardIndex } = read.Attachment ?? {};
  if (InstanceId)
    return {
      kind: "instance",
      instance: InstanceId,
      primary: DeviceIndex === 0 && (NetworkCardIndex ?? 0) === 0,
    };
  if (isEcsTask(read)) {
    const service = ecsServiceOf(read);
    const attachment = ecsAttachmentOf(read);
    return {
      kind: "ecsTask",
      ...(service === undefined ? {} : { service }),
      ...(attachment === undefined ? {} : { attachment }),
    };
  }
  return { kind: "other", what: whatOf(read, type) };
}

const hasEcsTag = ({ TagSet = [] }: NetworkInterface): boolean =>
  TagSet.some(({ Key }) => Key?.startsWith("aws:ecs:"));

/** Tagged by ECS; or, where ECS was not asked to tag, made by an AWS service, attached to a machine that is not the account's, and described by ECS's attachment. */
const isEcsTask = (read: NetworkInterface): boolean =>
  hasEcsTag(read) ||
  (read.RequesterManaged === true &&
    read.Attachment?.InstanceOwnerId !== undefined &&
    read.Attachment.InstanceOwnerId !== read.OwnerId &&
    ecsAttachmentOf(read) !== undefined);

/** Where the description is ECS's attachment's ARN, its id. */
const ecsAttachmentOf = ({ OwnerId, Description = "" }: NetworkInterface): string | undefined =>
  new RegExp(`^arn:aws[a-z-]*:ecs:[a-z0-9-]+:${OwnerId}:attachment/([0-9a-f-]+)$`).exec(
    Description,
  )?.[1];

/** The service that runs a task, within its cluster, as only ECS can say. */
function ecsServiceOf({ TagSet = [] }: NetworkInterface): string | undefined {
  const tag = (key: string): string | undefined =>
    TagSet.find(({ Key }) => Key === `aws:ecs:${key}`)?.Value;
  const service = tag("serviceName");
  return service === undefined ? undefined : `${tag("clusterName") ?? ""}/${service}`;
}

const requesters: Readonly<Record<string, string>> = {
  "amazon-rds": "database",
  "amazon-elasticache": "cache",
  "amazon-redshift": "Redshift cluster",
  "amazon-vpce": "endpoint",
};

const types: Readonly<Record<string, string>> = {
  branch: "branch interface",
  gateway_load_balancer_endpoint: "endpoint",
  lambda: "function",
  natGateway: "NAT gateway",
  nat_gateway: "NAT gateway",
  vpc_endpoint: "endpoint",
};

/** In a word, for people. */
function whatOf(read: NetworkInterface, type: string): string {
  if (type !== "interface") return types[type] ?? type.replaceAll("_", " ");
  const known = requesters[read.RequesterId ?? ""];
  if (known !== undefined) return known;
  if (read.RequesterManaged === true) return "AWS service";
  return read.Attachment === undefined ? "unattached interface" : "attached interface";
}
