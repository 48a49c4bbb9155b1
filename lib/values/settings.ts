import { policySettings } from "./policySettings.ts";
import type { Setting } from "./setting.ts";
import { topicArn, wiringSettings } from "./wiringSettings.ts";

const atMost = {
  pattern: /^(off|[1-9][0-9]{0,4})$/,
  text: 'a number from 1 to 99999, or "off"',
} as const;

const regionText = "a region, as in eu-west-1";

/** What the functions do by people's choice; a deployment hands it on. */
export const functionSettings = {
  ...policySettings,
  checkHealthAfter: {
    about:
      'Seconds from a removal to the check that targets which were healthy still are; "off" for none.',
    default: "120",
    // SQS delays a message by 15 minutes at most.
    allowed: {
      pattern: /^(off|[0-9]{1,2}|[1-8][0-9]{2}|900)$/,
      text: 'seconds from 0 to 900, or "off"',
    },
    variable: "ELB_ONLY_CHECK_HEALTH_AFTER",
    readBy: ["enforce"],
  },
  privateGrace: {
    about:
      "Hours for which rules from private ranges and groups stay, announced, that were there before their port was served. Public ones go at once.",
    default: "0",
    allowed: {
      pattern: /^([0-9]|[1-9][0-9]|[1-6][0-9][0-9]|7[01][0-9]|720)$/,
      text: "hours from 0 to 720",
    },
    variable: "ELB_ONLY_PRIVATE_GRACE",
    readBy: ["enforce"],
  },
  breakerGroups: {
    about:
      'Security groups in which one cause (an event, a principal, a load balancer) may cut somebody off within an hour, and all causes four times as many; what is more is held. "off": any number.',
    default: "20",
    allowed: atMost,
    variable: "ELB_ONLY_BREAKER_GROUPS",
    readBy: ["enforce"],
  },
  breakerInterfaces: {
    about: "As breakerGroups: network interfaces at which somebody is cut off.",
    default: "1000",
    allowed: atMost,
    variable: "ELB_ONLY_BREAKER_INTERFACES",
    readBy: ["enforce"],
  },
  breakerSources: {
    about: "As breakerGroups: sources (ranges, groups, prefix lists) that are cut off.",
    default: "200",
    allowed: atMost,
    variable: "ELB_ONLY_BREAKER_SOURCES",
    readBy: ["enforce"],
  },
  admissionGrace: {
    about:
      "Hours for which a load balancer's way in stays after it was last used, so that a release that is rolled back finds it. It goes at once when the load balancer is deleted or changes its groups.",
    default: "24",
    allowed: {
      pattern: /^([0-9]|[1-9][0-9]|[1-6][0-9][0-9]|7[01][0-9]|720)$/,
      text: "hours from 0 to 720",
    },
    variable: "ELB_ONLY_ADMISSION_GRACE",
    readBy: ["enforce", "verify"],
  },
  elbCallsPerSecond: {
    about:
      "Of the calls a second that ELB takes for the whole account (10, unless AWS gives you more), how many may be ours: of those that are made once for each of many target groups.",
    default: "9",
    allowed: { pattern: /^([1-9]|[1-9][0-9]|100)$/, text: "calls a second from 1 to 100" },
    variable: "ELB_ONLY_ELB_CALLS_PER_SECOND",
    readBy: ["enforce", "verify"],
  },
  eventBus: {
    about: "The event bus that gets a copy of every outcome; its source is elb-only.",
    default: "default",
    allowed: { pattern: /^[\w.\-/:]{1,256}$/, text: "the name or the ARN of an event bus" },
    variable: "ELB_ONLY_EVENT_BUS",
    readBy: ["enforce", "verify"],
  },
  homeRegion: {
    about:
      "The region whose sweep tells, once a day, which other regions have load balancers and no stack. Empty: nobody looks.",
    default: "",
    allowed: { pattern: /^$|^[a-z]{2}(?:-[a-z]+)+-\d+$/, text: regionText },
    variable: "ELB_ONLY_HOME_REGION",
    readBy: ["verify"],
  },
  alertFormat: {
    about:
      "How alerts are written: as text for e-mail, or for Slack and Teams by Amazon Q Developer in chat applications.",
    default: "text",
    allowed: ["text", "chat"],
    variable: "ELB_ONLY_ALERT_FORMAT",
    readBy: ["notify"],
  },
  repeatAfter: {
    about: "Hours for which people are not told the same again.",
    default: "24",
    allowed: {
      pattern: /^([1-9][0-9]?|[1-6][0-9][0-9]|7[01][0-9]|720)$/,
      text: "hours from 1 to 720",
    },
    variable: "ELB_ONLY_REPEAT_AFTER",
    readBy: ["notify"],
  },
} as const satisfies Readonly<Record<string, Setting>>;

const queueUrl = {
  pattern: /^https?:\/\/\S+(?<!\.fifo)$/,
  text: "the URL of a standard SQS queue",
} as const;

/** What is where: a deployment knows it, people do not choose it. */
const placeSettings = {
  enforceQueueUrl: {
    about: "Where checks of targets after a removal, and drifted groups, are sent.",
    required: true,
    allowed: queueUrl,
    variable: "ELB_ONLY_ENFORCE_QUEUE_URL",
    readBy: ["enforce", "verify"],
  },
  notifyQueueUrl: {
    about: "Where outcomes are sent.",
    required: true,
    allowed: queueUrl,
    variable: "ELB_ONLY_NOTIFY_QUEUE_URL",
    readBy: ["enforce", "verify"],
  },
  ...wiringSettings,
  alertTopicArn: {
    about: "The topic that people subscribe to.",
    required: true,
    allowed: topicArn,
    variable: "ELB_ONLY_ALERT_TOPIC_ARN",
    readBy: ["notify", "verify"],
  },
  stateTable: {
    about:
      "The DynamoDB table that remembers what a run has to know of earlier ones (string keys of and at, expiry expires).",
    required: true,
    allowed: { pattern: /^[\w.-]{3,255}$/, text: "the name of a DynamoDB table" },
    variable: "ELB_ONLY_STATE_TABLE",
    readBy: ["enforce", "verify", "notify"],
  },
  region: {
    about: "The region; Lambda sets it.",
    required: true,
    allowed: { pattern: /^[a-z]{2}(?:-[a-z]+)+-\d+$/, text: regionText },
    variable: "AWS_REGION",
    readBy: ["notify"],
  },
} as const satisfies Readonly<Record<string, Setting>>;

/** Everything that a function reads from its environment, by name. */
export const settings = { ...functionSettings, ...placeSettings } as const;

export type SettingName = keyof typeof settings;
