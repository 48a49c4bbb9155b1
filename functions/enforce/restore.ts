import { randomUUID } from "node:crypto";
import { putHold, readHolds } from "../../lib/remediation/holds.ts";
import { changeBy, markTold, writeAhead, writeOutcome } from "../../lib/remediation/journal.ts";
import { giveBack, takeLease, type Worker } from "../../lib/remediation/lease.ts";
import { restorable } from "../../lib/remediation/restoring.ts";
import { planUndo } from "../../lib/remediation/undo.ts";
import { undo } from "../../lib/remediation/undoing.ts";
import { type Undoing, undoIntent, undoOutcome } from "../../lib/remediation/undoOutcome.ts";
import { changeIdOf } from "../../lib/values/changeId.ts";
import { holdsOn } from "../../lib/values/hold.ts";
import { ownSource } from "../../lib/values/ownMessages.ts";
import type { HealthReading } from "../../lib/values/snapshot.ts";
import type { TargetCheck } from "../../lib/values/targetCheck.ts";
import { whyOf } from "../runtime/invocation.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Restored } from "./checkTargets.ts";

type AtWork = Pick<Runtime, "store" | "clock" | "world" | "log"> & { readonly worker: Worker };

/** Milliseconds for which it stays undone. */
const stays = 4 * 3_600_000;

/** Undoes a change, once, after which all healthy targets of a load balancer fell silent. Where that fails, people hear of the targets all the same. */
export async function restore(
  check: TargetCheck,
  health: readonly HealthReading[],
  runtime: AtWork,
): Promise<Restored | undefined> {
  try {
    return await restoreOnce(check, health, runtime);
  } catch (error) {
    const { group, change } = check;
    runtime.log.error("A change was not undone", { group, change, why: whyOf(error), error });
    return undefined;
  }
}

async function restoreOnce(
  { group, change }: TargetCheck,
  health: readonly HealthReading[],
  { store, clock, world, worker, log }: AtWork,
): Promise<Restored | undefined> {
  const entry = change === undefined ? undefined : await changeBy(store, change);
  const now = clock.now();
  const wanted = entry?.outcome === undefined ? undefined : restorable(entry.outcome, health, now);
  if (change === undefined || entry === undefined || wanted === undefined) return undefined;
  const holds = holdsOn(group, await readHolds(store), now);
  // Undone already, by us or by somebody; or nothing is to be written at all.
  if (holds.some((one) => one.change === change || one.stops === "writes")) return undefined;
  const taken = await takeLease(store, group, [], worker, now);
  if (taken.kind !== "taken") throw new Error(`another worker has ${group}`);
  try {
    const [at, until] = [now, now + stays].map((time) => new Date(time).toISOString());
    const undoing: Undoing = {
      of: entry.intent,
      change: changeIdOf(at ?? "", randomUUID().replaceAll("-", "")),
      principal: ownSource,
      why: `no target of ${wanted.silenced.join(", ")} that was healthy answers`,
      at: at ?? "",
      until: until ?? "",
    };
    const { principal: by, why } = undoing;
    const held = { on: group, change, stops: "removals", by, why } as const;
    await putHold(store, { ...held, since: undoing.at, until: undoing.until });
    const before = await world.look([group]);
    const intent = undoIntent(undoing, planUndo(wanted.done, before), before);
    await writeAhead(store, intent);
    const outcome = undoOutcome(undoing, intent, await undo(wanted.done, world), "restored");
    await writeOutcome(store, outcome);
    log.warn("A change was undone, since targets fell silent", { group, change, why });
    return { findings: outcome.findings, told: () => markTold(store, undoing.change) };
  } finally {
    await giveBack(store, group, worker, clock.now(), true);
  }
}
