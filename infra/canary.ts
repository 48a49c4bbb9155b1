import { Aws, Fn, type Stack } from "aws-cdk-lib";
import { CfnPrefixList } from "aws-cdk-lib/aws-ec2";

/** Something to tag, in no VPC and free of charge: the record of that call has to come back to enforcement. Nothing refers to it. */
export const addCanary = (stack: Stack): CfnPrefixList =>
  new CfnPrefixList(stack, "Canary", {
    prefixListName: Fn.join("", [Aws.STACK_NAME, ".canary"]),
    addressFamily: "IPv4",
    maxEntries: 1,
  });
