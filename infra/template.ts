import {
  type App,
  BootstraplessSynthesizer,
  CfnParameter,
  Fn,
  type IStackSynthesizer,
  Stack,
} from "aws-cdk-lib";
import type { FunctionName } from "./bundle.ts";
import { parameterSettings } from "./parameters.ts";
import { buildStack, description } from "./stack.ts";

export const stackName = "elb-only";

/** The stack for CloudFormation alone: the settings are parameters, and the functions' code is where two more of them say. */
export function templateStack(app: App, files: Readonly<Record<FunctionName, string>>): Stack {
  // The cast: its types were not made for exactOptionalPropertyTypes.
  const synthesizer = new BootstraplessSynthesizer() as IStackSynthesizer;
  const stack = new Stack(app, stackName, { description, synthesizer });
  const bucket = new CfnParameter(stack, "CodeBucket", {
    description: "The S3 bucket, in the region of the stack, that the zip files were copied to.",
    allowedPattern: "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
    constraintDescription: "allowed: the name of an S3 bucket",
  });
  const prefix = new CfnParameter(stack, "CodePrefix", {
    description: "What comes before the zip files' names in the bucket.",
    default: "elb-only/",
    allowedPattern: "|[^/].*/",
    constraintDescription: "allowed: a prefix that ends in /, or nothing",
  });
  buildStack(stack, parameterSettings(stack), (name) => ({
    s3Bucket: bucket.valueAsString,
    s3Key: Fn.join("", [prefix.valueAsString, files[name]]),
  }));
  return stack;
}
