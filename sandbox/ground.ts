import { createTables } from "./dynamodb/tables.ts";
import { createFaults } from "./faults.ts";
import { names } from "./functions.ts";
import { createIdentities, functionRole } from "./identities.ts";
import type { Caller } from "./state/sts.ts";
import type { Ground } from "./perform.ts";
import { topicArn } from "./sns/sns.ts";
import { queueArn } from "./sqs/sqs.ts";
import { createQueue, send } from "./sqs/queue.ts";
import { createCloud, type Cloud, type Quotas } from "./state/cloud.ts";
import { createBus, type Pattern } from "./state/events.ts";
import type { Queue } from "./state/sqs.ts";
import { createWorld } from "./world.ts";

export interface GroundOptions {
  readonly region?: string;
  readonly now?: () => Date;
  readonly quotas?: Partial<Quotas>;
  /** What wakes the enforce function, by rule name; none: nothing does. */
  readonly patterns?: Readonly<Record<string, Pattern>>;
  /** Callers beside alice (AKIASANDBOXALICE), bob (AKIASANDBOXBOB) and the functions. */
  readonly callers?: readonly Caller[];
  readonly visibilityTimeoutMs?: number;
  readonly maxReceiveCount?: number;
}

/** An account with a default VPC, and the queues, the topic and the rules that a deployment makes. Nothing listens to it yet. */
export function createGround(options: GroundOptions): {
  readonly ground: Ground;
  readonly callerOf: (accessKey: string) => Caller;
  readonly deadQueues: readonly Queue[];
} {
  const { region = "us-east-1", now = () => new Date(), patterns = {} } = options;
  const cloud = createCloud(
    region,
    now,
    { rulesPerGroup: 60, groupsPerInterface: 5, deregistrationDelayMs: 300_000, ...options.quotas },
    createBus(),
    createTables(names.stateTable),
  );
  const callerOf = createIdentities(options.callers ?? []);
  createWorld(cloud).vpc({ cidr: "172.31.0.0/16", isDefault: true });
  const deadQueues = [names.enforceQueue, names.notifyQueue].map((name) =>
    addQueue(cloud, name, options),
  );
  for (const name of [names.ruleDeadLetters, names.sweepDeadLetters])
    cloud.queues.set(name, createQueue(name, 30_000));
  connectFunctions(cloud);
  for (const name of [names.alertTopic, names.alarmTopic]) {
    const topic = topicArn(cloud, name);
    const arn = `${topic}:${cloud.ids.uuid()}`;
    cloud.topics.add(topic);
    // Somebody hears what the functions tell.
    cloud.subscriptions.set(arn, { arn, topic, protocol: "email", endpoint: "ops@example.com" });
  }
  for (const [name, pattern] of Object.entries(patterns))
    cloud.bus.rules.push({
      name,
      pattern,
      targets: [
        {
          Id: "enforce",
          Arn: queueArn(cloud, names.enforceQueue),
          DeadLetterConfig: { Arn: queueArn(cloud, names.ruleDeadLetters) },
          RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
        },
      ],
      deliver: (event) => sendToEnforce(cloud, JSON.stringify(event)),
    });
  return {
    ground: { cloud, faults: createFaults(), calls: [] },
    callerOf: (accessKey) => cloud.sessions.get(accessKey) ?? callerOf(accessKey),
    deadQueues,
  };
}

/** As the deployment does, whether or not the functions run. */
function connectFunctions(cloud: Cloud): void {
  for (const [name, queue] of [
    ["enforce", names.enforceQueue],
    ["notify", names.notifyQueue],
  ] as const) {
    const uuid = cloud.ids.uuid();
    cloud.mappings.set(uuid, {
      uuid,
      functionName: functionRole(name),
      queueArn: queueArn(cloud, queue),
      isEnabled: true,
      responseTypes: ["ReportBatchItemFailures"],
      filters: [],
    });
  }
  const onFailure = queueArn(cloud, names.sweepDeadLetters);
  cloud.functions.set(functionRole("verify"), { onFailure });
}

/** Returns its queue of dead letters. */
function addQueue(cloud: Cloud, name: string, options: GroundOptions): Queue {
  const dead = createQueue(names.deadLetters(name), 30_000);
  const redrive = { to: dead, maxReceiveCount: options.maxReceiveCount ?? 3 };
  for (const queue of [dead, createQueue(name, options.visibilityTimeoutMs ?? 1000, redrive)])
    cloud.queues.set(queue.name, queue);
  return dead;
}

export function sendToEnforce(cloud: Cloud, body: string): void {
  const queue = cloud.queues.get(names.enforceQueue);
  if (queue !== undefined) send(queue, cloud.ids, cloud.now().getTime(), body);
}
