import type { Cloud } from "../state/cloud.ts";
import { awsError } from "../errors.ts";
import { account } from "../identities.ts";
import type { Operations } from "../operation.ts";
import { structures, text, texts, type Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { put } from "./bus.ts";

export const wholeSeconds = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;

/** EventBridge, in AWS JSON 1.1. Entries fail one by one. */
export const eventOperations: Operations = {
  PutEvents: {
    run: (cloud, params, { failingEntries }) => {
      const entries = structures(params, "Entries");
      if (entries.length < 1 || entries.length > 10) {
        throw awsError(
          "ValidationException",
          "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and 10",
        );
      }
      const answers = entries.map((entry, index): Tree => {
        const wrong =
          index < failingEntries ? failure("InternalFailure", "Internal failure") : problem(entry);
        if (wrong !== undefined) return wrong;
        return { EventId: putEntry(cloud, entry) };
      });
      return {
        FailedEntryCount: answers.filter((answer) => answer["ErrorCode"] !== undefined).length,
        Entries: answers,
      };
    },
  },
};

const failure = (ErrorCode: string, ErrorMessage: string): Tree => ({ ErrorCode, ErrorMessage });

function problem(entry: Params): Tree | undefined {
  for (const name of ["Source", "DetailType", "Detail"]) {
    if (text(entry, name) === undefined)
      return failure(
        "InvalidArgument",
        `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      );
  }
  if (text(entry, "Source")?.startsWith("aws."))
    return failure("NotAuthorizedForSourceException", "Not authorized for the source.");
  if (detailOf(entry) === undefined) return failure("MalformedDetail", "Detail is malformed.");
  const bus = text(entry, "EventBusName") ?? "default";
  // An entry for a bus that does not exist is taken and goes nowhere, as in AWS; there is only the default bus here.
  return /^(default|arn:aws:events:[^:]*:\d{12}:event-bus\/default)$/.test(bus)
    ? undefined
    : { EventId: "00000000-0000-0000-0000-000000000000" };
}

function detailOf(entry: Params): Readonly<Record<string, unknown>> | undefined {
  try {
    const detail: unknown = JSON.parse(text(entry, "Detail") ?? "");
    return typeof detail === "object" && detail !== null && !Array.isArray(detail)
      ? (detail as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function putEntry(cloud: Cloud, entry: Params): string {
  const id = cloud.ids.uuid();
  put(cloud.bus, {
    version: "0",
    id,
    "detail-type": text(entry, "DetailType") ?? "",
    source: text(entry, "Source") ?? "",
    account,
    time: wholeSeconds(cloud.now()),
    region: cloud.region,
    resources: texts(entry, "Resources"),
    detail: detailOf(entry) ?? {},
  });
  return id;
}
