import { isIP } from "node:net";
import type { RegionWorld } from "../../lib/remediation/ports.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import type { Snapshot } from "../../lib/values/snapshot.ts";
import type { Touched } from "../../lib/values/trigger.ts";

/** What of a region is asked for: the groups of these ids, whatever one thing has to do with, or all that load balancers concern. */
export type Wanted =
  | { readonly kind: "groups"; readonly ids: readonly GroupId[] }
  | { readonly kind: "thing"; readonly name: string }
  | { readonly kind: "everything" };

/** A thing as the reading of events knows it; undefined: only all that is read can tell. */
function touchedBy(name: string): Touched | undefined {
  if (name.startsWith("sg-")) return { kind: "group", group: name };
  if (name.startsWith("i-")) return { kind: "instance", instance: name };
  if (name.startsWith("eni-")) return { kind: "interface", interface: name };
  if (isIP(name) !== 0) return { kind: "address", address: name };
  return /^arn:[^:]+:elasticloadbalancing:/.test(name)
    ? { kind: "loadBalancer", arn: name }
    : undefined;
}

/** Reads as much of a region as is asked for; what could not be read is said in the snapshot. */
export async function readRegion(world: RegionWorld, wanted: Wanted): Promise<Snapshot> {
  if (wanted.kind === "groups") return world.look(wanted.ids);
  const touched = wanted.kind === "thing" ? touchedBy(wanted.name) : undefined;
  if (touched !== undefined) {
    const trigger = { event: "Explain", eventId: "explain", actor: { principal: "" }, rules: [] };
    const affected = await world.affected([{ ...trigger, touched: [touched] }]);
    return world.look([...affected.keys()]);
  }
  const { groups, gaps } = await world.sweep();
  const snapshot = await world.look(groups);
  return { ...snapshot, gaps: [...new Set([...gaps, ...snapshot.gaps])] };
}
