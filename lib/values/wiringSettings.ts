import type { Setting } from "./setting.ts";

const queueArn = {
  pattern: /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:[\w-]{1,80}$/,
  text: "the ARN of a standard SQS queue",
} as const;
const roleArn = {
  pattern: /^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]{1,576}$/,
  text: "the ARN of a role",
} as const;
export const topicArn = {
  pattern: /^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$/,
  text: "the ARN of a standard SNS topic",
} as const;
const functionName = { pattern: /^[\w-]{1,64}$/, text: "the name of a function" } as const;
const readBy = ["verify"] as const;

/** What the stack deployed, for the sweep to compare with what is there: all of it, or nobody looks. */
export const wiringSettings = {
  rulePrefix: {
    about:
      "What our EventBridge rules' names begin with, for the sweep to see whether everything that wakes enforcement is as it was deployed. Without it nobody looks; with it the ten after it must be given.",
    allowed: { pattern: /^[\w.-]{1,64}$/, text: "the beginning of EventBridge rules' names" },
    variable: "ELB_ONLY_RULE_PREFIX",
    readBy,
  },
  enforceFunction: {
    about: "The function that reads the enforce queue.",
    allowed: functionName,
    variable: "ELB_ONLY_ENFORCE_FUNCTION",
    readBy,
  },
  notifyFunction: {
    about: "The function that reads the notify queue.",
    allowed: functionName,
    variable: "ELB_ONLY_NOTIFY_FUNCTION",
    readBy,
  },
  enforceRoleArn: {
    about: "The enforce function's role, whose calls wake nobody.",
    allowed: roleArn,
    variable: "ELB_ONLY_ENFORCE_ROLE_ARN",
    readBy,
  },
  verifyRoleArn: {
    about: "The verify function's role.",
    allowed: roleArn,
    variable: "ELB_ONLY_VERIFY_ROLE_ARN",
    readBy,
  },
  ruleDeadLettersArn: {
    about: "Where events go that the rules could not deliver.",
    allowed: queueArn,
    variable: "ELB_ONLY_RULE_DEAD_LETTERS_ARN",
    readBy,
  },
  enforceDeadLettersArn: {
    about: "Where events go that could not be enforced.",
    allowed: queueArn,
    variable: "ELB_ONLY_ENFORCE_DEAD_LETTERS_ARN",
    readBy,
  },
  notifyDeadLettersArn: {
    about: "Where outcomes go that could not be published.",
    allowed: queueArn,
    variable: "ELB_ONLY_NOTIFY_DEAD_LETTERS_ARN",
    readBy,
  },
  sweepDeadLettersArn: {
    about: "Where sweeps go that failed.",
    allowed: queueArn,
    variable: "ELB_ONLY_SWEEP_DEAD_LETTERS_ARN",
    readBy,
  },
  canary: {
    about:
      "The prefix list, which serves nothing else, that the sweep tags for the record of that call to come back to enforcement.",
    allowed: { pattern: /^pl-[0-9a-f]{8,17}$/, text: "the id of a prefix list" },
    variable: "ELB_ONLY_CANARY",
    readBy,
  },
  alarmTopicArn: {
    about: "The topic of the stack's alarms, which is to be heard where nobody hears alerts.",
    allowed: topicArn,
    variable: "ELB_ONLY_ALARM_TOPIC_ARN",
    readBy,
  },
} as const satisfies Readonly<Record<string, Setting>>;
