import {
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  AddTagsCommand,
  ApplySecurityGroupsToLoadBalancerCommand,
  ConfigureHealthCheckCommand,
  CreateLoadBalancerCommand,
  CreateLoadBalancerListenersCommand,
  DeleteLoadBalancerCommand,
  DeleteLoadBalancerListenersCommand,
  DeregisterInstancesFromLoadBalancerCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  RegisterInstancesWithLoadBalancerCommand,
  RemoveTagsCommand,
  type ElasticLoadBalancingClient,
  type LoadBalancerDescription,
} from "@aws-sdk/client-elastic-load-balancing";
import { describe, expect, it } from "vitest";
import { clients, refusal, unique, type Backend } from "./backend.ts";
import { newGroup } from "./groups.ts";

const http = {
  Protocol: "HTTP",
  LoadBalancerPort: 80,
  InstanceProtocol: "HTTP",
  InstancePort: 8080,
};

async function shown(
  elb: ElasticLoadBalancingClient,
  name: string,
): Promise<LoadBalancerDescription> {
  const { LoadBalancerDescriptions = [] } = await elb.send(
    new DescribeLoadBalancersCommand({ LoadBalancerNames: [name] }),
  );
  expect(LoadBalancerDescriptions).toHaveLength(1);
  return LoadBalancerDescriptions[0] ?? {};
}

/** What every emulator of instances and Classic Load Balancers has to get right. */
export function loadBalancers(backend: () => Backend): void {
  const connected = () => ({ ...clients(backend()), ...backend() });

  async function balanced() {
    const { ec2, elb, otherVpc } = connected();
    const [front, back] = [await newGroup(ec2, otherVpc.vpc), await newGroup(ec2, otherVpc.vpc)];
    const name = unique("lb");
    await elb.send(
      new CreateLoadBalancerCommand({
        LoadBalancerName: name,
        Listeners: [http],
        Subnets: [...otherVpc.subnets],
        SecurityGroups: [front],
      }),
    );
    const run = {
      ImageId: "ami-12c6146b",
      MinCount: 1,
      MaxCount: 1,
      SubnetId: otherVpc.subnets[0],
      SecurityGroupIds: [back],
    };
    const { Instances = [] } = await ec2.send(new RunInstancesCommand(run));
    return { ec2, elb, name, front, back, vpc: otherVpc, instance: Instances[0]?.InstanceId ?? "" };
  }

  describe("instances", () => {
    it("have a primary network interface that wears their groups", async () => {
      const { ec2, instance, back, vpc } = await balanced();
      const { Reservations } = await ec2.send(
        new DescribeInstancesCommand({ InstanceIds: [instance], IncludeManagedResources: true }),
      );
      const [worn] = Reservations?.[0]?.Instances?.[0]?.NetworkInterfaces ?? [];
      expect(worn?.Groups?.map(({ GroupId }) => GroupId)).toEqual([back]);
      expect(worn?.Attachment?.DeviceIndex).toBe(0);
      const byGroup = await ec2.send(
        new DescribeNetworkInterfacesCommand({ Filters: [{ Name: "group-id", Values: [back] }] }),
      );
      expect(byGroup.NetworkInterfaces?.map((one) => one.NetworkInterfaceId)).toEqual([
        worn?.NetworkInterfaceId,
      ]);
      expect(byGroup.NetworkInterfaces?.[0]).toMatchObject({
        VpcId: vpc.vpc,
        SubnetId: vpc.subnets[0],
        Attachment: { InstanceId: instance },
      });
      expect(byGroup.NetworkInterfaces?.[0]?.PrivateIpAddress).toMatch(/^10\./);
    });
  });

  describe("Classic Load Balancers", () => {
    it("show where they are, what they wear and what they listen to", async () => {
      const { elb, name, front, vpc } = await balanced();
      const found = await shown(elb, name);
      expect(found).toMatchObject({
        LoadBalancerName: name,
        VPCId: vpc.vpc,
        SecurityGroups: [front],
        Scheme: "internet-facing",
      });
      expect([...(found.Subnets ?? [])].sort()).toEqual([...vpc.subnets].sort());
      expect(
        found.ListenerDescriptions?.map(({ Listener }) => [
          Listener?.LoadBalancerPort,
          Listener?.InstancePort,
        ]),
      ).toEqual([[80, 8080]]);
    });

    it("register and deregister instances", async () => {
      const { elb, name, instance } = await balanced();
      const which = { LoadBalancerName: name, Instances: [{ InstanceId: instance }] };
      await elb.send(new RegisterInstancesWithLoadBalancerCommand(which));
      expect((await shown(elb, name)).Instances).toEqual([{ InstanceId: instance }]);
      await elb.send(new DeregisterInstancesFromLoadBalancerCommand(which));
      expect((await shown(elb, name)).Instances ?? []).toEqual([]);
    });

    it("get and lose listeners", async () => {
      const { elb, name } = await balanced();
      const more = {
        Protocol: "TCP",
        LoadBalancerPort: 5000,
        InstanceProtocol: "TCP",
        InstancePort: 5001,
      };
      await elb.send(
        new CreateLoadBalancerListenersCommand({ LoadBalancerName: name, Listeners: [more] }),
      );
      await elb.send(
        new DeleteLoadBalancerListenersCommand({ LoadBalancerName: name, LoadBalancerPorts: [80] }),
      );
      expect(
        (await shown(elb, name)).ListenerDescriptions?.map(
          ({ Listener }) => Listener?.InstancePort,
        ),
      ).toEqual([5001]);
    });

    it("check health where they are told to", async () => {
      const { elb, name } = await balanced();
      const HealthCheck = {
        Target: "HTTP:8081/health",
        Interval: 10,
        Timeout: 5,
        UnhealthyThreshold: 2,
        HealthyThreshold: 3,
      };
      expect(
        (await elb.send(new ConfigureHealthCheckCommand({ LoadBalancerName: name, HealthCheck })))
          .HealthCheck,
      ).toEqual(HealthCheck);
      expect((await shown(elb, name)).HealthCheck).toEqual(HealthCheck);
    });

    it("wear other groups", async () => {
      const { ec2, elb, name, vpc } = await balanced();
      const other = await newGroup(ec2, vpc.vpc);
      await elb.send(
        new ApplySecurityGroupsToLoadBalancerCommand({
          LoadBalancerName: name,
          SecurityGroups: [other],
        }),
      );
      expect((await shown(elb, name)).SecurityGroups).toEqual([other]);
    });

    it("carry tags", async () => {
      const { elb, name } = await balanced();
      const read = async () =>
        (await elb.send(new DescribeTagsCommand({ LoadBalancerNames: [name] })))
          .TagDescriptions?.[0]?.Tags ?? [];
      await elb.send(
        new AddTagsCommand({
          LoadBalancerNames: [name],
          Tags: [{ Key: "elb-only", Value: "enforce" }],
        }),
      );
      expect(await read()).toEqual([{ Key: "elb-only", Value: "enforce" }]);
      await elb.send(
        new RemoveTagsCommand({ LoadBalancerNames: [name], Tags: [{ Key: "elb-only" }] }),
      );
      expect(await read()).toEqual([]);
    });

    it("are gone when deleted", async () => {
      const { elb, name } = await balanced();
      await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerName: name }));
      expect(
        await refusal(elb.send(new DescribeLoadBalancersCommand({ LoadBalancerNames: [name] }))),
      ).toMatchObject({
        code: "LoadBalancerNotFound",
        status: 400,
      });
    });

    it("have names of their own", async () => {
      const { elb, name, vpc } = await balanced();
      const again = new CreateLoadBalancerCommand({
        LoadBalancerName: name,
        Listeners: [http],
        Subnets: [vpc.subnets[0]],
      });
      expect(await refusal(elb.send(again))).toMatchObject({ code: "DuplicateLoadBalancerName" });
    });
  });
}
