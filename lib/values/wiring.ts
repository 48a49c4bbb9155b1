import type { QueueStatement } from "./queuePolicy.ts";

/** What this version puts between CloudTrail and the functions, for the sweep to compare with what is there. */
export interface Wiring {
  /** The id of the prefix list on which the sweep makes the call whose record is to come back. */
  readonly canary: string;
  /** On the default bus. */
  readonly rules: readonly WiredRule[];
  readonly queues: readonly WiredQueue[];
  readonly readers: readonly QueueReader[];
  /** Where Lambda keeps a sweep that failed. */
  readonly failedSweeps: { readonly functionName: string; readonly deadLetterArn: string };
}

export interface WiredRule {
  readonly name: string;
  readonly pattern: object;
  readonly target: RuleTarget;
}

/** What a rule delivers to, as it came: nothing is put in its place. */
export interface RuleTarget {
  readonly arn: string;
  readonly deadLetterArn: string;
}

export interface WiredQueue {
  /** "enforce queue" */
  readonly what: string;
  readonly url: string;
  readonly policy: readonly QueueStatement[];
  /** ARN of where it keeps what was tried too often; missing: it is such a queue itself. */
  readonly deadLetterArn?: string;
}

/** A function that Lambda hands a queue's messages. */
export interface QueueReader {
  readonly functionName: string;
  readonly queueArn: string;
}

/** How long EventBridge tries to deliver: a day. */
export const deliveryRetries = { attempts: 185, seconds: 86_400 } as const;

/** How often a queue delivers a message; with the visibility timeouts: half an hour of tries. */
export const queueTries = 8;
