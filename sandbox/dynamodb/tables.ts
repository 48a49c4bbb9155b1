import { once } from "node:events";
import type { AddressInfo } from "node:net";
import dynalite from "dynalite";
import { awsError } from "../errors.ts";
import type { Tables } from "../state/dynamodb.ts";
import type { Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";

/** Dynalite on loopback, from the first call on, with the state table of a deployment. It lets the process end. */
export function createTables(stateTable: string): Tables {
  let running: Promise<{ readonly address: string; readonly close: () => void }> | undefined;

  const start = async () => {
    const server = dynalite({ createTableMs: 0 });
    server.listen(0, "127.0.0.1").unref();
    await once(server, "listening");
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await send(address, "CreateTable", {
      TableName: stateTable,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [
        { AttributeName: "of", KeyType: "HASH" },
        { AttributeName: "at", KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: "of", AttributeType: "S" },
        { AttributeName: "at", AttributeType: "S" },
      ],
    });
    while (!(await isThere(address, stateTable))) await new Promise(setImmediate);
    return { address, close: () => void server.close() };
  };

  return {
    call: async (action, params) => {
      running ??= start();
      return send((await running).address, action, params);
    },
    close: async () => (await running)?.close(),
  };
}

async function isThere(address: string, table: string): Promise<boolean> {
  const { Table } = (await send(address, "DescribeTable", { TableName: table })) as {
    readonly Table?: { readonly TableStatus?: string };
  };
  return Table?.TableStatus === "ACTIVE";
}

async function send(address: string, action: string, params: Params): Promise<Tree> {
  const response = await fetch(address, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${action}`,
      // Dynalite wants a signature, and believes any.
      "x-amz-date": "20260101T000000Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=sandbox/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: JSON.stringify(params),
  });
  const answer: unknown = await response.json();
  if (response.ok) return answer as Tree;
  // As in com.amazonaws.dynamodb.v20120810#ValidationException.
  const { ["__type"]: type, message } = answer as Readonly<Record<string, string>>;
  const code = type?.split("#").at(-1) ?? "InternalServerError";
  throw awsError(code, message ?? code, response.status);
}
