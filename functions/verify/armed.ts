import { notArmedKind } from "../../lib/values/ownMessages.ts";
import type { EventPath } from "../../lib/remediation/ports.ts";
import { whyOf } from "../runtime/invocation.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { NotArmed } from "../../lib/messages/notArmed.ts";

/** Is everything in place that wakes enforcement? What cannot be read counts as missing. Never throws: whatever is found, the sweep is to go on. */
export async function checkArmed(
  path: EventPath,
  { world, outbox, clock, measure, log }: Runtime,
): Promise<void> {
  const asked = [
    async () => [await path.whyNoTrail()].filter((why) => why !== undefined),
    ...(path.problems ?? []),
  ];
  const problems = [...new Set((await Promise.all(asked.map(orWhyNot))).flat())];
  const rest =
    path.problems === undefined ? { wiring: "not looked at: ELB_ONLY_RULE_PREFIX is not set" } : {};
  measure({ Armed: problems.length === 0 ? 1 : 0 });
  if (problems.length === 0) {
    log.info("Armed", rest);
    return;
  }
  log.error("Not armed", { problems, ...rest });
  const alert: NotArmed = {
    version: 1,
    kind: notArmedKind,
    account: world.account,
    region: world.region,
    partition: world.partition,
    at: new Date(clock.now()).toISOString(),
    problems,
  };
  const unsent = await outbox.notify([JSON.stringify(alert)]);
  if (unsent.length > 0)
    log.error("That it is not armed was not sent to the notify queue", { why: unsent[0]?.why });
}

async function orWhyNot(ask: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await ask();
  } catch (error) {
    return [`It cannot be read whether everything is in place: ${whyOf(error)}`];
  }
}
