import { outcomeMessage } from "../values/ownMessages.ts";
import type { Outbox } from "../remediation/ports.ts";
import type { Connection } from "./connect.ts";
import { putOnBus, sendToQueue } from "./publish.ts";

/** The queues' URLs, and the name or ARN of the event bus. */
export interface Addresses {
  readonly enforceQueueUrl: string;
  readonly notifyQueueUrl: string;
  readonly eventBus: string;
}

/** An outbox of queues and an event bus. */
export const createOutbox = (
  aws: Connection<"sqs" | "eventBridge">,
  { enforceQueueUrl, notifyQueueUrl, eventBus }: Addresses,
): Outbox => ({
  notify: (texts) => sendToQueue(aws, notifyQueueUrl, texts),
  copy: (texts) => putOnBus(aws, eventBus, outcomeMessage, texts),
  enforce: (texts, delaySeconds) => sendToQueue(aws, enforceQueueUrl, texts, delaySeconds),
});
