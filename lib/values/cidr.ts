import ipaddr from "ipaddr.js";

interface Parsed {
  readonly address: ipaddr.IPv4 | ipaddr.IPv6;
  readonly length: number;
  /** As EC2 keeps it. */
  readonly canonical: string;
}

const parsed = new Map<string, Parsed | undefined>();

/** Regions hold the same few CIDRs over and over. */
function parse(cidr: string): Parsed | undefined {
  if (!parsed.has(cidr)) {
    if (parsed.size > 100_000) parsed.clear();
    parsed.set(cidr, read(cidr));
  }
  return parsed.get(cidr);
}

function read(cidr: string): Parsed | undefined {
  const family = cidr.includes(":") ? ipaddr.IPv6 : ipaddr.IPv4;
  if (!family.isValidCIDR(cidr)) return undefined;
  const [address, length] = family.parseCIDR(cidr);
  return {
    address,
    length,
    canonical: `${family.networkAddressFromCIDR(cidr).toString()}/${length}`,
  };
}

export const isCidr = (text: string): boolean => parse(text) !== undefined;

export const cidrFamily = (cidr: string): "ipv4" | "ipv6" | undefined =>
  parse(cidr)?.address.kind();

/** As EC2 keeps it: host bits cleared, IPv6 compressed. What is no CIDR comes back as it is. */
export const canonicalCidr = (cidr: string): string => parse(cidr)?.canonical ?? cidr;

/** Is every address of `inner` in `outer`? Never across families. */
export function cidrContains(outer: string, inner: string): boolean {
  const [big, small] = [parse(outer), parse(inner)];
  if (
    big === undefined ||
    small === undefined ||
    big.address.kind() !== small.address.kind() ||
    big.length > small.length
  )
    return false;
  return small.address.match([big.address, big.length] as [ipaddr.IPv4, number]);
}

/** The first and the last address; none of what is no CIDR. */
export function cidrEnds(cidr: string): readonly string[] {
  if (!isCidr(cidr)) return [];
  const family = cidr.includes(":") ? ipaddr.IPv6 : ipaddr.IPv4;
  return [
    family.networkAddressFromCIDR(cidr).toString(),
    family.broadcastAddressFromCIDR(cidr).toString(),
  ];
}

/** CIDRs nest or are apart, so what two share is the smaller one, or nothing. */
export const cidrIntersection = (a: string, b: string): string | undefined =>
  cidrContains(a, b) ? canonicalCidr(b) : cidrContains(b, a) ? canonicalCidr(a) : undefined;

const privateRanges = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "127.0.0.0/8",
  "fc00::/7",
  "fe80::/10",
  "::1/128",
];

/** Could somebody outside reach in from here? `own` are ranges that count as private though routable (a VPC's IPv6 ranges). */
export const containsPublicAddress = (cidr: string, own: readonly string[]): boolean =>
  ![...privateRanges, ...own].some((range) => cidrContains(range, cidr));

/** How many public addresses of a family these CIDRs hold, each counted once: 2 ** 32 is more than all of IPv4's. */
export function publicAddresses(cidrs: readonly string[], family: "ipv4" | "ipv6"): number {
  const bits = family === "ipv4" ? 32 : 128;
  const own = [...new Set(cidrs.map(canonicalCidr))].filter((cidr) => cidrFamily(cidr) === family);
  const widest = own.filter(
    (cidr) => !own.some((other) => other !== cidr && cidrContains(other, cidr)),
  );
  const size = (cidr: string): number => 2 ** (bits - (parse(cidr)?.length ?? bits));
  const sum = (some: readonly string[]): number =>
    some.reduce((total, cidr) => total + size(cidr), 0);
  return (
    sum(widest.filter((cidr) => containsPublicAddress(cidr, []))) -
    sum(
      privateRanges.filter((range) =>
        widest.some((cidr) => cidr !== range && cidrContains(cidr, range)),
      ),
    )
  );
}
