import type { EventPath } from "../remediation/ports.ts";
import type { Connection } from "./connect.ts";
import { problemsOfRules } from "./eventRules.ts";
import { whyNoTrail } from "./trails.ts";

/** From CloudTrail through the EventBridge rules whose names begin with `rulePrefix` to the enforce queue. */
export const createEventPath = (
  { cloudTrail, eventBridge }: Connection<"cloudTrail" | "eventBridge">,
  rulePrefix: string | undefined,
  enforceQueueUrl: string,
): EventPath => ({
  whyNoTrail: () => whyNoTrail(cloudTrail),
  problemsOfRules:
    rulePrefix === undefined
      ? undefined
      : () => problemsOfRules(eventBridge, rulePrefix, enforceQueueUrl),
});
