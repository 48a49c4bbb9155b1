import {
  DeleteSecurityGroupCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
} from "@aws-sdk/client-ec2";
import {
  ApplySecurityGroupsToLoadBalancerCommand,
  CreateLoadBalancerCommand,
  DeleteLoadBalancerCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  RegisterInstancesWithLoadBalancerCommand,
} from "@aws-sdk/client-elastic-load-balancing";
import { describe, expect, it } from "vitest";
import { clients, refusal, unique, type Backend } from "./backend.ts";
import { newGroup } from "./groups.ts";

/** What AWS does, and simple emulators do otherwise. */
export function loadBalancersAsAws(backend: () => Backend): void {
  async function balanced() {
    const { ec2, elb } = clients(backend());
    const { vpc, subnets } = backend().otherVpc;
    const front = await newGroup(ec2, vpc);
    const name = unique("lb");
    const Listeners = [{ Protocol: "HTTP", LoadBalancerPort: 80, InstancePort: 8080 }];
    await elb.send(
      new CreateLoadBalancerCommand({
        LoadBalancerName: name,
        Listeners,
        Subnets: [...subnets],
        SecurityGroups: [front],
      }),
    );
    const interfaces = async (group: string) => {
      const answer = await ec2.send(
        new DescribeNetworkInterfacesCommand({ Filters: [{ Name: "group-id", Values: [group] }] }),
      );
      return answer.NetworkInterfaces ?? [];
    };
    return { ec2, elb, vpc, subnets, front, name, interfaces };
  }

  describe("a Classic Load Balancer", () => {
    it("has an interface in each subnet, managed by amazon-elb, that wears its groups", async () => {
      const { interfaces, front, name, subnets } = await balanced();
      const made = await interfaces(front);
      expect(made.map(({ SubnetId = "" }) => SubnetId).sort()).toEqual([...subnets].sort());
      for (const one of made)
        expect(one).toMatchObject({
          RequesterManaged: true,
          RequesterId: "amazon-elb",
          Description: `ELB ${name}`,
        });
    });

    it("dresses them in other groups, and takes them with it", async () => {
      const { ec2, elb, interfaces, front, name, vpc } = await balanced();
      const other = await newGroup(ec2, vpc);
      expect(
        await refusal(ec2.send(new DeleteSecurityGroupCommand({ GroupId: front }))),
      ).toMatchObject({ code: "DependencyViolation" });
      await elb.send(
        new ApplySecurityGroupsToLoadBalancerCommand({
          LoadBalancerName: name,
          SecurityGroups: [other],
        }),
      );
      expect(await interfaces(front)).toEqual([]);
      expect(await interfaces(other)).not.toEqual([]);
      await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerName: name }));
      expect(await interfaces(other)).toEqual([]);
    });

    it("names its group's name, and the account, as its source group", async () => {
      const { ec2, elb, front, name } = await balanced();
      const { SecurityGroups } = await ec2.send(
        new DescribeSecurityGroupsCommand({ GroupIds: [front] }),
      );
      const { LoadBalancerDescriptions } = await elb.send(
        new DescribeLoadBalancersCommand({ LoadBalancerNames: [name] }),
      );
      expect(LoadBalancerDescriptions?.[0]?.SourceSecurityGroup).toEqual({
        OwnerAlias: SecurityGroups?.[0]?.OwnerId,
        GroupName: SecurityGroups?.[0]?.GroupName,
      });
    });

    it("checks the first listener's instance port, and speaks to instances as to clients, unless told otherwise", async () => {
      const { elb, name } = await balanced();
      const { LoadBalancerDescriptions } = await elb.send(
        new DescribeLoadBalancersCommand({ LoadBalancerNames: [name] }),
      );
      expect(LoadBalancerDescriptions?.[0]?.HealthCheck?.Target).toBe("TCP:8080");
      expect(
        LoadBalancerDescriptions?.[0]?.ListenerDescriptions?.[0]?.Listener?.InstanceProtocol,
      ).toBe("HTTP");
    });

    it("does not register an instance that is not there", async () => {
      const { elb, name } = await balanced();
      const strange = new RegisterInstancesWithLoadBalancerCommand({
        LoadBalancerName: name,
        Instances: [{ InstanceId: "i-00000000000000000" }],
      });
      expect(await refusal(elb.send(strange))).toMatchObject({ code: "InvalidInstance" });
    });

    it("is shown in pages", async () => {
      const { elb } = await balanced();
      await balanced();
      const first = await elb.send(new DescribeLoadBalancersCommand({ PageSize: 1 }));
      const second = await elb.send(
        new DescribeLoadBalancersCommand({ PageSize: 1, Marker: first.NextMarker }),
      );
      expect(first.LoadBalancerDescriptions).toHaveLength(1);
      expect(second.LoadBalancerDescriptions).toHaveLength(1);
      expect(second.LoadBalancerDescriptions?.[0]?.LoadBalancerName).not.toBe(
        first.LoadBalancerDescriptions?.[0]?.LoadBalancerName,
      );
      expect(
        await refusal(elb.send(new DescribeLoadBalancersCommand({ PageSize: 401 }))),
      ).toMatchObject({ code: "ValidationError" });
    });

    it("tells the tags of twenty at most", async () => {
      const { elb, name } = await balanced();
      const names = Array.from({ length: 21 }, () => name);
      expect(
        await refusal(elb.send(new DescribeTagsCommand({ LoadBalancerNames: names }))),
      ).toMatchObject({ code: "ValidationError" });
    });
  });
}
