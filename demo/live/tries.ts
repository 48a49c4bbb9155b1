import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupRulesCommand,
  type IpPermission,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { loadBalancerTag } from "../../lib/values/ownTags.ts";
import { group } from "../classic.ts";
import type { Stage } from "../stage.ts";

/** Something that a visitor of the live page may do, as bob or carol would. */
export interface Attempt {
  readonly id: string;
  readonly title: string;
  readonly act: (stage: Stage) => Promise<void>;
}

const everybody = [{ CidrIp: "0.0.0.0/0" }];

const open = (id: string, title: string, permission: IpPermission): Attempt => ({
  id,
  title,
  act: async (stage) => {
    await stage
      .as("bob")
      .ec2.send(
        new AuthorizeSecurityGroupIngressCommand({ GroupId: group, IpPermissions: [permission] }),
      );
  },
});

export const attempts: readonly Attempt[] = [
  open("http", "Open port 80 to the internet", {
    IpProtocol: "tcp",
    FromPort: 80,
    ToPort: 80,
    IpRanges: everybody,
  }),
  open("ipv6", "Open port 80 to all of IPv6", {
    IpProtocol: "tcp",
    FromPort: 80,
    ToPort: 80,
    Ipv6Ranges: [{ CidrIpv6: "::/0" }],
  }),
  open("all", "Open ports 1-1024 to the internet", {
    IpProtocol: "tcp",
    FromPort: 1,
    ToPort: 1024,
    IpRanges: everybody,
  }),
  {
    id: "cut",
    title: "Delete the load balancer's own rule",
    act: async (stage) => {
      const { ec2 } = stage.as("carol");
      const { SecurityGroupRules = [] } = await ec2.send(
        new DescribeSecurityGroupRulesCommand({
          Filters: [
            { Name: "group-id", Values: [group] },
            { Name: "tag-key", Values: [loadBalancerTag] },
          ],
        }),
      );
      await ec2.send(
        new RevokeSecurityGroupIngressCommand({
          GroupId: group,
          SecurityGroupRuleIds: SecurityGroupRules.flatMap(
            ({ SecurityGroupRuleId }) => SecurityGroupRuleId ?? [],
          ),
        }),
      );
    },
  },
];
