import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  DescribeNetworkInterfacesCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateLoadBalancerCommand as CreateClassicLoadBalancerCommand,
  DescribeInstanceHealthCommand,
  RegisterInstancesWithLoadBalancerCommand,
} from "@aws-sdk/client-elastic-load-balancing";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeregisterTargetsCommand,
  DeleteListenerCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ModifyListenerCommand,
  ModifyTargetGroupCommand,
  RegisterTargetsCommand,
  SetSecurityGroupsCommand,
  type CreateLoadBalancerCommandInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it } from "vitest";
import { clients, refusal, unique, type Backend } from "./backend.ts";
import { newGroup, tcp } from "./groups.ts";
import { served } from "./target-groups.ts";

/** What AWS does, and simple emulators do otherwise. */
export function targetGroupsAsAws(backend: () => Backend): void {
  const health = async (group: string) => {
    const { TargetHealthDescriptions = [] } = await clients(backend()).elbv2.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: group }),
    );
    return TargetHealthDescriptions.map(({ Target, TargetHealth }) => [
      Target?.Port,
      TargetHealth?.State,
      TargetHealth?.Reason,
    ]);
  };

  describe("a load balancer's network interfaces", () => {
    it.each<[string, Partial<CreateLoadBalancerCommandInput>, string]>([
      ["application", { Type: "application" }, "interface"],
      ["network", { Type: "network" }, "network_load_balancer"],
    ])(
      "of type %s are managed by amazon-elb, one a subnet, and wear its groups",
      async (_, options, InterfaceType) => {
        const { ec2, elbv2 } = clients(backend());
        const { vpc, subnets } = backend().otherVpc;
        const front = await newGroup(ec2, vpc);
        const create = new CreateLoadBalancerCommand({
          Name: unique("lb"),
          Subnets: [...subnets],
          SecurityGroups: [front],
          ...options,
        });
        const { LoadBalancerArn = "", Type } = (await elbv2.send(create)).LoadBalancers?.[0] ?? {};
        expect(Type).toBe(options.Type);
        const { NetworkInterfaces = [] } = await ec2.send(
          new DescribeNetworkInterfacesCommand({
            Filters: [{ Name: "group-id", Values: [front] }],
          }),
        );
        const Description = `ELB ${LoadBalancerArn.slice(LoadBalancerArn.indexOf("/") + 1)}`;
        expect(NetworkInterfaces).toHaveLength(subnets.length);
        for (const one of NetworkInterfaces)
          expect(one).toMatchObject({
            RequesterManaged: true,
            RequesterId: "amazon-elb",
            Description,
            InterfaceType,
          });
      },
    );
  });

  describe("a Network Load Balancer without groups", () => {
    it("names none, and gets none later", async () => {
      const { ec2, elbv2 } = clients(backend());
      const { vpc, subnets } = backend().otherVpc;
      const create = new CreateLoadBalancerCommand({
        Name: unique("nlb"),
        Subnets: [...subnets],
        Type: "network",
      });
      const { LoadBalancerArn } = (await elbv2.send(create)).LoadBalancers?.[0] ?? {};
      const { LoadBalancers } = await elbv2.send(
        new DescribeLoadBalancersCommand({ LoadBalancerArns: [LoadBalancerArn ?? ""] }),
      );
      expect(LoadBalancers?.[0]?.SecurityGroups ?? []).toEqual([]);
      const SecurityGroups = [await newGroup(ec2, vpc)];
      expect(
        await refusal(
          elbv2.send(new SetSecurityGroupsCommand({ LoadBalancerArn, SecurityGroups })),
        ),
      ).toMatchObject({
        code: "InvalidConfigurationRequest",
      });
    });
  });

  describe("an Application Load Balancer", () => {
    it("wants two zones, and a listener of its protocols", async () => {
      const { elbv2, loadBalancer, subnets, targetGroup } = await served(backend());
      const one = new CreateLoadBalancerCommand({ Name: unique("alb"), Subnets: [subnets[0]] });
      expect(await refusal(elbv2.send(one))).toMatchObject({ code: "InvalidConfigurationRequest" });
      const DefaultActions = [{ Type: "forward" as const, TargetGroupArn: targetGroup }];
      const listen = (Protocol: "TCP" | "HTTP", Port: number) =>
        refusal(
          elbv2.send(
            new CreateListenerCommand({
              LoadBalancerArn: loadBalancer,
              Protocol,
              Port,
              DefaultActions,
            }),
          ),
        );
      expect(await listen("TCP", 81)).toMatchObject({ code: "ValidationError" });
      expect(await listen("HTTP", 80)).toMatchObject({ code: "DuplicateListener" });
    });
  });

  describe("a Gateway Load Balancer", () => {
    it("listens to everything, for a GENEVE target group", async () => {
      const { elbv2 } = clients(backend());
      const { vpc, subnets } = backend().otherVpc;
      const create = new CreateLoadBalancerCommand({
        Name: unique("gwlb"),
        Subnets: [...subnets],
        Type: "gateway",
      });
      const { LoadBalancerArn } = (await elbv2.send(create)).LoadBalancers?.[0] ?? {};
      const group = await elbv2.send(
        new CreateTargetGroupCommand({
          Name: unique("tg"),
          Protocol: "GENEVE",
          Port: 6081,
          VpcId: vpc,
        }),
      );
      const { TargetGroupArn, HealthCheckPort, HealthCheckProtocol } =
        group.TargetGroups?.[0] ?? {};
      expect([HealthCheckPort, HealthCheckProtocol]).toEqual(["80", "TCP"]);
      await elbv2.send(
        new CreateListenerCommand({
          LoadBalancerArn,
          DefaultActions: [{ Type: "forward", TargetGroupArn }],
        }),
      );
      const { TargetGroups } = await elbv2.send(
        new DescribeTargetGroupsCommand({ LoadBalancerArn }),
      );
      expect(TargetGroups?.map(({ Port }) => Port)).toEqual([6081]);
    });
  });

  describe("a target group", () => {
    it("holds one machine on several ports", async () => {
      const { elbv2, targetGroup, instance } = await served(backend());
      await elbv2.send(
        new RegisterTargetsCommand({
          TargetGroupArn: targetGroup,
          Targets: [{ Id: instance }, { Id: instance, Port: 8443 }],
        }),
      );
      const { TargetHealthDescriptions } = await elbv2.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup }),
      );
      expect(
        TargetHealthDescriptions?.map(({ Target, HealthCheckPort }) => [
          Target?.Port,
          HealthCheckPort,
        ]),
      ).toEqual([
        [8080, "8080"],
        [8443, "8443"],
      ]);
    });

    it("knows a control port", async () => {
      const { elbv2, targetGroup } = await served(backend(), { TargetControlPort: 3000 });
      const { TargetGroups } = await elbv2.send(
        new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroup] }),
      );
      expect(TargetGroups?.[0]?.TargetControlPort).toBe(3000);
    });

    it("checks health elsewhere when told to", async () => {
      const { elbv2, targetGroup, instance } = await served(backend());
      await elbv2.send(
        new RegisterTargetsCommand({ TargetGroupArn: targetGroup, Targets: [{ Id: instance }] }),
      );
      await elbv2.send(
        new ModifyTargetGroupCommand({ TargetGroupArn: targetGroup, HealthCheckPort: "9000" }),
      );
      const { TargetHealthDescriptions } = await elbv2.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup }),
      );
      expect(TargetHealthDescriptions?.[0]?.HealthCheckPort).toBe("9000");
    });

    it("is used through a weighted forward", async () => {
      const { elbv2, listener, loadBalancer, targetGroup, vpc } = await served(backend());
      const create = new CreateTargetGroupCommand({
        Name: unique("tg"),
        Protocol: "HTTP",
        Port: 9090,
        VpcId: vpc,
      });
      const other = (await elbv2.send(create)).TargetGroups?.[0]?.TargetGroupArn ?? "";
      const TargetGroups = [targetGroup, other].map((TargetGroupArn) => ({
        TargetGroupArn,
        Weight: 1,
      }));
      await elbv2.send(
        new ModifyListenerCommand({
          ListenerArn: listener,
          DefaultActions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
        }),
      );
      const used = await elbv2.send(
        new DescribeTargetGroupsCommand({ LoadBalancerArn: loadBalancer }),
      );
      expect(used.TargetGroups?.map(({ TargetGroupArn }) => TargetGroupArn)).toEqual([
        targetGroup,
        other,
      ]);
    });

    it("is not used once its listener is deleted", async () => {
      const { elbv2, listener, loadBalancer, targetGroup } = await served(backend());
      const { Listeners } = await elbv2.send(
        new DescribeListenersCommand({ LoadBalancerArn: loadBalancer }),
      );
      expect(Listeners?.map(({ ListenerArn, Port }) => [ListenerArn, Port])).toEqual([
        [listener, 80],
      ]);
      await elbv2.send(new DeleteListenerCommand({ ListenerArn: listener }));
      const { TargetGroups } = await elbv2.send(
        new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroup] }),
      );
      expect(TargetGroups?.[0]?.LoadBalancerArns ?? []).toEqual([]);
    });

    it("takes no instance that is not there, and says nothing of losing one", async () => {
      const { elbv2, targetGroup } = await served(backend());
      const which = { TargetGroupArn: targetGroup, Targets: [{ Id: "i-00000000000000000" }] };
      expect(await refusal(elbv2.send(new RegisterTargetsCommand(which)))).toMatchObject({
        code: "InvalidTarget",
      });
      await elbv2.send(new DeregisterTargetsCommand(which));
      expect(await health(targetGroup)).toEqual([]);
    });

    it("drains what it loses while it is in use", async () => {
      const { elbv2, targetGroup, instance } = await served(backend());
      const which = { TargetGroupArn: targetGroup, Targets: [{ Id: instance }] };
      await elbv2.send(new RegisterTargetsCommand(which));
      await elbv2.send(new DeregisterTargetsCommand(which));
      expect(await health(targetGroup)).toEqual([
        [8080, "draining", "Target.DeregistrationInProgress"],
      ]);
    });
  });

  describe("a target's health", () => {
    it("follows the rules of its groups", async () => {
      const { ec2, elbv2, targetGroup, instance, front, back } = await served(backend());
      await elbv2.send(
        new RegisterTargetsCommand({ TargetGroupArn: targetGroup, Targets: [{ Id: instance }] }),
      );
      expect(await health(targetGroup)).toEqual([[8080, "unhealthy", "Target.Timeout"]]);
      const rule = {
        GroupId: back,
        IpPermissions: [{ ...tcp(8080), UserIdGroupPairs: [{ GroupId: front }] }],
      };
      await ec2.send(new AuthorizeSecurityGroupIngressCommand(rule));
      expect(await health(targetGroup)).toEqual([[8080, "healthy", undefined]]);
      await ec2.send(new RevokeSecurityGroupIngressCommand(rule));
      expect(await health(targetGroup)).toEqual([[8080, "unhealthy", "Target.Timeout"]]);
    });

    it("follows the load balancer's way out", async () => {
      const { ec2, elbv2, targetGroup, instance, front, back } = await served(backend());
      await elbv2.send(
        new RegisterTargetsCommand({ TargetGroupArn: targetGroup, Targets: [{ Id: instance }] }),
      );
      await ec2.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: back,
          IpPermissions: [tcp(8080, "10.0.0.0/8")],
        }),
      );
      expect(await health(targetGroup)).toEqual([[8080, "healthy", undefined]]);
      const everything = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
      await ec2.send(
        new RevokeSecurityGroupEgressCommand({ GroupId: front, IpPermissions: [everything] }),
      );
      expect(await health(targetGroup)).toEqual([[8080, "unhealthy", "Target.Timeout"]]);
      const narrow = { ...tcp(8080), UserIdGroupPairs: [{ GroupId: back }] };
      await ec2.send(
        new AuthorizeSecurityGroupEgressCommand({ GroupId: front, IpPermissions: [narrow] }),
      );
      expect(await health(targetGroup)).toEqual([[8080, "healthy", undefined]]);
    });

    it("is unused without a load balancer", async () => {
      const { elbv2, instance, vpc } = await served(backend());
      const create = new CreateTargetGroupCommand({
        Name: unique("tg"),
        Protocol: "HTTP",
        Port: 9090,
        VpcId: vpc,
      });
      const other = (await elbv2.send(create)).TargetGroups?.[0]?.TargetGroupArn ?? "";
      await elbv2.send(
        new RegisterTargetsCommand({ TargetGroupArn: other, Targets: [{ Id: instance }] }),
      );
      expect(await health(other)).toEqual([[9090, "unused", "Target.NotInUse"]]);
    });

    it("of an instance at a Classic Load Balancer follows the rules, too", async () => {
      const { ec2, instance, front, back, subnets } = await served(backend());
      const { elb } = clients(backend());
      const LoadBalancerName = unique("lb");
      const Listeners = [{ Protocol: "HTTP", LoadBalancerPort: 80, InstancePort: 8080 }];
      await elb.send(
        new CreateClassicLoadBalancerCommand({
          LoadBalancerName,
          Listeners,
          Subnets: [...subnets],
          SecurityGroups: [front],
        }),
      );
      await elb.send(
        new RegisterInstancesWithLoadBalancerCommand({
          LoadBalancerName,
          Instances: [{ InstanceId: instance }],
        }),
      );
      const states = async () => {
        const { InstanceStates } = await elb.send(
          new DescribeInstanceHealthCommand({ LoadBalancerName }),
        );
        return InstanceStates?.map(({ InstanceId, State }) => [InstanceId, State]);
      };
      expect(await states()).toEqual([[instance, "OutOfService"]]);
      await ec2.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: back,
          IpPermissions: [tcp(8080, "10.0.0.0/8")],
        }),
      );
      expect(await states()).toEqual([[instance, "InService"]]);
    });
  });

  describe("DescribeTags", () => {
    it("tells the tags of twenty at most, all of which exist", async () => {
      const { elbv2, loadBalancer } = await served(backend());
      const ask = (ResourceArns: string[]) =>
        refusal(elbv2.send(new DescribeTagsCommand({ ResourceArns })));
      expect(await ask(Array.from({ length: 21 }, () => loadBalancer))).toMatchObject({
        code: "ValidationError",
      });
      expect(await ask([`${loadBalancer}0`])).toMatchObject({ code: "LoadBalancerNotFound" });
    });
  });
}
