import type { Stack } from "aws-cdk-lib";
import { CfnTable } from "aws-cdk-lib/aws-dynamodb";

/** What people were told, so that they are not told it again too soon. Everything in it expires: losing it costs a message too many. */
export const addTable = (stack: Stack): CfnTable =>
  new CfnTable(stack, "AlertTable", {
    billingMode: "PAY_PER_REQUEST",
    keySchema: [{ attributeName: "id", keyType: "HASH" }],
    attributeDefinitions: [{ attributeName: "id", attributeType: "S" }],
    timeToLiveSpecification: { attributeName: "expires", enabled: true },
  });
