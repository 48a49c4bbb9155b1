import type { Cloud } from "../state/cloud.ts";
import type { PrefixList, Subnet, Vpc } from "../state/ec2.ts";
import { awsError } from "../errors.ts";
import { account } from "../identities.ts";
import type { Operations } from "../operation.ts";
import { required, texts } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { filtered } from "./filters.ts";
import { page } from "./pages.ts";
import { tagSet } from "./tags.ts";

/** The named items, all of which have to exist; everything where none is named. */
function named<Item>(
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

const vpcShape = (cloud: Cloud, vpc: Vpc): Tree => ({
  vpcId: vpc.id,
  ownerId: account,
  state: "available",
  cidrBlock: vpc.cidr,
  cidrBlockAssociationSet: [
    {
      associationId: `vpc-cidr-assoc-${vpc.id.slice(4)}`,
      cidrBlock: vpc.cidr,
      cidrBlockState: { state: "associated" },
    },
  ],
  ipv6CidrBlockAssociationSet: vpc.ipv6.map((ipv6CidrBlock, index) => ({
    associationId: `vpc-cidr-assoc-${vpc.id.slice(4)}${index}`,
    ipv6CidrBlock,
    ipv6CidrBlockState: { state: "associated" },
  })),
  instanceTenancy: "default",
  isDefault: vpc.isDefault,
  tagSet: tagSet(cloud, vpc.id),
});

const subnetShape = (cloud: Cloud, subnet: Subnet): Tree => ({
  subnetId: subnet.id,
  vpcId: subnet.vpc,
  ownerId: account,
  state: "available",
  cidrBlock: subnet.cidr,
  availabilityZone: subnet.zone,
  defaultForAz: cloud.vpcs.get(subnet.vpc)?.isDefault === true,
  tagSet: tagSet(cloud, subnet.id),
});

const listShape = (cloud: Cloud, list: PrefixList): Tree => ({
  prefixListId: list.id,
  prefixListName: list.name,
  prefixListArn: `arn:aws:ec2:${cloud.region}:${list.owner}:prefix-list/${list.id}`,
  addressFamily: list.family,
  state: "create-complete",
  maxEntries: list.maxEntries,
  version: 1,
  ownerId: list.owner,
  tagSet: tagSet(cloud, list.id),
});

export const networkOperations: Operations = {
  DescribeVpcs: {
    run: (cloud, params) => {
      const asked = named(cloud.vpcs, texts(params, "VpcId"), "InvalidVpcID.NotFound", "vpc");
      const table = {
        "vpc-id": ({ id }: Vpc) => [id],
        "is-default": ({ isDefault }: Vpc) => [String(isDefault)],
        isDefault: ({ isDefault }: Vpc) => [String(isDefault)],
        cidr: (vpc: Vpc) => [vpc.cidr],
      };
      const { items, next } = page(filtered(asked, params, cloud, table), params, {
        min: 5,
        max: 1000,
      });
      return { vpcSet: items.map((vpc) => vpcShape(cloud, vpc)), nextToken: next };
    },
  },

  DescribeSubnets: {
    run: (cloud, params) => {
      const asked = named(
        cloud.subnets,
        texts(params, "SubnetId"),
        "InvalidSubnetID.NotFound",
        "subnet",
      );
      const table = {
        "subnet-id": ({ id }: Subnet) => [id],
        "vpc-id": ({ vpc }: Subnet) => [vpc],
        "availability-zone": ({ zone }: Subnet) => [zone],
      };
      const { items, next } = page(filtered(asked, params, cloud, table), params, {
        min: 5,
        max: 1000,
      });
      return { subnetSet: items.map((subnet) => subnetShape(cloud, subnet)), nextToken: next };
    },
  },

  DescribeManagedPrefixLists: {
    run: (cloud, params) => {
      const asked = named(
        cloud.prefixLists,
        texts(params, "PrefixListId"),
        "InvalidPrefixListID.NotFound",
        "prefix list",
      );
      const table = {
        "prefix-list-id": ({ id }: PrefixList) => [id],
        "prefix-list-name": ({ name }: PrefixList) => [name],
        "owner-id": ({ owner }: PrefixList) => [owner],
      };
      const { items, next } = page(filtered(asked, params, cloud, table), params, {
        min: 1,
        max: 100,
      });
      return { prefixListSet: items.map((list) => listShape(cloud, list)), nextToken: next };
    },
  },

  GetManagedPrefixListEntries: {
    run: (cloud, params) => {
      const [list] = named(
        cloud.prefixLists,
        [required(params, "PrefixListId")],
        "InvalidPrefixListID.NotFound",
        "prefix list",
      );
      const { items, next } = page(list?.entries ?? [], params, { min: 1, max: 100 });
      return { entrySet: items.map((cidr) => ({ cidr })), nextToken: next };
    },
  },
};
