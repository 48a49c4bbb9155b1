import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admits, type Packet, type Sender } from "../../lib/judge/admits.ts";
import { differenceOf, type Inbound } from "../../lib/judge/difference.ts";
import { type Party, type Passage, passageText } from "../../lib/values/difference.ts";
import type { Rule } from "../../lib/values/rule.ts";
import { anyRule } from "../support/arbitraryRules.ts";
import { address, ends, isBetween, outside } from "../support/addresses.ts";
import { hiddenPrefixList, prefixList, rule } from "../support/builders.ts";
import { patience, runs } from "../laws/runs.ts";

const lists = new Map(
  [
    prefixList("pl-office", "203.0.113.0/24"),
    prefixList("pl-mixed", "10.0.0.0/8", "198.51.100.0/24", "2001:db8::/32"),
    prefixList("pl-inside", "10.0.0.0/16"),
    prefixList("pl-empty"),
    prefixList("pl-lattice", "169.254.171.0/24"),
    hiddenPrefixList("pl-hidden"),
  ].map((list) => [list.id, list]),
);
const inbound = (...rules: readonly (Rule | string)[]): Inbound => ({
  rules: rules.map((one) => (typeof one === "string" ? rule(one) : one)),
  prefixLists: lists,
});
const said = (
  before: readonly string[],
  after: readonly string[],
): { readonly loses: readonly string[]; readonly gains: readonly string[] } => {
  const { loses, gains } = differenceOf(inbound(...before), inbound(...after));
  return { loses: loses.map(passageText), gains: gains.map(passageText) };
};

describe("differenceOf", () => {
  it.each<[string, readonly string[], readonly string[], readonly string[], readonly string[]]>([
    ["a rule that goes", ["tcp 80 0.0.0.0/0"], [], ["tcp/80 from 0.0.0.0/0"], []],
    ["a rule that comes", [], ["udp 53 sg-a"], [], ["udp/53 from sg-a"]],
    [
      "a source that is narrowed",
      ["tcp 80 0.0.0.0/0"],
      ["tcp 80 10.0.0.0/8"],
      ["tcp/80 from 0.0.0.0-9.255.255.255", "tcp/80 from 11.0.0.0-255.255.255.255"],
      [],
    ],
    [
      "two halves that are the whole",
      ["tcp 80 0.0.0.0/0"],
      ["tcp 80 0.0.0.0/1", "tcp 80 128.0.0.0/1"],
      [],
      [],
    ],
    [
      "a hole in a range of ports",
      ["tcp 20-90 ::/0"],
      ["tcp 20-79 ::/0", "tcp 81-90 ::/0"],
      ["tcp/80 from ::/0"],
      [],
    ],
    [
      "one ICMP type, where all were let in",
      ["icmp 0.0.0.0/0"],
      ["icmp 8 0.0.0.0/0"],
      ["icmp type 0-7 from 0.0.0.0/0", "icmp type 9-255 from 0.0.0.0/0"],
      [],
    ],
    [
      "one ICMP code, where its type was let in",
      ["icmp 3 10.0.0.0/8"],
      ["icmp 3/4 10.0.0.0/8"],
      ["icmp type 3 code 0-3 from 10.0.0.0/8", "icmp type 3 code 5-255 from 10.0.0.0/8"],
      [],
    ],
    [
      "all protocols, each family with its own ICMP",
      ["-1 ::/0"],
      ["tcp 0-65535 ::/0", "udp 0-65535 ::/0", "icmp ::/0"],
      ["icmpv6 from ::/0", "all other protocols from ::/0"],
      [],
    ],
    ["a prefix list for its only entry", ["tcp 80 pl-office"], ["tcp 80 203.0.113.0/24"], [], []],
    [
      "a prefix list that nobody could read",
      ["tcp 80 pl-hidden"],
      ["tcp 80 0.0.0.0/0"],
      ["tcp/80 from pl-hidden"],
      ["tcp/80 from 0.0.0.0/0"],
    ],
    [
      "a group for the addresses of its interfaces",
      ["tcp 80 10.0.0.0/8"],
      ["tcp 80 sg-a"],
      ["tcp/80 from 10.0.0.0/8"],
      ["tcp/80 from sg-a"],
    ],
  ])("says of %s exactly what is lost and gained", (_, before, after, loses, gains) => {
    expect(said(before, after)).toEqual({ loses, gains });
  });

  it("sees that a prefix list has another entry now", () => {
    const list = (...entries: readonly string[]) =>
      new Map([["pl-1", prefixList("pl-1", ...entries)]]);
    const rules = [rule("tcp 80 pl-1")];
    const { loses, gains } = differenceOf(
      { rules, prefixLists: list("10.0.0.0/8", "192.0.2.0/24") },
      { rules, prefixLists: list("10.0.0.0/8", "198.51.100.0/24") },
    );
    expect([loses, gains].map((some) => some.map(passageText))).toEqual([
      ["tcp/80 from 192.0.2.0/24"],
      ["tcp/80 from 198.51.100.0/24"],
    ]);
  });

  it(
    "lists a packet exactly where the rules before and the rules after differ about it",
    () => {
      fc.assert(
        fc.property(someRules, someRules, anyDoor, fc.nat(), (before, after, door, luck) => {
          const senders = sendersIn([...before, ...after]);
          const from = senders[luck % senders.length] ?? { groups: ["sg-a"] };
          fc.pre(isReal(door, from));
          const { loses, gains } = differenceOf(inbound(...before), inbound(...after));
          // An unreadable list is a party of its own, of which no packet is known to come.
          const isIn = (rules: readonly Rule[]): boolean =>
            admits(rules, { ...door, from }, lists, "refuses");
          expect({
            isLost: loses.some((one) => isOf(one, { ...door, from })),
            isGained: gains.some((one) => isOf(one, { ...door, from })),
          }).toEqual({
            isLost: isIn(before) && !isIn(after),
            isGained: !isIn(before) && isIn(after),
          });
        }),
        { numRuns: runs(2000) },
      );
    },
    patience,
  );

  it("lists each way in once", () => {
    fc.assert(
      fc.property(someRules, someRules, (before, after) => {
        const { loses } = differenceOf(inbound(...before), inbound(...after));
        const twice = loses.filter((one, index) =>
          loses.some(
            (other, at) =>
              at < index &&
              other.protocol === one.protocol &&
              other.from <= one.to &&
              one.from <= other.to &&
              isSameOrOverlaps(one.who, other.who),
          ),
        );
        expect(twice.map(passageText)).toEqual([]);
      }),
      { numRuns: runs(300) },
    );
  });
});

const someRules = fc.array(anyRule, { maxLength: 6 });

type Door = Pick<Packet, "protocol" | "port" | "code">;
const anyDoor: fc.Arbitrary<Door> = fc.oneof(
  fc.record({
    protocol: fc.constantFrom("tcp", "udp"),
    port: fc.constantFrom(0, 19, 20, 21, 22, 79, 80, 81, 82, 90, 91, 443, 444, 40000, 65535),
  }),
  fc.record({
    protocol: fc.constantFrom("icmp", "icmpv6"),
    port: fc.constantFrom(0, 7, 8, 9, 128, 255),
    code: fc.constantFrom(0, 1, 255),
  }),
  fc.record({ protocol: fc.constantFrom("50", "47", "0", "255"), port: fc.constant(0) }),
);

/** Each end of each range that anybody names, its neighbours, and every group. */
function sendersIn(rules: readonly Rule[]): readonly Sender[] {
  return rules.flatMap(({ source }): readonly Sender[] => {
    const at = (cidr: string): readonly Sender[] =>
      [...ends(cidr), ...outside(cidr)].map((one) => ({ address: one, groups: [] }));
    switch (source.kind) {
      case "ipv4":
      case "ipv6":
        return at(source.cidr);
      case "prefixList":
        return (lists.get(source.id)?.entries ?? []).flatMap(at);
      case "group":
        return [{ groups: [source.group] }];
      case "groupName":
        return [{ groups: [], classicGroup: source }];
    }
  });
}

/** ICMP is IPv4's, ICMPv6 is IPv6's. */
const isReal = ({ protocol }: Door, { address: text }: Sender): boolean =>
  text === undefined ||
  !protocol.startsWith("icmp") ||
  (protocol === "icmpv6") === text.includes(":");

function isOf(passage: Passage, { protocol, port, code = 0, from }: Packet): boolean {
  const isNumbered = /^\d+$/.test(protocol);
  const place = isNumbered
    ? Number(protocol)
    : protocol.startsWith("icmp")
      ? port * 256 + code
      : port;
  return (
    passage.protocol === (isNumbered ? "other" : protocol) &&
    passage.from <= place &&
    place <= passage.to &&
    isBy(passage.who, from)
  );
}

function isBy(party: Party, from: Sender): boolean {
  switch (party.kind) {
    case "addresses":
      return (
        from.address !== undefined && isBetween(address(from.address), party.first, party.last)
      );
    case "group":
      return from.groups.includes(party.group);
    case "groupName":
      return from.classicGroup?.owner === party.owner && from.classicGroup.name === party.name;
    case "prefixList":
      return false;
  }
}

const isSameOrOverlaps = (one: Party, other: Party): boolean =>
  one.kind === "addresses" && other.kind === "addresses"
    ? isBetween(address(one.first), other.first, other.last)
    : JSON.stringify(one) === JSON.stringify(other);
