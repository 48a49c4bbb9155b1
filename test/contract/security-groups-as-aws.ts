import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupIngressCommand,
  type AuthorizeSecurityGroupIngressCommandInput,
  type IpPermission,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { clients, refusal, type Backend } from "./backend.ts";
import { brief, inbound, newGroup, tcp } from "./groups.ts";

/** What AWS does, and simple emulators do otherwise. */
export function securityGroupsAsAws(backend: () => Backend): void {
  const connected = () => ({ ...clients(backend()), ...backend() });
  const authorizing = (input: AuthorizeSecurityGroupIngressCommandInput) =>
    new AuthorizeSecurityGroupIngressCommand(input);

  describe("AuthorizeSecurityGroupIngress", () => {
    it("masks and compresses CIDRs before it compares", async () => {
      const { ec2, defaultVpc } = connected();
      const group = await newGroup(ec2, defaultVpc.vpc, {
        ...tcp(80, "100.68.0.18/18"),
        Ipv6Ranges: [{ CidrIpv6: "2001:0db8:0::1/64" }],
      });
      expect((await inbound(ec2, group)).map(brief)).toEqual([
        "tcp 80-80 100.68.0.0/18",
        "tcp 80-80 2001:db8::/64",
      ]);
      expect(
        await refusal(
          ec2.send(authorizing({ GroupId: group, IpPermissions: [tcp(80, "100.68.0.0/18")] })),
        ),
      ).toMatchObject({
        code: "InvalidPermission.Duplicate",
      });
    });

    it("takes a batch as a whole or not at all", async () => {
      const { ec2, defaultVpc } = connected();
      const group = await newGroup(ec2, defaultVpc.vpc, tcp(80, "0.0.0.0/0"));
      const batch = (permission: IpPermission) =>
        refusal(
          ec2.send(
            authorizing({ GroupId: group, IpPermissions: [tcp(81, "0.0.0.0/0"), permission] }),
          ),
        );
      expect(await batch(tcp(80, "0.0.0.0/0"))).toMatchObject({
        code: "InvalidPermission.Duplicate",
      });
      expect(await batch(tcp(81, "0.0.0.0/0"))).toMatchObject({ code: "InvalidParameterValue" });
      expect(
        await batch({ ...tcp(82), UserIdGroupPairs: [{ GroupId: "sg-00000000000000000" }] }),
      ).toMatchObject({ code: "InvalidGroup.NotFound" });
      expect(await batch(tcp(83, "300.0.0.0/8"))).toMatchObject({ code: "InvalidParameterValue" });
      expect((await inbound(ec2, group)).map(brief)).toEqual(["tcp 80-80 0.0.0.0/0"]);
    });

    it("leaves the description out of a rule's identity", async () => {
      const { ec2, defaultVpc } = connected();
      const group = await newGroup(ec2, defaultVpc.vpc, {
        ...tcp(80),
        IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "one" }],
      });
      const other = { ...tcp(80), IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "other" }] };
      expect(
        await refusal(ec2.send(authorizing({ GroupId: group, IpPermissions: [other] }))),
      ).toMatchObject({ code: "InvalidPermission.Duplicate" });
    });

    it("counts IPv4 and IPv6 apart, and a group in both", async () => {
      const { ec2, defaultVpc } = connected();
      const source = await newGroup(ec2, defaultVpc.vpc);
      const many = (count: number): IpPermission =>
        tcp(80, ...Array.from({ length: count }, (_, index) => `10.0.${index}.0/24`));
      const group = await newGroup(ec2, defaultVpc.vpc, many(59), {
        ...tcp(443),
        UserIdGroupPairs: [{ GroupId: source }],
      });
      expect(
        await refusal(
          ec2.send(authorizing({ GroupId: group, IpPermissions: [tcp(81, "0.0.0.0/0")] })),
        ),
      ).toMatchObject({
        code: "RulesPerSecurityGroupLimitExceeded",
      });
      await ec2.send(
        authorizing({
          GroupId: group,
          IpPermissions: [{ ...tcp(81), Ipv6Ranges: [{ CidrIpv6: "::/0" }] }],
        }),
      );
      expect(await inbound(ec2, group)).toHaveLength(61);
    });

    it.each([
      ["a character that is not allowed", "says <hello>"],
      ["more than 255 characters", "x".repeat(256)],
    ])("refuses a description with %s", async (_, Description) => {
      const { ec2, defaultVpc } = connected();
      const group = await newGroup(ec2, defaultVpc.vpc);
      const permission = { ...tcp(80), IpRanges: [{ CidrIp: "0.0.0.0/0", Description }] };
      expect(
        await refusal(ec2.send(authorizing({ GroupId: group, IpPermissions: [permission] }))),
      ).toMatchObject({ code: "InvalidParameterValue" });
    });

    it("knows all ports, protocols by number, and the flat form", async () => {
      const { ec2, defaultVpc } = connected();
      const group = await newGroup(
        ec2,
        defaultVpc.vpc,
        { IpProtocol: "-1", FromPort: 0, ToPort: 0, IpRanges: [{ CidrIp: "10.0.0.0/8" }] },
        { IpProtocol: "6", FromPort: 0, ToPort: 65535, IpRanges: [{ CidrIp: "10.0.0.0/8" }] },
        { IpProtocol: "icmp", FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: "10.0.0.0/8" }] },
      );
      await ec2.send(
        authorizing({
          GroupId: group,
          IpProtocol: "tcp",
          FromPort: 22,
          ToPort: 22,
          CidrIp: "192.0.2.1/32",
        }),
      );
      expect((await inbound(ec2, group)).map(brief)).toEqual([
        "-1 -1--1 10.0.0.0/8",
        "tcp 0-65535 10.0.0.0/8",
        "icmp 8--1 10.0.0.0/8",
        "tcp 22-22 192.0.2.1/32",
      ]);
    });

    it("refuses a group of another VPC as a source", async () => {
      const { ec2, defaultVpc, otherVpc } = connected();
      const source = await newGroup(ec2, otherVpc.vpc);
      const group = await newGroup(ec2, defaultVpc.vpc);
      const permission = { ...tcp(80), UserIdGroupPairs: [{ GroupId: source }] };
      expect(
        await refusal(ec2.send(authorizing({ GroupId: group, IpPermissions: [permission] }))),
      ).toMatchObject({ code: "InvalidGroup.NotFound" });
    });

    it("keeps the way out apart", async () => {
      const { ec2, defaultVpc } = connected();
      const group = await newGroup(ec2, defaultVpc.vpc, tcp(80, "0.0.0.0/0"));
      await ec2.send(
        new AuthorizeSecurityGroupEgressCommand({
          GroupId: group,
          IpPermissions: [tcp(80, "0.0.0.0/0")],
        }),
      );
      const { SecurityGroups } = await ec2.send(
        new DescribeSecurityGroupsCommand({ GroupIds: [group] }),
      );
      expect(SecurityGroups?.[0]?.IpPermissions).toHaveLength(1);
      expect(SecurityGroups?.[0]?.IpPermissionsEgress).toHaveLength(2);
    });
  });

  describe("RevokeSecurityGroupIngress", () => {
    const batch = [tcp(80, "0.0.0.0/0"), tcp(99, "0.0.0.0/0")];

    it("in a default VPC revokes what it finds and lists what it does not", async () => {
      const { ec2, defaultVpc } = connected();
      const group = await newGroup(ec2, defaultVpc.vpc, tcp(80, "0.0.0.0/0"), tcp(81, "0.0.0.0/0"));
      const answer = await ec2.send(
        new RevokeSecurityGroupIngressCommand({ GroupId: group, IpPermissions: batch }),
      );
      expect(answer.Return).toBe(true);
      expect(answer.RevokedSecurityGroupRules?.map(({ FromPort }) => FromPort)).toEqual([80]);
      expect(answer.UnknownIpPermissions).toMatchObject([
        { IpProtocol: "tcp", FromPort: 99, ToPort: 99, IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
      ]);
      expect((await inbound(ec2, group)).map(brief)).toEqual(["tcp 81-81 0.0.0.0/0"]);
    });

    it("in another VPC revokes nothing if anything does not match", async () => {
      const { ec2, otherVpc } = connected();
      const group = await newGroup(ec2, otherVpc.vpc, tcp(80, "0.0.0.0/0"));
      const answer = ec2.send(
        new RevokeSecurityGroupIngressCommand({ GroupId: group, IpPermissions: batch }),
      );
      expect(await refusal(answer)).toMatchObject({
        code: "InvalidPermission.NotFound",
        status: 400,
      });
      expect((await inbound(ec2, group)).map(brief)).toEqual(["tcp 80-80 0.0.0.0/0"]);
    });

    it("wants a description that is given to be the rule's own", async () => {
      const { ec2, otherVpc } = connected();
      const described = (Description?: string): IpPermission => ({
        ...tcp(80),
        IpRanges: [{ CidrIp: "0.0.0.0/0", ...(Description && { Description }) }],
      });
      const group = await newGroup(ec2, otherVpc.vpc, described("for the web"));
      const revoke = (permission: IpPermission) =>
        ec2.send(
          new RevokeSecurityGroupIngressCommand({ GroupId: group, IpPermissions: [permission] }),
        );
      expect(await refusal(revoke(described("for the Web")))).toMatchObject({
        code: "InvalidPermission.NotFound",
      });
      expect((await revoke(described("for the web"))).Return).toBe(true);
    });

    it("matches any description where none is given", async () => {
      const { ec2, otherVpc } = connected();
      const group = await newGroup(ec2, otherVpc.vpc, {
        ...tcp(80),
        IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "for the web" }],
      });
      await ec2.send(
        new RevokeSecurityGroupIngressCommand({
          GroupId: group,
          IpPermissions: [tcp(80, "0.0.0.0/0")],
        }),
      );
      expect(await inbound(ec2, group)).toEqual([]);
    });

    it("revokes nothing by ids if it does not know one", async () => {
      const { ec2, defaultVpc } = connected();
      const group = await newGroup(ec2, defaultVpc.vpc, tcp(80, "0.0.0.0/0"));
      const known = (await inbound(ec2, group))[0]?.SecurityGroupRuleId ?? "";
      const revoke = ec2.send(
        new RevokeSecurityGroupIngressCommand({
          GroupId: group,
          SecurityGroupRuleIds: [known, "sgr-00000000000000000"],
        }),
      );
      expect(await refusal(revoke)).toMatchObject({ code: "InvalidSecurityGroupRuleId.NotFound" });
      expect(await inbound(ec2, group)).toHaveLength(1);
    });
  });

  describe("ModifySecurityGroupRules", () => {
    it("edits in place: the id and the tags stay", async () => {
      const { ec2, defaultVpc } = connected();
      const group = await newGroup(ec2, defaultVpc.vpc, tcp(80, "0.0.0.0/0"));
      const id = (await inbound(ec2, group))[0]?.SecurityGroupRuleId ?? "";
      await ec2.send(
        new CreateTagsCommand({ Resources: [id], Tags: [{ Key: "owner", Value: "web" }] }),
      );
      const wanted = {
        IpProtocol: "tcp",
        FromPort: 22,
        ToPort: 22,
        CidrIpv4: "192.0.2.7/24",
        Description: "narrowed",
      };
      await ec2.send(
        new ModifySecurityGroupRulesCommand({
          GroupId: group,
          SecurityGroupRules: [{ SecurityGroupRuleId: id, SecurityGroupRule: wanted }],
        }),
      );
      expect(await inbound(ec2, group)).toMatchObject([
        {
          SecurityGroupRuleId: id,
          FromPort: 22,
          CidrIpv4: "192.0.2.0/24",
          Description: "narrowed",
          Tags: [{ Key: "owner", Value: "web" }],
        },
      ]);
    });

    it("does not change the kind of a source, nor make a second one of the same", async () => {
      const { ec2, defaultVpc } = connected();
      const group = await newGroup(ec2, defaultVpc.vpc, tcp(80, "0.0.0.0/0"), tcp(81, "0.0.0.0/0"));
      const id = (await inbound(ec2, group))[0]?.SecurityGroupRuleId ?? "";
      const modify = (source: { ReferencedGroupId: string } | { CidrIpv4: string }) => {
        const wanted = { IpProtocol: "tcp", FromPort: 81, ToPort: 81, ...source };
        return refusal(
          ec2.send(
            new ModifySecurityGroupRulesCommand({
              GroupId: group,
              SecurityGroupRules: [{ SecurityGroupRuleId: id, SecurityGroupRule: wanted }],
            }),
          ),
        );
      };
      expect(await modify({ ReferencedGroupId: group })).toMatchObject({
        code: "InvalidParameterValue",
      });
      expect(await modify({ CidrIpv4: "0.0.0.0/0" })).toMatchObject({
        code: "InvalidPermission.Duplicate",
      });
    });
  });

  describe("DeleteSecurityGroup", () => {
    it("refuses a group that another one's rule refers to", async () => {
      const { ec2, defaultVpc } = connected();
      const source = await newGroup(ec2, defaultVpc.vpc);
      const group = await newGroup(ec2, defaultVpc.vpc, {
        ...tcp(80),
        UserIdGroupPairs: [{ GroupId: source }],
      });
      expect(
        await refusal(ec2.send(new DeleteSecurityGroupCommand({ GroupId: source }))),
      ).toMatchObject({ code: "DependencyViolation" });
      await ec2.send(new DeleteSecurityGroupCommand({ GroupId: group }));
      await ec2.send(new DeleteSecurityGroupCommand({ GroupId: source }));
      expect(
        await refusal(ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [source] }))),
      ).toMatchObject({ code: "InvalidGroup.NotFound" });
    });
  });

  describe("describing", () => {
    it("pages by MaxResults", async () => {
      const { ec2, defaultVpc } = connected();
      const group = await newGroup(
        ec2,
        defaultVpc.vpc,
        ...Array.from({ length: 6 }, (_, index) => tcp(8000 + index, "10.0.0.0/8")),
      );
      const Filters = [{ Name: "group-id", Values: [group] }];
      const first = await ec2.send(
        new DescribeSecurityGroupRulesCommand({ Filters, MaxResults: 5 }),
      );
      expect(first.SecurityGroupRules).toHaveLength(5);
      const second = await ec2.send(
        new DescribeSecurityGroupRulesCommand({
          Filters,
          MaxResults: 5,
          NextToken: first.NextToken,
        }),
      );
      expect(second.SecurityGroupRules).toHaveLength(2);
      expect(second.NextToken).toBeUndefined();
    });

    it.each([4, 1001])("refuses MaxResults of %i", async (MaxResults) => {
      const { ec2 } = connected();
      expect(
        await refusal(ec2.send(new DescribeSecurityGroupRulesCommand({ MaxResults }))),
      ).toMatchObject({ code: "InvalidParameterValue" });
      expect(
        await refusal(ec2.send(new DescribeSecurityGroupsCommand({ MaxResults }))),
      ).toMatchObject({ code: "InvalidParameterValue" });
      expect(
        await refusal(ec2.send(new DescribeNetworkInterfacesCommand({ MaxResults }))),
      ).toMatchObject({ code: "InvalidParameterValue" });
    });

    it("tells the description of a rule from a group, too", async () => {
      const { ec2, defaultVpc } = connected();
      const UserIdGroupPairs = [
        { GroupId: await newGroup(ec2, defaultVpc.vpc), Description: "the proxy" },
      ];
      const group = await newGroup(ec2, defaultVpc.vpc, { ...tcp(80), UserIdGroupPairs });
      expect((await inbound(ec2, group)).map(({ Description }) => Description)).toEqual([
        "the proxy",
      ]);
    });

    it("refuses a filter that it does not know", async () => {
      const { ec2 } = connected();
      const answer = ec2.send(
        new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "colour", Values: ["red"] }] }),
      );
      expect(await refusal(answer)).toEqual({
        code: "InvalidParameterValue",
        message: "The filter 'colour' is invalid",
        status: 400,
      });
    });

    it("refuses a group id that is none", async () => {
      const { ec2 } = connected();
      expect(
        await refusal(ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: ["web"] }))),
      ).toMatchObject({ code: "InvalidGroupId.Malformed" });
    });
  });
}
