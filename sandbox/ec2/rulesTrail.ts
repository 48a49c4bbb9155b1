import { integer, structures, text, texts, type Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { specificationTrail } from "./tags.ts";
import { itemSet } from "./trail.ts";

const permissionTrail = (permission: Params): Tree => ({
  ipProtocol: text(permission, "IpProtocol"),
  fromPort: integer(permission, "FromPort"),
  toPort: integer(permission, "ToPort"),
  groups: itemSet(
    structures(permission, "Groups").map((group) => ({
      userId: text(group, "UserId"),
      groupId: text(group, "GroupId"),
      groupName: text(group, "GroupName"),
      description: text(group, "Description"),
    })),
  ),
  ipRanges: itemSet(
    structures(permission, "IpRanges").map((range) => ({
      cidrIp: text(range, "CidrIp"),
      description: text(range, "Description"),
    })),
  ),
  ipv6Ranges: itemSet(
    structures(permission, "Ipv6Ranges").map((range) => ({
      cidrIpv6: text(range, "CidrIpv6"),
      description: text(range, "Description"),
    })),
  ),
  prefixListIds: itemSet(
    structures(permission, "PrefixListIds").map((list) => ({
      prefixListId: text(list, "PrefixListId"),
      description: text(list, "Description"),
    })),
  ),
});

/** A request to authorize or revoke, as CloudTrail shows it: the array form or the flat form, as it was made. */
export const rulesTrail = (params: Params): Tree => ({
  groupId: text(params, "GroupId"),
  groupName: text(params, "GroupName"),
  ipPermissions: itemSet(structures(params, "IpPermissions").map(permissionTrail)),
  ipProtocol: text(params, "IpProtocol"),
  fromPort: integer(params, "FromPort"),
  toPort: integer(params, "ToPort"),
  cidrIp: text(params, "CidrIp"),
  ...(params["SecurityGroupRuleId"] === undefined
    ? {}
    : {
        securityGroupRuleIds: itemSet(
          texts(params, "SecurityGroupRuleId").map((securityGroupRuleId) => ({
            securityGroupRuleId,
          })),
        ),
      }),
  ...specificationTrail(params),
});
