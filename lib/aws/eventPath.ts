import type { EventPath } from "../remediation/ports.ts";
import type { Wiring } from "../values/wiring.ts";
import type { Connection } from "./connect.ts";
import { problemsOfRules } from "./eventRules.ts";
import { problemsOfFailedSweeps, problemsOfReader } from "./queueReaders.ts";
import { whyNoTrail } from "./trails.ts";
import { problemsOfQueue } from "./wiredQueues.ts";

/** From CloudTrail through the EventBridge rules whose names begin with `rulePrefix` and the queues to the functions. */
export const createEventPath = (
  {
    cloudTrail,
    eventBridge,
    lambda,
    sqs,
  }: Connection<"cloudTrail" | "eventBridge" | "lambda" | "sqs">,
  wiring: (Wiring & { readonly rulePrefix: string }) | undefined,
): EventPath => ({
  whyNoTrail: () => whyNoTrail(cloudTrail),
  problems:
    wiring === undefined
      ? undefined
      : [
          () => problemsOfRules(eventBridge, wiring.rulePrefix, wiring.rules),
          ...wiring.queues.map((queue) => () => problemsOfQueue(sqs, queue)),
          ...wiring.readers.map((reader) => () => problemsOfReader(lambda, reader)),
          () => problemsOfFailedSweeps(lambda, wiring.failedSweeps),
        ],
});
