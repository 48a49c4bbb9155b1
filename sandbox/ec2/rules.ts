import type { Cloud } from "../state/cloud.ts";
import type { SecurityGroup, SecurityGroupRule } from "../state/ec2.ts";
import { awsError } from "../errors.ts";
import type { Operations } from "../operation.ts";
import { structures, texts, type Params } from "../wire/params.ts";
import { authorize } from "./authorize.ts";
import { updateDescriptions } from "./descriptions.ts";
import { filtered, type FilterTable } from "./filters.ts";
import { modifyOperations } from "./modify.ts";
import { page } from "./pages.ts";
import { revoke } from "./revoke.ts";
import { ruleShape } from "./shapes.ts";

type OwnedRule = SecurityGroupRule & { readonly group: SecurityGroup };

const filters: FilterTable<OwnedRule> = {
  "group-id": ({ group }) => [group.id],
  "security-group-rule-id": ({ id }) => [id],
};

/** Rules of the groups that a `group-id` filter names: no need to go through all others. */
function candidates(cloud: Cloud, params: Params): readonly OwnedRule[] {
  const named = structures(params, "Filter").find((filter) => filter["Name"] === "group-id");
  const ids = named === undefined ? [] : texts(named, "Value");
  const groups =
    ids.length === 0 || ids.some((id) => /[*?]/.test(id))
      ? [...cloud.groups.values()]
      : new Set(ids.map((id) => cloud.groups.get(id)));
  return [...groups].flatMap((group) =>
    group === undefined ? [] : [...group.rules.values()].map((rule) => ({ ...rule, group })),
  );
}

export const ruleOperations: Operations = {
  AuthorizeSecurityGroupIngress: authorize(false),
  AuthorizeSecurityGroupEgress: authorize(true),
  RevokeSecurityGroupIngress: revoke(false),
  RevokeSecurityGroupEgress: revoke(true),
  UpdateSecurityGroupRuleDescriptionsIngress: updateDescriptions(false),
  UpdateSecurityGroupRuleDescriptionsEgress: updateDescriptions(true),
  ...modifyOperations,

  DescribeSecurityGroupRules: {
    run: (cloud, params) => {
      const ids = texts(params, "SecurityGroupRuleId");
      const rules = candidates(cloud, params);
      for (const id of ids) {
        if (!rules.some((rule) => rule.id === id)) {
          throw awsError(
            "InvalidSecurityGroupRuleId.NotFound",
            `The security group rule ID '${id}' does not exist`,
          );
        }
      }
      const named = ids.length === 0 ? rules : rules.filter((rule) => ids.includes(rule.id));
      const { items, next } = page(filtered(named, params, cloud, filters), params, {
        min: 5,
        max: 1000,
      });
      return {
        securityGroupRuleSet: items.map((rule) => ruleShape(cloud, rule.group, rule)),
        nextToken: next,
      };
    },
  },
};
