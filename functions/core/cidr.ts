import ipaddr from "ipaddr.js";

type Parsed = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

const parsed = new Map<string, Parsed | undefined>();

function parse(cidr: string): Parsed | undefined {
  if (!parsed.has(cidr)) {
    if (parsed.size > 100_000) parsed.clear();
    parsed.set(cidr, ipaddr.isValidCIDR(cidr) ? ipaddr.parseCIDR(cidr) : undefined);
  }
  return parsed.get(cidr);
}

const network = (cidr: string, kind: string): string =>
  (kind === "ipv4" ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr)).toString();

export const isCidr = (text: string): boolean => parse(text) !== undefined;

export const cidrFamily = (cidr: string): "ipv4" | "ipv6" | undefined => parse(cidr)?.[0].kind();

/** As EC2 keeps it: host bits cleared, IPv6 compressed. What is no CIDR comes back as it is. */
export function canonicalCidr(cidr: string): string {
  const range = parse(cidr);
  return range === undefined ? cidr : `${network(cidr, range[0].kind())}/${range[1]}`;
}

/** Is every address of `inner` in `outer`? Never across families. */
export function cidrContains(outer: string, inner: string): boolean {
  const [big, small] = [parse(outer), parse(inner)];
  if (big === undefined || small === undefined || big[0].kind() !== small[0].kind() || big[1] > small[1]) return false;
  return small[0].match([big[0], big[1]] as [ipaddr.IPv4, number]);
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
