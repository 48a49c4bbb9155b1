import type { NetworkInterface } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { readAllInterfaces, readInterfaces } from "../../lib/aws/read/interfaces.ts";
import { standIn } from "./account.ts";
import * as a from "./things.ts";

const read = async (
  more: NetworkInterface,
): Promise<Awaited<ReturnType<typeof readAllInterfaces>>[number] | undefined> => {
  const { aws } = standIn({ interfaces: [{ NetworkInterfaceId: "eni-1", ...more }] });
  return (await readAllInterfaces(aws.ec2))[0];
};

const fargate = {
  OwnerId: "111122223333",
  RequesterManaged: true,
  Description: "arn:aws:ecs:eu-west-1:111122223333:attachment/1a2b3c4d-1111-2222-3333-444455556666",
  Attachment: { InstanceOwnerId: "444455556666", DeviceIndex: 1 },
};

describe("the use of an interface", () => {
  it.each<[string, NetworkInterface, unknown]>([
    [
      "a Classic or Application Load Balancer's",
      { RequesterManaged: true, RequesterId: "amazon-elb" },
      { kind: "loadBalancer" },
    ],
    [
      "a Network Load Balancer's",
      { InterfaceType: "network_load_balancer" },
      { kind: "loadBalancer" },
    ],
    [
      "a Gateway Load Balancer's",
      { InterfaceType: "gateway_load_balancer" },
      { kind: "loadBalancer" },
    ],
    [
      "not a load balancer's, whatever its description says",
      { Description: "ELB app/shop/50dc6c495c0c9188" },
      { kind: "other", what: "unattached interface" },
    ],
    [
      "not a load balancer's, when somebody else's requester has that name",
      {
        RequesterManaged: false,
        RequesterId: "amazon-elb",
        Attachment: { InstanceId: "i-1", DeviceIndex: 0 },
      },
      { kind: "instance", instance: "i-1", primary: true },
    ],
    [
      "an instance's first",
      { Attachment: { InstanceId: "i-1", DeviceIndex: 0 } },
      { kind: "instance", instance: "i-1", primary: true },
    ],
    [
      "an instance's second",
      { Attachment: { InstanceId: "i-1", DeviceIndex: 1 } },
      { kind: "instance", instance: "i-1", primary: false },
    ],
    [
      "an instance's first on its second network card",
      { Attachment: { InstanceId: "i-1", DeviceIndex: 0, NetworkCardIndex: 1 } },
      { kind: "instance", instance: "i-1", primary: false },
    ],
    [
      "an ECS task's",
      {
        TagSet: [{ Key: "aws:ecs:serviceName", Value: "shop" }],
        Attachment: { InstanceOwnerId: "444455556666", DeviceIndex: 1 },
      },
      { kind: "ecsTask", service: "/shop" },
    ],
    [
      "an ECS task's, of a service in a cluster",
      {
        TagSet: [
          { Key: "aws:ecs:serviceName", Value: "web" },
          { Key: "aws:ecs:clusterName", Value: "shop" },
        ],
      },
      { kind: "ecsTask", service: "shop/web" },
    ],
    [
      "an ECS task's that ECS was not asked to tag",
      fargate,
      { kind: "ecsTask", attachment: "1a2b3c4d-1111-2222-3333-444455556666" },
    ],
    [
      "not an ECS task's, with a description that people can write",
      { ...fargate, RequesterManaged: false },
      { kind: "other", what: "attached interface" },
    ],
    [
      "not an ECS task's, attached to a machine of the account's own",
      { ...fargate, Attachment: { InstanceOwnerId: fargate.OwnerId } },
      { kind: "other", what: "AWS service" },
    ],
    [
      "not an ECS task's, with another account's attachment",
      { ...fargate, OwnerId: "222233334444" },
      { kind: "other", what: "AWS service" },
    ],
    [
      "not an ECS task's, with a tag that people can write",
      { TagSet: [{ Key: "ecs:serviceName", Value: "shop" }] },
      { kind: "other", what: "unattached interface" },
    ],
    [
      "a function's",
      {
        InterfaceType: "lambda",
        RequesterManaged: true,
        Attachment: { InstanceOwnerId: "amazon-aws" },
      },
      { kind: "other", what: "function" },
    ],
    [
      "an endpoint's",
      { InterfaceType: "vpc_endpoint", RequesterManaged: true },
      { kind: "other", what: "endpoint" },
    ],
    [
      "a Gateway Load Balancer endpoint's",
      { InterfaceType: "gateway_load_balancer_endpoint" },
      { kind: "other", what: "endpoint" },
    ],
    [
      "a database's",
      {
        InterfaceType: "interface",
        RequesterManaged: true,
        RequesterId: "amazon-rds",
        Attachment: { InstanceOwnerId: "amazon-rds" },
      },
      { kind: "other", what: "database" },
    ],
    [
      "some service's",
      { RequesterManaged: true, RequesterId: "123456789012" },
      { kind: "other", what: "AWS service" },
    ],
    [
      "of a kind we have no word for",
      { InterfaceType: "transit_gateway" },
      { kind: "other", what: "transit gateway" },
    ],
    [
      "attached to what we cannot see",
      { Attachment: { InstanceOwnerId: "444455556666" } },
      { kind: "other", what: "attached interface" },
    ],
  ])("is %s", async (_, given, use) => {
    expect((await read(given))?.use).toEqual(use);
  });
});

describe("readInterfaces", () => {
  it("has all private addresses of both families, in one spelling, once", async () => {
    const found = await read({
      PrivateIpAddress: "10.0.0.1",
      PrivateIpAddresses: [
        { PrivateIpAddress: "10.0.0.1", Primary: true },
        { PrivateIpAddress: "10.0.0.2" },
      ],
      Ipv6Addresses: [{ Ipv6Address: "2001:DB8:0:0::1" }],
      Ipv4Prefixes: [{ Ipv4Prefix: "10.0.1.16/28" }],
      Ipv6Prefixes: [{ Ipv6Prefix: "2001:db8:1::/80" }],
    });
    expect(found?.addresses).toEqual(["10.0.0.1", "10.0.0.2", "2001:db8::1"]);
    expect(found?.prefixes).toEqual(["10.0.1.16/28", "2001:db8:1::/80"]);
  });

  it("sees interfaces that AWS services manage and hide", async () => {
    expect(await read({ Operator: { Managed: true, HiddenByDefault: true } })).toBeDefined();
  });

  it("asks for at most 200 groups a call, and has an interface once that has two of them", async () => {
    const groups = Array.from({ length: 401 }, (_, index) => `sg-${index}`);
    const { aws, called } = standIn({
      interfaces: [a.instanceInterface("i-1", ["sg-0", "sg-400"])],
    });
    expect(await readInterfaces(aws.ec2, "group-id", groups)).toHaveLength(1);
    expect(called).toHaveLength(3);
  });

  it("asks nothing about nothing: without values a filter would find all", async () => {
    const { aws, called } = standIn({ interfaces: [a.instanceInterface("i-1", ["sg-1"])] });
    expect(await readInterfaces(aws.ec2, "group-id", [])).toEqual([]);
    expect(called).toEqual([]);
  });
});
