import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupsCommand,
  DescribeVolumesCommand,
  paginateDescribeSecurityGroups,
} from "@aws-sdk/client-ec2";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeLoadBalancersCommand,
  DescribeLoadBalancerPoliciesCommand,
} from "@aws-sdk/client-elastic-load-balancing";
import { ListArchivesCommand, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PublishCommand } from "@aws-sdk/client-sns";
import {
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  SendMessageBatchCommand,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { names } from "../../sandbox/functions.ts";
import { queueUrl } from "../../sandbox/sqs/sqs.ts";
import { startSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { clients, refusal } from "../contract/backend.ts";
import { tcp } from "../contract/groups.ts";

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

const describeGroups = () => clients(sandbox).ec2.send(new DescribeSecurityGroupsCommand({}));
const describeLoadBalancers = () => clients(sandbox).elb.send(new DescribeLoadBalancersCommand({}));

describe("inject", () => {
  it("throttles as many calls as it is to", async () => {
    sandbox.inject({ action: "DescribeSecurityGroups", kind: "throttle", times: 1 });
    expect(await refusal(describeGroups())).toMatchObject({
      code: "RequestLimitExceeded",
      status: 503,
    });
    expect((await describeGroups()).SecurityGroups).toHaveLength(1);
  });

  it("denies in each service's own words", async () => {
    sandbox.inject({ action: "*", kind: "deny" });
    const { sns, events } = clients(sandbox);
    expect(await refusal(describeGroups())).toMatchObject({
      code: "UnauthorizedOperation",
      status: 403,
    });
    expect(await refusal(describeLoadBalancers())).toMatchObject({
      code: "AccessDenied",
      status: 403,
    });
    expect(
      await refusal(sns.send(new PublishCommand({ TopicArn: "topic", Message: "hello" }))),
    ).toMatchObject({
      code: "AuthorizationError",
      status: 403,
    });
    expect(await refusal(events.send(new PutEventsCommand({ Entries: [] })))).toMatchObject({
      code: "AccessDeniedException",
      status: 400,
    });
  });

  it("fails a later page", async () => {
    for (let index = 0; index < 7; index++) sandbox.world.group({ name: `web-${index}` });
    sandbox.inject({ action: "DescribeSecurityGroups", kind: "fail", skip: 1 });
    const pages: number[] = [];
    const read = async () => {
      for await (const page of paginateDescribeSecurityGroups(
        { client: clients(sandbox).ec2, pageSize: 5 },
        {},
      ))
        pages.push(page.SecurityGroups?.length ?? 0);
    };
    expect(await refusal(read())).toMatchObject({ code: "InternalError", status: 500 });
    expect(pages).toEqual([5]);
  });

  it("strikes one resource or one caller alone, until it is taken away", async () => {
    const [one, other] = [
      sandbox.world.group({ name: "one" }).id,
      sandbox.world.group({ name: "other" }).id,
    ];
    const takeAway = sandbox.inject({
      action: "AuthorizeSecurityGroupIngress",
      kind: "deny",
      resource: one,
      caller: "alice",
    });
    const authorize = (GroupId: string, key: string, port: number) =>
      clients(sandbox, key).ec2.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId,
          IpPermissions: [tcp(port, "0.0.0.0/0")],
        }),
      );
    expect(await refusal(authorize(one, "AKIASANDBOXALICE", 80))).toMatchObject({
      code: "UnauthorizedOperation",
    });
    await authorize(other, "AKIASANDBOXALICE", 80);
    await authorize(one, "AKIASANDBOXBOB", 80);
    takeAway();
    expect((await authorize(one, "AKIASANDBOXALICE", 81)).Return).toBe(true);
  });

  it("lets something else happen first", async () => {
    const group = sandbox.world.group({ name: "web" }).id;
    const run = () =>
      void sandbox.world.rule(group, { protocol: "tcp", fromPort: 80, cidr: "0.0.0.0/0" });
    sandbox.inject({ action: "AuthorizeSecurityGroupIngress", kind: "first", run, times: 1 });
    const authorize = new AuthorizeSecurityGroupIngressCommand({
      GroupId: group,
      IpPermissions: [tcp(80, "0.0.0.0/0")],
    });
    expect(await refusal(clients(sandbox).ec2.send(authorize))).toMatchObject({
      code: "InvalidPermission.Duplicate",
    });
  });

  it("makes a call slow", async () => {
    sandbox.inject({ action: "DescribeSecurityGroups", kind: "slow", milliseconds: 30 });
    await describeGroups();
    expect(sandbox.calls[0]?.milliseconds).toBeGreaterThanOrEqual(29);
  });

  it("fails entries of a batch", async () => {
    const { sqs, events } = clients(sandbox);
    sandbox.inject({ action: "*", kind: "entries", entries: 1 });
    const Entries = ["a", "b"].map((Id) => ({ Id, MessageBody: Id }));
    const sent = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl(sandbox.cloud, names.notifyQueue),
        Entries,
      }),
    );
    expect([sent.Failed?.map(({ Id }) => Id), sent.Successful?.map(({ Id }) => Id)]).toEqual([
      ["a"],
      ["b"],
    ]);
    const entry = { Source: "elb-only", DetailType: "elb-only outcome", Detail: "{}" };
    const put = await events.send(new PutEventsCommand({ Entries: [entry, entry] }));
    expect([put.FailedEntryCount, put.Entries?.map(({ ErrorCode }) => ErrorCode)]).toEqual([
      1,
      ["InternalFailure", undefined],
    ]);
    expect(sandbox.events).toHaveLength(1);
  });
});

describe("PutEvents", () => {
  it("refuses AWS's own sources and what is no event, entry by entry", async () => {
    const entry = { Source: "elb-only", DetailType: "elb-only outcome", Detail: "{}" };
    const Entries = [
      entry,
      { ...entry, Source: "aws.ec2" },
      { ...entry, Detail: "text" },
      { ...entry, DetailType: "" },
    ];
    const answer = await clients(sandbox).events.send(new PutEventsCommand({ Entries }));
    expect(answer.FailedEntryCount).toBe(3);
    expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      "NotAuthorizedForSourceException",
      "MalformedDetail",
      "InvalidArgument",
    ]);
    expect(sandbox.events.map(({ source }) => source)).toEqual(["elb-only"]);
  });
});

describe("an answer that is lost", () => {
  const authorize = (GroupId: string, accessKey = "AKIASANDBOXALICE") =>
    clients(sandbox, accessKey).ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId,
        IpPermissions: [tcp(80, "192.0.2.0/24")],
      }),
    );
  const inbound = (id: string) =>
    [...(sandbox.cloud.groups.get(id)?.rules.values() ?? [])].filter(({ egress }) => !egress);

  it("leaves the effect, CloudTrail's event and a broken connection", async () => {
    const { id } = sandbox.world.group({ name: "web" });
    sandbox.inject({ action: "AuthorizeSecurityGroupIngress", kind: "lose", times: 1 });
    await expect(authorize(id)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(inbound(id)).toHaveLength(1);
    expect(sandbox.events.map(({ detail }) => detail["eventName"])).toEqual([
      "AuthorizeSecurityGroupIngress",
    ]);
    expect(sandbox.calls).toMatchObject([{ ok: true, isLost: true }]);
    expect(await refusal(authorize(id))).toMatchObject({ code: "InvalidPermission.Duplicate" });
  });

  it("is lost for the resource and the caller that it is injected for alone", async () => {
    const [one, other] = ["web", "api"].map((name) => sandbox.world.group({ name }).id) as [
      string,
      string,
    ];
    sandbox.inject({ action: "*", kind: "lose", resource: one, caller: "bob" });
    await authorize(one);
    await authorize(other, "AKIASANDBOXBOB");
    await expect(
      clients(sandbox, "AKIASANDBOXBOB").ec2.send(
        new DescribeSecurityGroupsCommand({ GroupIds: [one] }),
      ),
    ).rejects.toMatchObject({ code: "ECONNRESET" });
    expect([one, other].map((id) => inbound(id).length)).toEqual([1, 1]);
  });
});

describe("what else goes wrong with a call", () => {
  const authorize = (GroupId: string) =>
    clients(sandbox).ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId,
        IpPermissions: [tcp(80, "192.0.2.0/24")],
      }),
    );
  const inbound = (id: string) =>
    [...(sandbox.cloud.groups.get(id)?.rules.values() ?? [])].filter(({ egress }) => !egress);

  it("breaks the connection before the call has had an effect", async () => {
    const { id } = sandbox.world.group({ name: "web" });
    sandbox.inject({ action: "AuthorizeSecurityGroupIngress", kind: "reset", times: 1 });
    await expect(authorize(id)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(inbound(id)).toHaveLength(0);
    await authorize(id);
    expect(inbound(id)).toHaveLength(1);
  });

  it("lets something else happen right after it", async () => {
    const { id } = sandbox.world.group({ name: "web" });
    let found = -1;
    sandbox.inject({
      action: "AuthorizeSecurityGroupIngress",
      kind: "last",
      run: () => void (found = inbound(id).length),
    });
    await authorize(id);
    expect(found).toBe(1);
  });

  it("answers with half of what it should", async () => {
    sandbox.inject({ action: "*", kind: "garble" });
    await expect(describeGroups()).rejects.toThrow("Deserialization error");
    const { dynamodb } = clients(sandbox);
    await expect(dynamodb.send(new ListTablesCommand({}))).rejects.toThrow("Deserialization error");
  });

  it("says in each service's own words that the credentials have expired", async () => {
    sandbox.inject({ action: "*", kind: "expire" });
    const { sqs } = clients(sandbox);
    expect(await refusal(describeGroups())).toMatchObject({ code: "RequestExpired" });
    expect(await refusal(describeLoadBalancers())).toMatchObject({ code: "ExpiredToken" });
    expect(await refusal(sqs.send(new ListQueuesCommand({})))).toMatchObject({
      code: "ExpiredTokenException",
    });
  });

  it("shows a reader what was a while ago, and takes writes as ever", async () => {
    const { id } = sandbox.world.group({ name: "web" });
    const then = new Map(
      [...sandbox.cloud.groups].map(([key, one]) => [key, { ...one, rules: new Map(one.rules) }]),
    );
    sandbox.inject({
      action: "DescribeSecurityGroups",
      kind: "stale",
      seen: () => ({ groups: then }),
      times: 1,
    });
    await authorize(id);
    const seen = async () =>
      (await describeGroups()).SecurityGroups?.find(({ GroupId }) => GroupId === id)?.IpPermissions
        ?.length;
    expect([await seen(), await seen()]).toEqual([0, 1]);
  });
});

describe("an action that is not modelled", () => {
  it("is refused in the shape of each protocol", async () => {
    const { ec2, elb, sqs, events } = clients(sandbox);
    expect(await refusal(ec2.send(new DescribeVolumesCommand({})))).toMatchObject({
      code: "InvalidAction",
      status: 400,
    });
    expect(await refusal(elb.send(new DescribeLoadBalancerPoliciesCommand({})))).toMatchObject({
      code: "InvalidAction",
      status: 400,
    });
    expect(
      await refusal(sqs.send(new ListMessageMoveTasksCommand({ SourceArn: "arn" }))),
    ).toMatchObject({
      code: "UnknownOperationException",
      status: 400,
    });
    expect(await refusal(events.send(new ListArchivesCommand({})))).toMatchObject({
      code: "UnknownOperationException",
      status: 400,
    });
  });
});

describe("the log of calls", () => {
  it("says who called what, with what, and how it ended", async () => {
    await describeGroups();
    await refusal(
      clients(sandbox, "AKIASANDBOXBOB").ec2.send(
        new DescribeSecurityGroupsCommand({ GroupIds: ["sg-00000000000000000"] }),
      ),
    );
    expect(sandbox.calls).toMatchObject([
      { service: "ec2", action: "DescribeSecurityGroups", caller: "alice", params: {}, ok: true },
      {
        service: "ec2",
        action: "DescribeSecurityGroups",
        caller: "bob",
        params: { GroupId: ["sg-00000000000000000"] },
        ok: false,
        error: "InvalidGroup.NotFound",
      },
    ]);
  });
});
