import { cidrFamily } from "./cidr.ts";
import type { Rule } from "./rule.ts";
import type { PrefixList } from "./snapshot.ts";

/** How much of a group's quota for IPv4 rules, and of that for IPv6, rules take. */
export interface Weight {
  readonly ipv4: number;
  readonly ipv6: number;
}

export const noWeight: Weight = { ipv4: 0, ipv6: 0 };

export const heavier = (some: Weight, more: Weight): Weight => ({
  ipv4: some.ipv4 + more.ipv4,
  ipv6: some.ipv6 + more.ipv6,
});

export const lighter = (some: Weight, less: Weight): Weight => ({
  ipv4: some.ipv4 - less.ipv4,
  ipv6: some.ipv6 - less.ipv6,
});

/** The fuller of the two quotas. */
export const fuller = ({ ipv4, ipv6 }: Weight): number => Math.max(ipv4, ipv6);

/** A group counts in both quotas; a prefix list with its maximum size, where that is not known with its entries. */
function weightOfOne({ source }: Rule, prefixLists: ReadonlyMap<string, PrefixList>): Weight {
  switch (source.kind) {
    case "ipv4":
      return { ipv4: 1, ipv6: 0 };
    case "ipv6":
      return { ipv4: 0, ipv6: 1 };
    case "group":
    case "groupName":
      return { ipv4: 1, ipv6: 1 };
    case "prefixList": {
      const list = prefixLists.get(source.id);
      const size = Math.max(1, list?.maxEntries ?? list?.entries?.length ?? 1);
      const families = new Set((list?.entries ?? []).map(cidrFamily));
      const counts = (family: "ipv4" | "ipv6"): number =>
        families.size === 0 || families.has(family) ? size : 0;
      return { ipv4: counts("ipv4"), ipv6: counts("ipv6") };
    }
  }
}

export const weightOf = (
  rules: readonly Rule[],
  prefixLists: ReadonlyMap<string, PrefixList>,
): Weight => rules.reduce((sum, rule) => heavier(sum, weightOfOne(rule, prefixLists)), noWeight);
