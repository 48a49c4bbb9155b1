import {
  AttachNetworkInterfaceCommand,
  CreateManagedPrefixListCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  DeleteNetworkInterfaceCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DetachNetworkInterfaceCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  ModifyManagedPrefixListCommand,
  TerminateInstancesCommand,
  UpdateSecurityGroupRuleDescriptionsIngressCommand,
} from "@aws-sdk/client-ec2";
import { CloudTrailClient, StopLoggingCommand } from "@aws-sdk/client-cloudtrail";
import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { beforeEach, describe, expect, it } from "vitest";
import { createInProcessSandbox, type InProcessSandbox } from "../../sandbox/inProcess.ts";
import { refusal } from "../contract/backend.ts";

let sandbox: InProcessSandbox;
let ec2: EC2Client;
let group: string;
let instance: string;

beforeEach(() => {
  sandbox = createInProcessSandbox();
  ec2 = new EC2Client({ ...sandbox.clientConfig, maxAttempts: 1 });
  group = sandbox.world.group({
    name: "web",
    rules: [{ protocol: "tcp", fromPort: 80, cidr: "192.0.2.0/24" }],
  }).id;
  instance = sandbox.world.instance({ groups: [group] }).id;
});

/** The last event of CloudTrail: the call's name, its request and its answer. */
function told(): {
  readonly eventName: unknown;
  readonly requestParameters: unknown;
  readonly responseElements: unknown;
} {
  const detail = sandbox.events.at(-1)?.detail ?? {};
  return {
    eventName: detail["eventName"],
    requestParameters: detail["requestParameters"],
    responseElements: detail["responseElements"],
  };
}

describe("an interface", () => {
  it("is made, attached, detached and deleted, and CloudTrail tells of each", async () => {
    const subnet = sandbox.cloud.instances.get(instance)?.subnet;
    const { NetworkInterface } = await ec2.send(
      new CreateNetworkInterfaceCommand({ SubnetId: subnet, Groups: [group] }),
    );
    const id = NetworkInterface?.NetworkInterfaceId;
    expect(told()).toMatchObject({
      eventName: "CreateNetworkInterface",
      requestParameters: { subnetId: subnet, groupSet: { items: [{ groupId: group }] } },
      responseElements: {
        networkInterface: {
          networkInterfaceId: id,
          status: "pending",
          groupSet: { items: [{ groupId: group, groupName: "web" }] },
        },
      },
    });

    const { AttachmentId } = await ec2.send(
      new AttachNetworkInterfaceCommand({
        NetworkInterfaceId: id,
        InstanceId: instance,
        DeviceIndex: 1,
      }),
    );
    expect(told()).toMatchObject({
      eventName: "AttachNetworkInterface",
      requestParameters: { networkInterfaceId: id, instanceId: instance, deviceIndex: 1 },
      responseElements: { attachmentId: AttachmentId },
    });
    expect(
      await refusal(ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: id }))),
    ).toMatchObject({ code: "InvalidParameterValue" });

    await ec2.send(new DetachNetworkInterfaceCommand({ AttachmentId }));
    expect(told()).toMatchObject({
      eventName: "DetachNetworkInterface",
      requestParameters: { attachmentId: AttachmentId, force: false },
    });
    await ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: id }));
    expect(sandbox.cloud.interfaces.has(id ?? "")).toBe(false);
  });

  it("of a load balancer is not for its account to change", async () => {
    sandbox.world.loadBalancer({ name: "app" });
    const { NetworkInterfaces } = await ec2.send(
      new DescribeNetworkInterfacesCommand({
        Filters: [{ Name: "requester-managed", Values: ["true"] }],
      }),
    );
    const NetworkInterfaceId = NetworkInterfaces?.[0]?.NetworkInterfaceId;
    expect(
      await refusal(ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }))),
    ).toMatchObject({ code: "OperationNotPermitted" });
  });
});

describe("an instance that is terminated", () => {
  it("takes its interfaces along, is no target any more, and is told of twice", async () => {
    const targets = sandbox.world.targetGroup({
      name: "web",
      protocol: "HTTP",
      port: 80,
      targets: [{ id: instance }],
    });
    sandbox.world.loadBalancer({ name: "app", targetGroup: targets.arn });
    const [primary] = [...sandbox.cloud.interfaces.values()].filter(
      ({ attachment }) => attachment?.instance === instance,
    );
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [instance] }));
    expect(primary?.groups).toEqual([group]);
    expect(sandbox.cloud.interfaces.has(primary?.id ?? "")).toBe(false);
    expect(sandbox.events.map((event) => event["detail-type"])).toEqual([
      "EC2 Instance State-change Notification",
      "AWS API Call via CloudTrail",
    ]);
    expect(told()).toMatchObject({
      eventName: "TerminateInstances",
      requestParameters: { instancesSet: { items: [{ instanceId: instance }] } },
      responseElements: {
        instancesSet: {
          items: [
            {
              instanceId: instance,
              currentState: { code: 48, name: "terminated" },
              previousState: { code: 16, name: "running" },
            },
          ],
        },
      },
    });
    const { Reservations } = await ec2.send(
      new DescribeInstancesCommand({ InstanceIds: [instance] }),
    );
    expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({ State: { Name: "terminated" } });
    expect(Reservations?.[0]?.Instances?.[0]?.NetworkInterfaces ?? []).toEqual([]);
    const health = await new ElasticLoadBalancingV2Client(sandbox.clientConfig).send(
      new DescribeTargetHealthCommand({ TargetGroupArn: targets.arn }),
    );
    expect(health.TargetHealthDescriptions?.[0]?.TargetHealth).toMatchObject({
      State: "unused",
      Reason: "Target.InvalidState",
    });
  });

  it("is not, where it is protected", async () => {
    await ec2.send(
      new ModifyInstanceAttributeCommand({
        InstanceId: instance,
        DisableApiTermination: { Value: true },
      }),
    );
    expect(told()).toMatchObject({
      eventName: "ModifyInstanceAttribute",
      requestParameters: { instanceId: instance, disableApiTermination: { value: true } },
    });
    expect(
      await refusal(ec2.send(new TerminateInstancesCommand({ InstanceIds: [instance] }))),
    ).toMatchObject({ code: "OperationNotPermitted" });
    expect(sandbox.cloud.instances.get(instance)?.state).toBeUndefined();
  });
});

describe("a rule's description", () => {
  it("changes by itself, or not at all where one of the rules is not there", async () => {
    const at80 = (cidr: string, Description?: string) => ({
      IpProtocol: "tcp",
      FromPort: 80,
      ToPort: 80,
      IpRanges: [{ CidrIp: cidr, Description }],
    });
    const update = (...IpPermissions: ReturnType<typeof at80>[]) =>
      ec2.send(
        new UpdateSecurityGroupRuleDescriptionsIngressCommand({ GroupId: group, IpPermissions }),
      );
    const inbound = () =>
      [...(sandbox.cloud.groups.get(group)?.rules.values() ?? [])].find(({ egress }) => !egress);
    const before = inbound();
    await update(at80("192.0.2.0/24", "office"));
    expect(inbound()).toEqual({ ...before, description: "office" });
    expect(told()).toMatchObject({
      eventName: "UpdateSecurityGroupRuleDescriptionsIngress",
      requestParameters: {
        groupId: group,
        ipPermissions: {
          items: [{ ipRanges: { items: [{ cidrIp: "192.0.2.0/24", description: "office" }] } }],
        },
      },
      responseElements: { _return: true },
    });
    const refused = refusal(update(at80("192.0.2.0/24", "home"), at80("198.51.100.0/24", "home")));
    expect(await refused).toMatchObject({ code: "InvalidPermission.NotFound" });
    expect(inbound()?.description).toBe("office");
    await update(at80("192.0.2.0/24"));
    expect(inbound()).toEqual(before);
  });
});

describe("a filter on rules", () => {
  it("looks at the rules of its own direction", async () => {
    const found = async (Name: string, value: string) => {
      const { SecurityGroups } = await ec2.send(
        new DescribeSecurityGroupsCommand({ Filters: [{ Name, Values: [value] }] }),
      );
      return SecurityGroups?.map(({ GroupName }) => GroupName);
    };
    expect(await found("ip-permission.cidr", "192.0.2.0/24")).toEqual(["web"]);
    expect(await found("egress.ip-permission.cidr", "192.0.2.0/24")).toEqual([]);
    expect(await found("egress.ip-permission.cidr", "0.0.0.0/0")).toEqual(["default", "web"]);
    expect(await found("ip-permission.from-port", "80")).toEqual(["web"]);
    expect(await found("ip-permission.group-id", group)).toEqual([]);
  });
});

describe("a managed prefix list", () => {
  it("changes from version to version, told in EC2's younger way", async () => {
    const { PrefixList } = await ec2.send(
      new CreateManagedPrefixListCommand({
        PrefixListName: "office",
        AddressFamily: "IPv4",
        MaxEntries: 2,
        Entries: [{ Cidr: "192.0.2.0/24" }],
      }),
    );
    const PrefixListId = PrefixList?.PrefixListId;
    const add = (CurrentVersion: number, ...cidrs: readonly string[]) =>
      ec2.send(
        new ModifyManagedPrefixListCommand({
          PrefixListId,
          CurrentVersion,
          AddEntries: cidrs.map((Cidr) => ({ Cidr })),
        }),
      );
    await add(1, "198.51.100.0/24");
    expect(told()).toMatchObject({
      eventName: "ModifyManagedPrefixList",
      requestParameters: {
        ModifyManagedPrefixListRequest: {
          PrefixListId,
          CurrentVersion: 1,
          AddEntry: { Cidr: "198.51.100.0/24", tag: 1 },
        },
      },
      responseElements: {
        ModifyManagedPrefixListResponse: { prefixList: { prefixListId: PrefixListId, version: 2 } },
      },
    });
    expect(await refusal(add(1, "203.0.113.0/24"))).toMatchObject({
      code: "PrefixListVersionMismatch",
    });
    expect(await refusal(add(2, "203.0.113.0/24"))).toMatchObject({
      code: "PrefixListMaxEntriesExceeded",
    });
    expect(sandbox.cloud.prefixLists.get(PrefixListId ?? "")?.entries).toEqual([
      "192.0.2.0/24",
      "198.51.100.0/24",
    ]);
  });
});

describe("a load balancer's attributes", () => {
  it("change with an event of ELB's shape", async () => {
    const { arn } = sandbox.world.loadBalancer({ name: "app" });
    await new ElasticLoadBalancingV2Client(sandbox.clientConfig).send(
      new ModifyLoadBalancerAttributesCommand({
        LoadBalancerArn: arn,
        Attributes: [{ Key: "idle_timeout.timeout_seconds", Value: "30" }],
      }),
    );
    expect(told().requestParameters).toEqual({
      loadBalancerArn: arn,
      attributes: [{ key: "idle_timeout.timeout_seconds", value: "30" }],
    });
    expect(told().responseElements).toMatchObject({ attributes: expect.any(Array) as unknown[] });
  });
});

describe("a trail that is stopped", () => {
  it("tells of its own stop, and then of nothing", async () => {
    const trails = new CloudTrailClient(sandbox.clientConfig);
    await trails.send(new StopLoggingCommand({ Name: "management-events" }));
    await ec2.send(new CreateSecurityGroupCommand({ GroupName: "unseen", Description: "x" }));
    expect(sandbox.events.map(({ source, detail }) => [source, detail["eventName"]])).toEqual([
      ["aws.cloudtrail", "StopLogging"],
    ]);
    expect(sandbox.cloud.history.map(({ name }) => name)).toEqual([
      "StopLogging",
      "CreateSecurityGroup",
    ]);
  });
});

describe("an assumed role", () => {
  it("is who calls with its temporary access key", async () => {
    const response = await sandbox.requestHandler.handle({
      headers: {
        Authorization: "AWS4-HMAC-SHA256 Credential=AKIASANDBOXALICE/1/r/sts/aws4_request",
      },
      body: "Version=2011-06-15&Action=AssumeRole&RoleArn=arn:aws:iam::123456789012:role/auditor&RoleSessionName=me",
    });
    const text = new TextDecoder().decode(response.response.body);
    const [, accessKeyId = ""] = /<AccessKeyId>(\w+)</.exec(text) ?? [];
    await new EC2Client({
      ...sandbox.clientConfig,
      credentials: { accessKeyId, secretAccessKey: "any", sessionToken: "any" },
    }).send(new CreateSecurityGroupCommand({ GroupName: "mine", Description: "x" }));
    expect(sandbox.events.at(-1)?.detail["userIdentity"]).toMatchObject({
      type: "AssumedRole",
      arn: "arn:aws:sts::123456789012:assumed-role/auditor/me",
      sessionContext: { sessionIssuer: { arn: "arn:aws:iam::123456789012:role/auditor" } },
    });
  });
});
