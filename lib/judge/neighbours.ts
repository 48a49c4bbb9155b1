import type { Rule } from "../values/rule.ts";
import type { Group, Snapshot } from "../values/snapshot.ts";
import { addressFamilies, rangesAround, strangersFrom } from "./strangers.ts";

/** Does the rule let in everything, and nobody from the internet? */
export const letsNeighboursInToAll = (
  { protocol, source }: Rule,
  group: Group,
  snapshot: Snapshot,
): boolean =>
  protocol === "-1" &&
  addressFamilies.every(
    (family) => strangersFrom(source, family, rangesAround(group, snapshot), snapshot).length === 0,
  );
