import {
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  ModifyInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { clients, refusal, type Backend } from "./backend.ts";
import { newGroup } from "./groups.ts";

/** What AWS does, and simple emulators do otherwise. */
export function instancesAsAws(backend: () => Backend): void {
  async function launched() {
    const { ec2 } = clients(backend());
    const { vpc, subnets } = backend().otherVpc;
    const [front, back] = [await newGroup(ec2, vpc), await newGroup(ec2, vpc)];
    const NetworkInterfaces = [front, back].map((group, DeviceIndex) => ({
      DeviceIndex,
      SubnetId: subnets[DeviceIndex],
      Groups: [group],
    }));
    const { Instances = [] } = await ec2.send(
      new RunInstancesCommand({
        ImageId: "ami-12c6146b",
        MinCount: 1,
        MaxCount: 1,
        NetworkInterfaces,
      }),
    );
    const instance = Instances[0]?.InstanceId ?? "";
    const worn = async () => {
      const answer = await ec2.send(
        new DescribeNetworkInterfacesCommand({
          Filters: [{ Name: "attachment.instance-id", Values: [instance] }],
        }),
      );
      return answer.NetworkInterfaces?.map(({ Groups }) => Groups?.map(({ GroupId }) => GroupId));
    };
    return {
      ec2,
      instance,
      interfaces: Instances[0]?.NetworkInterfaces ?? [],
      front,
      back,
      worn,
      vpc,
    };
  }

  describe("an instance", () => {
    it("can have a secondary interface with groups of its own", async () => {
      const { ec2, instance, worn, front, back } = await launched();
      expect(await worn()).toEqual([[front], [back]]);
      const { Reservations } = await ec2.send(
        new DescribeInstancesCommand({ InstanceIds: [instance] }),
      );
      expect(
        Reservations?.[0]?.Instances?.[0]?.SecurityGroups?.map(({ GroupId }) => GroupId),
      ).toEqual([front]);
    });

    it("wears other groups after ModifyNetworkInterfaceAttribute", async () => {
      const { ec2, interfaces, worn, front, back } = await launched();
      const NetworkInterfaceId = interfaces[1]?.NetworkInterfaceId;
      await ec2.send(
        new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups: [back, front] }),
      );
      expect(await worn()).toEqual([[front], [back, front]]);
    });

    it("changes its primary interface by ModifyInstanceAttribute", async () => {
      const { ec2, instance, worn, back } = await launched();
      await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: instance, Groups: [back] }));
      expect(await worn()).toEqual([[back], [back]]);
    });

    it("is found by the address of an interface", async () => {
      const { ec2, interfaces } = await launched();
      const address = interfaces[1]?.PrivateIpAddress ?? "";
      for (const Name of ["addresses.private-ip-address", "private-ip-address"]) {
        const answer = await ec2.send(
          new DescribeNetworkInterfacesCommand({ Filters: [{ Name, Values: [address] }] }),
        );
        expect(
          answer.NetworkInterfaces?.map(({ NetworkInterfaceId }) => NetworkInterfaceId),
        ).toEqual([interfaces[1]?.NetworkInterfaceId]);
      }
    });

    it("cannot wear more than five groups, nor one of another VPC", async () => {
      const { ec2, interfaces, vpc } = await launched();
      const wear = (Groups: string[]) =>
        refusal(
          ec2.send(
            new ModifyNetworkInterfaceAttributeCommand({
              NetworkInterfaceId: interfaces[0]?.NetworkInterfaceId,
              Groups,
            }),
          ),
        );
      const many = await Promise.all(Array.from({ length: 6 }, () => newGroup(ec2, vpc)));
      expect(await wear(many)).toMatchObject({ code: "SecurityGroupsPerInterfaceLimitExceeded" });
      expect(await wear([await newGroup(ec2, backend().defaultVpc.vpc)])).toMatchObject({
        code: "InvalidGroup.NotFound",
      });
    });
  });
}
