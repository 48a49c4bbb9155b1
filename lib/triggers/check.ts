import type { CheckedTarget } from "../values/snapshot.ts";
import type { TargetCheck } from "../values/targetCheck.ts";
import { type Fields, fieldsOf, textOf } from "./fields.ts";
import { groupId, identifier, interfaceId } from "./identifiers.ts";
import { unreadable } from "./unreadable.ts";

const where = (field: string): string => `detail.${field} of a check message`;

/** Our own message, from enforcement to itself: a target check as JSON. */
export function checkOf(detail: Fields): TargetCheck {
  const change = textOf(detail["change"]);
  return {
    ...(change === undefined ? {} : { change }),
    group: identifier(groupId, detail["group"], where("group")),
    eventId: text(detail["eventId"], "eventId"),
    removed: listed(detail, "removed").map((rule) => text(rule, "removed")),
    healthy: listed(detail, "healthy").map(targetOf),
  };
}

function targetOf(value: unknown): CheckedTarget {
  const { interface: id, at, by } = fieldsOf(value);
  return {
    interface: identifier(interfaceId, id, where("healthy.interface")),
    at: text(at, "healthy.at"),
    by: checkerOf(fieldsOf(by)),
  };
}

function checkerOf({ kind, name, port }: Fields): CheckedTarget["by"] {
  const named = { name: text(name, "healthy.by.name") };
  if (kind === "classicLoadBalancer") return { kind, ...named };
  if (kind === "targetGroup" && typeof port === "number") return { kind, ...named, port };
  throw unreadable(
    `${where("healthy.by")} must be a target group with a port, or a Classic Load Balancer`,
    kind,
  );
}

function listed(detail: Fields, field: string): readonly unknown[] {
  const list = detail[field];
  if (!Array.isArray(list) || list.length === 0)
    throw unreadable(`${where(field)} must list something`, list);
  return list;
}

function text(value: unknown, field: string): string {
  const found = textOf(value);
  if (found === undefined) throw unreadable(`${where(field)} must be text`, value);
  return found;
}
