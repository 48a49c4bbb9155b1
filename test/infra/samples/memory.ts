import type { Service } from "./service.ts";

const Key = { of: { S: "told sg-0aa left 1" }, at: { S: "-" } };
const Item = {
  ...Key,
  version: { S: "0e3f8a50-41c1-4b83-9f1f-2f6f9b2f6f10" },
  body: { S: '{"deliveries":["d-1","d-2"],"since":"this morning"}' },
  expires: { N: "1795428000" },
};

/** The condition that the item is as it was seen. */
const asSeen = {
  ConditionExpression: "#version = :seen",
  ExpressionAttributeNames: { "#version": "version" },
  ExpressionAttributeValues: { ":seen": Item.version },
};

export const dynamoDb: Service = {
  client: "DynamoDBClient",
  error: JSON.stringify({
    __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
    message: "no table",
  }),
  operations: {
    GetItem: {
      input: { TableName: "state", Key, ConsistentRead: true },
      answer: { Item },
    },
    PutItem: {
      input: { TableName: "state", Item, ...asSeen },
      answer: { Attributes: Item },
    },
    DeleteItem: {
      input: { TableName: "state", Key, ...asSeen },
      answer: { Attributes: Item },
    },
    Query: {
      input: {
        TableName: "state",
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: 10,
        KeyConditionExpression: "#of = :of",
        ExpressionAttributeNames: { "#of": "of" },
        ExpressionAttributeValues: { ":of": Key.of },
        ExclusiveStartKey: Key,
      },
      answer: { Items: [Item], Count: 1, ScannedCount: 1, LastEvaluatedKey: Key },
    },
  },
};
