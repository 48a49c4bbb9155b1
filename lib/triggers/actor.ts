import type { Actor } from "../values/trigger.ts";
import { fieldsOf, textOf } from "./fields.ts";

/**
 * Who made the call, from CloudTrail's `userIdentity` (whose shape differs with its type; nothing in it is certain to be there),
 * `sourceIPAddress` and `userAgent`. For people to read: nothing is decided by it.
 */
export function actorOf(detail: Readonly<Record<string, unknown>>): Actor {
  const identity = fieldsOf(detail["userIdentity"]);
  const arn = textOf(identity["arn"]);
  const invokedBy = textOf(identity["invokedBy"]);
  const onBehalfOf = textOf(fieldsOf(identity["onBehalfOf"])["userId"]);
  const named =
    arn ??
    invokedBy ??
    textOf(identity["userName"]) ??
    onBehalfOf ??
    textOf(identity["principalId"]) ??
    textOf(identity["accountId"]);
  const session = arn === undefined ? undefined : /:assumed-role\/.+\/([^/]+)$/.exec(arn)?.[1];
  const sourceAddress = textOf(detail["sourceIPAddress"]);
  const userAgent = textOf(detail["userAgent"]);
  return {
    principal: named ?? "unknown",
    ...(session === undefined ? {} : { session }),
    ...(sourceAddress === undefined ? {} : { sourceAddress }),
    ...(userAgent === undefined ? {} : { userAgent }),
    ...(invokedBy === undefined ? {} : { invokedBy }),
  };
}
