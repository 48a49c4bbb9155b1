import type { Journal } from "../remediation/ports.ts";
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { call } from "./api/errors.ts";

/** A journal in a DynamoDB table, whose items have the string key `id` and go of their own accord after `expires` (seconds since 1970). Throws what DynamoDB refuses. */
export const journalIn = (dynamodb: DynamoDBClient, table: string): Journal => ({
  recall: async (key) => {
    // What a moment ago another worker told, counts.
    const asked = new GetItemCommand({
      TableName: table,
      Key: { id: { S: key } },
      ConsistentRead: true,
    });
    const { Item } = await call("dynamodb:GetItem", dynamodb.send(asked));
    if (Item === undefined) return undefined;
    const { deliveries, since, expires } = Item;
    return {
      deliveries: (deliveries?.L ?? []).flatMap(({ S }) => S ?? []),
      since: since?.S ?? "",
      until: Number(expires?.N ?? 0),
    };
  },
  keep: async (key, { deliveries, since, until }) => {
    const Item = {
      id: { S: key },
      deliveries: { L: deliveries.map((S) => ({ S })) },
      since: { S: since },
      expires: { N: `${until}` },
    };
    await call("dynamodb:PutItem", dynamodb.send(new PutItemCommand({ TableName: table, Item })));
  },
});
