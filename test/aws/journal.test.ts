import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { dynamodb as dynamodbClient } from "../../lib/aws/clients.ts";
import { journalIn } from "../../lib/aws/journal.ts";

const client = dynamodbClient({ region: "eu-west-1" });
const dynamodb = mockClient(client);
const journal = journalIn(client, "alerts");
const told = {
  deliveries: ["d-1", "d-2"],
  since: "2026-11-22T10:00:00.000Z",
  until: 1_795_428_000,
};

beforeEach(() => {
  dynamodb.reset();
});

describe("journalIn", () => {
  it("recalls what it kept, until the table lets it go", async () => {
    dynamodb.on(PutItemCommand).resolves({});
    await journal.keep("sg-1 left 1", told);
    const { TableName, Item } = dynamodb.commandCalls(PutItemCommand)[0]?.args[0].input ?? {};
    expect([TableName, Item?.["id"], Item?.["expires"]]).toEqual([
      "alerts",
      { S: "sg-1 left 1" },
      { N: "1795428000" },
    ]);
    dynamodb
      .on(GetItemCommand, {
        TableName: "alerts",
        Key: { id: { S: "sg-1 left 1" } },
        ConsistentRead: true,
      })
      .resolves({ Item: Item ?? {} });
    expect(await journal.recall("sg-1 left 1")).toEqual(told);
  });

  it("recalls nothing of what it never heard of", async () => {
    dynamodb.on(GetItemCommand).resolves({});
    expect(await journal.recall("sg-1 left 1")).toBeUndefined();
  });

  it("throws what DynamoDB refuses, naming the permission", async () => {
    const denied = Object.assign(new Error("not authorized"), { name: "AccessDeniedException" });
    dynamodb.on(GetItemCommand).rejects(denied).on(PutItemCommand).rejects(denied);
    await expect(journal.recall("a")).rejects.toThrow(
      "dynamodb:GetItem: AccessDeniedException: not authorized",
    );
    await expect(journal.keep("a", told)).rejects.toThrow(
      "dynamodb:PutItem: AccessDeniedException: not authorized",
    );
  });
});
