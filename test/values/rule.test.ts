import { describe, expect, it } from "vitest";
import {
  canonicalRule,
  isIn,
  portsText,
  type Rule,
  ruleKey,
  ruleText,
  sameRule,
  sameTraffic,
  sourceKey,
  type Source,
} from "../../lib/values/rule.ts";
import { rule } from "../support/builders.ts";

const world: Source = { kind: "ipv4", cidr: "0.0.0.0/0" };
const span = ({ protocol, fromPort, toPort }: Rule): readonly [string, number, number] => [
  protocol,
  fromPort,
  toPort,
];

describe("the protocol of canonicalRule", () => {
  it.each([
    ["tcp", "tcp"],
    ["6", "tcp"],
    ["TCP", "tcp"],
    ["17", "udp"],
    ["1", "icmp"],
    ["58", "icmpv6"],
    ["ICMPv6", "icmpv6"],
    ["-1", "-1"],
    ["all", "-1"],
    ["50", "50"],
    ["__proto__", "__proto__"],
  ])("spells %s as %s", (written, canonical) => {
    expect(canonicalRule({ protocol: written, source: world }).protocol).toBe(canonical);
  });
});

describe("canonicalRule", () => {
  it.each<
    [
      string,
      { protocol: string; fromPort?: number; toPort?: number },
      readonly [string, number, number],
    ]
  >([
    ["all traffic without ports", { protocol: "-1" }, ["-1", -1, -1]],
    [
      "all traffic as Terraform writes it",
      { protocol: "-1", fromPort: 0, toPort: 0 },
      ["-1", -1, -1],
    ],
    [
      "all traffic as CloudTrail writes it",
      { protocol: "-1", fromPort: -1, toPort: -1 },
      ["-1", -1, -1],
    ],
    ["a protocol without ports", { protocol: "50", fromPort: 0, toPort: 0 }, ["50", -1, -1]],
    ["one port", { protocol: "6", fromPort: 80, toPort: 80 }, ["tcp", 80, 80]],
    ["one port said once", { protocol: "tcp", fromPort: 80 }, ["tcp", 80, 80]],
    [
      "port 0, which is a port like any other",
      { protocol: "tcp", fromPort: 0, toPort: 0 },
      ["tcp", 0, 0],
    ],
    ["all ports, unsaid", { protocol: "tcp" }, ["tcp", 0, 65535]],
    ["all ports, as -1", { protocol: "udp", fromPort: -1, toPort: -1 }, ["udp", 0, 65535]],
    ["every ICMP type", { protocol: "icmp", fromPort: -1, toPort: -1 }, ["icmp", -1, -1]],
    ["every ICMP type, unsaid", { protocol: "1" }, ["icmp", -1, -1]],
    [
      "an ICMP type with every code",
      { protocol: "icmp", fromPort: 8, toPort: -1 },
      ["icmp", 8, -1],
    ],
    [
      "an ICMP type without a code, which is every code",
      { protocol: "icmp", fromPort: 8 },
      ["icmp", 8, -1],
    ],
    ["an ICMP type and code", { protocol: "58", fromPort: 3, toPort: 4 }, ["icmpv6", 3, 4]],
  ])("reads %s", (_, written, expected) => {
    expect(span(canonicalRule({ ...written, source: world }))).toEqual(expected);
  });

  it("keeps what a person wrote beside it, and leaves out what is empty", () => {
    const written = {
      protocol: "tcp",
      fromPort: 80,
      source: world,
      description: "web",
      tags: { team: "a" },
      id: "sgr-1",
    };
    expect(canonicalRule(written)).toMatchObject({
      description: "web",
      tags: { team: "a" },
      id: "sgr-1",
    });
    expect(
      Object.keys(
        canonicalRule({ protocol: "tcp", source: world, description: "", id: undefined }),
      ),
    ).toEqual(["protocol", "fromPort", "toPort", "source", "tags"]);
  });
});

describe("the identity of a rule", () => {
  const read = { ...rule("tcp 80 10.0.0.0/8", { description: "web" }), id: "sgr-1" };
  const { id: _, ...byEvent } = read;
  it.each<[string, string, (a: Rule, b: Rule) => boolean, Rule]>([
    [
      "sameTraffic",
      "a rule made anew, described otherwise",
      sameTraffic,
      { ...read, id: "sgr-2", description: "app" },
    ],
    [
      "sameRule",
      "a rule that somebody has rewritten",
      sameRule,
      { ...read, toPort: 90, description: "app" },
    ],
    ["sameRule", "a rule of which an event does not tell the id", sameRule, byEvent],
  ])("%s hides the false difference: %s", (_name, _what, same, other) => {
    expect([same(read, other), same(other, read)]).toEqual([true, true]);
  });

  it.each<[string, string, (a: Rule, b: Rule) => boolean, Rule]>([
    ["sameTraffic", "a rule that somebody has widened", sameTraffic, { ...read, toPort: 90 }],
    [
      "sameRule",
      "a rule that was made anew, exactly as it was",
      sameRule,
      { ...read, id: "sgr-2" },
    ],
    [
      "sameRule",
      "another port, told by an event without an id",
      sameRule,
      { ...byEvent, toPort: 90 },
    ],
  ])("%s still fires on the true one: %s", (_name, _what, same, other) => {
    expect([same(read, other), same(other, read)]).toEqual([false, false]);
  });

  it("isIn finds a rule by what it lets in", () => {
    const rules = [rule("tcp 443 10.0.0.0/8"), { ...read, id: "sgr-2" }];
    expect([isIn(rules, read), isIn(rules, { ...read, toPort: 90 })]).toEqual([true, false]);
  });
});

describe("ruleKey, what a rule lets in", () => {
  const same: readonly (readonly [string, Rule, Rule])[] = [
    ["a protocol's name and number", rule("tcp 80 0.0.0.0/0"), rule("6 80 0.0.0.0/0")],
    [
      "all traffic with and without ports",
      rule("-1 0.0.0.0/0"),
      canonicalRule({ protocol: "-1", fromPort: 0, toPort: 0, source: world }),
    ],
    [
      "a CIDR with and without host bits",
      rule("tcp 80 100.68.0.18/18"),
      rule("tcp 80 100.68.0.0/18"),
    ],
    [
      "an IPv6 range, long and compressed",
      rule("tcp 80 2001:0DB8:0:0:0:0:0:1/64"),
      rule("tcp 80 2001:db8::/64"),
    ],
    [
      "whatever the description",
      rule("tcp 80 0.0.0.0/0", { description: "a" }),
      rule("tcp 80 0.0.0.0/0", { description: "b" }),
    ],
    ["whatever the tags", rule("tcp 80 0.0.0.0/0", { tags: { a: "1" } }), rule("tcp 80 0.0.0.0/0")],
    [
      "a group by id, whoever is said to own it",
      rule("tcp 80 sg-a"),
      rule("tcp 80 sg-a@222222222222"),
    ],
  ];
  it.each(same)("is the same for %s", (_, a, b) => {
    expect(ruleKey(a)).toBe(ruleKey(b));
  });

  const different: readonly (readonly [string, Rule, Rule])[] = [
    ["protocols", rule("tcp 80 0.0.0.0/0"), rule("udp 80 0.0.0.0/0")],
    ["ICMP's families", rule("icmp 0.0.0.0/0"), rule("icmpv6 0.0.0.0/0")],
    ["ICMP types", rule("icmp 8 0.0.0.0/0"), rule("icmp 0.0.0.0/0")],
    ["ICMP codes", rule("icmp 3/4 0.0.0.0/0"), rule("icmp 3/1 0.0.0.0/0")],
    ["ports", rule("tcp 80 0.0.0.0/0"), rule("tcp 80-81 0.0.0.0/0")],
    ["lengths of a mask", rule("tcp 80 10.0.0.0/8"), rule("tcp 80 10.0.0.0/16")],
    ["address families", rule("tcp 80 0.0.0.0/0"), rule("tcp 80 ::/0")],
    ["groups", rule("tcp 80 sg-a"), rule("tcp 80 sg-b")],
    ["names of groups", rule("tcp 80 amazon-elb/amazon-elb-sg"), rule("tcp 80 amazon-elb/other")],
    [
      "owners of a name",
      rule("tcp 80 amazon-elb/amazon-elb-sg"),
      rule("tcp 80 111111111111/amazon-elb-sg"),
    ],
    ["prefix lists", rule("tcp 80 pl-1"), rule("tcp 80 pl-2")],
  ];
  it.each(different)("tells apart different %s", (_, a, b) => {
    expect(ruleKey(a)).not.toBe(ruleKey(b));
  });
});

describe("texts for people", () => {
  it.each([
    ["tcp 80 0.0.0.0/0", "tcp/80 from 0.0.0.0/0"],
    ["tcp 20-79 sg-a", "tcp/20-79 from sg-a"],
    ["-1 ::/0", "all protocols from ::/0"],
    ["icmp 10.1.2.3/8", "icmp from 10.0.0.0/8"],
    ["icmp 8 pl-1", "icmp/8 from pl-1"],
    ["50 amazon-elb/amazon-elb-sg", "50 from amazon-elb/amazon-elb-sg"],
  ])("%s reads %s", (text, expected) => {
    expect(ruleText(rule(text))).toBe(expected);
  });

  it("names a source as its key does, and a rule's ports apart from its source", () => {
    expect(sourceKey(rule("tcp 80 10.1.2.3/8").source)).toBe("10.0.0.0/8");
    expect(portsText(rule("udp 53 sg-a"))).toBe("udp/53");
  });
});
