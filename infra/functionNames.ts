import { ArnFormat, Aws, Fn, type Stack } from "aws-cdk-lib";
import type { FunctionName } from "./bundle.ts";

/** "elb-only-enforce": told beforehand, so that a role's policy can name a function that has the role. */
export const nameOfFunction = (name: FunctionName): string =>
  Fn.join("", [Aws.STACK_NAME, `-${name}`]);

export const arnOfFunction = (stack: Stack, name: FunctionName): string =>
  stack.formatArn({
    service: "lambda",
    resource: "function",
    resourceName: nameOfFunction(name),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
