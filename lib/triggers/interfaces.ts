import type { Touched } from "../values/trigger.ts";
import {
  leaves,
  notOurs,
  requested,
  touches,
  type Call,
  type Family,
  type Reading,
} from "./call.ts";
import { fieldsOf, isFields, listOf, textOf } from "./fields.ts";
import { attachmentId, groupId, instanceId, interfaceId, is } from "./identifiers.ts";
import { unreadable } from "./unreadable.ts";

/**
 * Changes of which groups an instance or an interface is attached to. An attached interface may be a second way in to a served instance; one that was
 * merely created reaches nothing yet, and is in the way all the same: nobody knows whose it will be.
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
    ["CreateNetworkInterface", created],
    // The attachment is all that it names; EC2 knows the interface by it while it detaches.
    [
      "DetachNetworkInterface",
      (call: Call) =>
        leaves([{ kind: "attachment", attachment: requested(call, "attachmentId", attachmentId) }]),
    ],
    // Mostly gone when the event comes, and its groups with it: the look after its detachment, or the sweep, finds what that allows.
    [
      "DeleteNetworkInterface",
      (call: Call) =>
        leaves([
          { kind: "interface", interface: requested(call, "networkInterfaceId", interfaceId) },
        ]),
    ],
  ]),
};

/** The groups are in the answer; in the request only where they were chosen. */
function created(call: Call): Reading {
  const { request, response } = call;
  const made = fieldsOf(response?.["networkInterface"]);
  const groups = [made, request]
    .flatMap((one) => listOf(one["groupSet"]))
    .map((one) => fieldsOf(one)["groupId"])
    .filter((id) => is(groupId, id));
  if (groups.length === 0)
    throw unreadable(
      `responseElements.networkInterface of ${call.event} must name security groups (groupSet)`,
      made["groupSet"],
    );
  return touches(groups.map((group): Touched => ({ kind: "joined", group })));
}

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
