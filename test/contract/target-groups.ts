import { RunInstancesCommand } from "@aws-sdk/client-ec2";
import {
  AddTagsCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  RegisterTargetsCommand,
  RemoveTagsCommand,
  SetSecurityGroupsCommand,
  type CreateTargetGroupCommandInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it } from "vitest";
import { clients, refusal, unique, type Backend } from "./backend.ts";
import { newGroup } from "./groups.ts";

/** An Application Load Balancer with a target group, a listener between them, and an instance that is not registered yet. */
export async function served(
  backend: Backend,
  options: Partial<CreateTargetGroupCommandInput> = {},
) {
  const { ec2, elbv2 } = clients(backend);
  const { vpc, subnets } = backend.otherVpc;
  const [front, back] = [await newGroup(ec2, vpc), await newGroup(ec2, vpc)];
  const create = new CreateLoadBalancerCommand({
    Name: unique("alb"),
    Subnets: [...subnets],
    SecurityGroups: [front],
  });
  const loadBalancer = (await elbv2.send(create)).LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  const group = new CreateTargetGroupCommand({
    Name: unique("tg"),
    Protocol: "HTTP",
    Port: 8080,
    VpcId: vpc,
    ...options,
  });
  const targetGroup = (await elbv2.send(group)).TargetGroups?.[0]?.TargetGroupArn ?? "";
  const DefaultActions = [{ Type: "forward" as const, TargetGroupArn: targetGroup }];
  const listen = new CreateListenerCommand({
    LoadBalancerArn: loadBalancer,
    Protocol: "HTTP",
    Port: 80,
    DefaultActions,
  });
  const listener = (await elbv2.send(listen)).Listeners?.[0]?.ListenerArn ?? "";
  const run = {
    ImageId: "ami-12c6146b",
    MinCount: 1,
    MaxCount: 1,
    SubnetId: subnets[0],
    SecurityGroupIds: [back],
  };
  const instance = (await ec2.send(new RunInstancesCommand(run))).Instances?.[0]?.InstanceId ?? "";
  return { ec2, elbv2, vpc, subnets, front, back, loadBalancer, targetGroup, listener, instance };
}

/** What every emulator of Application Load Balancers and target groups has to get right. */
export function targetGroups(backend: () => Backend): void {
  describe("Application Load Balancers", () => {
    it("show where they are and what they wear", async () => {
      const { elbv2, loadBalancer, front, vpc, subnets } = await served(backend());
      const { LoadBalancers } = await elbv2.send(
        new DescribeLoadBalancersCommand({ LoadBalancerArns: [loadBalancer] }),
      );
      expect(LoadBalancers).toHaveLength(1);
      expect(LoadBalancers?.[0]).toMatchObject({
        Type: "application",
        VpcId: vpc,
        SecurityGroups: [front],
      });
      expect(LoadBalancers?.[0]?.LoadBalancerArn).toMatch(/:loadbalancer\/app\//);
      expect(
        new Set(LoadBalancers?.[0]?.AvailabilityZones?.map(({ SubnetId }) => SubnetId)),
      ).toEqual(new Set(subnets));
    });

    it("wear other groups", async () => {
      const { ec2, elbv2, loadBalancer, vpc } = await served(backend());
      const other = await newGroup(ec2, vpc);
      await elbv2.send(
        new SetSecurityGroupsCommand({ LoadBalancerArn: loadBalancer, SecurityGroups: [other] }),
      );
      const { LoadBalancers } = await elbv2.send(
        new DescribeLoadBalancersCommand({ LoadBalancerArns: [loadBalancer] }),
      );
      expect(LoadBalancers?.[0]?.SecurityGroups).toEqual([other]);
    });

    it("carry tags", async () => {
      const { elbv2, loadBalancer } = await served(backend());
      const read = async () =>
        (await elbv2.send(new DescribeTagsCommand({ ResourceArns: [loadBalancer] })))
          .TagDescriptions?.[0]?.Tags ?? [];
      await elbv2.send(
        new AddTagsCommand({
          ResourceArns: [loadBalancer],
          Tags: [{ Key: "elb-only", Value: "enforce" }],
        }),
      );
      expect(await read()).toEqual([{ Key: "elb-only", Value: "enforce" }]);
      await elbv2.send(
        new RemoveTagsCommand({ ResourceArns: [loadBalancer], TagKeys: ["elb-only"] }),
      );
      expect(await read()).toEqual([]);
    });

    it("are gone when deleted, with their listeners; then their target groups can go", async () => {
      const { elbv2, loadBalancer, targetGroup } = await served(backend());
      expect(
        await refusal(elbv2.send(new DeleteTargetGroupCommand({ TargetGroupArn: targetGroup }))),
      ).toMatchObject({ code: "ResourceInUse" });
      await elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: loadBalancer }));
      const gone = new DescribeLoadBalancersCommand({ LoadBalancerArns: [loadBalancer] });
      expect(await refusal(elbv2.send(gone))).toMatchObject({
        code: "LoadBalancerNotFound",
        status: 400,
      });
      await elbv2.send(new DeleteTargetGroupCommand({ TargetGroupArn: targetGroup }));
      const alsoGone = new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroup] });
      expect(await refusal(elbv2.send(alsoGone))).toMatchObject({ code: "TargetGroupNotFound" });
    });
  });

  describe("target groups", () => {
    it("say what they are and which load balancer uses them", async () => {
      const { elbv2, loadBalancer, targetGroup, vpc } = await served(backend(), {
        HealthCheckPort: "8081",
      });
      const { TargetGroups } = await elbv2.send(
        new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroup] }),
      );
      expect(TargetGroups?.[0]).toMatchObject({
        TargetType: "instance",
        Protocol: "HTTP",
        Port: 8080,
        VpcId: vpc,
        HealthCheckPort: "8081",
        HealthCheckProtocol: "HTTP",
        LoadBalancerArns: [loadBalancer],
      });
    });

    it("are found by the load balancer that uses them", async () => {
      const { elbv2, loadBalancer, targetGroup } = await served(backend());
      const { TargetGroups } = await elbv2.send(
        new DescribeTargetGroupsCommand({ LoadBalancerArn: loadBalancer }),
      );
      expect(TargetGroups?.map(({ TargetGroupArn }) => TargetGroupArn)).toEqual([targetGroup]);
    });

    it("hold targets, on their own port unless told otherwise", async () => {
      const { elbv2, targetGroup, instance } = await served(backend());
      await elbv2.send(
        new RegisterTargetsCommand({ TargetGroupArn: targetGroup, Targets: [{ Id: instance }] }),
      );
      const health = async () =>
        (await elbv2.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup })))
          .TargetHealthDescriptions ?? [];
      expect((await health()).map(({ Target }) => [Target?.Id, Target?.Port])).toEqual([
        [instance, 8080],
      ]);
    });

    it("are used by rules, too", async () => {
      const { elbv2, listener, vpc, loadBalancer } = await served(backend());
      const create = new CreateTargetGroupCommand({
        Name: unique("tg"),
        Protocol: "HTTP",
        Port: 9090,
        VpcId: vpc,
      });
      const other = (await elbv2.send(create)).TargetGroups?.[0]?.TargetGroupArn ?? "";
      const Conditions = [{ Field: "path-pattern", Values: ["/api/*"] }];
      const Actions = [{ Type: "forward" as const, TargetGroupArn: other }];
      await elbv2.send(
        new CreateRuleCommand({ ListenerArn: listener, Priority: 1, Conditions, Actions }),
      );
      const { TargetGroups } = await elbv2.send(
        new DescribeTargetGroupsCommand({ TargetGroupArns: [other] }),
      );
      expect(TargetGroups?.[0]?.LoadBalancerArns).toEqual([loadBalancer]);
      const { Rules } = await elbv2.send(new DescribeRulesCommand({ ListenerArn: listener }));
      expect(Rules?.map(({ Priority, IsDefault }) => [Priority, IsDefault])).toEqual([
        ["1", false],
        ["default", true],
      ]);
    });

    it("lose targets", async () => {
      const { elbv2, listener, targetGroup, instance } = await served(backend());
      await elbv2.send(new DeleteListenerCommand({ ListenerArn: listener }));
      const which = { TargetGroupArn: targetGroup, Targets: [{ Id: instance }] };
      await elbv2.send(new RegisterTargetsCommand(which));
      await elbv2.send(new DeregisterTargetsCommand(which));
      const { TargetHealthDescriptions } = await elbv2.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup }),
      );
      expect(TargetHealthDescriptions ?? []).toEqual([]);
    });
  });
}
