import { canonicalCidr, cidrFamily, isCidr } from "./cidr.ts";

export const sourcePattern = /^(?:(?:sg|pl)-[0-9a-f]{8,17}|[0-9a-fA-F:.]+\/\d{1,3})$/;
export const sourcesAllowed =
  "allowed: a CIDR as in 10.0.0.0/8, a group's id (sg-...), a prefix list's id (pl-...)";

/** ipaddr.js also reads octal and shortened IPv4 addresses, which people never mean. */
const plainIpv4 = /^(?:(?:0|[1-9]\d{0,2})(?:\.|\/)){4}/;

const isId = (source: string): boolean => /^(?:sg|pl)-/.test(source);
const isPlainCidr = (source: string): boolean =>
  isCidr(source) && (cidrFamily(source) === "ipv6" || plainIpv4.test(source));

/** The address that a CIDR is written with, alone: 10.0.0.1/32 of 10.0.0.1/8. */
const hostOf = (cidr: string): string =>
  canonicalCidr(`${cidr.slice(0, cidr.indexOf("/"))}/${cidrFamily(cidr) === "ipv4" ? 32 : 128}`);
const isMasked = (cidr: string): boolean =>
  hostOf(cidr).split("/")[0] === canonicalCidr(cidr).split("/")[0];

/** A CIDR in EC2's one spelling; or the id of a group or a prefix list. */
export const allowedSource = (text: string): string => (isId(text) ? text : canonicalCidr(text));

/** Why a text is no source that can be allowed; undefined where it is one. */
export function sourceProblem(text: string): string | undefined {
  if (!sourcePattern.test(text)) return sourcesAllowed;
  if (isId(text)) return undefined;
  if (!isPlainCidr(text)) return sourcesAllowed;
  return isMasked(text)
    ? undefined
    : `it has bits beyond its mask; allowed: ${canonicalCidr(text)} or ${hostOf(text)}`;
}
