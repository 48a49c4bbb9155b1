import { XMLBuilder } from "fast-xml-parser";
import type { AwsError } from "../errors.ts";
import { isList, isTree, type Tree, type Value } from "./tree.ts";

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: "@" });

/** Lists in the protocol's own way: `<set><item/></set>` for EC2, `<Set><member/></Set>` for the others. */
function wrapLists(value: Value, item: string): unknown {
  if (isList(value)) return { [item]: value.map((entry) => wrapLists(entry, item)) };
  if (value instanceof Date) return value.toISOString();
  if (!isTree(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, entry]) => {
      if (entry === undefined) return [];
      // A map's entries stand by themselves.
      if (name === "entry" && isList(entry))
        return [[name, entry.map((one) => wrapLists(one, item))]];
      return [[name, wrapLists(entry, item)]];
    }),
  );
}

export const ec2Answer = (
  action: string,
  namespace: string,
  requestId: string,
  answer: Tree,
): string =>
  builder.build({
    [`${action}Response`]: {
      "@xmlns": namespace,
      requestId,
      ...(wrapLists(answer, "item") as object),
    },
  });

export const queryAnswer = (
  action: string,
  namespace: string,
  requestId: string,
  answer: Tree,
): string =>
  builder.build({
    [`${action}Response`]: {
      "@xmlns": namespace,
      [`${action}Result`]: wrapLists(answer, "member"),
      ResponseMetadata: { RequestId: requestId },
    },
  });

export const ec2Error = (error: AwsError, requestId: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({
    Response: {
      Errors: { Error: { Code: error.code, Message: error.message } },
      RequestID: requestId,
    },
  })}`;

export const queryError = (error: AwsError, namespace: string, requestId: string): string =>
  builder.build({
    ErrorResponse: {
      "@xmlns": namespace,
      Error: {
        Type: error.status < 500 ? "Sender" : "Receiver",
        Code: error.code,
        Message: error.message,
      },
      RequestId: requestId,
    },
  });
