import { BlockList } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Packet, Sender } from "../../lib/judge/admits.ts";
import { admits } from "../../lib/judge/admits.ts";
import type { PrefixList } from "../../lib/values/snapshot.ts";
import { rule } from "../support/builders.ts";

const internet: Sender = { address: "198.51.100.9", groups: [] };
const packet = (protocol: string, port: number, from: Sender = internet): Packet => ({
  protocol,
  port,
  from,
});
const from = (address: string): Packet => packet("tcp", 80, { address, groups: [] });
const lists = new Map<string, PrefixList>([
  [
    "pl-office",
    {
      id: "pl-office",
      name: "office",
      owner: "111111111111",
      entries: ["198.51.100.0/24", "2001:db8::/32"],
    },
  ],
  ["pl-empty", { id: "pl-empty", name: "empty", owner: "111111111111", entries: [] }],
  ["pl-hidden", { id: "pl-hidden", name: "hidden", owner: "222222222222" }],
]);

describe("admits: protocol and port", () => {
  it.each<[string, Packet, boolean]>([
    ["tcp 80 0.0.0.0/0", packet("tcp", 80), true],
    ["tcp 80 0.0.0.0/0", packet("tcp", 81), false],
    ["tcp 80 0.0.0.0/0", packet("udp", 80), false],
    ["tcp 80 0.0.0.0/0", packet("6", 80), true],
    ["6 80 0.0.0.0/0", packet("tcp", 80), true],
    ["tcp 20-90 0.0.0.0/0", packet("tcp", 20), true],
    ["tcp 20-90 0.0.0.0/0", packet("tcp", 90), true],
    ["tcp 20-90 0.0.0.0/0", packet("tcp", 19), false],
    ["tcp 0 0.0.0.0/0", packet("tcp", 0), true],
    ["tcp 0 0.0.0.0/0", packet("tcp", 1), false],
    ["tcp 0-65535 0.0.0.0/0", packet("tcp", 65535), true],
    ["-1 0.0.0.0/0", packet("tcp", 65535), true],
    ["-1 0.0.0.0/0", packet("udp", 0), true],
    ["-1 0.0.0.0/0", packet("icmp", 8), true],
    ["-1 0.0.0.0/0", packet("50", 0), true],
    ["50 0.0.0.0/0", packet("50", 0), true],
    ["50 0.0.0.0/0", packet("51", 0), false],
    ["50 0.0.0.0/0", packet("tcp", 80), false],
    ["icmp 0.0.0.0/0", packet("icmp", 8), true],
    ["icmp 0.0.0.0/0", packet("icmpv6", 128), false],
    ["icmp 8 0.0.0.0/0", packet("icmp", 8), true],
    ["icmp 8 0.0.0.0/0", { ...packet("icmp", 8), code: 3 }, true],
    ["icmp 8 0.0.0.0/0", packet("icmp", 0), false],
    ["icmp 3/4 0.0.0.0/0", { ...packet("icmp", 3), code: 4 }, true],
    ["icmp 3/4 0.0.0.0/0", { ...packet("icmp", 3), code: 1 }, false],
    ["icmp 3/4 0.0.0.0/0", packet("icmp", 3), false],
    ["icmp 8/0 0.0.0.0/0", packet("icmp", 8), true],
    ["1 8/-1 0.0.0.0/0", packet("icmp", 8), true],
    ["icmpv6 128 ::/0", packet("58", 128, { address: "2001:db8::1", groups: [] }), true],
  ])("%s, %j: %s", (text, sent, expected) => {
    expect(admits([rule(text)], sent)).toBe(expected);
  });
});

describe("admits: source", () => {
  it.each<[string, string, boolean]>([
    ["tcp 80 0.0.0.0/0", "255.255.255.255", true],
    ["tcp 80 0.0.0.0/0", "2001:db8::1", false],
    ["tcp 80 ::/0", "2001:db8::1", true],
    ["tcp 80 ::/0", "10.0.0.1", false],
    ["tcp 80 0.0.0.0/1", "127.255.255.255", true],
    ["tcp 80 0.0.0.0/1", "128.0.0.0", false],
    ["tcp 80 10.1.0.0/16", "10.1.255.255", true],
    ["tcp 80 10.1.0.0/16", "10.2.0.0", false],
    ["tcp 80 10.1.2.3/16", "10.1.0.0", true],
    ["tcp 80 192.0.2.7/32", "192.0.2.7", true],
    ["tcp 80 192.0.2.7/32", "192.0.2.6", false],
    ["tcp 80 2001:db8::/33", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff", true],
    ["tcp 80 2001:db8::/33", "2001:db8:8000::", false],
    ["tcp 80 ::ffff:0:0/96", "::ffff:192.0.2.7", true],
    ["tcp 80 2001:db8::1/128", "2001:0DB8:0:0:0:0:0:1", true],
    ["tcp 80 pl-office", "198.51.100.255", true],
    ["tcp 80 pl-office", "2001:db8:ffff::", true],
    ["tcp 80 pl-office", "198.51.101.0", false],
    ["tcp 80 pl-empty", "198.51.100.1", false],
  ])("%s from %s: %s", (text, address, expected) => {
    expect(admits([rule(text)], from(address), lists)).toBe(expected);
  });

  it("takes a prefix list without readable entries as the asker says", () => {
    for (const text of ["tcp 80 pl-hidden", "tcp 80 pl-unheard-of"]) {
      expect(admits([rule(text)], from("10.0.0.1"), lists)).toBe(true);
      expect(admits([rule(text)], from("10.0.0.1"), lists, "refuses")).toBe(false);
      expect(admits([rule(text)], packet("tcp", 80, { groups: ["sg-a"] }), lists)).toBe(false);
    }
  });

  it("admits a group's interfaces by id, whatever their address and other groups", () => {
    const eni: Sender = { address: "10.0.0.1", groups: ["sg-other", "sg-lb"] };
    expect(admits([rule("tcp 80 sg-lb")], packet("tcp", 80, eni))).toBe(true);
    expect(admits([rule("tcp 80 sg-lb")], packet("tcp", 80, { groups: ["sg-other"] }))).toBe(false);
    expect(admits([rule("tcp 80 sg-lb")], packet("tcp", 80))).toBe(false);
  });

  it("admits an EC2-Classic group by owner and name", () => {
    const guide = [rule("tcp 80 amazon-elb/amazon-elb-sg")];
    const classic = (owner: string, name: string): Packet =>
      packet("tcp", 80, { groups: [], classicGroup: { owner, name } });
    expect(admits(guide, classic("amazon-elb", "amazon-elb-sg"))).toBe(true);
    expect(admits(guide, classic("amazon-elb", "other"))).toBe(false);
    expect(admits(guide, classic("111111111111", "amazon-elb-sg"))).toBe(false);
    expect(admits(guide, packet("tcp", 80))).toBe(false);
  });

  it("adds rules up, and admits nothing without rules", () => {
    expect(admits([], from("10.0.0.1"))).toBe(false);
    expect(admits([rule("tcp 81 0.0.0.0/0"), rule("tcp 80 10.0.0.0/8")], from("10.0.0.1"))).toBe(
      true,
    );
    expect(admits([rule("tcp 81 0.0.0.0/0"), rule("tcp 80 10.0.0.0/8")], from("11.0.0.1"))).toBe(
      false,
    );
  });

  it.each([
    "10.0.0",
    "10.0.0.256",
    "10.0.0.1.2",
    "a",
    "",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "12345::",
    "::g",
  ])("throws for %j, which is no address", (address) => {
    expect(() => admits([rule("tcp 80 10.0.0.0/8")], from(address))).toThrow(RangeError);
  });

  it.each(["10.0.0.0", "10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/8/8", "::/129"])(
    "throws for %j, which is no CIDR",
    (cidr) => {
      expect(() =>
        admits([{ ...rule("tcp 80 0.0.0.0/0"), source: { kind: "ipv4", cidr } }], from("10.0.0.1")),
      ).toThrow(RangeError);
    },
  );
});

describe("admits, by a second opinion", () => {
  const length = { ipv4: 32, ipv6: 128 } as const;
  const family = fc.constantFrom("ipv4", "ipv6" as const);
  const address = (of: "ipv4" | "ipv6"): fc.Arbitrary<string> =>
    of === "ipv4" ? fc.ipV4() : fc.ipV6();
  const anyAddress = family.chain(address);
  /** A CIDR, and an address that as often as not shares its first bits. */
  const meeting = family.chain((of) =>
    fc.record({
      kind: fc.constant(of),
      network: address(of),
      length: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: length[of] })),
      other: anyAddress,
      same: fc.boolean(),
    }),
  );

  it("agrees with node's BlockList on every address and CIDR", () => {
    fc.assert(
      fc.property(meeting, ({ kind, network, length: bits, other, same }) => {
        const sender = same ? network : other;
        const block = new BlockList();
        block.addSubnet(network, bits, kind);
        const expected =
          kind === (sender.includes(":") ? "ipv6" : "ipv4") && block.check(sender, kind);
        const cidr = `${network}/${bits}`;
        expect(
          admits([{ ...rule("tcp 80 0.0.0.0/0"), source: { kind, cidr } }], from(sender)),
        ).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  const anyRule = fc
    .tuple(
      fc.constantFrom("tcp 80", "tcp 0-65535", "udp 53", "-1", "icmp", "50", "tcp 22-90"),
      fc.constantFrom("0.0.0.0/0", "::/0", "10.0.0.0/8", "sg-a", "sg-b", "pl-office", "pl-hidden"),
    )
    .map(([ports, source]) => rule(`${ports} ${source}`));
  const anyPacket = fc.record({
    protocol: fc.constantFrom("tcp", "udp", "icmp", "50"),
    port: fc.constantFrom(0, 22, 53, 80, 90, 91),
    from: fc.record({ address: anyAddress, groups: fc.subarray(["sg-a", "sg-b"]) }),
  });

  it("is the union of its rules: order does not matter, and another rule never shuts anybody out", () => {
    fc.assert(
      fc.property(
        fc.array(anyRule, { maxLength: 6 }),
        anyRule,
        anyPacket,
        (rules, another, sent) => {
          const alone = rules.some((one) => admits([one], sent, lists));
          expect(admits(rules, sent, lists)).toBe(alone);
          expect(admits(rules.toReversed(), sent, lists)).toBe(alone);
          expect(admits([...rules, another], sent, lists)).toBe(
            alone || admits([another], sent, lists),
          );
        },
      ),
    );
  });

  it("is never surer with unreadable prefix lists refused than with them admitted", () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 4 }), anyPacket, (rules, sent) => {
        if (admits(rules, sent, lists, "refuses"))
          expect(admits(rules, sent, lists, "admits")).toBe(true);
      }),
    );
  });
});
