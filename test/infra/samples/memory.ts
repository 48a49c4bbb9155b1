import type { Service } from "./service.ts";

const told = {
  deliveries: { L: [{ S: "d-1" }, { S: "d-2" }] },
  since: { S: "this morning" },
  expires: { N: "1795428000" },
};

export const dynamoDb: Service = {
  client: "DynamoDBClient",
  error: JSON.stringify({
    __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
    message: "no table",
  }),
  operations: {
    GetItem: {
      input: { TableName: "alerts", Key: { id: { S: "sg-0aa left 1" } }, ConsistentRead: true },
      answer: { Item: { id: { S: "sg-0aa left 1" }, ...told } },
    },
    PutItem: {
      input: { TableName: "alerts", Item: { id: { S: "sg-0aa left 1" }, ...told } },
      answer: { Attributes: { id: { S: "sg-0aa left 1" }, ...told } },
    },
  },
};
