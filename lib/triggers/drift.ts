import { ownActor, sweepEvent, type Trigger } from "../values/trigger.ts";
import { textOf, type Fields } from "./fields.ts";
import { groupId, identifier } from "./identifiers.ts";
import { unreadable } from "./unreadable.ts";

/** Our own message, from the scheduled verification: `{ groups: ["sg-...", ...], eventId }`. Nobody can say when the drift arose. */
export function driftTrigger(detail: Fields): Trigger {
  const eventId = textOf(detail["eventId"]);
  if (eventId === undefined)
    throw unreadable("detail.eventId of a drift message must be text", detail["eventId"]);
  if (!Array.isArray(detail["groups"]) || detail["groups"].length === 0)
    throw unreadable("detail.groups of a drift message must list groups", detail["groups"]);
  const groups = detail["groups"].map((id) =>
    identifier(groupId, id, "detail.groups of a drift message"),
  );
  return {
    event: sweepEvent,
    eventId,
    actor: ownActor,
    touched: groups.map((group) => ({ kind: "group", group })),
    rules: [],
  };
}
