import * as v from "valibot";
import { defaultPolicy, type Policy } from "../../lib/values/policy.ts";
import {
  closeSchema,
  modeSchema,
  portSchema,
  portText,
  sourceSchema,
} from "../../lib/values/policySchema.ts";
import type { Format } from "../../lib/messages/parts.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What each function needs to know of its deployment. */
interface SharedConfig {
  readonly policy: Policy;
  readonly enforceQueueUrl: string;
  readonly notifyQueueUrl: string;
  readonly eventBus: string;
}
export interface VerifyConfig extends SharedConfig {
  /** What our EventBridge rules' names begin with. Undefined: nobody looks at them. */
  readonly rulePrefix: string | undefined;
}
export interface EnforceConfig extends SharedConfig {
  /** Seconds between a removal and the look at the targets' health. */
  readonly checkHealthAfter: number | "off";
}
export interface NotifyConfig {
  readonly alertTopicArn: string;
  readonly format: Format;
  /** The DynamoDB table that remembers what was told. Undefined: everything is told. */
  readonly alertTable: string | undefined;
  /** Milliseconds for which the same is not told again. */
  readonly periodMs: number;
  readonly region: string;
}

const listOf = (text: string): string[] =>
  text.trim() === "" ? [] : text.split(",").map((item) => item.trim());

const policySettings = {
  ELB_ONLY_DEFAULT_MODE: v.optional(modeSchema, defaultPolicy.defaultMode),
  ELB_ONLY_CLOSE: v.optional(closeSchema, defaultPolicy.close),
  // An empty list must be spelled out: one emptied by accident would close people's own way in.
  ELB_ONLY_PROTECTED_PORTS: v.optional(
    v.pipe(
      v.string(),
      v.check(
        (text) => text.trim() !== "",
        'allowed: ports as in tcp/22,udp/53,tcp/8000-8100, or "none"',
      ),
      v.transform((text) => (text.trim() === "none" ? [] : listOf(text))),
      v.array(portSchema),
    ),
    defaultPolicy.protectedPorts.map(portText).join(","),
  ),
  ELB_ONLY_ALLOWED_SOURCES: v.optional(
    v.pipe(v.string(), v.transform(listOf), v.array(sourceSchema)),
    defaultPolicy.allowedSources.join(","),
  ),
  ELB_ONLY_KEEP_SELF: v.optional(
    v.pipe(
      v.picklist(["true", "false"], "allowed: true, false"),
      v.transform((text) => text === "true"),
    ),
    defaultPolicy.keepSelf ? "true" : "false",
  ),
};

const matching = (pattern: RegExp, allowed: string) =>
  v.pipe(v.string(`allowed: ${allowed}`), v.regex(pattern, `allowed: ${allowed}`));

const queueUrl = matching(/^https?:\/\/\S+(?<!\.fifo)$/, "the URL of a standard SQS queue");

const placeSettings = {
  ELB_ONLY_ENFORCE_QUEUE_URL: queueUrl,
  ELB_ONLY_NOTIFY_QUEUE_URL: queueUrl,
  ELB_ONLY_EVENT_BUS: v.optional(
    matching(/^[\w.\-/:]{1,256}$/, "the name or the ARN of an event bus"),
    "default",
  ),
  ELB_ONLY_ALERT_TOPIC_ARN: matching(
    /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+$/,
    "the ARN of a standard SNS topic",
  ),
  AWS_REGION: matching(/^[a-z]{2}(?:-[a-z]+)+-\d+$/, "a region, as in eu-west-1"),
};

const checkSettings = {
  // SQS delays a message by 15 minutes at most.
  ELB_ONLY_CHECK_HEALTH_AFTER: v.optional(
    v.pipe(
      matching(/^(?:off|\d{1,2}|[1-8]\d\d|900)$/, 'seconds from 0 to 900, or "off"'),
      v.transform((text) => (text === "off" ? text : Number(text))),
    ),
    "120",
  ),
};

const armedSettings = {
  ELB_ONLY_RULE_PREFIX: v.optional(
    matching(/^[\w.-]{1,64}$/, "the beginning of EventBridge rules' names"),
  ),
};

const alertSettings = {
  ELB_ONLY_ALERT_TABLE: v.optional(matching(/^[\w.-]{3,255}$/, "the name of a DynamoDB table")),
  ELB_ONLY_ALERT_FORMAT: v.optional(v.picklist(["text", "chat"], "allowed: text, chat"), "text"),
  ELB_ONLY_REPEAT_AFTER: v.optional(
    v.pipe(
      matching(/^(?:[1-9]\d?|[1-6]\d\d|7[01]\d|720)$/, "hours from 1 to 720"),
      v.transform((hours) => Number(hours) * 3_600_000),
    ),
    "24",
  ),
};

const ours = Object.keys({
  ...policySettings,
  ...placeSettings,
  ...checkSettings,
  ...armedSettings,
  ...alertSettings,
}).filter((name) => name.startsWith("ELB_ONLY_"));

const shown = (text: string): string =>
  text.length > 100 ? `"${text.slice(0, 100)}..."` : `"${text}"`;

/** A misspelled setting would silently leave its default in force. */
const misspelled = (environment: Environment): readonly string[] =>
  Object.keys(environment)
    .filter((name) => name.startsWith("ELB_ONLY_") && !ours.includes(name))
    .map((name) => `${name} is not a setting; allowed: ${ours.join(", ")}`);

/** One line a problem: the name, the value given, the values allowed. */
function problem(issue: v.BaseIssue<unknown>): string {
  const [name, item] = issue.path ?? [];
  const given =
    typeof issue.input === "string"
      ? `${item === undefined ? "is" : "has"} ${shown(issue.input)}`
      : "is not set";
  return `${String(name?.key)} ${given}; ${issue.message}`;
}

/** Reads the settings named; throws every problem in one message. */
function read<const Entries extends v.ObjectEntries>(settings: Entries, environment: Environment) {
  const given = Object.fromEntries(Object.keys(settings).map((name) => [name, environment[name]]));
  const result = v.safeParse(v.object(settings), given, { abortPipeEarly: true });
  const problems = [...misspelled(environment), ...(result.issues ?? []).map(problem)];
  if (result.success && problems.length === 0) return result.output;
  throw new Error(
    `The configuration has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}:\n${problems.map((line) => `- ${line}`).join("\n")}`,
  );
}

const policyOf = (
  settings: v.InferOutput<v.ObjectSchema<typeof policySettings, undefined>>,
): Policy => ({
  defaultMode: settings.ELB_ONLY_DEFAULT_MODE,
  close: settings.ELB_ONLY_CLOSE,
  protectedPorts: settings.ELB_ONLY_PROTECTED_PORTS,
  allowedSources: settings.ELB_ONLY_ALLOWED_SOURCES,
  keepSelf: settings.ELB_ONLY_KEEP_SELF,
});

const { ELB_ONLY_ENFORCE_QUEUE_URL, ELB_ONLY_NOTIFY_QUEUE_URL, ELB_ONLY_EVENT_BUS } = placeSettings;
const sharedSettings = {
  ...policySettings,
  ELB_ONLY_ENFORCE_QUEUE_URL,
  ELB_ONLY_NOTIFY_QUEUE_URL,
  ELB_ONLY_EVENT_BUS,
};

const sharedConfig = (
  settings: v.InferOutput<v.ObjectSchema<typeof sharedSettings, undefined>>,
): SharedConfig => ({
  policy: policyOf(settings),
  enforceQueueUrl: settings.ELB_ONLY_ENFORCE_QUEUE_URL,
  notifyQueueUrl: settings.ELB_ONLY_NOTIFY_QUEUE_URL,
  eventBus: settings.ELB_ONLY_EVENT_BUS,
});

export function enforceConfig(environment: Environment): EnforceConfig {
  const settings = read({ ...sharedSettings, ...checkSettings }, environment);
  return { ...sharedConfig(settings), checkHealthAfter: settings.ELB_ONLY_CHECK_HEALTH_AFTER };
}

export function verifyConfig(environment: Environment): VerifyConfig {
  const settings = read({ ...sharedSettings, ...armedSettings }, environment);
  return { ...sharedConfig(settings), rulePrefix: settings.ELB_ONLY_RULE_PREFIX };
}

export function notifyConfig(environment: Environment): NotifyConfig {
  const { ELB_ONLY_ALERT_TOPIC_ARN, AWS_REGION } = placeSettings;
  const settings = read({ ELB_ONLY_ALERT_TOPIC_ARN, AWS_REGION, ...alertSettings }, environment);
  return {
    alertTopicArn: settings.ELB_ONLY_ALERT_TOPIC_ARN,
    format: settings.ELB_ONLY_ALERT_FORMAT,
    alertTable: settings.ELB_ONLY_ALERT_TABLE,
    periodMs: settings.ELB_ONLY_REPEAT_AFTER,
    region: settings.AWS_REGION,
  };
}

/**
 * Reads a configuration now, at cold start, and hands it out (or throws what is wrong with it) at every invocation:
 * thrown at load, Lambda would report a crash and start over, again and again.
 */
export function readOnce<Config>(
  config: (environment: Environment) => Config,
  environment: Environment,
): () => Config {
  try {
    const value = config(environment);
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
