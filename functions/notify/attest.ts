import { openerOf } from "../../lib/messages/attribution.ts";
import { severityOf } from "../../lib/messages/severity.ts";
import type { EventHistory } from "../../lib/remediation/ports.ts";
import { actorOf } from "../../lib/triggers/actor.ts";
import { isFields } from "../../lib/triggers/fields.ts";
import type { Attestation } from "../../lib/values/attestation.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import { whyOf } from "../runtime/invocation.ts";

/** Asks CloudTrail whether it was whom the event names, where somebody may act on that: of a high alert. Undefined: there is nothing to ask. Never throws: the alert is more urgent. */
export async function attest(
  outcome: Outcome,
  history: EventHistory,
): Promise<Attestation | undefined> {
  const opener = openerOf(outcome);
  if (opener === undefined || severityOf(outcome) !== "high") return undefined;
  try {
    const record = await history.recordOf(opener.eventId);
    if (!isFields(record)) return { kind: "absent" };
    const { principal } = actorOf(record);
    return principal === opener.actor.principal ? { kind: "same" } : { kind: "another", principal };
  } catch (error) {
    return { kind: "unread", why: whyOf(error) };
  }
}
