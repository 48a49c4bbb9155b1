import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  type EC2Client,
  type IpPermission,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import { unique } from "./backend.ts";

export async function newGroup(
  ec2: EC2Client,
  vpc: string,
  ...permissions: readonly IpPermission[]
): Promise<string> {
  const { GroupId = "" } = await ec2.send(
    new CreateSecurityGroupCommand({
      GroupName: unique("web"),
      Description: "a test's",
      VpcId: vpc,
    }),
  );
  if (permissions.length > 0)
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [...permissions] }),
    );
  return GroupId;
}

export const tcp = (port: number, ...cidrs: readonly string[]): IpPermission => ({
  IpProtocol: "tcp",
  FromPort: port,
  ToPort: port,
  IpRanges: cidrs.map((CidrIp) => ({ CidrIp })),
});

export async function inbound(
  ec2: EC2Client,
  group: string,
): Promise<readonly SecurityGroupRule[]> {
  const { SecurityGroupRules = [] } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [group] }] }),
  );
  return SecurityGroupRules.filter(({ IsEgress }) => IsEgress === false);
}

/** "tcp 80-80 0.0.0.0/0" */
export const brief = (rule: SecurityGroupRule): string =>
  `${rule.IpProtocol} ${rule.FromPort}-${rule.ToPort} ${rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo?.GroupId}`;
