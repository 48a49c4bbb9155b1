import { canonicalCidr, cidrFamily } from "../values/cidr.ts";
import type { Source } from "../values/rule.ts";
import { textOf, type Fields } from "./fields.ts";
import { groupId, is } from "./identifiers.ts";

/** A CIDR of either family, in EC2's spelling; nothing where it is none. */
export function cidrSource(value: unknown): Source | undefined {
  const cidr = textOf(value);
  const family = cidr === undefined ? undefined : cidrFamily(cidr);
  return cidr === undefined || family === undefined
    ? undefined
    : { kind: family, cidr: canonicalCidr(cidr) };
}

export function prefixListSource(value: unknown): Source | undefined {
  const id = textOf(value);
  return id === undefined ? undefined : { kind: "prefixList", id };
}

/** `{ groupId, userId? }`, or `{ groupName, userId? }` where the caller named it; without an owner it is the caller's own. */
export function groupSource(fields: Fields, account: string | undefined): Source | undefined {
  const owner = textOf(fields["userId"]);
  const id = fields["groupId"];
  if (is(groupId, id))
    return owner === undefined ? { kind: "group", group: id } : { kind: "group", group: id, owner };
  const name = textOf(fields["groupName"]);
  const namedOwner = owner ?? account;
  return name === undefined || namedOwner === undefined
    ? undefined
    : { kind: "groupName", owner: namedOwner, name };
}
