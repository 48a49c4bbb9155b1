import type { TargetCheck } from "../values/targetCheck.ts";
import { textOf, type Fields } from "./fields.ts";
import { groupId, identifier, checkedTarget } from "./identifiers.ts";
import { unreadable } from "./unreadable.ts";

const where = (field: string): string => `detail.${field} of a check message`;

/** Our own message, from enforcement to itself: `{ group: "sg-...", eventId, removed: ["tcp/80 from ...", ...], healthy: ["eni-... i-... web:8080", ...] }`. */
export function checkOf(detail: Fields): TargetCheck {
  const eventId = textOf(detail["eventId"]);
  if (eventId === undefined)
    throw unreadable(`${where("eventId")} must be text`, detail["eventId"]);
  return {
    group: identifier(groupId, detail["group"], where("group")),
    eventId,
    removed: listed(detail, "removed").map(ruleText),
    healthy: listed(detail, "healthy").map((id) => identifier(checkedTarget, id, where("healthy"))),
  };
}

function listed(detail: Fields, field: string): readonly unknown[] {
  const list = detail[field];
  if (!Array.isArray(list) || list.length === 0)
    throw unreadable(`${where(field)} must list something`, list);
  return list;
}

function ruleText(rule: unknown): string {
  const text = textOf(rule);
  if (text === undefined) throw unreadable(`${where("removed")} must be rules in words`, rule);
  return text;
}
