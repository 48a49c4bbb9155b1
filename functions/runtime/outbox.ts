import type { Post } from "../../lib/remediation/ports.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import type { Log } from "./invocation.ts";
import { outcomeText } from "../../lib/messages/truncate.ts";
import { isWorthTelling } from "../../lib/messages/severity.ts";

export interface Posts {
  /** To the queue whose messages become messages for people. */
  readonly notify: Post;
  /** To the event bus, for machines: a copy. */
  readonly copy: Post;
}

/** Sends on the outcomes that somebody should know. Answers of which groups people will not hear, and why; a lost copy is only logged. */
export async function tell(
  outcomes: readonly Outcome[],
  { notify, copy }: Posts,
  log: Log,
): Promise<ReadonlyMap<GroupId, string>> {
  const telling = outcomes.filter(isWorthTelling);
  if (telling.length === 0) return new Map();
  const texts = telling.map((outcome) => outcomeText(outcome));
  const [untold, uncopied] = await Promise.all([notify(texts), copy(texts)]);

  const untoldGroups = new Map<GroupId, string>();
  for (const { index, why } of untold) {
    const outcome = telling[index];
    if (outcome === undefined) continue;
    const { group, result, added, removed, findings } = outcome;
    untoldGroups.set(group, `its outcome was not sent: ${why}`);
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
    const groups = uncopied.map(({ index }) => telling[index]?.group);
    log.error("Copies of outcomes were not put on the event bus", {
      groups,
      why: uncopied[0]?.why,
    });
  }
  return untoldGroups;
}
