import type { Operation, Operations } from "../operation.ts";

const operation: Operation = {
  run: ({ tables }, params, { action }) => tables.call(action, params),
};

/** DynamoDB, JSON protocol. */
export const tableOperations: Operations = Object.fromEntries(
  [
    "BatchGetItem",
    "BatchWriteItem",
    "CreateTable",
    "DeleteItem",
    "DeleteTable",
    "DescribeTable",
    "GetItem",
    "ListTables",
    "PutItem",
    "Query",
    "Scan",
    "UpdateItem",
  ].map((action) => [action, operation]),
);
