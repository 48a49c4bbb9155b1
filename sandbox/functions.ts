import { join } from "node:path";
import { queueUrl } from "./sqs/sqs.ts";
import { topicArn } from "./sns/sns.ts";
import type { Cloud } from "./state/cloud.ts";
import { functionAccessKey } from "./identities.ts";
import type { FunctionSettings } from "./lambda/function.ts";

/** Names of what the deployment makes, and the sandbox with it. */
export const names = {
  enforceQueue: "elb-only-enforce",
  notifyQueue: "elb-only-notify",
  alertTopic: "elb-only-alerts",
  alarmTopic: "elb-only-alarms",
  stateTable: "elb-only-state",
  deadLetters: (queue: string): string => `${queue}-dead-letters`,
  /** Of what EventBridge could not deliver, and of sweeps that failed. */
  ruleDeadLetters: "elb-only-rules-dead-letters",
  sweepDeadLetters: "elb-only-verify-dead-letters",
} as const;

/** A function to run: its bundle, and what is in its environment beside what every function has. */
export interface SandboxFunction {
  readonly name: "enforce" | "verify" | "notify";
  /** Path of an ES module that exports `handler`. */
  readonly bundle: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The three functions as `npm run build` leaves them; `environment` holds `ELB_ONLY_...` settings for all three. */
export const builtFunctions = (
  environment: Readonly<Record<string, string>> = {},
): readonly SandboxFunction[] =>
  (["enforce", "verify", "notify"] as const).map((name) => ({
    name,
    bundle: join(import.meta.dirname, "..", "dist", "functions", name, "index.mjs"),
    environment,
  }));

/** A function with the environment that Lambda and the deployment would give it. */
export const functionSettings = (
  cloud: Cloud,
  wanted: SandboxFunction,
  timeoutSeconds: number,
): FunctionSettings => ({
  name: wanted.name,
  bundle: wanted.bundle,
  timeoutSeconds,
  environment: {
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_REGION: cloud.region,
    AWS_DEFAULT_REGION: cloud.region,
    AWS_ACCESS_KEY_ID: functionAccessKey(wanted.name),
    AWS_SECRET_ACCESS_KEY: "sandbox",
    AWS_SESSION_TOKEN: "sandbox",
    ELB_ONLY_STATE_TABLE: names.stateTable,
    ...wiring(cloud, wanted.name),
    ...wanted.environment,
  },
});

function wiring(cloud: Cloud, name: SandboxFunction["name"]): Readonly<Record<string, string>> {
  const notify = {
    ELB_ONLY_NOTIFY_QUEUE_URL: queueUrl(cloud, names.notifyQueue),
    ELB_ONLY_EVENT_BUS: "default",
  };
  switch (name) {
    case "enforce":
      // Health here follows the rules at once.
      return {
        ...notify,
        ELB_ONLY_ENFORCE_QUEUE_URL: queueUrl(cloud, names.enforceQueue),
        ELB_ONLY_CHECK_HEALTH_AFTER: "0",
      };
    case "verify":
      return {
        ...notify,
        ELB_ONLY_ENFORCE_QUEUE_URL: queueUrl(cloud, names.enforceQueue),
        ELB_ONLY_ALERT_TOPIC_ARN: topicArn(cloud, names.alertTopic),
      };
    case "notify":
      return { ELB_ONLY_ALERT_TOPIC_ARN: topicArn(cloud, names.alertTopic) };
  }
}
