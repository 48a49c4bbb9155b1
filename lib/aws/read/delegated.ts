import { canonicalCidr } from "../../values/cidr.ts";
import type { Interface, Target } from "../../values/snapshot.ts";
import type { ReadInterface } from "./interfaces.ts";

/**
 * The interfaces, each also with those targets' addresses that lie in a range delegated to it: a pod has one, and EC2 does not list it. Ranges are
 * too many addresses to list them all (an IPv6 one is a /80).
 */
export function withDelegatedAddresses(
  interfaces: readonly ReadInterface[],
  targets: readonly Pick<Target, "at">[],
): readonly Interface[] {
  const lengths = new Set(interfaces.flatMap(({ prefixes }) => prefixes.map(lengthOf)));
  const within = new Map<string, string[]>();
  for (const { at } of targets) {
    if (at.kind === "instance") continue;
    for (const length of lengths) {
      const range = `${at.vpc} ${canonicalCidr(`${at.address}/${length}`)}`;
      within.set(range, [...(within.get(range) ?? []), at.address]);
    }
  }
  return interfaces.map(({ id, vpc, groups, addresses, use, prefixes }) => {
    const delegated = prefixes.flatMap(
      (prefix) => within.get(`${vpc} ${canonicalCidr(prefix)}`) ?? [],
    );
    return {
      id,
      ...(vpc === undefined ? {} : { vpc }),
      groups,
      addresses: [...new Set([...addresses, ...delegated])],
      use,
    };
  });
}

const lengthOf = (prefix: string): string => prefix.split("/")[1] ?? "";
