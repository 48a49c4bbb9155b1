import { describe, expect, it } from "vitest";
import { about, answerOf, deeds, isByFunction, isChange } from "../../demo/calls.ts";

const call = (service: string, action: string, params: object = {}, error?: string) => ({
  at: new Date(0),
  service,
  action,
  caller: "elb-only-enforce",
  params: params as Readonly<Record<string, unknown>>,
  milliseconds: 1,
  ...(error === undefined ? { ok: true } : { ok: false, error }),
});

describe("about", () => {
  it.each([
    [
      {
        IpPermissions: [
          {
            IpProtocol: "tcp",
            FromPort: "80",
            ToPort: "80",
            Groups: [{ GroupId: "sg-lb", Description: "x" }],
          },
        ],
      },
      "tcp/80 from sg-lb",
    ],
    [
      {
        IpPermissions: [
          {
            IpProtocol: "-1",
            IpRanges: [{ CidrIp: "10.0.0.0/8" }, { CidrIp: "0.0.0.0/0" }],
            Ipv6Ranges: [{ CidrIpv6: "::/0" }],
          },
        ],
      },
      "all protocols from 10.0.0.0/8; all protocols from 0.0.0.0/0; all protocols from ::/0",
    ],
    [
      { GroupId: "sg-1", IpProtocol: "udp", FromPort: "53", ToPort: "54", CidrIp: "0.0.0.0/0" },
      "udp/53-54 from 0.0.0.0/0",
    ],
    [
      { LoadBalancerName: "web", Instances: [{ InstanceId: "i-1" }, { InstanceId: "i-2" }] },
      "web: i-1, i-2",
    ],
    [
      {
        TargetGroupArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/api/0123",
        Targets: [{ Id: "10.0.0.1", Port: "90" }],
      },
      "api: 10.0.0.1:90",
    ],
    [
      {
        LoadBalancerArn:
          "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/0123",
        Port: "9000",
      },
      "web: port 9000",
    ],
    [
      {
        QueueUrl: "http://127.0.0.1:1/123456789012/elb-only-notify",
        Entries: [{ MessageBody: "{}" }],
      },
      "elb-only-notify",
    ],
    [
      {
        QueueUrl: "http://127.0.0.1:1/1/elb-only-enforce",
        Entries: [{ MessageBody: '{"detail-type":"elb-only check"}' }],
      },
      "elb-only-enforce: elb-only check",
    ],
    [
      { TopicArn: "arn:aws:sns:us-east-1:123456789012:elb-only-alerts", Message: "long" },
      "elb-only-alerts",
    ],
    [{ Filter: [{ Name: "group-id", Value: ["sg-1", "sg-2"] }] }, "sg-1, sg-2"],
    [{ MaxResults: "1000" }, ""],
  ])("says of %j: %s", (params, text) => {
    expect(about(call("ec2", "Some", params))).toBe(text);
  });
});

describe("answerOf", () => {
  it.each([
    [undefined, "ok"],
    ["InvalidPermission.Duplicate", "stale"],
    ["InvalidPermission.NotFound", "stale"],
    ["InvalidSecurityGroupRuleId.NotFound", "stale"],
    ["UnauthorizedOperation", "UnauthorizedOperation"],
  ])("calls %s %s", (error, answer) => {
    expect(answerOf(call("ec2", "RevokeSecurityGroupIngress", {}, error))).toBe(answer);
  });
});

describe("isChange", () => {
  it.each([
    ["ec2", "DescribeNetworkInterfaces", false],
    ["ec2", "GetManagedPrefixListEntries", false],
    ["sqs", "SendMessageBatch", false],
    ["sns", "Publish", false],
    ["events", "PutEvents", false],
    ["ec2", "RevokeSecurityGroupIngress", true],
    ["ec2", "CreateTags", true],
    ["elb", "RegisterInstancesWithLoadBalancer", true],
  ])("%s %s: %s", (service, action, changes) => {
    expect(isChange(call(service, action))).toBe(changes);
  });
});

describe("isByFunction", () => {
  it("knows the functions' roles from people", () => {
    expect([{ caller: "elb-only-verify" }, { caller: "alice" }].map(isByFunction)).toEqual([
      true,
      false,
    ]);
  });
});

describe("deeds", () => {
  it("draws the readings between two other calls together as one look, and hides no error in them", () => {
    const calls = [
      call("elb", "DescribeLoadBalancers"),
      call("ec2", "DescribeSecurityGroups"),
      call("ec2", "AuthorizeSecurityGroupIngress", {}, "InvalidPermission.Duplicate"),
      call("ec2", "DescribeSecurityGroups", {}, "RequestLimitExceeded"),
      call("ec2", "DescribeSecurityGroups"),
      call("sqs", "SendMessageBatch"),
      call("elb", "DescribeInstanceHealth"),
    ];
    expect(deeds(calls)).toEqual([
      { what: "look", about: "2 reading calls", answer: "ok" },
      { what: "ec2 AuthorizeSecurityGroupIngress", about: "", answer: "stale" },
      { what: "look", about: "2 reading calls", answer: "RequestLimitExceeded" },
      { what: "sqs SendMessageBatch", about: "", answer: "ok" },
      { what: "look", about: "1 reading call, targets' health among them", answer: "ok" },
    ]);
  });
});
