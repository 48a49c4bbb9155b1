import type { Policy } from "../values/policy.ts";
import type { Source } from "../values/rule.ts";
import type { Group, Snapshot } from "../values/snapshot.ts";
import { strangerIn } from "./contact.ts";

/** The two halves of the internet, and all addresses of each. */
export const addressFamilies = [
  { family: "ipv4", all: "0.0.0.0/0", isOne: (cidr: string): boolean => !cidr.includes(":") },
  { family: "ipv6", all: "::/0", isOne: (cidr: string): boolean => cidr.includes(":") },
] as const;
export type AddressFamily = (typeof addressFamilies)[number];

/** The ranges of the VPC of a group, and of those in which it is attached to interfaces. */
export const rangesAround = (
  { id, vpc }: Pick<Group, "id" | "vpc">,
  { interfaces, vpcRanges }: Snapshot,
): readonly string[] =>
  vpcRanges.size === 0
    ? []
    : [
        ...new Set([
          vpc,
          ...interfaces.flatMap((eni) => (eni.groups.includes(id) ? [eni.vpc] : [])),
        ]),
      ].flatMap((one) => vpcRanges.get(one ?? "") ?? []);

/** The addresses that are no strangers, public as they may look: VPCs' own, and allowed ones. Where everybody is allowed, everybody is still the internet. */
export function friendsOf(
  family: AddressFamily,
  own: readonly string[],
  { allowedSources }: Policy,
): readonly string[] {
  const known = [...allowedSources, ...own];
  return strangerIn(family.all, known) === undefined ? own : known;
}

/** A stranger of each range that a source stands for. */
export function strangersFrom(
  source: Source,
  { all, isOne }: AddressFamily,
  known: readonly string[],
  { prefixLists }: Snapshot,
): readonly string[] {
  const strangers = (cidrs: readonly string[]): readonly string[] =>
    cidrs.filter(isOne).flatMap((cidr) => strangerIn(cidr, known) ?? []);
  switch (source.kind) {
    case "ipv4":
    case "ipv6":
      return strangers([source.cidr]);
    case "prefixList":
      return strangers(prefixLists.get(source.id)?.entries ?? [all]);
    case "group":
    case "groupName":
      return [];
  }
}
