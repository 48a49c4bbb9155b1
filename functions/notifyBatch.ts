import { type Log, type QueueMessage, whyOf } from "./invocation.ts";
import { message, type Message } from "./messages/message.ts";
import { receivedOutcome } from "./messages/received.ts";

/** What notifying needs. */
export interface Notifying {
  readonly region: string;
  /** Answers the topic's id for the message. */
  readonly publish: (message: Message) => Promise<string | undefined>;
  readonly log: Log;
}

/** Publishes a message for people about each outcome. Answers the queue's messages to be delivered again, by id. */
export async function notifyBatch(messages: readonly QueueMessage[], work: Notifying): Promise<readonly string[]> {
  const isDone = await Promise.all(messages.map((one) => notify(one, work)));
  return messages.filter((_, index) => isDone[index] === false).map(({ messageId }) => messageId);
}

async function notify({ messageId, body }: QueueMessage, { region, publish, log }: Notifying): Promise<boolean> {
  try {
    const outcome = receivedOutcome(body);
    const { subject, text, attributes } = message(outcome, region);
    const published = await publish({ subject, text, attributes });
    log.info("Notified", { group: outcome.group, result: outcome.result, severity: attributes["severity"], messageId, published });
    return true;
  } catch (error) {
    log.error("A notification failed", { messageId, why: whyOf(error), error });
    return false;
  }
}
