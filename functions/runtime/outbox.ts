import { toldApart } from "../../lib/messages/deduplication.ts";
import { isWorthTelling } from "../../lib/messages/severity.ts";
import { outcomeText } from "../../lib/messages/truncate.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import { inLog } from "./invocation.ts";
import type { Runtime } from "./runtime.ts";

/** Sends on the outcomes that somebody should know. Answers of which groups people will not hear, and why; a lost copy is only logged. */
export async function sendOutcomes(
  outcomes: readonly Outcome[],
  { outbox, log }: Pick<Runtime, "outbox" | "log">,
): Promise<ReadonlyMap<GroupId, string>> {
  const sending = outcomes.filter(isWorthTelling);
  if (sending.length === 0) return new Map();
  const told = toldApart(sending);
  const textsOf = (some: readonly Outcome[]) => some.map((outcome) => outcomeText(outcome));
  const [unsent, uncopied] = await Promise.all([
    outbox.notify(textsOf(told)),
    outbox.copy(textsOf(sending)),
  ]);

  const unsentGroups = new Map<GroupId, string>();
  for (const { index, why } of unsent) {
    const outcome = told[index];
    if (outcome === undefined) continue;
    const { group, result, added, removed, findings } = outcome;
    unsentGroups.set(group, `its outcome was not sent: ${why}`);
    // The next try may find nothing left to do, and so nothing to tell: the log is where this outcome can still be read.
    log.error("An outcome was not sent to the notify queue", {
      group,
      result,
      added,
      removed,
      findings,
      why,
    });
  }
  if (uncopied.length > 0) {
    log.error("Copies of outcomes were not put on the event bus", {
      ...inLog(uncopied.flatMap(({ index }) => sending[index]?.group ?? [])),
      why: uncopied[0]?.why,
    });
  }
  return unsentGroups;
}
