import { checkMessage, driftMessage, ownSource } from "../values/ownMessages.ts";
import type { Parsed, Touched } from "../values/trigger.ts";
import { actorOf } from "./actor.ts";
import { everything, type Call, type Family } from "./call.ts";
import { checkOf } from "./check.ts";
import { driftTrigger } from "./drift.ts";
import { families } from "./families.ts";
import { isFields, textOf, type Fields } from "./fields.ts";
import { unreadable } from "./unreadable.ts";

/** How every call that concerns us is read, by EventBridge's source and CloudTrail's eventName. */
const readers: ReadonlyMap<string, Family["calls"]> = new Map(
  [...Map.groupBy(families, ({ service }) => `aws.${service}`)].map(([source, some]) => [
    source,
    new Map(some.flatMap(({ calls }) => [...calls])),
  ]),
);

/** How our own messages are read, by EventBridge's detail-type. */
const ownMessages: ReadonlyMap<string, (detail: Fields) => Parsed> = new Map([
  [driftMessage, (detail: Fields): Parsed => ({ kind: "trigger", trigger: driftTrigger(detail) })],
  [checkMessage, (detail: Fields): Parsed => ({ kind: "check", check: checkOf(detail) })],
]);

/**
 * Reads an EventBridge event: a call that CloudTrail recorded, or a message of our own. What does not concern us is `notOurs`, with why.
 * Throws an `UnreadableEvent` (and nothing else) for what concerns us and does not say what it must: such an event belongs with the dead letters.
 */
export function parseEvent(event: unknown): Parsed {
  if (!isFields(event)) throw unreadable("an event must be an object", event);
  const source = textOf(event["source"]);
  if (source === undefined) throw unreadable("source must be text", event["source"]);
  const detailType = textOf(event["detail-type"]);
  if (detailType === undefined) throw unreadable("detail-type must be text", event["detail-type"]);
  const calls = detailType === "AWS API Call via CloudTrail" ? readers.get(source) : undefined;
  const own = source === ownSource ? ownMessages.get(detailType) : undefined;
  if (calls === undefined && own === undefined)
    return { kind: "notOurs", why: `${detailType} from ${source}` };
  const detail = event["detail"];
  if (!isFields(detail)) throw unreadable("detail must be an object", detail);
  return own === undefined ? parseCall(detail, calls ?? new Map()) : own(detail);
}

function parseCall(detail: Fields, calls: Family["calls"]): Parsed {
  const name = textOf(detail["eventName"]);
  if (name === undefined) throw unreadable("detail.eventName must be text", detail["eventName"]);
  const read = calls.get(name);
  if (read === undefined)
    return { kind: "notOurs", why: `${name} changes nothing that we look at` };
  const failure = detail["errorCode"];
  if (failure !== undefined && failure !== null) return { kind: "notOurs", why: `${name} failed` };
  const eventId = textOf(detail["eventID"]);
  if (eventId === undefined)
    throw unreadable(`detail.eventID of ${name} must be text`, detail["eventID"]);
  const reading = leftOut(detail["requestParameters"]) ? everything : read(callOf(name, detail));
  if (reading.kind === "notOurs") return reading;
  const at = timeOf(detail["eventTime"]);
  const trigger = {
    event: name,
    eventId,
    ...(at === undefined ? {} : { at }),
    actor: actorOf(detail),
    touched: distinct(reading.touched),
    rules: reading.rules,
  };
  return { kind: "trigger", trigger };
}

function callOf(event: string, detail: Fields): Call {
  const request = detail["requestParameters"];
  if (!isFields(request))
    throw unreadable(`requestParameters of ${event} must be an object`, request);
  const response = detail["responseElements"];
  const apiVersion = textOf(detail["apiVersion"]);
  const account = textOf(detail["recipientAccountId"]);
  return {
    event,
    request,
    ...(isFields(response) && !leftOut(response) ? { response } : {}),
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(account === undefined ? {} : { account }),
  };
}

/** CloudTrail leaves out what is over 100 KB: there is nothing, or `{ omitted: true, originalSize, reason }` (true as text, at times). */
const leftOut = (part: unknown): boolean =>
  part === undefined ||
  part === null ||
  (isFields(part) && (part["omitted"] === true || part["omitted"] === "true"));

const timeOf = (value: unknown): string | undefined =>
  typeof value === "string" &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) &&
  !Number.isNaN(Date.parse(value))
    ? value
    : undefined;

/** A call may name one thing twice. */
const distinct = (touched: readonly Touched[]): readonly Touched[] => [
  ...new Map(touched.map((thing) => [JSON.stringify(thing), thing])).values(),
];
