import { notArmedKind } from "../../lib/values/ownMessages.ts";
import type { EventPath } from "../../lib/remediation/ports.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { orWhyNot, tellTrouble } from "./trouble.ts";

/** Is everything in place that wakes enforcement? */
export async function checkArmed(path: EventPath, runtime: Runtime): Promise<void> {
  const { measure, log } = runtime;
  const { sendCanary } = path;
  const asked = [
    ...(sendCanary === undefined ? [] : [() => sendCanary().then(() => [])]),
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
  await tellTrouble(notArmedKind, problems, runtime);
}
