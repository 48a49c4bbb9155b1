import type { Touched } from "../values/trigger.ts";
import { leaves, notOurs, touches, type Call, type Family, type Reading } from "./call.ts";
import { fieldsOf, listOf, type Fields } from "./fields.ts";
import { groupId, instanceId, is } from "./identifiers.ts";
import { unreadable } from "./unreadable.ts";

/** Instances that come and go: one that no load balancer serves is in the way of closing its groups' other rules. */
export const instances: Family = {
  rule: "networkInterfaces",
  service: "ec2",
  calls: new Map([
    ["RunInstances", launched],
    ["TerminateInstances", terminated],
  ]),
};

/**
 * The groups alone, never the instances: a fleet of a thousand must not cost a thousand look-ups. EC2's answer names them all; it is left out where it is
 * over 100 KB (about 35 instances), and the request names none where a launch template does. Such a launch waits for the sweep: looking everywhere at each
 * would be dearer than what it may tell.
 */
function launched(call: Call): Reading {
  const { request, response } = call;
  const answered = listOf(response?.["instancesSet"]).map(fieldsOf);
  if (response !== undefined && answered.length === 0)
    throw unreadable(
      `responseElements.instancesSet of ${call.event} must list instances`,
      response["instancesSet"],
    );
  const groups = (answered.length > 0 ? answered : [request]).flatMap(groupsOf);
  return groups.length > 0
    ? touches(groups.map((group): Touched => ({ kind: "joined", group })))
    : notOurs(`${call.event} does not say which groups it concerns`);
}

/** Of an instance, or of a request for some: its own groups, and those of its interfaces. */
const groupsOf = (fields: Fields): readonly string[] =>
  [fields, ...listOf(fields["networkInterfaceSet"]).map(fieldsOf)]
    .flatMap((one) => listOf(one["groupSet"]))
    .map((one) => fieldsOf(one)["groupId"])
    .filter((id) => is(groupId, id));

/** Its groups can be read as long as it shuts down; of one that is gone already nobody can say them, and the sweep has to look. */
function terminated(call: Call): Reading {
  const ids = listOf(call.request["instancesSet"])
    .map((one) => fieldsOf(one)["instanceId"])
    .filter((id) => is(instanceId, id));
  if (ids.length === 0)
    throw unreadable(
      `requestParameters.instancesSet of ${call.event} must list instances`,
      call.request["instancesSet"],
    );
  return leaves(ids.map((instance) => ({ kind: "instance", instance })));
}
