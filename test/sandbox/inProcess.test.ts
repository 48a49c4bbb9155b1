import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { names } from "../../sandbox/functions.ts";
import { createInProcessSandbox } from "../../sandbox/inProcess.ts";
import { topicArn } from "../../sandbox/sns/sns.ts";
import { refusal } from "../contract/backend.ts";
import { tcp } from "../contract/groups.ts";

describe("the sandbox in process", () => {
  it("answers EC2's, ELB's, SNS's and SQS's clients without a socket", async () => {
    const sandbox = createInProcessSandbox({ region: "eu-central-1" });
    const [ec2, elb, sns, sqs] = [
      new EC2Client(sandbox.clientConfig),
      new ElasticLoadBalancingV2Client(sandbox.clientConfig),
      new SNSClient(sandbox.clientConfig),
      new SQSClient(sandbox.clientConfig),
    ];
    const { GroupId } = await ec2.send(
      new CreateSecurityGroupCommand({ GroupName: "web", Description: "web" }),
    );
    sandbox.world.loadBalancer({ name: "front" });
    expect((await elb.send(new DescribeLoadBalancersCommand({}))).LoadBalancers).toMatchObject([
      { LoadBalancerName: "front" },
    ]);
    const TopicArn = topicArn(sandbox.cloud, names.alertTopic);
    await sns.send(new PublishCommand({ TopicArn, Message: "hello" }));
    expect(sandbox.alerts).toMatchObject([{ message: "hello" }]);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: names.notifyQueue }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
    expect([
      ...(sandbox.cloud.queues.get(names.notifyQueue)?.messages.values() ?? []),
    ]).toMatchObject([{ body: "hello" }]);
    expect(sandbox.cloud.groups.get(GroupId ?? "")?.name).toBe("web");
    expect(sandbox.calls.map(({ action, caller }) => `${caller}: ${action}`)).toEqual([
      "alice: CreateSecurityGroup",
      "alice: DescribeLoadBalancers",
      "alice: Publish",
      "alice: GetQueueUrl",
      "alice: SendMessage",
    ]);
    expect(sandbox.events.map(({ detail }) => detail["eventName"])).toEqual([
      "CreateSecurityGroup",
    ]);
  });

  it("refuses as AWS does, and makes injected faults happen", async () => {
    const sandbox = createInProcessSandbox();
    const ec2 = new EC2Client({ ...sandbox.clientConfig, maxAttempts: 1 });
    const gone = new DescribeSecurityGroupsCommand({ GroupIds: ["sg-0123456789abcdef0"] });
    expect(await refusal(ec2.send(gone))).toMatchObject({
      code: "InvalidGroup.NotFound",
      status: 400,
    });
    sandbox.inject({ kind: "throttle", action: "*", times: 1 });
    expect(await refusal(ec2.send(new DescribeSecurityGroupsCommand({})))).toMatchObject({
      code: "RequestLimitExceeded",
      status: 503,
    });
  });

  it("keeps accounts of one process apart", async () => {
    const [one, other] = [createInProcessSandbox(), createInProcessSandbox()];
    one.world.group({ name: "web" });
    const { SecurityGroups } = await new EC2Client(other.clientConfig).send(
      new DescribeSecurityGroupsCommand({}),
    );
    expect(SecurityGroups?.map(({ GroupName }) => GroupName)).toEqual(["default"]);
  });

  it("says who calls by the access key", async () => {
    const sandbox = createInProcessSandbox({ accessKeyId: "AKIASANDBOXBOB" });
    const GroupId = sandbox.world.group({ name: "web" }).id;
    await new EC2Client(sandbox.clientConfig).send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId,
        IpPermissions: [{ ...tcp(80), IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
      }),
    );
    expect(sandbox.events[0]?.detail["userIdentity"]).toMatchObject({ userName: "bob" });
  });

  it("loses an answer as a broken connection does", async () => {
    const sandbox = createInProcessSandbox();
    const ec2 = new EC2Client({ ...sandbox.clientConfig, maxAttempts: 1 });
    sandbox.inject({ kind: "lose", action: "CreateSecurityGroup", times: 1 });
    await expect(
      ec2.send(new CreateSecurityGroupCommand({ GroupName: "web", Description: "web" })),
    ).rejects.toMatchObject({ code: "ECONNRESET" });
    expect([...sandbox.cloud.groups.values()].map(({ name }) => name)).toContain("web");
  });
});
