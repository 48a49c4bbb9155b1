import type { Cloud } from "../state/cloud.ts";
import { isDelayed, nextVisible, receive, release, remove } from "../sqs/queue.ts";
import type { Message, Queue } from "../state/sqs.ts";
import { messageAttributes, queueArn } from "../sqs/sqs.ts";
import type { LambdaFunction } from "./function.ts";

export interface EventSourceSettings {
  readonly batchSize: number;
  /** How long a batch is gathered. */
  readonly windowMs: number;
  readonly maxConcurrency: number;
}

export interface EventSource {
  readonly queue: Queue;
  /** Nothing waiting, in flight or to be tried again. A message that was sent with a delay has still to become one that waits. */
  isIdle(): boolean;
  /** Time has passed at once: what is due comes now. */
  catchUp(): void;
  /** What is delayed becomes visible now. */
  hasten(): void;
  close(): void;
}

/**
 * Hands a queue's messages to a function in batches. What the function reports as failed, or everything if it throws, becomes
 * visible again after the queue's visibility timeout; the rest is deleted. What is in flight is not delivered again, however short
 * that timeout is: AWS takes none that is shorter than the function's own.
 */
export function connect(
  cloud: Cloud,
  queue: Queue,
  target: LambdaFunction,
  settings: EventSourceSettings,
  settled: (error?: unknown) => void,
): EventSource {
  let running = 0;
  let planned: { readonly timer: NodeJS.Timeout; readonly due: number } | undefined;
  let closed = false;

  const schedule = (): void => {
    const next = nextVisible(queue);
    if (closed || running >= settings.maxConcurrency || next === undefined) return;
    const now = cloud.now().getTime();
    const due = Math.max(now + settings.windowMs, next);
    if (planned !== undefined && planned.due <= due) return;
    clearTimeout(planned?.timer);
    const timer = setTimeout(() => {
      planned = undefined;
      void poll();
    }, due - now);
    planned = { timer, due };
  };

  const poll = async (): Promise<void> => {
    const received = cloud.now().getTime();
    const batch = receive(queue, cloud.ids, received, settings.batchSize, Infinity);
    if (batch.length > 0) running += 1;
    schedule();
    if (batch.length === 0) return settled();
    try {
      const result = await target.invoke({
        Records: batch.map((message) => sqsRecord(cloud, queue, message)),
      });
      for (const message of handled(batch, result)) remove(queue, message.receipt ?? "");
      settled();
    } catch (error) {
      settled(error);
    } finally {
      for (const message of batch)
        release(queue, message.receipt ?? "", cloud.now().getTime(), received);
      running -= 1;
      schedule();
    }
  };

  queue.listeners.add(schedule);
  schedule();
  return {
    queue,
    isIdle: () =>
      running === 0 &&
      ![...queue.messages.values()].some((message) => !isDelayed(message, cloud.now().getTime())),
    catchUp: () => {
      clearTimeout(planned?.timer);
      planned = undefined;
      schedule();
    },
    hasten: () => {
      const now = cloud.now().getTime();
      for (const message of queue.messages.values())
        if (isDelayed(message, now)) queue.messages.set(message.id, { ...message, visible: now });
      schedule();
    },
    close: () => {
      closed = true;
      clearTimeout(planned?.timer);
      queue.listeners.delete(schedule);
    },
  };
}

/** The messages of a batch that are done with. A report that names a message nobody sent, or none, fails the whole batch. @internal */
export function handled(batch: readonly Message[], result: unknown): readonly Message[] {
  const failures: unknown =
    typeof result === "object" && result !== null && "batchItemFailures" in result
      ? result.batchItemFailures
      : undefined;
  if (failures === undefined || failures === null) return batch;
  if (!Array.isArray(failures)) return [];
  const failed = failures.map((failure: unknown) =>
    typeof failure === "object" && failure !== null && "itemIdentifier" in failure
      ? failure.itemIdentifier
      : undefined,
  );
  const known = new Set<unknown>(batch.map(({ id }) => id));
  return failed.every((id) => known.has(id)) ? batch.filter(({ id }) => !failed.includes(id)) : [];
}

const sqsRecord = (cloud: Cloud, queue: Queue, message: Message) => ({
  messageId: message.id,
  receiptHandle: message.receipt,
  body: message.body,
  attributes: messageAttributes(message),
  messageAttributes: {},
  md5OfBody: "",
  eventSource: "aws:sqs",
  eventSourceARN: queueArn(cloud, queue.name),
  awsRegion: cloud.region,
});
