import type { Cloud } from "../state/cloud.ts";
import type { Permission, SecurityGroup, SecurityGroupRule, Source } from "../state/ec2.ts";
import { awsError, invalidValue, missing } from "../errors.ts";
import type { Operations } from "../operation.ts";
import { integer, required, structure, structures, text, type Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { refuseDuplicate } from "./authorize.ts";
import { groupById } from "./lookup.ts";
import {
  cidrSource,
  descriptionOf,
  groupSource,
  prefixListSource,
  rangeOf,
} from "./permissions.ts";

/** Rules are edited in place: same id, same tags, other ports, CIDR or description. A rule keeps its kind of source. */
export const modifyOperations: Operations = {
  ModifySecurityGroupRules: {
    run: (cloud, params) => {
      const group = groupById(cloud, required(params, "GroupId"));
      const updates = structures(params, "SecurityGroupRule").map((update) =>
        changed(cloud, group, update),
      );
      if (updates.length === 0) throw missing("SecurityGroupRule");
      for (const rule of updates) refuseDuplicate(group, rule, rule.id);
      for (const rule of updates) group.rules.set(rule.id, rule);
      return { return: true };
    },
    trail: modifyTrail,
  },
};

function changed(cloud: Cloud, group: SecurityGroup, update: Params): SecurityGroupRule {
  const id = required(update, "SecurityGroupRuleId");
  const rule = group.rules.get(id);
  if (rule === undefined)
    throw awsError(
      "InvalidSecurityGroupRuleId.NotFound",
      `The security group rule ID '${id}' does not exist`,
    );
  const wanted = structure(update, "SecurityGroupRule") ?? {};
  const source = sourceOf(cloud, group, wanted);
  if (source.kind !== rule.source.kind)
    throw invalidValue(`The source type of security group rule '${id}' cannot be changed.`);
  const description = descriptionOf(wanted);
  const permission: Permission = {
    egress: rule.egress,
    ...rangeOf(wanted),
    source,
    ...(description === undefined ? {} : { description }),
  };
  return { id, ...permission };
}

function sourceOf(cloud: Cloud, group: SecurityGroup, wanted: Params): Source {
  const [ipv4, ipv6, list, referenced] = [
    "CidrIpv4",
    "CidrIpv6",
    "PrefixListId",
    "ReferencedGroupId",
  ].map((name) => text(wanted, name));
  if ([ipv4, ipv6, list, referenced].filter((given) => given !== undefined).length !== 1) {
    throw invalidValue(
      "Exactly one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupId must be specified.",
    );
  }
  if (ipv4 !== undefined) return cidrSource("ipv4", ipv4);
  if (ipv6 !== undefined) return cidrSource("ipv6", ipv6);
  if (list !== undefined) return prefixListSource(cloud, list);
  return groupSource(cloud, group, { GroupId: referenced });
}

/** PascalCase; `tag` numbers the rules; one rule is an object and several are a list. */
function modifyTrail(params: Params): Tree {
  const rules = structures(params, "SecurityGroupRule").map((update, index) => {
    const wanted = structure(update, "SecurityGroupRule") ?? {};
    return {
      SecurityGroupRuleId: text(update, "SecurityGroupRuleId"),
      tag: index + 1,
      SecurityGroupRule: {
        CidrIpv4: text(wanted, "CidrIpv4"),
        CidrIpv6: text(wanted, "CidrIpv6"),
        PrefixListId: text(wanted, "PrefixListId"),
        ReferencedGroupId: text(wanted, "ReferencedGroupId"),
        FromPort: integer(wanted, "FromPort"),
        ToPort: integer(wanted, "ToPort"),
        IpProtocol: text(wanted, "IpProtocol"),
        Description: text(wanted, "Description"),
      },
    };
  });
  return {
    ModifySecurityGroupRulesRequest: {
      GroupId: text(params, "GroupId"),
      SecurityGroupRule: rules.length === 1 ? rules[0] : rules,
    },
  };
}
