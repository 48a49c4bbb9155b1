import { BlockList } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canonicalCidr,
  cidrContains,
  cidrFamily,
  cidrIntersection,
  containsPublicAddress,
  isCidr,
  publicAddresses,
} from "../../lib/values/cidr.ts";
import { address, ends, holdsPublicAddress, isIn } from "../support/addresses.ts";

const lengths = { ipv4: 32, ipv6: 128 } as const;
const family = fc.constantFrom("ipv4", "ipv6" as const);

const ipv6 = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })
  .map((parts) => parts.map((part) => part.toString(16)).join(":"));

/** Two CIDRs of one family that as often as not share their first bits. */
const pair = family.chain((kind) => {
  const network = kind === "ipv4" ? fc.ipV4() : ipv6;
  const length = fc.oneof(
    fc.integer({ min: 0, max: 4 }),
    fc.integer({ min: 0, max: lengths[kind] }),
  );
  return fc
    .tuple(network, length, network, length, fc.boolean())
    .map(([a, m, b, n, same]) => [`${a}/${m}`, `${same ? a : b}/${n}`] as const);
});

const one = pair.map(([cidr]) => cidr);

describe("canonicalCidr", () => {
  it.each([
    ["100.68.0.18/18", "100.68.0.0/18"],
    ["10.1.2.3/8", "10.0.0.0/8"],
    ["1.2.3.4/0", "0.0.0.0/0"],
    ["10.1.2.3/32", "10.1.2.3/32"],
    ["2001:0DB8:0:0:0:0:0:1/64", "2001:db8::/64"],
    ["::1/0", "::/0"],
    ["2001:db8:0:1:0:0:0:1/128", "2001:db8:0:1::1/128"],
    ["sg-1", "sg-1"],
    ["10.0.0.0/33", "10.0.0.0/33"],
  ])("writes %s as %s", (written, canonical) => {
    expect(canonicalCidr(written)).toBe(canonical);
  });

  it("is one spelling: doing it twice changes nothing, and its first address is the range's own", () => {
    fc.assert(
      fc.property(one, (cidr) => {
        const canonical = canonicalCidr(cidr);
        expect(canonicalCidr(canonical)).toBe(canonical);
        expect(canonical.endsWith(cidr.slice(cidr.indexOf("/")))).toBe(true);
        const alone = new BlockList();
        alone.addAddress(ends(cidr)[0] ?? "", cidrFamily(cidr) ?? "ipv4");
        expect(alone.check(canonical.split("/")[0] ?? "", cidrFamily(cidr) ?? "ipv4")).toBe(true);
      }),
    );
  });
});

describe("cidrContains", () => {
  it("holds what node's BlockList holds: both ends of the inner range", () => {
    fc.assert(
      fc.property(pair, ([outer, inner]) => {
        expect(cidrContains(outer, inner)).toBe(
          ends(inner).every((end) => isIn(address(end), outer)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("never holds across families, nor anything that is no CIDR", () => {
    expect(cidrContains("0.0.0.0/0", "::/0")).toBe(false);
    expect(cidrContains("::/0", "0.0.0.0/0")).toBe(false);
    expect(cidrContains("sg-1", "10.0.0.0/8")).toBe(false);
    expect(cidrContains("0.0.0.0/0", "pl-1")).toBe(false);
  });
});

describe("cidrIntersection", () => {
  it("is the smaller of two that nest, and nothing of two that are apart; whichever comes first", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const shared = cidrIntersection(a, b);
        expect(cidrIntersection(b, a)).toBe(shared);
        expect(shared === undefined).toBe(
          ![...ends(a), ...ends(b)].some((end) => isIn(address(end), a) && isIn(address(end), b)),
        );
        if (shared !== undefined) expect([canonicalCidr(a), canonicalCidr(b)]).toContain(shared);
        if (shared !== undefined)
          expect(cidrContains(a, shared) && cidrContains(b, shared)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("containsPublicAddress", () => {
  it.each([
    ["0.0.0.0/0", true],
    ["::/0", true],
    ["0.0.0.0/1", true],
    ["10.0.0.0/8", false],
    ["10.0.0.0/7", true],
    ["172.16.0.0/12", false],
    ["172.0.0.0/8", true],
    ["192.168.1.0/24", false],
    ["100.64.0.0/10", false],
    ["169.254.169.254/32", false],
    ["8.8.8.8/32", true],
    ["fd00::/8", false],
    ["2600:1f00::/24", true],
    ["2600:1f00:1::/56", false],
    ["2600:1f00:1:1::/64", false],
  ])("%s: %s (in a VPC with 2600:1f00:1::/56)", (cidr, expected) => {
    expect(containsPublicAddress(cidr, ["2600:1f00:1::/56"])).toBe(expected);
  });

  it("agrees with node's BlockList about both ends of any range", () => {
    fc.assert(
      fc.property(one, (cidr) => {
        expect(containsPublicAddress(cidr, [])).toBe(holdsPublicAddress(cidr, []));
      }),
    );
  });
});

describe("what is a CIDR", () => {
  it.each<[string, "ipv4" | "ipv6" | undefined]>([
    ["10.0.0.0/8", "ipv4"],
    ["::/0", "ipv6"],
    ["10.0.0.0", undefined],
    ["10.0.0.0/33", undefined],
    ["::/129", undefined],
    ["sg-1", undefined],
    ["", undefined],
  ])("%j is of family %s", (text, expected) => {
    expect(cidrFamily(text)).toBe(expected);
    expect(isCidr(text)).toBe(expected !== undefined);
  });
});

describe("how many public addresses CIDRs hold", () => {
  it.each<[readonly string[], "ipv4" | "ipv6", number]>([
    [["203.0.113.0/24"], "ipv4", 256],
    [["203.0.113.0/24", "203.0.113.7/32", "203.0.113.0/24"], "ipv4", 256],
    [["12.0.0.0/8", "13.0.0.0/8"], "ipv4", 2 ** 25],
    [["10.0.0.0/8", "192.168.0.0/24"], "ipv4", 0],
    [["10.0.0.0/7"], "ipv4", 2 ** 24],
    [["10.0.0.0/7", "10.0.0.0/8"], "ipv4", 2 ** 24],
    [["203.0.113.0/24", "2001:db8::/32"], "ipv6", 2 ** 96],
    [["4000::/3", "fc00::/7"], "ipv6", 2 ** 125],
    [[], "ipv4", 0],
  ])("%j, of %s: %i", (cidrs, family, expected) => {
    expect(publicAddresses(cidrs, family)).toBe(expected);
  });

  it("agrees with address by address, in a /24 at a private range's edge", () => {
    const inEdge = fc
      .tuple(fc.nat({ max: 511 }), fc.integer({ min: 24, max: 32 }))
      .map(([last, length]) => canonicalCidr(`9.255.255.${last % 256}/${length}`));
    fc.assert(
      fc.property(fc.array(inEdge, { maxLength: 5 }), (cidrs) => {
        const each = Array.from({ length: 256 }, (_, last) => `9.255.255.${last}/32`);
        const held = each.filter((one) => cidrs.some((cidr) => cidrContains(cidr, one)));
        expect(publicAddresses(cidrs, "ipv4")).toBe(held.length);
      }),
    );
  });
});
