import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DeleteTagsCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupIngressCommand,
  paginateDescribeSecurityGroupRules,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { clients, refusal, unique, type Backend } from "./backend.ts";
import { brief, inbound, newGroup, tcp } from "./groups.ts";

/** What every emulator of EC2's security groups has to get right. */
export function securityGroups(backend: () => Backend): void {
  const connected = () => ({ ...clients(backend()), ...backend() });

  describe("security groups", () => {
    it("keeps a grouped permission as rules of one source each, with ids", async () => {
      const { ec2, defaultVpc } = connected();
      const source = await newGroup(ec2, defaultVpc.vpc);
      const group = await newGroup(ec2, defaultVpc.vpc, {
        ...tcp(80, "0.0.0.0/0", "198.51.100.0/24"),
        Ipv6Ranges: [{ CidrIpv6: "::/0" }],
        UserIdGroupPairs: [{ GroupId: source }],
      });
      const rules = await inbound(ec2, group);
      expect(rules.map(brief).sort()).toEqual(
        ["0.0.0.0/0", "198.51.100.0/24", "::/0", source].map((from) => `tcp 80-80 ${from}`).sort(),
      );
      expect(new Set(rules.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId)).size).toBe(4);
      expect(
        rules.every(({ SecurityGroupRuleId }) => SecurityGroupRuleId?.startsWith("sgr-")),
      ).toBe(true);
    });

    it("shows the same rules grouped by protocol and ports", async () => {
      const { ec2, defaultVpc } = connected();
      const group = await newGroup(
        ec2,
        defaultVpc.vpc,
        tcp(80, "0.0.0.0/0"),
        tcp(22, "192.0.2.0/24"),
      );
      const { SecurityGroups } = await ec2.send(
        new DescribeSecurityGroupsCommand({ GroupIds: [group] }),
      );
      expect(SecurityGroups).toHaveLength(1);
      expect(SecurityGroups?.[0]).toMatchObject({
        GroupId: group,
        VpcId: defaultVpc.vpc,
        Description: "a test's",
      });
      const shown = SecurityGroups?.[0]?.IpPermissions?.map(({ FromPort, IpRanges }) => [
        FromPort,
        IpRanges?.[0]?.CidrIp,
      ]);
      expect(shown?.sort()).toEqual([
        [22, "192.0.2.0/24"],
        [80, "0.0.0.0/0"],
      ]);
    });

    it("lets everything out of a new group, and nothing in", async () => {
      const { ec2, defaultVpc } = connected();
      const group = await newGroup(ec2, defaultVpc.vpc);
      const { SecurityGroupRules } = await ec2.send(
        new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [group] }] }),
      );
      expect(SecurityGroupRules?.map((rule) => [rule.IsEgress, brief(rule)])).toEqual([
        [true, "-1 -1--1 0.0.0.0/0"],
      ]);
    });

    it("keeps descriptions and tags of rules", async () => {
      const { ec2, defaultVpc } = connected();
      const group = await newGroup(ec2, defaultVpc.vpc);
      const answer = await ec2.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: group,
          IpPermissions: [
            {
              ...tcp(443),
              IpRanges: [
                { CidrIp: "0.0.0.0/0", Description: "elb-only: admits my-alb on tcp/443" },
              ],
            },
          ],
          TagSpecifications: [
            {
              ResourceType: "security-group-rule",
              Tags: [{ Key: "elb-only:load-balancer", Value: "my-alb" }],
            },
          ],
        }),
      );
      expect(answer.Return).toBe(true);
      expect(answer.SecurityGroupRules?.map(({ Description }) => Description)).toEqual([
        "elb-only: admits my-alb on tcp/443",
      ]);
      const [rule] = await inbound(ec2, group);
      expect(rule?.Description).toBe("elb-only: admits my-alb on tcp/443");
      expect(rule?.Tags).toEqual([{ Key: "elb-only:load-balancer", Value: "my-alb" }]);
    });

    it("adds and takes away tags of groups and of rules", async () => {
      const { ec2, defaultVpc } = connected();
      const group = await newGroup(ec2, defaultVpc.vpc, tcp(80, "0.0.0.0/0"));
      const rule = (await inbound(ec2, group))[0]?.SecurityGroupRuleId ?? "";
      await ec2.send(
        new CreateTagsCommand({
          Resources: [group, rule],
          Tags: [{ Key: "elb-only:keep", Value: "monitoring" }],
        }),
      );
      expect((await inbound(ec2, group))[0]?.Tags).toEqual([
        { Key: "elb-only:keep", Value: "monitoring" },
      ]);
      await ec2.send(
        new DeleteTagsCommand({ Resources: [rule], Tags: [{ Key: "elb-only:keep" }] }),
      );
      expect((await inbound(ec2, group))[0]?.Tags ?? []).toEqual([]);
      const { SecurityGroups } = await ec2.send(
        new DescribeSecurityGroupsCommand({ GroupIds: [group] }),
      );
      expect(SecurityGroups?.[0]?.Tags).toEqual([{ Key: "elb-only:keep", Value: "monitoring" }]);
    });

    it("finds rules by id and by tag", async () => {
      const { ec2, defaultVpc } = connected();
      const group = await newGroup(ec2, defaultVpc.vpc, tcp(80, "0.0.0.0/0"), tcp(81, "0.0.0.0/0"));
      const [first, second] = (await inbound(ec2, group)).map(
        ({ SecurityGroupRuleId = "" }) => SecurityGroupRuleId,
      );
      const key = unique("key");
      await ec2.send(
        new CreateTagsCommand({ Resources: [second ?? ""], Tags: [{ Key: key, Value: "yes" }] }),
      );
      const ask = async (Name: string, value: string) => {
        const answer = await ec2.send(
          new DescribeSecurityGroupRulesCommand({ Filters: [{ Name, Values: [value] }] }),
        );
        return answer.SecurityGroupRules?.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId);
      };
      expect(await ask("security-group-rule-id", first ?? "")).toEqual([first]);
      expect(await ask(`tag:${key}`, "yes")).toEqual([second]);
      expect(await ask(`tag:${key}`, "no")).toEqual([]);
      expect(await ask("tag-key", key)).toEqual([second]);
    });

    it("revokes by properties and by rule id", async () => {
      const { ec2, otherVpc } = connected();
      const group = await newGroup(
        ec2,
        otherVpc.vpc,
        tcp(80, "0.0.0.0/0"),
        tcp(81, "0.0.0.0/0"),
        tcp(82, "0.0.0.0/0"),
      );
      await ec2.send(
        new RevokeSecurityGroupIngressCommand({
          GroupId: group,
          IpPermissions: [tcp(80, "0.0.0.0/0")],
        }),
      );
      const rule =
        (await inbound(ec2, group)).find(({ FromPort }) => FromPort === 81)?.SecurityGroupRuleId ??
        "";
      await ec2.send(
        new RevokeSecurityGroupIngressCommand({ GroupId: group, SecurityGroupRuleIds: [rule] }),
      );
      expect((await inbound(ec2, group)).map(brief)).toEqual(["tcp 82-82 0.0.0.0/0"]);
    });

    it("refuses a rule that exists", async () => {
      const { ec2, defaultVpc } = connected();
      const group = await newGroup(ec2, defaultVpc.vpc, tcp(80, "0.0.0.0/0"));
      const again = ec2.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: group,
          IpPermissions: [tcp(80, "0.0.0.0/0")],
        }),
      );
      expect(await refusal(again)).toMatchObject({
        code: "InvalidPermission.Duplicate",
        status: 400,
      });
    });

    it("does not know a group that is not there", async () => {
      const { ec2 } = connected();
      const gone = "sg-00000000000000000";
      expect(
        await refusal(ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [gone] }))),
      ).toMatchObject({ code: "InvalidGroup.NotFound" });
      const change = ec2.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: gone,
          IpPermissions: [tcp(80, "0.0.0.0/0")],
        }),
      );
      expect(await refusal(change)).toMatchObject({ code: "InvalidGroup.NotFound" });
    });

    it("refuses a second group of the same name in one VPC", async () => {
      const { ec2, defaultVpc, otherVpc } = connected();
      const create = (VpcId: string, GroupName: string) =>
        ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: "twice", VpcId }));
      const name = unique("twice");
      await create(defaultVpc.vpc, name);
      await create(otherVpc.vpc, name);
      expect(await refusal(create(defaultVpc.vpc, name))).toMatchObject({
        code: "InvalidGroup.Duplicate",
      });
    });

    it("deletes a group", async () => {
      const { ec2, defaultVpc } = connected();
      const group = await newGroup(ec2, defaultVpc.vpc);
      await ec2.send(new DeleteSecurityGroupCommand({ GroupId: group }));
      expect(
        await refusal(ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [group] }))),
      ).toMatchObject({ code: "InvalidGroup.NotFound" });
    });

    it("gives all rules, however they are paged", async () => {
      const { ec2, defaultVpc } = connected();
      const group = await newGroup(
        ec2,
        defaultVpc.vpc,
        ...Array.from({ length: 12 }, (_, index) => tcp(8000 + index, "10.0.0.0/8")),
      );
      const ports: number[] = [];
      const pages = paginateDescribeSecurityGroupRules(
        { client: ec2, pageSize: 5 },
        { Filters: [{ Name: "group-id", Values: [group] }] },
      );
      for await (const { SecurityGroupRules = [] } of pages)
        ports.push(...SecurityGroupRules.map(({ FromPort = 0 }) => FromPort));
      expect(ports.sort((a, b) => a - b)).toEqual([
        -1,
        ...Array.from({ length: 12 }, (_, index) => 8000 + index),
      ]);
    });
  });
}
