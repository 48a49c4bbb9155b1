import * as v from "valibot";
import { canonicalCidr, cidrFamily, isCidr } from "./cidr.ts";
import { defaultPolicy, type ProtectedPort } from "./policy.ts";
import { rangeText } from "./portRange.ts";

const oneOf = <const Values extends readonly string[]>(...values: Values) =>
  v.picklist(values, `allowed: ${values.join(", ")}`);

export const modeSchema = oneOf("audit", "enforce", "ignore");
export const closeSchema = oneOf("everyone", "addresses", "public");

const portsAllowed =
  "allowed: tcp/ or udp/ with a port or a range from 0 to 65535, as in tcp/22 or tcp/8000-8100";
const portPattern = /^(tcp|udp)\/(\d{1,5})(?:-(\d{1,5}))?$/;

function protectedPort(text: string): ProtectedPort {
  const [, protocol, from, to] = portPattern.exec(text) ?? [];
  return {
    protocol: protocol === "udp" ? "udp" : "tcp",
    from: Number(from),
    to: Number(to ?? from),
  };
}

const isRange = ({ from, to }: ProtectedPort): boolean => from <= to && to <= 65535;

/** "tcp/22", "tcp/8000-8100". */
export const portSchema = v.pipe(
  v.string(portsAllowed),
  v.regex(portPattern, portsAllowed),
  v.check((text) => isRange(protectedPort(text)), portsAllowed),
  v.transform(protectedPort),
);

export const portText = ({ protocol, ...range }: ProtectedPort): string =>
  `${protocol}/${rangeText(range)}`;

const sourcesAllowed =
  "allowed: a CIDR as in 10.0.0.0/8, a group's id (sg-...), a prefix list's id (pl-...)";
const sourcePattern = /^(?:(?:sg|pl)-[0-9a-f]{8,17}|[0-9a-fA-F:.]+\/\d{1,3})$/;

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

/** A CIDR, in EC2's one spelling once parsed; or the id of a group or a prefix list. */
export const sourceSchema = v.pipe(
  v.string(sourcesAllowed),
  v.regex(sourcePattern, sourcesAllowed),
  v.check((source) => isId(source) || isPlainCidr(source), sourcesAllowed),
  v.check(
    (source) => isId(source) || isMasked(source),
    ({ input }) =>
      `it has bits beyond its mask; allowed: ${canonicalCidr(input)} or ${hostOf(input)}`,
  ),
  v.transform((source) => (isId(source) ? source : canonicalCidr(source))),
);

/** A policy as people write it, in JSON; every knob has a default. Parses to `Policy`. */
export const policySchema = v.pipe(
  v.strictObject({
    defaultMode: v.optional(
      v.pipe(
        modeSchema,
        v.description("For security groups and load balancers that carry no elb-only tag."),
      ),
      defaultPolicy.defaultMode,
    ),
    close: v.optional(
      v.pipe(
        closeSchema,
        v.description(
          "Whose rules are excess on the ports that load balancers serve: everybody's, those for addresses (CIDRs and prefix lists), or those that hold a public address.",
        ),
      ),
      defaultPolicy.close,
    ),
    protectedPorts: v.optional(
      v.pipe(
        v.array(portSchema, portsAllowed),
        v.description("Never closed: people's own way in. As in tcp/22 or tcp/8000-8100."),
      ),
      defaultPolicy.protectedPorts.map(portText),
    ),
    allowedSources: v.optional(
      v.pipe(
        v.array(sourceSchema, sourcesAllowed),
        v.description(
          "May stay on the ports that load balancers serve: CIDRs, security group ids, prefix list ids.",
        ),
      ),
      [...defaultPolicy.allowedSources],
    ),
    keepSelf: v.optional(
      v.pipe(
        v.boolean("allowed: true, false"),
        v.description("Is a security group's reference to itself left alone?"),
      ),
      defaultPolicy.keepSelf,
    ),
  }),
  v.title("elb-only policy"),
);
