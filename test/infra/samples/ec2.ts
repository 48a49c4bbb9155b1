import type { Service } from "./service.ts";

const reply = (operation: string, body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><${operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>req-1</requestId>${body}</${operation}Response>`;

const tagSet = "<tagSet><item><key>Name</key><value>web &amp; api</value></item></tagSet>";
const filters = [{ Name: "group-id", Values: ["sg-0aa", "sg-0bb"] }];
const page = { MaxResults: 500, NextToken: "page-2" };
const permissions = [
  {
    IpProtocol: "tcp",
    FromPort: 80,
    ToPort: 81,
    UserIdGroupPairs: [
      {
        GroupId: "sg-0lb",
        UserId: "111122223333",
        GroupName: "lb",
        VpcId: "vpc-9",
        Description: "elb-only: admits my-alb on tcp/80",
      },
    ],
  },
  {
    IpProtocol: "-1",
    IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "inside" }],
    Ipv6Ranges: [{ CidrIpv6: "2001:db8::/32", Description: "six" }],
  },
  {
    IpProtocol: "udp",
    FromPort: 443,
    ToPort: 444,
    PrefixListIds: [{ PrefixListId: "pl-1", Description: "list" }],
  },
];
const rule = (id: string, source: string): string =>
  `<item><securityGroupRuleId>${id}</securityGroupRuleId><securityGroupRuleArn>arn:aws:ec2:eu-west-1:111122223333:security-group-rule/${id}</securityGroupRuleArn>` +
  `<groupId>sg-0aa</groupId><groupOwnerId>111122223333</groupOwnerId><isEgress>false</isEgress><ipProtocol>tcp</ipProtocol><fromPort>80</fromPort><toPort>81</toPort>${source}<description>why &lt;not&gt;</description>${tagSet}</item>`;
const rules =
  rule("sgr-1", "<cidrIpv4>0.0.0.0/0</cidrIpv4>") +
  rule("sgr-2", "<cidrIpv6>::/0</cidrIpv6>") +
  rule("sgr-3", "<prefixListId>pl-1</prefixListId>") +
  rule(
    "sgr-4",
    "<referencedGroupInfo><groupId>sg-0lb</groupId><userId>444455556666</userId><vpcId>vpc-8</vpcId><vpcPeeringConnectionId>pcx-1</vpcPeeringConnectionId><peeringStatus>active</peeringStatus></referencedGroupInfo>",
  );
const ipPermissions =
  "<item><ipProtocol>tcp</ipProtocol><fromPort>80</fromPort><toPort>81</toPort>" +
  "<groups><item><userId>amazon-elb</userId><groupName>amazon-elb-sg</groupName><groupId>sg-0elb</groupId><description>classic</description></item></groups>" +
  "<ipRanges><item><cidrIp>0.0.0.0/0</cidrIp><description>all</description></item></ipRanges>" +
  "<ipv6Ranges><item><cidrIpv6>::/0</cidrIpv6><description>six</description></item></ipv6Ranges>" +
  "<prefixListIds><item><prefixListId>pl-1</prefixListId><description>list</description></item></prefixListIds></item>";

export const ec2: Service = {
  client: "EC2Client",
  error:
    "<Response><Errors><Error><Code>InvalidPermission.Duplicate</Code><Message>it exists</Message></Error></Errors><RequestID>req-2</RequestID></Response>",
  operations: {
    AuthorizeSecurityGroupIngress: {
      input: {
        GroupId: "sg-0aa",
        IpPermissions: permissions,
        TagSpecifications: [
          {
            ResourceType: "security-group-rule",
            Tags: [{ Key: "elb-only:load-balancer", Value: "my-alb" }],
          },
        ],
      },
      answer: reply(
        "AuthorizeSecurityGroupIngress",
        `<return>true</return><securityGroupRuleSet>${rules}</securityGroupRuleSet>`,
      ),
    },
    RevokeSecurityGroupIngress: {
      input: {
        GroupId: "sg-0aa",
        IpPermissions: permissions,
        SecurityGroupRuleIds: ["sgr-1", "sgr-2"],
      },
      answer: reply(
        "RevokeSecurityGroupIngress",
        `<return>true</return><unknownIpPermissionSet>${ipPermissions}</unknownIpPermissionSet><revokedSecurityGroupRuleSet><item><securityGroupRuleId>sgr-1</securityGroupRuleId><groupId>sg-0aa</groupId><isEgress>false</isEgress><ipProtocol>tcp</ipProtocol><fromPort>80</fromPort><toPort>81</toPort><cidrIpv4>0.0.0.0/0</cidrIpv4><referencedGroupId>sg-0lb</referencedGroupId><description>gone</description></item></revokedSecurityGroupRuleSet>`,
      ),
    },
    DescribeSecurityGroups: {
      input: { Filters: filters, ...page },
      answer: reply(
        "DescribeSecurityGroups",
        `<securityGroupInfo><item><ownerId>111122223333</ownerId><groupId>sg-0aa</groupId><groupName>web</groupName><groupDescription>of the web</groupDescription><vpcId>vpc-9</vpcId><ipPermissions>${ipPermissions}</ipPermissions><ipPermissionsEgress>${ipPermissions}</ipPermissionsEgress>${tagSet}</item></securityGroupInfo><nextToken>page-3</nextToken>`,
      ),
    },
    DescribeSecurityGroupRules: {
      input: { Filters: filters, ...page },
      answer: reply(
        "DescribeSecurityGroupRules",
        `<securityGroupRuleSet>${rules}</securityGroupRuleSet><nextToken>page-3</nextToken>`,
      ),
    },
    DescribeNetworkInterfaces: {
      input: { Filters: filters, ...page },
      answer: reply(
        "DescribeNetworkInterfaces",
        `<networkInterfaceSet><item><networkInterfaceId>eni-1</networkInterfaceId><interfaceType>interface</interfaceType><description>ELB app/my-alb</description><ownerId>111122223333</ownerId><requesterId>amazon-elb</requesterId><requesterManaged>true</requesterManaged><vpcId>vpc-9</vpcId><subnetId>subnet-1</subnetId><status>in-use</status><privateIpAddress>10.0.0.5</privateIpAddress>` +
          "<attachment><attachmentId>eni-attach-1</attachmentId><instanceId>i-1</instanceId><instanceOwnerId>111122223333</instanceOwnerId><deviceIndex>1</deviceIndex><status>attached</status></attachment>" +
          "<association><publicIp>203.0.113.9</publicIp><ipOwnerId>amazon</ipOwnerId></association>" +
          "<groupSet><item><groupId>sg-0aa</groupId><groupName>web</groupName></item><item><groupId>sg-0bb</groupId><groupName>base</groupName></item></groupSet>" +
          "<privateIpAddressesSet><item><privateIpAddress>10.0.0.5</privateIpAddress><primary>true</primary></item></privateIpAddressesSet><ipv6AddressesSet><item><ipv6Address>2001:db8::5</ipv6Address></item></ipv6AddressesSet>" +
          `${tagSet}</item></networkInterfaceSet><nextToken>page-3</nextToken>`,
      ),
    },
    DescribeInstances: {
      input: { InstanceIds: ["i-1", "i-2"], Filters: filters, NextToken: "page-2" },
      answer: reply(
        "DescribeInstances",
        `<reservationSet><item><reservationId>r-1</reservationId><ownerId>111122223333</ownerId><instancesSet><item><instanceId>i-1</instanceId><vpcId>vpc-9</vpcId><instanceState><code>16</code><name>running</name></instanceState><networkInterfaceSet><item><networkInterfaceId>eni-1</networkInterfaceId></item></networkInterfaceSet><groupSet><item><groupId>sg-0aa</groupId><groupName>web</groupName></item></groupSet>${tagSet}</item></instancesSet></item></reservationSet><nextToken>page-3</nextToken>`,
      ),
    },
    DescribeTags: {
      input: page,
      answer: reply(
        "DescribeTags",
        "<tagSet><item><resourceId>i-1</resourceId><resourceType>instance</resourceType><key>aws:autoscaling:groupName</key><value>fleet</value></item></tagSet><nextToken>page-3</nextToken>",
      ),
    },
    DescribeRegions: {
      input: {},
      answer: reply(
        "DescribeRegions",
        "<regionInfo><item><regionName>eu-west-1</regionName><regionEndpoint>ec2.eu-west-1.amazonaws.com</regionEndpoint><optInStatus>opt-in-not-required</optInStatus></item><item><regionName>il-central-1</regionName><regionEndpoint>ec2.il-central-1.amazonaws.com</regionEndpoint><optInStatus>opted-in</optInStatus></item></regionInfo>",
      ),
    },
    DescribeVpcs: {
      input: { VpcIds: ["vpc-9"], ...page },
      answer: reply(
        "DescribeVpcs",
        `<vpcSet><item><vpcId>vpc-9</vpcId><ownerId>111122223333</ownerId><cidrBlock>10.0.0.0/16</cidrBlock><isDefault>true</isDefault><cidrBlockAssociationSet><item><cidrBlock>10.1.0.0/16</cidrBlock><associationId>vpc-cidr-1</associationId><cidrBlockState><state>associated</state></cidrBlockState></item></cidrBlockAssociationSet><ipv6CidrBlockAssociationSet><item><ipv6CidrBlock>2001:db8:1::/56</ipv6CidrBlock><ipv6CidrBlockState><state>associated</state></ipv6CidrBlockState></item></ipv6CidrBlockAssociationSet>${tagSet}</item></vpcSet><nextToken>page-3</nextToken>`,
      ),
    },
    DescribeSubnets: {
      input: { SubnetIds: ["subnet-1"], ...page },
      answer: reply(
        "DescribeSubnets",
        `<subnetSet><item><subnetId>subnet-1</subnetId><vpcId>vpc-9</vpcId><ownerId>111122223333</ownerId><cidrBlock>10.0.0.0/24</cidrBlock>${tagSet}</item></subnetSet><nextToken>page-3</nextToken>`,
      ),
    },
    DescribeManagedPrefixLists: {
      input: { PrefixListIds: ["pl-1"], ...page },
      answer: reply(
        "DescribeManagedPrefixLists",
        `<prefixListSet><item><prefixListId>pl-1</prefixListId><prefixListName>com.amazonaws.eu-west-1.vpc-lattice</prefixListName><addressFamily>IPv4</addressFamily><state>create-complete</state><prefixListArn>arn:aws:ec2:eu-west-1:aws:prefix-list/pl-1</prefixListArn><maxEntries>10</maxEntries><version>3</version><ownerId>AWS</ownerId>${tagSet}</item></prefixListSet><nextToken>page-3</nextToken>`,
      ),
    },
    GetManagedPrefixListEntries: {
      input: { PrefixListId: "pl-1", TargetVersion: 3, MaxResults: 100, NextToken: "page-2" },
      answer: reply(
        "GetManagedPrefixListEntries",
        "<entrySet><item><cidr>192.0.2.0/24</cidr><description>office</description></item><item><cidr>198.51.100.0/24</cidr></item></entrySet><nextToken>page-3</nextToken>",
      ),
    },
    CreateTags: {
      input: { Resources: ["sgr-1"], Tags: [{ Key: "elb-only:load-balancer", Value: "my-alb" }] },
      answer: reply("CreateTags", ""),
    },
  },
};
