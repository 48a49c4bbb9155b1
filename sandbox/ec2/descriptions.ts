import { awsError, missing } from "../errors.ts";
import type { Operation } from "../operation.ts";
import type { Cloud } from "../state/cloud.ts";
import type { SecurityGroup, SecurityGroupRule } from "../state/ec2.ts";
import { required, structures, type Params } from "../wire/params.ts";
import { groupOf } from "./lookup.ts";
import { descriptionOf, permissionKey, permissionsOf } from "./permissions.ts";
import { rulesTrail } from "./rulesTrail.ts";

/** Describes rules anew, all of a request or none. A rule that is named without a description loses its own. */
export const updateDescriptions = (egress: boolean): Operation => ({
  run: (cloud, params) => {
    const group = groupOf(cloud, params);
    const rules = [...byProperties(cloud, group, egress, params), ...byId(group, egress, params)];
    if (rules.length === 0) throw missing("ipPermissions or securityGroupRuleDescriptions");
    for (const rule of rules) group.rules.set(rule.id, rule);
    return { return: true };
  },
  trail: rulesTrail,
});

function described(rule: SecurityGroupRule, description: string | undefined): SecurityGroupRule {
  const { description: _, ...undescribed } = rule;
  return description === undefined ? undescribed : { ...undescribed, description };
}

function byProperties(
  cloud: Cloud,
  group: SecurityGroup,
  egress: boolean,
  params: Params,
): readonly SecurityGroupRule[] {
  return permissionsOf(cloud, group, egress, params).map((permission) => {
    const key = permissionKey(permission);
    const rule = [...group.rules.values()].find((held) => permissionKey(held) === key);
    if (rule === undefined)
      throw awsError(
        "InvalidPermission.NotFound",
        "The specified rule does not exist in this security group.",
      );
    return described(rule, permission.description);
  });
}

function byId(group: SecurityGroup, egress: boolean, params: Params): readonly SecurityGroupRule[] {
  return structures(params, "SecurityGroupRuleDescription").map((entry) => {
    const id = required(entry, "SecurityGroupRuleId");
    const rule = group.rules.get(id);
    if (rule === undefined || rule.egress !== egress)
      throw awsError(
        "InvalidSecurityGroupRuleId.NotFound",
        `The security group rule ID '${id}' does not exist`,
      );
    return described(rule, descriptionOf(entry));
  });
}
