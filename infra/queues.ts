import { Aws, type Stack } from "aws-cdk-lib";
import { CfnQueue, CfnQueuePolicy, type CfnQueueProps } from "aws-cdk-lib/aws-sqs";
import { queuePolicy } from "../lib/values/queuePolicy.ts";
import { queueTries } from "../lib/values/wiring.ts";
import { either, eitherText } from "./conditions.ts";
import type { Settings } from "./settings.ts";
import { enforceTimeout, notifyTimeout } from "./sizes.ts";

/** The queues between the functions, and where what could not be delivered is kept: one for each hop, so that an alarm says which. */
export interface Queues {
  /** EventBridge events, what the sweep found, and what to look at again -> enforce. */
  readonly enforce: CfnQueue;
  /** Outcomes -> notify. */
  readonly notify: CfnQueue;
  readonly deadLetters: {
    /** Events that EventBridge could not put on the enforce queue. */
    readonly rules: CfnQueue;
    readonly enforce: CfnQueue;
    readonly notify: CfnQueue;
    /** Sweeps that could not be started, or failed. */
    readonly sweep: CfnQueue;
  };
}

const fourteenDays = 14 * 86_400;

export function addQueues(stack: Stack, settings: Settings): Queues {
  const add = (id: string, props: CfnQueueProps): CfnQueue => addQueue(stack, id, props, settings);
  const dead = (id: string): CfnQueue => add(id, {});
  const deadLetters = {
    rules: dead("RuleDeadLetters"),
    enforce: dead("EnforceDeadLetters"),
    notify: dead("NotifyDeadLetters"),
    sweep: dead("SweepDeadLetters"),
  };
  const redrive = (to: CfnQueue) => ({
    deadLetterTargetArn: to.attrArn,
    maxReceiveCount: queueTries,
  });
  // Twice the function's time: what it did not finish should not stay open long.
  return {
    enforce: add("EnforceQueue", {
      visibilityTimeout: 2 * enforceTimeout,
      redrivePolicy: redrive(deadLetters.enforce),
    }),
    notify: add("NotifyQueue", {
      visibilityTimeout: 2 * notifyTimeout,
      redrivePolicy: redrive(deadLetters.notify),
    }),
    deadLetters,
  };
}

/** An encrypted queue that keeps its messages as long as SQS can. */
export function addQueue(
  stack: Stack,
  id: string,
  props: CfnQueueProps,
  settings: Settings,
): CfnQueue {
  const hasKey = settings.isNot("kmsKeyArn", "");
  return new CfnQueue(stack, id, {
    ...props,
    messageRetentionPeriod: fourteenDays,
    kmsMasterKeyId: eitherText(hasKey, settings.values.kmsKeyArn, Aws.NO_VALUE),
    sqsManagedSseEnabled: either(hasKey, false, true),
  });
}

/** Who may use a queue, beyond what roles allow. */
export const addQueuePolicy = (
  stack: Stack,
  id: string,
  queue: CfnQueue,
  statements: readonly object[] = queuePolicy(queue.attrArn),
): CfnQueuePolicy =>
  new CfnQueuePolicy(stack, id, {
    queues: [queue.ref],
    policyDocument: { Version: "2012-10-17", Statement: statements },
  });
