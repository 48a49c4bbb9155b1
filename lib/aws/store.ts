import { randomUUID } from "node:crypto";
import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import type { Clock, Kept, Place, Store } from "../remediation/ports.ts";
import { call, codeOf } from "./api/errors.ts";

type Item = Record<string, AttributeValue>;

const keyOf = ({ of, at }: Place): Item => ({ of: { S: of }, at: { S: at } });

/**
 * A store in a DynamoDB table, whose items have the string keys `of` and `at`, and go of their own accord after `expires` (seconds since 1970).
 * DynamoDB takes its time with that: what has expired is not there for anybody from then on.
 */
export function storeIn(dynamodb: DynamoDBClient, table: string, clock: Clock): Store {
  const now = (): AttributeValue => ({ N: `${Math.floor(clock.now() / 1000)}` });
  const isOver = ({ expires }: Item): boolean =>
    Number(expires?.N ?? Infinity) * 1000 <= clock.now();

  const get = async (place: Place): Promise<Kept | undefined> => {
    const asked = { TableName: table, Key: keyOf(place), ConsistentRead: true };
    const { Item } = await call("dynamodb:GetItem", dynamodb.send(new GetItemCommand(asked)));
    return Item === undefined || isOver(Item) ? undefined : keptIn(Item);
  };

  return {
    read: get,
    write: async (place, body, seen, expires) => {
      const version = randomUUID();
      const item = {
        ...keyOf(place),
        version: { S: version },
        body: { S: JSON.stringify(body) },
        ...(expires === undefined ? {} : { expires: { N: `${expires}` } }),
      };
      const put = new PutItemCommand({ TableName: table, Item: item, ...asSeen(seen, now()) });
      if (await isMet("dynamodb:PutItem", dynamodb.send(put))) return true;
      // The SDK tries again where an answer was lost: then what is there is what we wrote.
      return (await get(place))?.version === version;
    },
    erase: async (seen) => {
      const erased = { TableName: table, Key: keyOf(seen.place), ...asSeen(seen, now()) };
      return isMet("dynamodb:DeleteItem", dynamodb.send(new DeleteItemCommand(erased)));
    },
    list: async (of, { prefix = "", newestFirst = false, limit = Infinity } = {}) => {
      const found: Kept[] = [];
      let from: Item | undefined;
      do {
        const asked = new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          ScanIndexForward: !newestFirst,
          ...(limit === Infinity ? {} : { Limit: limit }),
          KeyConditionExpression:
            prefix === "" ? "#of = :of" : "#of = :of AND begins_with(#at, :prefix)",
          ExpressionAttributeNames: prefix === "" ? { "#of": "of" } : { "#of": "of", "#at": "at" },
          ExpressionAttributeValues: {
            ":of": { S: of },
            ...(prefix === "" ? {} : { ":prefix": { S: prefix } }),
          },
          ...(from === undefined ? {} : { ExclusiveStartKey: from }),
        });
        const page = await call("dynamodb:Query", dynamodb.send(asked));
        for (const item of page.Items ?? []) if (!isOver(item)) found.push(keptIn(item));
        from = page.LastEvaluatedKey;
      } while (from !== undefined && found.length < limit);
      return found.slice(0, limit);
    },
  };
}

/** The condition that the place is as it was seen. */
function asSeen(seen: Kept | undefined | "whatever", now: AttributeValue) {
  if (seen === "whatever") return {};
  if (seen === undefined)
    return {
      ConditionExpression: "attribute_not_exists(#of) OR #expires <= :now",
      ExpressionAttributeNames: { "#of": "of", "#expires": "expires" },
      ExpressionAttributeValues: { ":now": now },
    };
  return {
    ConditionExpression: "#version = :seen",
    ExpressionAttributeNames: { "#version": "version" },
    ExpressionAttributeValues: { ":seen": { S: seen.version } },
  };
}

async function isMet(name: string, sent: Promise<unknown>): Promise<boolean> {
  try {
    await call(name, sent);
    return true;
  } catch (error) {
    if (codeOf(error) === "ConditionalCheckFailedException") return false;
    throw error;
  }
}

const keptIn = ({ of, at, version, body }: Item): Kept => ({
  place: { of: of?.S ?? "", at: at?.S ?? "" },
  version: version?.S ?? "",
  body: parsed(body?.S ?? "null"),
});

/** What is no JSON says nothing. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
