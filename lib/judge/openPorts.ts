import type { GroupPlan } from "../values/groupPlan.ts";
import type { OpenPort } from "../values/openPort.ts";
import type { Policy } from "../values/policy.ts";
import type { Snapshot } from "../values/snapshot.ts";
import { entrancesAt } from "./entrances.ts";
import { staysBecause } from "./staysBecause.ts";

/** The served ports of a group's interfaces that are open to others than load balancers, by whichever of their groups, and why. */
export const openPortsOf = (
  plan: GroupPlan,
  snapshot: Snapshot,
  policy: Policy,
): readonly OpenPort[] =>
  entrancesAt(
    snapshot.interfaces.filter(({ groups }) => groups.includes(plan.group)),
    snapshot,
    policy,
  ).map((one) => ({ ...one, because: staysBecause(one, plan, snapshot, policy) }));
