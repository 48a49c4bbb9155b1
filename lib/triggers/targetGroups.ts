import { cidrFamily } from "../values/cidr.ts";
import type { Touched } from "../values/trigger.ts";
import { everything, requested, touches, type Call, type Family, type Reading } from "./call.ts";
import { fieldsOf, listOf } from "./fields.ts";
import { identifier, instanceId, is, targetGroupArn } from "./identifiers.ts";

/** Changes of target groups and of what is in them. None of them names a load balancer. */
export const targetGroups: Family = {
  rule: "targetGroups",
  service: "elasticloadbalancing",
  calls: new Map([
    ["RegisterTargets", withTargets],
    ["DeregisterTargets", withTargets],
    ["CreateTargetGroup", created],
    ["ModifyTargetGroup", (call: Call) => touches([named(call)])],
    ["DeleteTargetGroup", (call: Call) => touches([named(call)])],
  ]),
};

/** The targets are named too: one that was deregistered can no longer be found through its group. */
function withTargets(call: Call): Reading {
  return touches([
    named(call),
    ...listOf(call.request["targets"]).flatMap((target) => targetOf(fieldsOf(target)["id"])),
  ]);
}

/** An instance or an address; a function or a load balancer as target has no groups that we write to. */
function targetOf(id: unknown): readonly Touched[] {
  if (is(instanceId, id)) return [{ kind: "instance", instance: id }];
  const isAddress =
    typeof id === "string" && /[.:]/.test(id) && cidrFamily(`${id}/0`) !== undefined;
  return isAddress ? [{ kind: "address", address: id }] : [];
}

/** The ARN of a new target group is only in the answer. */
function created(call: Call): Reading {
  if (call.response === undefined) return everything;
  const groups = listOf(call.response["targetGroups"]);
  const arns = (groups.length === 0 ? [undefined] : groups).map((group) =>
    identifier(
      targetGroupArn,
      fieldsOf(group)["targetGroupArn"],
      `responseElements.targetGroups of ${call.event}`,
    ),
  );
  return touches(arns.map((arn): Touched => ({ kind: "targetGroup", arn })));
}

const named = (call: Call): Touched => ({
  kind: "targetGroup",
  arn: requested(call, "targetGroupArn", targetGroupArn),
});
