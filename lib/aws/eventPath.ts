import type { EventPath } from "../remediation/ports.ts";
import type { Wiring } from "../values/wiring.ts";
import type { Connection } from "./connect.ts";
import { problemsOfRules } from "./eventRules.ts";
import { problemsOfFailedSweeps, problemsOfReader } from "./queueReaders.ts";
import { sendCanary } from "./canary.ts";
import { whyNoTrail } from "./trails.ts";
import { problemsOfQueue } from "./wiredQueues.ts";

/** From CloudTrail through the EventBridge rules whose names begin with `rulePrefix` and the queues to the functions. */
export const createEventPath = (
  aws: Connection<"cloudTrail" | "ec2" | "eventBridge" | "lambda" | "sqs">,
  wiring: (Wiring & { readonly rulePrefix: string }) | undefined,
): EventPath => ({
  sendCanary: wiring === undefined ? undefined : () => sendCanary(aws, wiring.canary),
  whyNoTrail: () => whyNoTrail(aws.cloudTrail),
  problems:
    wiring === undefined
      ? undefined
      : [
          () => problemsOfRules(aws.eventBridge, wiring.rulePrefix, wiring.rules),
          ...wiring.queues.map((queue) => () => problemsOfQueue(aws.sqs, queue)),
          ...wiring.readers.map((reader) => () => problemsOfReader(aws.lambda, reader)),
          () => problemsOfFailedSweeps(aws.lambda, wiring.failedSweeps),
        ],
});
