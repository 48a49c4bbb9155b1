import type { Difference, Party, Passage } from "../values/difference.ts";
import { type Rule, ruleKey, type Source, sourceKey } from "../values/rule.ts";
import type { PrefixList } from "../values/snapshot.ts";
import {
  type AddressRange,
  addressText,
  joined,
  rangeOf,
  addressesText,
  without,
} from "./addresses.ts";

/** Inbound rules as they stand at some door, with the prefix lists that they name. */
export interface Inbound {
  readonly rules: readonly Rule[];
  readonly prefixLists: ReadonlyMap<string, PrefixList>;
}

/**
 * What a change takes from whom and gives to whom: exactly, over all sources, protocols and ports.
 * Rules add up, and so do their sources; what two rules say together counts as what one rule says.
 */
export function differenceOf(before: Inbound, after: Inbound): Difference {
  return { loses: missingIn(after, before), gains: missingIn(before, after) };
}

const lines = ["tcp", "udp", "icmp", "icmpv6", "other"] as const;
type Line = (typeof lines)[number];

const numbered: Readonly<Record<string, Line>> = {
  "1": "icmp",
  "6": "tcp",
  "17": "udp",
  "58": "icmpv6",
};
const widthOf = (line: Line): number => (line === "other" ? 255 : 65_535);

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The part of a line's traffic that a rule is about; undefined: none. */
function spanOn(line: Line, { protocol, fromPort, toPort }: Rule): Span | undefined {
  const name = protocol.toLowerCase();
  if (name === "-1" || name === "all") return { from: 0, to: widthOf(line) };
  const own = numbered[name] ?? lines.find((one) => one === name) ?? "other";
  if (own !== line) return undefined;
  switch (own) {
    case "tcp":
    case "udp":
      return fromPort === -1 ? { from: 0, to: 65_535 } : { from: fromPort, to: toPort };
    case "icmp":
    case "icmpv6":
      if (fromPort === -1) return { from: 0, to: 65_535 };
      return toPort === -1
        ? { from: fromPort * 256, to: fromPort * 256 + 255 }
        : { from: fromPort * 256 + toPort, to: fromPort * 256 + toPort };
    case "other": {
      const number = Number(name);
      if (!Number.isInteger(number) || number < 0 || number > 255)
        throw new RangeError(`not a protocol: ${protocol}`);
      return { from: number, to: number };
    }
  }
}

/** Each address family has an ICMP of its own. */
const canCarry = (line: Line, { bits }: AddressRange): boolean =>
  line === "icmp" ? bits === 32 : line !== "icmpv6" || bits === 128;

/** Everybody whom some rules let in: addresses by family, and all others by name. */
interface Crowd {
  readonly addresses: readonly AddressRange[];
  readonly named: ReadonlyMap<string, Party>;
}

/** A prefix list that could not be read is a party of its own: nobody knows for whom else it stands. */
function partyOf(source: Source, lists: Inbound["prefixLists"]): Party | readonly string[] {
  switch (source.kind) {
    case "ipv4":
    case "ipv6":
      return [source.cidr];
    case "prefixList":
      return lists.get(source.id)?.entries ?? { kind: "prefixList", id: source.id };
    case "group":
      return { kind: "group", group: source.group };
    case "groupName":
      return { kind: "groupName", owner: source.owner, name: source.name };
  }
}

const isParty = (found: Party | readonly string[]): found is Party => "kind" in found;

function crowdOf(rules: readonly Rule[], lists: Inbound["prefixLists"], line: Line): Crowd {
  const ranges: AddressRange[] = [];
  const named = new Map<string, Party>();
  for (const { source } of rules) {
    const found = partyOf(source, lists);
    if (isParty(found)) named.set(`${found.kind} ${sourceKey(source)}`, found);
    else ranges.push(...found.map(rangeOf).filter((range) => canCarry(line, range)));
  }
  const family = (bits: number): readonly AddressRange[] =>
    joined(ranges.filter((range) => range.bits === bits));
  return { addresses: [...family(32), ...family(128)], named };
}

/** Those of one crowd who are not in another. */
function missingFrom(crowd: Crowd, some: Crowd): readonly Party[] {
  const family = (bits: number): readonly AddressRange[] =>
    without(
      some.addresses.filter((range) => range.bits === bits),
      crowd.addresses.filter((range) => range.bits === bits),
    );
  const addresses = [...family(32), ...family(128)].map((range): Party => ({
    kind: "addresses",
    first: addressText(range.first, range.bits),
    last: addressText(range.last, range.bits),
    text: addressesText(range),
  }));
  const named = [...some.named].flatMap(([key, party]) => (crowd.named.has(key) ? [] : [party]));
  return [...addresses, ...named];
}

/** Every way in by `there` that is none by `here`. */
function missingIn(here: Inbound, there: Inbound): readonly Passage[] {
  return lines.flatMap((line) => {
    const found: Passage[] = [];
    for (const span of spansToAsk(line, here, there)) {
      const over = ({ rules, prefixLists }: Inbound): Crowd =>
        crowdOf(
          rules.filter((rule) => isOver(spanOn(line, rule), span)),
          prefixLists,
          line,
        );
      for (const who of missingFrom(over(here), over(there))) extend(found, { ...span, line, who });
    }
    return found;
  });
}

const isOver = (wide: Span | undefined, { from, to }: Span): boolean =>
  wide !== undefined && wide.from <= from && to <= wide.to;

/** The spans between the edges of all rules: within one every rule says the same. Those that no differing rule is about need no asking. */
function spansToAsk(line: Line, here: Inbound, there: Inbound): readonly Span[] {
  const all = [...here.rules, ...there.rules].flatMap((rule) => spanOn(line, rule) ?? []);
  const kept = new Set(here.rules.map(ruleKey));
  const isSame = ({ source, ...rule }: Rule): boolean =>
    kept.has(ruleKey({ source, ...rule })) &&
    (source.kind !== "prefixList" ||
      here.prefixLists.get(source.id) === there.prefixLists.get(source.id));
  const differing = there.rules
    .filter((rule) => !isSame(rule))
    .flatMap((rule) => spanOn(line, rule) ?? []);
  if (differing.length === 0) return [];
  const starts = [...new Set(all.flatMap(({ from, to }) => [from, to + 1]))].sort((a, b) => a - b);
  return starts
    .map((from, index) => ({ from, to: (starts[index + 1] ?? widthOf(line) + 1) - 1 }))
    .filter((span) => differing.some((wide) => isOver(wide, span)));
}

/** Adds a way in, as one with the same party's just below it. */
function extend(
  found: Passage[],
  { line, who, from, to }: Span & { readonly line: Line; readonly who: Party },
): void {
  const below = found.findIndex(
    (one) => one.to === from - 1 && JSON.stringify(one.who) === JSON.stringify(who),
  );
  const passage: Passage = { who, protocol: line, from, to };
  const known = found[below];
  if (known === undefined) found.push(passage);
  else found[below] = { ...passage, from: known.from };
}
