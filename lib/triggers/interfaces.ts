import type { Touched } from "../values/trigger.ts";
import { notOurs, requested, touches, type Call, type Family } from "./call.ts";
import { isFields, listOf, textOf } from "./fields.ts";
import { groupId, instanceId, interfaceId, is } from "./identifiers.ts";

/**
 * Changes of which groups an instance or an interface wears. An attached interface may be a second way in to a served instance;
 * one that was merely created reaches nothing yet.
 */
export const interfaces: Family = {
  rule: "networkInterfaces",
  service: "ec2",
  // Not narrowed to calls that change groups: no record of those is published, and a pattern that misses them would miss them silently.
  calls: new Map([
    [
      "ModifyInstanceAttribute",
      (call: Call) =>
        dressed(call, { kind: "instance", instance: requested(call, "instanceId", instanceId) }),
    ],
    [
      "ModifyNetworkInterfaceAttribute",
      (call: Call) =>
        dressed(call, {
          kind: "interface",
          interface: requested(call, "networkInterfaceId", interfaceId),
        }),
    ],
    [
      "AttachNetworkInterface",
      (call: Call) =>
        touches([
          { kind: "interface", interface: requested(call, "networkInterfaceId", interfaceId) },
        ]),
    ],
  ]),
};

/** Ours only when it is groups that were changed; the groups put on are named too, for EC2 may not show them on the interface yet. */
function dressed(call: Call, eni: Touched) {
  const groups = Object.entries(call.request)
    .filter(([field]) => /group/i.test(field))
    .flatMap(([, value]) => listOf(value))
    .map((item) => (isFields(item) ? item["groupId"] : item))
    .filter((id) => is(groupId, id));
  const changesGroups = groups.length > 0 || /group/i.test(textOf(call.request["attribute"]) ?? "");
  return changesGroups
    ? touches([eni, ...groups.map((group): Touched => ({ kind: "group", group }))])
    : notOurs(`${call.event} did not change groups`);
}
