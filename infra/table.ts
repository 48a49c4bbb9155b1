import { RemovalPolicy, type Stack } from "aws-cdk-lib";
import { CfnTable } from "aws-cdk-lib/aws-dynamodb";

/** What a run has to know of earlier ones. It can be lost without a wrong removal, and can be brought back to any second of the last 35 days. */
export function addTable(stack: Stack): CfnTable {
  const table = new CfnTable(stack, "StateTable", {
    billingMode: "PAY_PER_REQUEST",
    keySchema: [
      { attributeName: "of", keyType: "HASH" },
      { attributeName: "at", keyType: "RANGE" },
    ],
    attributeDefinitions: [
      { attributeName: "of", attributeType: "S" },
      { attributeName: "at", attributeType: "S" },
    ],
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    timeToLiveSpecification: { attributeName: "expires", enabled: true },
  });
  // What was changed, and how to undo it, should outlive the stack.
  table.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  return table;
}
