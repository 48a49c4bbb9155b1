import * as v from "valibot";
import { defaultPolicy } from "../lib/values/policy.ts";
import {
  closeSchema,
  modeSchema,
  portSchema,
  portText,
  sourceSchema,
} from "../lib/values/policySchema.ts";

/** One thing that a deployment can be told. Every value is a text. */
export interface Knob {
  readonly about: string;
  readonly default: string;
  /** Some values, or a pattern (one that CloudFormation can check, too) and what it stands for. */
  readonly allowed: readonly string[] | { readonly pattern: RegExp; readonly text: string };
  /** What a pattern cannot tell: the problem with a list's item. */
  readonly item?: (text: string) => string | undefined;
}

const booleans = ["true", "false"];

const problemBy =
  (schema: typeof portSchema | typeof sourceSchema) =>
  (text: string): string | undefined =>
    v.safeParse(schema, text).issues?.[0].message;

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

/** By their names in CDK's context; CloudFormation's parameters begin with a capital letter. */
export const knobs = {
  defaultMode: {
    about: "For security groups and load balancers that carry no elb-only tag.",
    default: defaultPolicy.defaultMode,
    allowed: modeSchema.options,
  },
  close: {
    about:
      "Whose rules are excess on served ports: everyone's, those for addresses, or those that hold a public address.",
    default: defaultPolicy.close,
    allowed: closeSchema.options,
  },
  protectedPorts: {
    about: 'Never closed: people\'s own way in. A list, or "none".',
    default: defaultPolicy.protectedPorts.map(portText).join(","),
    allowed: {
      pattern:
        /^(none|(tcp|udp)\/[0-9]{1,5}(-[0-9]{1,5})?( *, *(tcp|udp)\/[0-9]{1,5}(-[0-9]{1,5})?)*)$/,
      text: 'ports as in tcp/22,udp/53,tcp/8000-8100, or "none"',
    },
    item: (text) => (text === "none" ? undefined : problemBy(portSchema)(text)),
  },
  allowedSources: {
    about: "May stay on served ports: a list of CIDRs, security group ids and prefix list ids.",
    default: defaultPolicy.allowedSources.join(","),
    allowed: {
      pattern: /^$|^[0-9a-zA-Z:./-]+( *, *[0-9a-zA-Z:./-]+)*$/,
      text: "CIDRs as in 10.0.0.0/8, sg-... and pl-..., separated by commas",
    },
    item: problemBy(sourceSchema),
  },
  keepSelf: {
    about: "Is a security group's reference to itself left alone?",
    default: String(defaultPolicy.keepSelf),
    allowed: booleans,
  },
  strict: {
    about:
      "May only security groups tagged elb-only=enforce be written to? Then IAM itself refuses all others.",
    default: "false",
    allowed: booleans,
  },
  alertEmail: {
    about: "Receives alerts and alarms once its owner has confirmed. Empty: nobody is subscribed.",
    default: "",
    allowed: { pattern: /^$|^[^@\s,]+@[^@\s,]+\.[^@\s,]+$/, text: "an e-mail address" },
  },
  alertTopicArn: {
    about: "An existing SNS topic for alerts and alarms. Empty: one is made.",
    default: "",
    allowed: {
      pattern: /^$|^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$/,
      text: "the ARN of a standard SNS topic",
    },
  },
  sweepInterval: {
    about: "How often the whole region is looked at.",
    default: "1h",
    allowed: Object.keys(intervals),
  },
  logRetentionDays: {
    about: "Days that logs are kept.",
    default: "365",
    allowed: [
      "1",
      "3",
      "5",
      "7",
      "14",
      "30",
      "60",
      "90",
      "120",
      "150",
      "180",
      "365",
      "400",
      "545",
      "731",
      "1096",
      "1827",
      "2192",
      "2557",
      "2922",
      "3288",
      "3653",
    ],
  },
  kmsKeyArn: {
    about:
      "A customer managed KMS key for queues, topic and logs. Empty: SQS's and CloudWatch's own encryption, the topic unencrypted.",
    default: "",
    allowed: {
      pattern: /^$|^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[A-Za-z0-9-]+$/,
      text: "the ARN of a KMS key",
    },
  },
  eventBus: {
    about: "The event bus of this account and region that gets a copy of every outcome.",
    default: "default",
    allowed: { pattern: /^[A-Za-z0-9_./-]{1,256}$/, text: "the name of an event bus" },
  },
  checkHealthAfter: {
    about:
      'Seconds between a removal and the check that targets which were healthy still are: 0 to 900, or "off".',
    default: "120",
    allowed: {
      pattern: /^(off|[0-9]{1,2}|[1-8][0-9]{2}|900)$/,
      text: 'seconds from 0 to 900, or "off"',
    },
  },
  alertFormat: {
    about:
      "How alerts are written: as text for e-mail, or for Slack and Teams by Amazon Q Developer in chat applications.",
    default: "text",
    allowed: ["text", "chat"],
  },
  repeatAfter: {
    about: "Hours for which people are not told the same again.",
    default: "24",
    allowed: {
      pattern: /^([1-9][0-9]?|[1-6][0-9][0-9]|7[01][0-9]|720)$/,
      text: "hours from 1 to 720",
    },
  },
  architecture: {
    about: "The functions' processors.",
    default: "arm64",
    allowed: ["arm64", "x86_64"],
  },
  tracing: { about: "Are the functions traced with X-Ray?", default: "false", allowed: booleans },
} as const satisfies Readonly<Record<string, Knob>>;

export type KnobName = keyof typeof knobs;

export const knobNames = Object.keys(knobs) as readonly KnobName[];

/** "arm64, x86_64", or in words. */
export const allowedText = ({ allowed, default: standard }: Knob): string =>
  "pattern" in allowed
    ? `${allowed.text}${standard === "" ? ", or nothing" : ""}`
    : allowed.join(", ");

/** What is wrong with a value; undefined where it is allowed. */
export function problemOf(name: KnobName, given: string): string | undefined {
  const knob: Knob = knobs[name];
  const { allowed, item } = knob;
  const is = `${name} is "${given}"; allowed: ${allowedText(knob)}`;
  if (!("pattern" in allowed)) return allowed.includes(given) ? undefined : is;
  if (!allowed.pattern.test(given)) return is;
  const items = given === "" || item === undefined ? [] : given.split(",").map((one) => one.trim());
  const bad = items.find((one) => item?.(one) !== undefined);
  return bad === undefined ? undefined : `${name} has "${bad}"; ${item?.(bad)}`;
}
