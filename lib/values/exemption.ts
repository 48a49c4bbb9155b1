import { canonicalCidr, cidrContains, isCidr } from "./cidr.ts";
import { allowTag, keepTag, keepUntilTag } from "./ownTags.ts";
import { allPorts, covers, type PortSet, portSet } from "./portRange.ts";
import { type Rule, sourceKey, type Tags } from "./rule.ts";
import { days, endOfDay, millis } from "./time.ts";

/** ExemptTraffic by what a tag can name: ports, and CIDRs, groups and prefix lists. */
export interface ExemptTraffic {
  readonly tcp: PortSet;
  readonly udp: PortSet;
  readonly sources: readonly string[];
}

/** An exemption that a tag asks for. `unreadable` says what is wrong with it. Only `granted` exempts. */
export type Exemption =
  | { readonly kind: "none" }
  | { readonly kind: "unreadable"; readonly why: string }
  /** The rule lets in more than the tag names: it was changed after it was tagged. */
  | { readonly kind: "outgrown"; readonly named: string }
  | { readonly kind: "expired"; readonly until: string; readonly why: string }
  | {
      readonly kind: "granted";
      readonly traffic: ExemptTraffic;
      /** To its end in UTC; missing: for ever. */
      readonly until?: string;
      /** Days that are left of it; Infinity: for ever. */
      readonly daysLeft: number;
      readonly why: string;
    };

const portPattern = /^(tcp|udp)\/(\d{1,5})(?:-(\d{1,5}))?$/;
const idPattern = /^(?:sg|pl)-[\w-]+$/;
const isSource = (word: string): boolean => idPattern.test(word) || isCidr(word);

/** What the words of a tag's value name, and those that name nothing; `all` is every port. */
function namedIn(words: readonly string[]): ExemptTraffic & { readonly others: readonly string[] } {
  const ports = words.flatMap((word) => {
    const [, protocol, from = "", to = from] = portPattern.exec(word) ?? [];
    return protocol === undefined ? [] : [{ protocol, from: Number(from), to: Number(to) }];
  });
  const isAll = words.some((word) => word === "all");
  const of = (protocol: "tcp" | "udp"): PortSet =>
    isAll
      ? allPorts
      : portSet(ports.filter((one) => one.protocol === protocol && one.to <= 65_535));
  return {
    tcp: of("tcp"),
    udp: of("udp"),
    sources: words.filter(isSource).map(canonicalCidr),
    others: words.filter(
      (word) => word !== "all" && !portPattern.test(word) && !isSource(word) && word !== "",
    ),
  };
}

const isEmpty = ({ tcp, udp, sources }: ExemptTraffic): boolean =>
  tcp.length + udp.length === 0 || sources.length === 0;

/** Is everything that a rule lets in to ports among this traffic? */
function holds({ tcp, udp, sources }: ExemptTraffic, rule: Rule): boolean {
  const source = sourceKey(rule.source);
  const isOn = (protocol: "tcp" | "udp", ports: PortSet): boolean =>
    rule.protocol === protocol
      ? covers(ports, [{ from: rule.fromPort, to: rule.toPort }])
      : rule.protocol !== "-1" || covers(ports, allPorts);
  return (
    sources.some((named) => named === source || cidrContains(named, source)) &&
    isOn("tcp", tcp) &&
    isOn("udp", udp)
  );
}

function lasting(
  traffic: ExemptTraffic,
  until: string | undefined,
  why: string,
  at: string,
): Exemption {
  if (until === undefined) return { kind: "granted", traffic, daysLeft: Infinity, why };
  const end = endOfDay(until);
  if (end === undefined) return { kind: "unreadable", why: `"${until}" is no date` };
  const left = end - millis(at);
  return left <= 0
    ? { kind: "expired", until, why }
    : { kind: "granted", traffic, until, daysLeft: left / days(1), why };
}

/**
 * What the tags of a rule say of keeping it. `elb-only:keep` names the traffic that it keeps, "tcp/80 203.0.113.7/32 partner feed": so a rule that is
 * widened afterwards is kept no more. Whoever may write tags may keep what they like; who may only change rules may not.
 */
export function keepOf(rule: Rule, at: string): Exemption {
  const [value, until] = [rule.tags[keepTag], rule.tags[keepUntilTag]?.trim()];
  if (value === undefined)
    return until === undefined
      ? { kind: "none" }
      : { kind: "unreadable", why: "elb-only:keep-until without elb-only:keep keeps nothing" };
  const words = value.trim().split(/\s+/);
  const { others, ...traffic } = namedIn(words);
  if (isEmpty(traffic))
    return {
      kind: "unreadable",
      why: `elb-only:keep is "${value}", which does not say what it keeps`,
    };
  const lasts = lasting(traffic, until, others.join(" "), at);
  return lasts.kind === "granted" && !holds(traffic, rule)
    ? { kind: "outgrown", named: value.trim() }
    : lasts;
}

export const isKept = (rule: Rule, at: string): boolean => keepOf(rule, at).kind === "granted";

const datePattern = /^\d{4}-\d{2}-\d{2}$/;

/** What a group's tag exempts in it, "tcp/80 203.0.113.7/32 2026-12-31": ports, sources and the last day, all three. */
export function allowedBy(tags: Tags, at: string): Exemption {
  const value = tags[allowTag];
  if (value === undefined) return { kind: "none" };
  const words = value.trim().split(/[\s,]+/);
  const dates = words.filter((word) => datePattern.test(word));
  const { others, ...traffic } = namedIn(words.filter((word) => !datePattern.test(word)));
  const [until] = dates;
  if (until === undefined || dates.length > 1 || others.length > 0 || isEmpty(traffic))
    return {
      kind: "unreadable",
      why: `elb-only:allow is "${value}"; it has to name ports, sources and one end date`,
    };
  return lasting(traffic, until, "", at);
}
