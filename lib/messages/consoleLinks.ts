import type { Outcome } from "../values/outcome.ts";

const consoles: Readonly<Record<string, string>> = {
  aws: "console.aws.amazon.com",
  "aws-cn": "console.amazonaws.cn",
  "aws-us-gov": "console.amazonaws-us-gov.com",
};

type GroupAt = Pick<Outcome, "group" | "account" | "region" | "partition">;

/** Where a security group is looked at in the console. */
export const consoleLink = ({ group, region, partition }: GroupAt): string =>
  `https://${region}.${consoles[partition] ?? "console.aws.amazon.com"}/ec2/home?region=${region}#SecurityGroup:groupId=${group}`;

export const groupArn = ({ group, account, region, partition }: GroupAt): string =>
  `arn:${partition}:ec2:${region}:${account}:security-group/${group}`;
