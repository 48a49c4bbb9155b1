import type { Cloud } from "../state/cloud.ts";
import type { Permission, SecurityGroup, SecurityGroupRule } from "../state/ec2.ts";
import { awsError, invalidValue, missing } from "../errors.ts";
import type { Operation } from "../operation.ts";
import type { Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { groupOf } from "./lookup.ts";
import { permissionKey, permissionsOf, sourceKey } from "./permissions.ts";
import { checkQuota } from "./quota.ts";
import { rulesTrail } from "./rulesTrail.ts";
import { ruleShape } from "./shapes.ts";
import { setTags, specifiedTags } from "./tags.ts";

/** Adds rules, all of a request or none. */
export const authorize = (egress: boolean): Operation => ({
  run: (cloud, params) => authorized(cloud, groupOf(cloud, params), egress, params),
  trail: rulesTrail,
});

function authorized(cloud: Cloud, group: SecurityGroup, egress: boolean, params: Params): Tree {
  const permissions = permissionsOf(cloud, group, egress, params);
  if (permissions.length === 0) throw missing("ipPermissions");
  const keys = permissions.map(permissionKey);
  if (new Set(keys).size < keys.length)
    throw invalidValue("The same permission must not appear multiple times");
  for (const permission of permissions) refuseDuplicate(group, permission);
  checkQuota(cloud, [
    ...[...group.rules.values()].filter((rule) => rule.egress === egress),
    ...permissions,
  ]);
  const tags = specifiedTags(params, "security-group-rule").get("security-group-rule") ?? [];

  const rules = permissions.map((permission): SecurityGroupRule => ({
    id: cloud.ids.next("sgr"),
    ...permission,
  }));
  for (const rule of rules) {
    group.rules.set(rule.id, rule);
    setTags(cloud, rule.id, tags);
  }
  return {
    return: true,
    securityGroupRuleSet: rules.map((rule) => ({
      ...ruleShape(cloud, group, rule),
      ...(tags.length > 0 ? {} : { tagSet: undefined }),
    })),
  };
}

/** `but` is a rule that may be the same: the one that is being changed. */
export function refuseDuplicate(group: SecurityGroup, permission: Permission, but?: string): void {
  const key = permissionKey(permission);
  if (![...group.rules.values()].some((rule) => rule.id !== but && permissionKey(rule) === key))
    return;
  const ports =
    permission.fromPort === -1
      ? ""
      : `from port: ${permission.fromPort}, to port: ${permission.toPort}, `;
  throw awsError(
    "InvalidPermission.Duplicate",
    `the specified rule "peer: ${sourceKey(permission.source)}, ${permission.protocol === "-1" ? "ALL" : permission.protocol.toUpperCase()}, ${ports}ALLOW" already exists`,
  );
}
