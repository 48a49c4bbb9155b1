import { checkMessage, driftMessage, lookMessage, ownSource } from "../values/ownMessages.ts";
import type { Parsed } from "../values/trigger.ts";
import type { Family } from "./call.ts";
import { checkOf } from "./check.ts";
import { driftTrigger } from "./drift.ts";
import { families } from "./families.ts";
import { isFields, textOf, type Fields } from "./fields.ts";
import { laterLookTrigger } from "./laterLook.ts";
import { parseCall } from "./parseCall.ts";
import { tagChange, tagChangeOf } from "./tagChanges.ts";
import { unreadable } from "./unreadable.ts";

type Read = (detail: Fields, event: Fields) => Parsed;

/** How every call that concerns us is read, by EventBridge's source and CloudTrail's eventName. */
const callsOf: ReadonlyMap<string, Family["calls"]> = new Map(
  [...Map.groupBy(families, ({ service }) => `aws.${service}`)].map(([source, some]) => [
    source,
    new Map(some.flatMap(({ calls }) => [...calls])),
  ]),
);

/** How our own messages are read, by EventBridge's detail-type. */
const ownMessages: ReadonlyMap<string, Read> = new Map<string, Read>([
  [driftMessage, (detail) => ({ kind: "trigger", trigger: driftTrigger(detail) })],
  [lookMessage, (detail) => ({ kind: "trigger", trigger: laterLookTrigger(detail) })],
  [checkMessage, (detail) => ({ kind: "check", check: checkOf(detail) })],
]);

/**
 * Reads an EventBridge event: a call that CloudTrail recorded, a changed tag, or a message of our own. What does not concern us is `notOurs`, with why.
 * Throws an `UnreadableEvent` (and nothing else) for what is no such event: it belongs with the dead letters.
 */
export function parseEvent(event: unknown): Parsed {
  if (!isFields(event)) throw unreadable("an event must be an object", event);
  const source = textOf(event["source"]);
  if (source === undefined) throw unreadable("source must be text", event["source"]);
  const detailType = textOf(event["detail-type"]);
  if (detailType === undefined) throw unreadable("detail-type must be text", event["detail-type"]);
  const read = readerOf(source, detailType);
  if (read === undefined) return { kind: "notOurs", why: `${detailType} from ${source}` };
  const detail = event["detail"];
  if (!isFields(detail)) throw unreadable("detail must be an object", detail);
  return read(detail, event);
}

function readerOf(source: string, detailType: string): Read | undefined {
  if (source === ownSource) return ownMessages.get(detailType);
  if (source === tagChange.source && detailType === tagChange.detailType) return tagChangeOf;
  const calls = detailType === "AWS API Call via CloudTrail" ? callsOf.get(source) : undefined;
  return calls === undefined ? undefined : (detail) => parseCall(detail, calls);
}
