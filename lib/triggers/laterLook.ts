import type { Trigger } from "../values/trigger.ts";
import { fieldsOf, textOf, timeOf, type Fields } from "./fields.ts";
import { groupId, identifier } from "./identifiers.ts";
import { unreadable } from "./unreadable.ts";

/** Our own message, from enforcement to itself: `{ groups: ["sg-...", ...], event, eventId, at?, actor: { principal, ... }, isLater? }`: a call after which something was still leaving, or left behind. */
export function laterLookTrigger(detail: Fields): Trigger {
  const actor = fieldsOf(detail["actor"]);
  const groups = detail["groups"];
  if (!Array.isArray(groups) || groups.length === 0)
    throw unreadable("detail.groups of a look message must list groups", groups);
  const at = timeOf(detail["at"]);
  const optional = ["session", "sourceAddress", "userAgent", "invokedBy"].flatMap((field) => {
    const text = textOf(actor[field]);
    return text === undefined ? [] : [[field, text] as const];
  });
  return {
    event: required(detail, "event"),
    eventId: required(detail, "eventId"),
    ...(at === undefined ? {} : { at }),
    actor: { principal: textOf(actor["principal"]) ?? "unknown", ...Object.fromEntries(optional) },
    touched: groups.map((id) => ({
      kind: "group",
      group: identifier(groupId, id, "detail.groups of a look message"),
    })),
    rules: [],
    ...(detail["isLater"] === true ? { isLater: true } : {}),
  };
}

function required(detail: Fields, field: string): string {
  const text = textOf(detail[field]);
  if (text === undefined)
    throw unreadable(`detail.${field} of a look message must be text`, detail[field]);
  return text;
}
