import type { Message, Queue } from "../state/sqs.ts";
import type { Ids } from "../state/ids.ts";

export const createQueue = (
  name: string,
  visibilityMs: number,
  redrive?: Queue["redrive"],
): Queue => ({
  name,
  visibilityMs,
  ...(redrive === undefined ? {} : { redrive }),
  messages: new Map(),
  listeners: new Set(),
});

export function send(
  queue: Queue,
  ids: Ids,
  now: number,
  body: string,
  attributes: Readonly<Record<string, unknown>> = {},
  delayMs = 0,
): Message {
  const message: Message = {
    id: ids.uuid(),
    body,
    attributes,
    sent: now,
    receives: 0,
    visible: now + delayMs,
  };
  queue.messages.set(message.id, message);
  for (const listener of queue.listeners) listener();
  return message;
}

/** Was it sent with a delay that is not over? */
export const isDelayed = ({ receives, visible }: Message, now: number): boolean =>
  receives === 0 && visible > now;

/** Up to `most` visible messages, which then are invisible for a while. One that was received too often goes to the dead letters instead. */
export function receive(
  queue: Queue,
  ids: Ids,
  now: number,
  most: number,
  visibilityMs = queue.visibilityMs,
): readonly Message[] {
  const received: Message[] = [];
  for (const message of queue.messages.values()) {
    if (received.length >= most) break;
    if (message.visible > now) continue;
    if (queue.redrive !== undefined && message.receives >= queue.redrive.maxReceiveCount) {
      queue.messages.delete(message.id);
      queue.redrive.to.messages.set(message.id, { ...message, visible: now });
      continue;
    }
    const taken = {
      ...message,
      receives: message.receives + 1,
      firstReceived: message.firstReceived ?? now,
      receipt: `${message.id}#${ids.uuid()}`,
      visible: now + visibilityMs,
    };
    queue.messages.set(message.id, taken);
    received.push(taken);
  }
  return received;
}

/** The message that a receipt handle was given for last; an outdated one means none, as in a standard queue it may. */
function byReceipt(queue: Queue, receipt: string): Message | undefined {
  const message = queue.messages.get(receipt.slice(0, receipt.indexOf("#")));
  return message?.receipt === receipt ? message : undefined;
}

export function remove(queue: Queue, receipt: string): void {
  const message = byReceipt(queue, receipt);
  if (message !== undefined) queue.messages.delete(message.id);
}

/** Keeps a received message invisible until then; a past time gives it back now. */
export function hide(queue: Queue, receipt: string, until: number): void {
  const message = byReceipt(queue, receipt);
  if (message === undefined) return;
  queue.messages.set(message.id, { ...message, visible: until });
  for (const listener of queue.listeners) listener();
}

/** Gives a received message back: it is visible again when its time is over, or now if that is past. */
export function release(queue: Queue, receipt: string, now: number, received: number): void {
  const message = byReceipt(queue, receipt);
  if (message !== undefined)
    queue.messages.set(message.id, {
      ...message,
      visible: Math.max(now, received + queue.visibilityMs),
    });
}

/** When the next message can be received; undefined if there is none, or all are in flight. */
export function nextVisible(queue: Queue): number | undefined {
  let next = Infinity;
  for (const { visible } of queue.messages.values()) next = Math.min(next, visible);
  return next === Infinity ? undefined : next;
}
