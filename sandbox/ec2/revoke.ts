import type { Cloud } from "../state/cloud.ts";
import type { Permission, SecurityGroup, SecurityGroupRule } from "../state/ec2.ts";
import { awsError, missing } from "../errors.ts";
import type { Operation } from "../operation.ts";
import { texts } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { groupOf } from "./lookup.ts";
import { permissionKey, permissionsOf } from "./permissions.ts";
import { rulesTrail } from "./rulesTrail.ts";
import { grouped, revokedShape } from "./shapes.ts";

/** Removes rules by id or by properties. */
export const revoke = (egress: boolean): Operation => ({
  run: (cloud, params) => {
    const group = groupOf(cloud, params);
    const ids = texts(params, "SecurityGroupRuleId");
    const permissions = permissionsOf(cloud, group, egress, params);
    if (ids.length === 0 && permissions.length === 0)
      throw missing("ipPermissions or securityGroupRuleIds");
    if (ids.length > 0 && permissions.length > 0) {
      throw awsError(
        "InvalidParameterCombination",
        "The parameters ipPermissions and securityGroupRuleIds cannot be used together",
      );
    }
    return ids.length > 0
      ? byId(cloud, group, egress, ids)
      : byProperties(cloud, group, permissions);
  },
  trail: rulesTrail,
});

function byId(cloud: Cloud, group: SecurityGroup, egress: boolean, ids: readonly string[]): Tree {
  const rules = ids.map((id) => {
    const rule = group.rules.get(id);
    if (rule === undefined || rule.egress !== egress) {
      throw awsError(
        "InvalidSecurityGroupRuleId.NotFound",
        `The security group rule ID '${id}' does not exist`,
      );
    }
    return rule;
  });
  return removed(cloud, group, rules, []);
}

/** A compare-and-delete. What does not match is listed in a default VPC, and refuses the whole request anywhere else. */
function byProperties(
  cloud: Cloud,
  group: SecurityGroup,
  permissions: readonly Permission[],
): Tree {
  const matches = permissions.map((permission) => ({
    permission,
    rule: [...group.rules.values()].find((rule) => isMeant(rule, permission)),
  }));
  const unknown = matches.flatMap(({ permission, rule }) =>
    rule === undefined ? [permission] : [],
  );
  const isLenient = group.vpc === undefined || cloud.vpcs.get(group.vpc)?.isDefault === true;
  if (unknown.length > 0 && !isLenient) {
    throw awsError(
      "InvalidPermission.NotFound",
      "The specified rule does not exist in this security group.",
    );
  }
  return removed(
    cloud,
    group,
    matches.flatMap(({ rule }) => (rule === undefined ? [] : [rule])),
    unknown,
  );
}

/** A description that was given has to be the rule's own; none given means any. */
const isMeant = (rule: SecurityGroupRule, permission: Permission): boolean =>
  permissionKey(rule) === permissionKey(permission) &&
  (permission.description === undefined || permission.description === rule.description);

function removed(
  cloud: Cloud,
  group: SecurityGroup,
  rules: readonly SecurityGroupRule[],
  unknown: readonly Permission[],
): Tree {
  for (const { id } of rules) {
    group.rules.delete(id);
    cloud.tags.delete(id);
  }
  return {
    return: true,
    unknownIpPermissionSet: unknown.length > 0 ? grouped(unknown) : undefined,
    revokedSecurityGroupRuleSet: rules.map((rule) => revokedShape(group, rule)),
  };
}
