import type { Parsed, Touched } from "../values/trigger.ts";
import { actorOf } from "./actor.ts";
import { everything, type Call, type Family, type Reading } from "./call.ts";
import { isFields, textOf, timeOf, type Fields } from "./fields.ts";
import { isUnreadable, unreadable } from "./unreadable.ts";

/** Reads a call as CloudTrail recorded it, by how each of these calls is read. Of a shape that we do not know it may mean anything: it touches everything. */
export function parseCall(detail: Fields, calls: Family["calls"]): Parsed {
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
  const { reading, unknown } = readingOf(name, detail, read);
  if (reading.kind === "notOurs") return reading;
  const at = timeOf(detail["eventTime"]);
  if (reading.kind === "canary") return { kind: "canary", ...(at === undefined ? {} : { at }) };
  const trigger = {
    event: name,
    eventId,
    ...(at === undefined ? {} : { at }),
    actor: actorOf(detail),
    touched: distinct(reading.touched),
    rules: reading.rules,
    ...(reading.leaving === undefined ? {} : { leaving: reading.leaving }),
  };
  return { kind: "trigger", trigger, ...(unknown === undefined ? {} : { unreadable: unknown }) };
}

function readingOf(
  name: string,
  detail: Fields,
  read: (call: Call) => Reading,
): { readonly reading: Reading; readonly unknown?: string } {
  if (leftOut(detail["requestParameters"])) return { reading: everything };
  try {
    return { reading: read(callOf(name, detail)) };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return { reading: everything, unknown: error.message };
  }
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

/** A call may name one thing twice. */
const distinct = (touched: readonly Touched[]): readonly Touched[] => [
  ...new Map(touched.map((thing) => [JSON.stringify(thing), thing])).values(),
];
