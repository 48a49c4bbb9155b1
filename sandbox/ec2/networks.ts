import type { Cloud } from "../state/cloud.ts";
import type { Subnet, Vpc } from "../state/ec2.ts";
import { account } from "../identities.ts";
import type { Operations } from "../operation.ts";
import { texts } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { defaultVpc } from "../state/cloud.ts";
import { named } from "./lookup.ts";
import { filtered } from "./filters.ts";
import { page } from "./pages.ts";
import { tagSet } from "./tags.ts";

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

export const networkOperations: Operations = {
  DescribeVpcs: {
    run: (cloud, params) => {
      const asked = named(cloud.vpcs, texts(params, "VpcId"), "InvalidVpcID.NotFound", "vpc");
      const table = {
        "vpc-id": ({ id }: Vpc) => [id],
        "is-default": ({ isDefault }: Vpc) => [String(isDefault)],
        isDefault: ({ isDefault }: Vpc) => [String(isDefault)],
        cidr: (vpc: Vpc) => [vpc.cidr],
        "cidr-block-association.cidr-block": (vpc: Vpc) => [vpc.cidr],
        "owner-id": () => [account],
        state: () => ["available"],
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
        availabilityZone: ({ zone }: Subnet) => [zone],
        "cidr-block": ({ cidr }: Subnet) => [cidr],
        "default-for-az": ({ vpc }: Subnet) => [String(cloud.vpcs.get(vpc)?.isDefault === true)],
        "owner-id": () => [account],
        state: () => ["available"],
      };
      const { items, next } = page(filtered(asked, params, cloud, table), params, {
        min: 5,
        max: 1000,
      });
      return { subnetSet: items.map((subnet) => subnetShape(cloud, subnet)), nextToken: next };
    },
  },

  DescribeRegions: {
    run: (cloud, params) => ({
      regionInfo: filtered([{ id: cloud.region }], params, cloud, {
        "region-name": ({ id }) => [id],
      }).map(({ id }) => ({
        regionName: id,
        regionEndpoint: `ec2.${id}.amazonaws.com`,
        optInStatus: "opt-in-not-required",
      })),
    }),
  },

  DescribeAvailabilityZones: {
    run: (cloud, params) => ({
      availabilityZoneInfo: filtered(
        ["a", "b", "c"].map((letter) => ({ id: `${cloud.region}${letter}` })),
        params,
        cloud,
        { "zone-name": ({ id }) => [id], "region-name": () => [cloud.region] },
      ).map(({ id }) => ({
        zoneName: id,
        zoneState: "available",
        regionName: cloud.region,
        zoneType: "availability-zone",
        optInStatus: "opt-in-not-required",
      })),
    }),
  },

  DescribeAccountAttributes: {
    run: (cloud, params) => {
      const asked = texts(params, "AttributeName");
      const values = {
        "supported-platforms": "VPC",
        "default-vpc": defaultVpc(cloud)?.id ?? "none",
        "vpc-max-security-groups-per-interface": String(cloud.quotas.groupsPerInterface),
      };
      return {
        accountAttributeSet: Object.entries(values)
          .filter(([name]) => asked.length === 0 || asked.includes(name))
          .map(([attributeName, attributeValue]) => ({
            attributeName,
            attributeValueSet: [{ attributeValue }],
          })),
      };
    },
  },
};
