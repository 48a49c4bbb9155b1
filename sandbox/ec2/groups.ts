import { defaultVpc, type Cloud } from "../state/cloud.ts";
import type { SecurityGroup } from "../state/ec2.ts";
import { awsError, invalidValue } from "../errors.ts";
import { account } from "../identities.ts";
import type { Operations } from "../operation.ts";
import { required, text, texts, type Params } from "../wire/params.ts";
import { filtered, type FilterTable } from "./filters.ts";
import { groupById, groupByName, groupOf, isBusy } from "./lookup.ts";
import { page } from "./pages.ts";
import { permissionFilters } from "./permissionFilters.ts";
import { groupShape } from "./shapes.ts";
import { setTags, specificationTrail, specifiedTags, tagSet } from "./tags.ts";

/** A new group lets everything out. */
export function createGroup(
  cloud: Cloud,
  group: Omit<SecurityGroup, "rules" | "owner">,
): SecurityGroup {
  const created: SecurityGroup = { ...group, owner: account, rules: new Map() };
  const id = cloud.ids.next("sgr");
  created.rules.set(id, {
    id,
    egress: true,
    protocol: "-1",
    fromPort: -1,
    toPort: -1,
    source: { kind: "ipv4", cidr: "0.0.0.0/0" },
  });
  cloud.groups.set(created.id, created);
  return created;
}

const filters = (cloud: Cloud): FilterTable<SecurityGroup> => ({
  ...permissionFilters(cloud),
  "group-id": ({ id }) => [id],
  "group-name": ({ name }) => [name],
  "vpc-id": ({ vpc }) => [vpc],
  "owner-id": ({ owner }) => [owner],
  description: ({ description }) => [description],
  "ip-permission.prefix-list-id": ({ rules }) =>
    [...rules.values()].flatMap(({ source, egress }) =>
      source.kind === "prefixList" && !egress ? [source.id] : [],
    ),
});

/** Those that a request names, all of which have to exist; every group where it names none. */
function asked(cloud: Cloud, params: Params): Iterable<SecurityGroup> {
  const [ids, names] = [texts(params, "GroupId"), texts(params, "GroupName")];
  if (ids.length === 0 && names.length === 0) return cloud.groups.values();
  return new Set([
    ...ids.map((id) => groupById(cloud, id)),
    ...names.map((name) => groupByName(cloud, name)),
  ]);
}

export const groupOperations: Operations = {
  CreateSecurityGroup: {
    run: (cloud, params) => {
      const [name, description] = [
        required(params, "GroupName"),
        required(params, "GroupDescription"),
      ];
      const vpc = text(params, "VpcId") ?? defaultVpc(cloud)?.id;
      if (vpc === undefined) throw awsError("VPCIdNotSpecified", "No default VPC for this user");
      if (!cloud.vpcs.has(vpc))
        throw awsError("InvalidVpcID.NotFound", `The vpc ID '${vpc}' does not exist`);
      if (name.startsWith("sg-"))
        throw invalidValue(
          "Value for parameter GroupName is invalid. Group names may not be in the format sg-*.",
        );
      if (name === "default")
        throw awsError("InvalidGroup.Reserved", `The security group '${name}' is reserved`);
      if ([...cloud.groups.values()].some((group) => group.vpc === vpc && group.name === name)) {
        throw awsError(
          "InvalidGroup.Duplicate",
          `The security group '${name}' already exists for VPC '${vpc}'`,
        );
      }
      const tags = specifiedTags(params, "security-group").get("security-group") ?? [];
      const { id } = createGroup(cloud, { id: cloud.ids.next("sg"), name, description, vpc });
      setTags(cloud, id, tags);
      return {
        return: true,
        groupId: id,
        tagSet: tagSet(cloud, id),
        securityGroupArn: `arn:aws:ec2:${cloud.region}:${account}:security-group/${id}`,
      };
    },
    trail: (params) => ({
      groupName: text(params, "GroupName"),
      groupDescription: text(params, "GroupDescription"),
      vpcId: text(params, "VpcId"),
      ...specificationTrail(params),
    }),
  },

  DeleteSecurityGroup: {
    run: (cloud, params) => {
      const group = groupOf(cloud, params);
      if (group.name === "default")
        throw awsError(
          "CannotDelete",
          `the specified group: "${group.id}" name: "default" cannot be deleted by a user`,
        );
      if (isBusy(cloud, group.id))
        throw awsError("DependencyViolation", `resource ${group.id} has a dependent object`);
      for (const rule of group.rules.keys()) cloud.tags.delete(rule);
      cloud.tags.delete(group.id);
      cloud.groups.delete(group.id);
      return { return: true, groupId: group.id };
    },
    trail: (params) => ({ groupId: text(params, "GroupId"), groupName: text(params, "GroupName") }),
  },

  GetSecurityGroupsForVpc: {
    run: (cloud, params) => {
      const vpc = required(params, "VpcId");
      if (!cloud.vpcs.has(vpc))
        throw awsError("InvalidVpcID.NotFound", `The vpc ID '${vpc}' does not exist`);
      const own = [...cloud.groups.values()].filter((group) => group.vpc === vpc);
      const table = {
        "group-id": filters(cloud)["group-id"]!,
        "group-name": filters(cloud)["group-name"]!,
      };
      const { items, next } = page(filtered(own, params, cloud, table), params, {
        min: 5,
        max: 1000,
      });
      return {
        securityGroupForVpcSet: items.map((group) => ({
          groupId: group.id,
          groupName: group.name,
          description: group.description,
          ownerId: group.owner,
          primaryVpcId: group.vpc,
          tagSet: tagSet(cloud, group.id),
        })),
        nextToken: next,
      };
    },
  },

  DescribeSecurityGroups: {
    run: (cloud, params) => {
      const { items, next } = page(
        filtered(asked(cloud, params), params, cloud, filters(cloud)),
        params,
        {
          min: 5,
          max: 1000,
        },
      );
      return { securityGroupInfo: items.map((group) => groupShape(cloud, group)), nextToken: next };
    },
  },
};
