import type { IpPermission, SecurityGroupRule } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { namedRulesOf, ruleOf, rulesOf } from "../../lib/aws/api/permissions.ts";
import { permissionOf } from "../../lib/values/permission.ts";
import { ruleKey, type Rule } from "../../lib/values/rule.ts";

const sources: readonly [string, SecurityGroupRule, Rule["source"], IpPermission][] = [
  [
    "an IPv4 range, as it is written",
    { CidrIpv4: "100.68.0.18/18" },
    { kind: "ipv4", cidr: "100.68.0.18/18" },
    { IpRanges: [{ CidrIp: "100.68.0.18/18" }] },
  ],
  [
    "an IPv6 range",
    { CidrIpv6: "::/0" },
    { kind: "ipv6", cidr: "::/0" },
    { Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
  ],
  [
    "a prefix list",
    { PrefixListId: "pl-1" },
    { kind: "prefixList", id: "pl-1" },
    { PrefixListIds: [{ PrefixListId: "pl-1" }] },
  ],
  [
    "a group of some account",
    {
      ReferencedGroupInfo: {
        GroupId: "sg-2",
        UserId: "444455556666",
        VpcPeeringConnectionId: "pcx-1",
      },
    },
    { kind: "group", group: "sg-2", owner: "444455556666" },
    { UserIdGroupPairs: [{ GroupId: "sg-2", UserId: "444455556666" }] },
  ],
  [
    "a group",
    { ReferencedGroupInfo: { GroupId: "sg-2" } },
    { kind: "group", group: "sg-2" },
    { UserIdGroupPairs: [{ GroupId: "sg-2" }] },
  ],
];

describe.each(sources)("a rule from %s", (_, read, source, written) => {
  const rule = ruleOf({
    SecurityGroupRuleId: "sgr-1",
    IpProtocol: "6",
    FromPort: 80,
    ToPort: 81,
    Description: "why",
    Tags: [{ Key: "a", Value: "b" }],
    ...read,
  });

  it("is read", () => {
    expect(rule).toEqual({
      id: "sgr-1",
      protocol: "tcp",
      fromPort: 80,
      toPort: 81,
      source,
      description: "why",
      tags: { a: "b" },
    });
  });

  it("is written with its description, and recognised as EC2 groups it", () => {
    const permission = permissionOf(rule as Rule);
    const [[family, [one]]] = Object.entries(written) as [[string, [object]]];
    expect(permission).toEqual({
      IpProtocol: "tcp",
      FromPort: 80,
      ToPort: 81,
      [family]: [{ ...one, Description: "why" }],
    });
    expect(rulesOf(permission).map(ruleKey)).toEqual([ruleKey(rule as Rule)]);
  });

  it("is written without a description where it has none", () => {
    const { description: __, ...plain } = rule as Rule;
    expect(permissionOf(plain)).toEqual({
      IpProtocol: "tcp",
      FromPort: 80,
      ToPort: 81,
      ...written,
    });
  });
});

describe("ruleOf", () => {
  it("has no rule where the source is of a kind that is not known", () => {
    expect(
      ruleOf({
        SecurityGroupRuleId: "sgr-1",
        IpProtocol: "tcp",
        FromPort: 80,
        ToPort: 80,
        ReferencedGroupInfo: { UserId: "amazon-elb" },
      }),
    ).toBeUndefined();
  });
});

describe("permissionOf", () => {
  const from = { kind: "ipv4", cidr: "0.0.0.0/0" } as const;
  it.each<[string, Rule, IpPermission]>([
    [
      "all protocols, which have no ports",
      { protocol: "-1", fromPort: -1, toPort: -1, source: from, tags: {} },
      { IpProtocol: "-1" },
    ],
    [
      "ESP, which has none either",
      { protocol: "50", fromPort: -1, toPort: -1, source: from, tags: {} },
      { IpProtocol: "50" },
    ],
    [
      "all of ICMP",
      { protocol: "icmp", fromPort: -1, toPort: -1, source: from, tags: {} },
      { IpProtocol: "icmp", FromPort: -1, ToPort: -1 },
    ],
    [
      "a kind of ICMPv6",
      { protocol: "icmpv6", fromPort: 128, toPort: 0, source: from, tags: {} },
      { IpProtocol: "icmpv6", FromPort: 128, ToPort: 0 },
    ],
    [
      "port 0",
      { protocol: "udp", fromPort: 0, toPort: 0, source: from, tags: {} },
      { IpProtocol: "udp", FromPort: 0, ToPort: 0 },
    ],
  ])("writes %s", (_, rule, written) => {
    expect(permissionOf(rule)).toEqual({ ...written, IpRanges: [{ CidrIp: "0.0.0.0/0" }] });
  });
});

describe("EC2-Classic's rules", () => {
  const permission: IpPermission = {
    IpProtocol: "tcp",
    FromPort: 80,
    ToPort: 80,
    IpRanges: [{ CidrIp: "0.0.0.0/0" }],
    UserIdGroupPairs: [
      { UserId: "amazon-elb", GroupName: "amazon-elb-sg" },
      { UserId: "111122223333", GroupId: "sg-2", GroupName: "two" },
    ],
  };

  it("have a source named by owner and name, and are the only ones of a group's own list that are read from there", () => {
    expect(namedRulesOf([permission])).toEqual([
      {
        protocol: "tcp",
        fromPort: 80,
        toPort: 80,
        source: { kind: "groupName", owner: "amazon-elb", name: "amazon-elb-sg" },
        tags: {},
      },
    ]);
    expect(namedRulesOf(undefined)).toEqual([]);
  });

  it("are written by owner and name", () => {
    const rule: Rule = {
      protocol: "tcp",
      fromPort: 80,
      toPort: 80,
      source: { kind: "groupName", owner: "amazon-elb", name: "amazon-elb-sg" },
      tags: {},
    };
    expect(permissionOf(rule).UserIdGroupPairs).toEqual([
      { UserId: "amazon-elb", GroupName: "amazon-elb-sg" },
    ]);
  });
});
