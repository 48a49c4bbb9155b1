import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { call } from "./api/errors.ts";
import type { Connection } from "./connect.ts";

/** What a CloudFormation stack puts out, by name. Throws what CloudFormation refuses: that there is no such stack, too. */
export async function stackOutputs(
  { cloudFormation }: Connection<"cloudFormation">,
  stack: string,
): Promise<ReadonlyMap<string, string>> {
  const { Stacks = [] } = await call(
    "cloudformation:DescribeStacks",
    cloudFormation.send(new DescribeStacksCommand({ StackName: stack })),
  );
  const outputs = Stacks.flatMap(({ Outputs = [] }) => Outputs);
  return new Map(
    outputs.flatMap(({ OutputKey, OutputValue }) =>
      OutputKey === undefined || OutputValue === undefined ? [] : [[OutputKey, OutputValue]],
    ),
  );
}
