import type { TargetCheck } from "../../lib/values/targetCheck.ts";
import { parseEvent } from "../../lib/triggers/parse.ts";
import type { Trigger } from "../../lib/values/trigger.ts";
import { type Log, type QueueMessage, whyOf } from "../runtime/invocation.ts";

/** A batch of messages, read: each call that concerns us once, however often it was delivered. */
export interface Inbox {
  readonly triggers: readonly Trigger[];
  /** The messages about each call, by its event id: they share its fate. */
  readonly messages: ReadonlyMap<string, readonly string[]>;
  /** Looks at targets after a removal, by message. */
  readonly checks: ReadonlyMap<string, TargetCheck>;
  /** When each call was made that was to come back, and changed nothing; undefined: the record does not say. */
  readonly canaries: readonly (string | undefined)[];
  /** Messages that nobody can read, and why. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/** Reads the messages' bodies: EventBridge events as JSON. */
export function openInbox(messages: readonly QueueMessage[], log: Log): Inbox {
  const triggers = new Map<string, Trigger>();
  const about = new Map<string, string[]>();
  const checks = new Map<string, TargetCheck>();
  const canaries: (string | undefined)[] = [];
  const unreadable = new Map<string, string>();
  for (const { messageId, body, attributes } of messages) {
    const isRedelivered = Number(attributes?.ApproximateReceiveCount ?? 1) > 1;
    try {
      const parsed = parseEvent(JSON.parse(body));
      switch (parsed.kind) {
        case "notOurs":
          log.debug("Not ours", { messageId, why: parsed.why });
          break;
        case "canary":
          canaries.push(parsed.at);
          break;
        case "check":
          checks.set(messageId, parsed.check);
          break;
        case "trigger": {
          const { trigger } = parsed;
          if (parsed.unreadable !== undefined) {
            unreadable.set(messageId, parsed.unreadable);
            log.error("A message cannot be read", { messageId, why: parsed.unreadable });
            // Once: the other deliveries only lead to the dead letters.
            if (isRedelivered) break;
          }
          triggers.set(trigger.eventId, trigger);
          about.set(trigger.eventId, [...(about.get(trigger.eventId) ?? []), messageId]);
          break;
        }
      }
    } catch (error) {
      unreadable.set(messageId, whyOf(error));
      log.error("A message cannot be read", { messageId, why: whyOf(error) });
    }
  }
  return { triggers: [...triggers.values()], messages: about, checks, canaries, unreadable };
}
