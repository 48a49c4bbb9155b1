import { booleans, type Setting } from "../lib/values/setting.ts";
import { functionSettings, settings } from "../lib/values/settings.ts";
import type { Condition } from "./conditions.ts";
import { tagsSetting } from "./tags.ts";

/** How often the whole region is looked at. Lambda's longest run, 15 minutes, is the shortest interval. */
export const intervals = {
  "15m": { schedule: "rate(15 minutes)", seconds: 900 },
  "30m": { schedule: "rate(30 minutes)", seconds: 1800 },
  "1h": { schedule: "rate(1 hour)", seconds: 3600 },
  "2h": { schedule: "rate(2 hours)", seconds: 7200 },
  "4h": { schedule: "rate(4 hours)", seconds: 14400 },
  "6h": { schedule: "rate(6 hours)", seconds: 21600 },
  "12h": { schedule: "rate(12 hours)", seconds: 43200 },
  "1d": { schedule: "rate(1 day)", seconds: 86400 },
} as const;

/** CloudWatch's own choice of days. */
const retentions =
  "1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653".split(" ");

const emailAddress = {
  pattern: /^$|^[^@\s,]+@[^@\s,]+\.[^@\s,]+$/,
  text: "an e-mail address",
} as const;
const existingTopic = {
  pattern: new RegExp(`^$|${settings.alertTopicArn.allowed.pattern.source}`),
  text: settings.alertTopicArn.allowed.text,
};

/** What a deployment can be told as parameters of the template, too, which begin with a capital letter. */
const parameterSettings = {
  ...functionSettings,
  // The functions' role is given the right to this one bus, by its name.
  eventBus: {
    ...functionSettings.eventBus,
    about: "The event bus of this account and region that gets a copy of every outcome.",
    allowed: { pattern: /^[A-Za-z0-9_./-]{1,256}$/, text: "the name of an event bus" },
  },
  strict: {
    about:
      "May only security groups tagged elb-only=enforce be written to? Then IAM itself refuses all others.",
    default: "false",
    allowed: booleans,
  },
  alertEmail: {
    about:
      "Receives alerts and alarms once its owner has confirmed both subscriptions. Empty: nobody is subscribed.",
    default: "",
    allowed: emailAddress,
  },
  alertTopicArn: {
    about: "An existing SNS topic for alerts. Empty: one is made.",
    default: "",
    allowed: existingTopic,
  },
  alarmEmail: {
    about:
      "Another address, which receives the alarms alone once its owner has confirmed: it hears what is wrong where nobody hears alerts.",
    default: "",
    allowed: emailAddress,
  },
  alarmTopicArn: {
    about: "An existing SNS topic for alarms. Empty: one is made.",
    default: "",
    allowed: existingTopic,
  },
  sweepInterval: {
    about: "How often the whole region is looked at.",
    default: "1h",
    allowed: Object.keys(intervals),
  },
  logRetentionDays: { about: "Days that logs are kept.", default: "365", allowed: retentions },
  kmsKeyArn: {
    about:
      "A customer managed KMS key for queues, topic and logs. Empty: SQS's and CloudWatch's own encryption, the topic unencrypted.",
    default: "",
    allowed: {
      pattern: /^$|^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[A-Za-z0-9-]+$/,
      text: "the ARN of a KMS key",
    },
  },
  permissionsBoundaryArn: {
    about:
      "A policy that bounds what the stack's roles may do, whatever their own say. Empty: none.",
    default: "",
    allowed: {
      pattern: /^$|^arn:aws[a-z-]*:iam::(?:[0-9]{12}|aws):policy\/[A-Za-z0-9+=,.@_/-]{1,512}$/,
      text: "the ARN of a policy",
    },
  },
  architecture: {
    about: "The functions' processors.",
    default: "arm64",
    allowed: ["arm64", "x86_64"],
  },
  tracing: { about: "Are the functions traced with X-Ray?", default: "false", allowed: booleans },
} as const satisfies Readonly<Record<string, Setting & { readonly default: string }>>;

export type ParameterSetting = keyof typeof parameterSettings;

export const parameterNames = Object.keys(parameterSettings) as readonly ParameterSetting[];

/** What a deployment can be told, by its name in CDK's context. */
export const deploymentSettings = {
  ...parameterSettings,
  // CloudFormation hands a stack's own tags on to its resources: there they are no parameter.
  tags: tagsSetting,
} as const;

export type DeploymentSetting = keyof typeof deploymentSettings;

export const deploymentSettingNames = Object.keys(
  deploymentSettings,
) as readonly DeploymentSetting[];

/** What a deployment was told: texts, which may be references to the template's parameters. */
export interface Settings {
  readonly values: Readonly<Record<DeploymentSetting, string>>;
  readonly logRetentionDays: number;
  /** EventBridge Scheduler's expression, and the same in seconds. */
  readonly interval: { readonly schedule: string; readonly seconds: number };
  readonly is: (name: ParameterSetting, value: string) => Condition;
  readonly isNot: (name: ParameterSetting, value: string) => Condition;
}
