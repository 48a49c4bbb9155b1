import type { Rule } from "../values/rule.ts";
import type { Group, Snapshot } from "../values/snapshot.ts";
import { addressFamilies, strangersFrom } from "./strangers.ts";

/** Does the rule let in everything, and nobody from the internet? */
export const letsNeighboursInToAll = (
  { protocol, source }: Rule,
  { vpc = "" }: Group,
  snapshot: Snapshot,
): boolean =>
  protocol === "-1" &&
  addressFamilies.every(
    (family) =>
      strangersFrom(source, family, snapshot.vpcRanges.get(vpc) ?? [], snapshot).length === 0,
  );
