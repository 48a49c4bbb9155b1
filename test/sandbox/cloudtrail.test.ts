import {
  AuthorizeSecurityGroupIngressCommand,
  CreateTagsCommand,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { functionAccessKey } from "../../sandbox/identities.ts";
import type { BusEvent } from "../../sandbox/state/events.ts";
import { startSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { clients, refusal, unique } from "../contract/backend.ts";
import { tcp } from "../contract/groups.ts";

let sandbox: Sandbox;
let group: string;

beforeAll(async () => {
  sandbox = await startSandbox({ now: () => new Date("2026-03-17T08:37:10.500Z") });
});
afterAll(() => sandbox.close());
beforeEach(() => {
  group = sandbox.world.group({
    name: unique("web"),
    rules: [{ protocol: "tcp", fromPort: 22, cidr: "192.0.2.0/24" }],
  }).id;
  sandbox.forget();
});

function only(): BusEvent {
  const [event, ...more] = sandbox.events;
  if (event === undefined || more.length > 0)
    throw new Error(`One event was to be there, not ${sandbox.events.length}.`);
  return event;
}

describe("CloudTrail's event", () => {
  it("of an authorization is as EventBridge delivers it", async () => {
    const { ec2 } = clients(sandbox);
    const permission = {
      ...tcp(443),
      IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "TLS from Internet" }],
    };
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({ GroupId: group, IpPermissions: [permission] }),
    );
    const rule = [...(sandbox.cloud.groups.get(group)?.rules.values() ?? [])].at(-1)?.id;
    expect(only()).toEqual({
      version: "0",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      "detail-type": "AWS API Call via CloudTrail",
      source: "aws.ec2",
      account: "123456789012",
      time: "2026-03-17T08:37:10Z",
      region: "us-east-1",
      resources: [],
      detail: {
        eventVersion: "1.09",
        userIdentity: {
          type: "IAMUser",
          principalId: "AIDASANDBOXALICE",
          arn: "arn:aws:iam::123456789012:user/alice",
          accountId: "123456789012",
          accessKeyId: "AKIASANDBOXALICE",
          userName: "alice",
        },
        eventTime: "2026-03-17T08:37:10Z",
        eventSource: "ec2.amazonaws.com",
        eventName: "AuthorizeSecurityGroupIngress",
        awsRegion: "us-east-1",
        sourceIPAddress: "203.0.113.10",
        userAgent: expect.stringContaining("aws-sdk-js/") as string,
        requestParameters: {
          groupId: group,
          ipPermissions: {
            items: [
              {
                ipProtocol: "tcp",
                fromPort: 443,
                toPort: 443,
                groups: {},
                ipRanges: { items: [{ cidrIp: "0.0.0.0/0", description: "TLS from Internet" }] },
                ipv6Ranges: {},
                prefixListIds: {},
              },
            ],
          },
        },
        responseElements: {
          requestId: expect.any(String) as string,
          _return: true,
          securityGroupRuleSet: {
            items: [
              {
                groupOwnerId: "123456789012",
                groupId: group,
                securityGroupRuleId: rule,
                securityGroupRuleArn: `arn:aws:ec2:us-east-1:123456789012:security-group-rule/${rule}`,
                description: "TLS from Internet",
                isEgress: false,
                ipProtocol: "tcp",
                fromPort: 443,
                toPort: 443,
                cidrIpv4: "0.0.0.0/0",
              },
            ],
          },
        },
        requestID: expect.any(String) as string,
        eventID: expect.any(String) as string,
        readOnly: false,
        eventType: "AwsApiCall",
        managementEvent: true,
        recipientAccountId: "123456789012",
        eventCategory: "Management",
      },
    });
  });

  it("keeps the flat form of a request", async () => {
    const { ec2 } = clients(sandbox);
    await ec2.send(
      new RevokeSecurityGroupIngressCommand({
        GroupId: group,
        IpProtocol: "tcp",
        FromPort: 22,
        ToPort: 22,
        CidrIp: "192.0.2.0/24",
      }),
    );
    expect(only().detail).toMatchObject({
      eventName: "RevokeSecurityGroupIngress",
      requestParameters: {
        groupId: group,
        ipPermissions: {},
        ipProtocol: "tcp",
        fromPort: 22,
        toPort: 22,
        cidrIp: "192.0.2.0/24",
      },
      responseElements: {
        _return: true,
        revokedSecurityGroupRuleSet: { items: [{ groupId: group, cidrIpv4: "192.0.2.0/24" }] },
      },
    });
  });

  it("of ModifySecurityGroupRules is in Pascal case, with one rule as an object", async () => {
    const { ec2 } = clients(sandbox);
    const id = [...(sandbox.cloud.groups.get(group)?.rules.values() ?? [])].find(
      ({ egress }) => !egress,
    )?.id;
    const SecurityGroupRule = {
      IpProtocol: "tcp",
      FromPort: 443,
      ToPort: 443,
      CidrIpv4: "0.0.0.0/0",
    };
    await ec2.send(
      new ModifySecurityGroupRulesCommand({
        GroupId: group,
        SecurityGroupRules: [{ SecurityGroupRuleId: id, SecurityGroupRule }],
      }),
    );
    expect(only().detail).toMatchObject({
      requestParameters: {
        ModifySecurityGroupRulesRequest: {
          GroupId: group,
          SecurityGroupRule: { SecurityGroupRuleId: id, tag: 1, SecurityGroupRule },
        },
      },
      responseElements: { ModifySecurityGroupRulesResponse: { return: true } },
    });
  });

  it("of a refused call has an error and no response", async () => {
    const { ec2 } = clients(sandbox);
    const again = new AuthorizeSecurityGroupIngressCommand({
      GroupId: group,
      IpPermissions: [tcp(22, "192.0.2.0/24")],
    });
    await refusal(ec2.send(again));
    expect(only().detail).toMatchObject({
      errorCode: "Client.InvalidPermission.Duplicate",
      responseElements: null,
      requestParameters: { groupId: group },
    });
  });

  it("of a function's call names its role as the session's issuer", async () => {
    const { ec2 } = clients(sandbox, functionAccessKey("enforce"));
    await ec2.send(
      new CreateTagsCommand({ Resources: [group], Tags: [{ Key: "elb-only", Value: "audit" }] }),
    );
    expect(only().detail).toMatchObject({
      userIdentity: {
        type: "AssumedRole",
        arn: "arn:aws:sts::123456789012:assumed-role/elb-only-enforce/elb-only-enforce",
        sessionContext: {
          sessionIssuer: { arn: "arn:aws:iam::123456789012:role/elb-only-enforce" },
        },
      },
      requestParameters: {
        resourcesSet: { items: [{ resourceId: group }] },
        tagSet: { items: [{ key: "elb-only", value: "audit" }] },
      },
    });
  });

  it("of a launch has the instance's interfaces, private addresses in the singular", async () => {
    const { ec2 } = clients(sandbox);
    await ec2.send(
      new RunInstancesCommand({
        ImageId: "ami-12c6146b",
        MinCount: 1,
        MaxCount: 1,
        SecurityGroupIds: [group],
      }),
    );
    const address = expect.stringMatching(/^172\.31\./) as string;
    expect(only().detail).toMatchObject({
      responseElements: {
        instancesSet: {
          items: [
            {
              launchTime: Date.parse("2026-03-17T08:37:10.500Z"),
              networkInterfaceSet: {
                items: [
                  {
                    groupSet: { items: [{ groupId: group }] },
                    privateIpAddressesSet: { item: [{ privateIpAddress: address, primary: true }] },
                  },
                ],
              },
            },
          ],
        },
      },
    });
  });

  it("is not made while the trail has stopped, nor of what a test builds directly", async () => {
    const { ec2 } = clients(sandbox);
    sandbox.setTrail(false);
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: group,
        IpPermissions: [tcp(80, "0.0.0.0/0")],
      }),
    );
    sandbox.setTrail(true);
    sandbox.world.rule(group, { protocol: "tcp", fromPort: 81, cidr: "0.0.0.0/0" });
    expect(sandbox.events).toEqual([]);
  });
});
