import {
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
} from "@aws-sdk/client-ec2";
import { ruleOf } from "../lib/aws/api/permissions.ts";
import type { Sender } from "../lib/judge/admits.ts";
import type { Rule } from "../lib/values/rule.ts";
import type { Stage } from "./stage.ts";

/** A group's inbound rules as EC2's API tells them now. */
export async function readRules(stage: Stage, group: string): Promise<readonly Rule[]> {
  const { ec2 } = stage.as("auditor");
  const { SecurityGroupRules = [] } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [group] }] }),
  );
  return SecurityGroupRules.filter(({ IsEgress }) => IsEgress !== true).map((read) => {
    const rule = ruleOf(read);
    if (rule === undefined)
      throw new Error(`${read.SecurityGroupRuleId} has a source that the judge does not know.`);
    return rule;
  });
}

/** The load balancer's own interfaces, as senders: their addresses, and the groups attached to them. */
export async function readSenders(
  stage: Stage,
  loadBalancerGroup: string,
): Promise<readonly Sender[]> {
  const { ec2 } = stage.as("auditor");
  const Filters = [
    { Name: "group-id", Values: [loadBalancerGroup] },
    { Name: "requester-id", Values: ["amazon-elb"] },
  ];
  const { NetworkInterfaces = [] } = await ec2.send(
    new DescribeNetworkInterfacesCommand({ Filters }),
  );
  return NetworkInterfaces.flatMap(({ PrivateIpAddress, Groups = [] }) => ({
    ...(PrivateIpAddress === undefined ? {} : { address: PrivateIpAddress }),
    groups: Groups.flatMap(({ GroupId }) => GroupId ?? []),
  }));
}
