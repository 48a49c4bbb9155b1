import { describe, expect, it } from "vitest";
import { groupExists, groupsNamed, readGroups } from "../../lib/aws/read/groups.ts";
import { standIn } from "./account.ts";
import * as a from "./things.ts";

describe("readGroups", () => {
  it("reads EC2-Classic's rules, whose source only the group itself names", async () => {
    const { CidrIpv4: _, ...shown } = a.rule("sg-old", {
      ReferencedGroupInfo: { UserId: "amazon-elb" },
    });
    const { VpcId: __, ...old } = a.group("sg-old");
    const { aws } = standIn({
      groups: [
        {
          ...old,
          IpPermissions: [
            {
              IpProtocol: "tcp",
              FromPort: 80,
              ToPort: 80,
              UserIdGroupPairs: [{ UserId: "amazon-elb", GroupName: "amazon-elb-sg" }],
              IpRanges: [{ CidrIp: "0.0.0.0/0" }],
            },
          ],
        },
      ],
      rules: [shown, a.rule("sg-old", { SecurityGroupRuleId: "sgr-open" })],
    });
    const { groups, unread } = await readGroups(aws.ec2, ["sg-old"]);
    expect(unread).toEqual([]);
    expect(groups.get("sg-old")).not.toHaveProperty("vpc");
    expect(groups.get("sg-old")?.rules).toEqual([
      {
        id: "sgr-open",
        protocol: "tcp",
        fromPort: 80,
        toPort: 80,
        source: { kind: "ipv4", cidr: "0.0.0.0/0" },
        tags: {},
      },
      {
        protocol: "tcp",
        fromPort: 80,
        toPort: 80,
        source: { kind: "groupName", owner: "amazon-elb", name: "amazon-elb-sg" },
        tags: {},
      },
    ]);
  });

  it("keeps inbound and outbound rules apart", async () => {
    const { aws } = standIn({
      groups: [a.group("sg-1")],
      rules: [
        a.rule("sg-1", { FromPort: 1, ToPort: 1 }),
        a.rule("sg-1", { FromPort: 2, ToPort: 2, IsEgress: true }),
      ],
    });
    const { groups } = await readGroups(aws.ec2, ["sg-1"]);
    expect(groups.get("sg-1")?.rules.map(({ fromPort }) => fromPort)).toEqual([1]);
    expect(groups.get("sg-1")?.egress.map(({ fromPort }) => fromPort)).toEqual([2]);
  });

  it("reads a thousand groups with 20 rules each in 25 calls", async () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `sg-${index}`);
    const { aws, called } = standIn({
      groups: ids.map((id) => a.group(id)),
      rules: ids.flatMap((id) =>
        Array.from({ length: 20 }, (_, port) => a.rule(id, { FromPort: port, ToPort: port })),
      ),
    });
    const { groups } = await readGroups(aws.ec2, ids);
    expect(groups.size).toBe(1000);
    expect([...groups.values()].every(({ rules }) => rules.length === 20)).toBe(true);
    expect(Object.groupBy(called, ({ operation }) => operation)).toMatchObject({
      DescribeSecurityGroups: { length: 5 },
      DescribeSecurityGroupRules: { length: 20 },
    });
  });
});

describe("groupExists", () => {
  it("says whether there is such a group", async () => {
    const { aws } = standIn({ groups: [a.group("sg-1")] });
    expect(await groupExists(aws.ec2, "sg-1")).toBe(true);
    expect(await groupExists(aws.ec2, "sg-2")).toBe(false);
  });
});

describe("groupsNamed", () => {
  it("takes an asterisk in a name for itself, though EC2's filters find more", async () => {
    const { aws } = standIn({
      groups: [a.group("sg-1", { GroupName: "*" }), a.group("sg-2", { GroupName: "other" })],
    });
    expect((await groupsNamed(aws.ec2, ["*"])).get("*")).toEqual(["sg-1"]);
  });
});
