import { defaultVpc, type Cloud } from "../state/cloud.ts";
import type { Instance, NetworkInterface, SecurityGroup, Subnet } from "../state/ec2.ts";
import { awsError, missing } from "../errors.ts";
import { text, type Params } from "../wire/params.ts";

export function groupById(cloud: Cloud, id: string): SecurityGroup {
  if (!/^sg-[0-9a-f]+$/.test(id))
    throw awsError("InvalidGroupId.Malformed", `Invalid id: "${id}" (expecting "sg-...")`);
  const group = cloud.groups.get(id);
  if (group === undefined)
    throw awsError("InvalidGroup.NotFound", `The security group '${id}' does not exist`);
  return group;
}

/** A mere name means a group of the default VPC, or of EC2-Classic. */
export function groupByName(cloud: Cloud, name: string): SecurityGroup {
  const vpc = defaultVpc(cloud);
  const group = [...cloud.groups.values()].find(
    (group) => group.name === name && (group.vpc === undefined || group.vpc === vpc?.id),
  );
  if (group === undefined)
    throw awsError(
      "InvalidGroup.NotFound",
      `The security group '${name}' does not exist in default VPC '${vpc?.id ?? "none"}'`,
    );
  return group;
}

/** The group that a request is about, by id or by name. */
export function groupOf(cloud: Cloud, params: Params): SecurityGroup {
  const [id, name] = [text(params, "GroupId"), text(params, "GroupName")];
  if (id !== undefined) return groupById(cloud, id);
  if (name !== undefined) return groupByName(cloud, name);
  throw missing("groupName or groupId");
}

/** The groups of a list of ids, all of one VPC, as an interface may have them attached. */
export function attachableGroups(
  cloud: Cloud,
  ids: readonly string[],
  vpc: string,
): readonly string[] {
  for (const id of ids) {
    if (groupById(cloud, id).vpc !== vpc)
      throw awsError(
        "InvalidGroup.NotFound",
        "You have specified two resources that belong to different networks.",
      );
  }
  const distinct = [...new Set(ids)];
  if (distinct.length === 0) throw missing("SecurityGroupId");
  if (distinct.length > cloud.quotas.groupsPerInterface) {
    throw awsError(
      "SecurityGroupsPerInterfaceLimitExceeded",
      "The maximum number of security groups per interface has been reached.",
    );
  }
  return distinct;
}

export function interfaceById(cloud: Cloud, id: string): NetworkInterface {
  const found = cloud.interfaces.get(id);
  if (found === undefined)
    throw awsError(
      "InvalidNetworkInterfaceID.NotFound",
      `The networkInterface ID '${id}' does not exist`,
    );
  return found;
}

export const interfacesOf = (cloud: Cloud, instance: string): readonly NetworkInterface[] =>
  [...cloud.interfaces.values()]
    .filter(({ attachment }) => attachment?.instance === instance)
    .sort((a, b) => (a.attachment?.device ?? 0) - (b.attachment?.device ?? 0));

export const groupIdentifiers = (cloud: Cloud, ids: readonly string[]) =>
  ids.map((groupId) => ({ groupId, groupName: cloud.groups.get(groupId)?.name }));

/** Attached to an interface, or the source of another group's rule: it cannot be deleted. */
export const isBusy = (cloud: Cloud, group: string): boolean =>
  [...cloud.interfaces.values()].some((eni) => eni.groups.includes(group)) ||
  [...cloud.groups.values()].some(
    (other) =>
      other.id !== group &&
      [...other.rules.values()].some(
        ({ source }) => source.kind === "group" && source.group === group,
      ),
  );

export function instanceById(cloud: Cloud, id: string): Instance {
  const instance = cloud.instances.get(id);
  if (instance === undefined)
    throw awsError("InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`);
  return instance;
}

export function subnetOf(cloud: Cloud, id: string | undefined): Subnet {
  const subnet =
    id === undefined
      ? [...cloud.subnets.values()].find(({ vpc }) => vpc === defaultVpc(cloud)?.id)
      : cloud.subnets.get(id);
  if (subnet === undefined)
    throw awsError("InvalidSubnetID.NotFound", `The subnet ID '${id ?? ""}' does not exist`);
  return subnet;
}

export const defaultGroup = (cloud: Cloud, vpc: string): string =>
  [...cloud.groups.values()].find((group) => group.vpc === vpc && group.name === "default")?.id ??
  "";

/** The named items, all of which have to exist; everything where none is named. */
export function named<Item>(
  kind: ReadonlyMap<string, Item>,
  ids: readonly string[],
  code: string,
  what: string,
): Iterable<Item> {
  if (ids.length === 0) return kind.values();
  return ids.map((id) => {
    const item = kind.get(id);
    if (item === undefined) throw awsError(code, `The ${what} ID '${id}' does not exist`);
    return item;
  });
}
