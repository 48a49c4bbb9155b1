import type { Touched } from "../values/trigger.ts";
import { requestedInner, touches, type Call, type Family } from "./call.ts";
import { fieldsOf, isFields, listOf, textOf, type Fields } from "./fields.ts";
import { groupId, is, ruleId } from "./identifiers.ts";
import { authorizedRules, modifiedRules, revokedRules } from "./rules.ts";
import { unreadable } from "./unreadable.ts";

/** Changes of a group's inbound rules. ModifySecurityGroupRules edits in place: EC2 sends no Authorize and no Revoke for it. */
export const securityGroups: Family = {
  rule: "securityGroups",
  service: "ec2",
  calls: new Map([
    [
      "AuthorizeSecurityGroupIngress",
      (call: Call) => touches(changedGroups(call), authorizedRules(call)),
    ],
    [
      "RevokeSecurityGroupIngress",
      (call: Call) => touches(changedGroups(call), revokedRules(call)),
    ],
    [
      "ModifySecurityGroupRules",
      (call: Call) => {
        const request = fieldsOf(call.request["ModifySecurityGroupRulesRequest"]);
        return touches(modifiedGroup(request), modifiedRules(request));
      },
    ],
    ["AssociateSecurityGroupVpc", ofVpc],
    ["DisassociateSecurityGroupVpc", ofVpc],
  ]),
};

/** In another VPC the group may be attached to more. */
function ofVpc(call: Call) {
  return touches([{ kind: "group", group: requestedInner(call, "groupId", groupId) }]);
}

/** The group by id, from the request or from EC2's answer (a caller may name it instead); else by name; else by the rules. */
function changedGroups(call: Call): readonly Touched[] {
  const { request, response } = call;
  const answered = ["securityGroupRuleSet", "revokedSecurityGroupRuleSet"].flatMap((set) =>
    listOf(response?.[set]),
  );
  const ids = [request, ...answered.filter(isFields)]
    .map((fields) => fields["groupId"])
    .filter((id) => is(groupId, id));
  if (ids.length > 0) return ids.map((group) => ({ kind: "group", group }));
  const name = textOf(request["groupName"]);
  if (name !== undefined) return [{ kind: "groupName", name }];
  const rules = ["securityGroupRuleIds", "securityGroupRuleIdSet"]
    .flatMap((list) => listOf(request[list]))
    .map(idOfRule);
  return orThrow(
    rules,
    `requestParameters of ${call.event} must name a security group (groupId, groupName)`,
    request["groupId"],
  );
}

function modifiedGroup(request: Fields): readonly Touched[] {
  const group = request["GroupId"];
  if (is(groupId, group)) return [{ kind: "group", group }];
  const rules = listOf(request["SecurityGroupRule"]).map(
    (update) => fieldsOf(update)["SecurityGroupRuleId"],
  );
  return orThrow(
    rules,
    "ModifySecurityGroupRulesRequest must name a security group (GroupId)",
    group,
  );
}

const idOfRule = (item: unknown): unknown => (isFields(item) ? item["securityGroupRuleId"] : item);

function orThrow(ids: readonly unknown[], problem: string, found: unknown): readonly Touched[] {
  const rules = ids.filter((id) => is(ruleId, id)).map((rule): Touched => ({ kind: "rule", rule }));
  if (rules.length === 0) throw unreadable(problem, found);
  return rules;
}
