import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import {
  enforceConfig,
  notifyConfig,
  readOnce,
  verifyConfig,
} from "../../functions/runtime/config.ts";
import { policySchema } from "../../lib/values/policySchema.ts";
import { defaultPolicy } from "../../lib/values/policy.ts";

const notifyQueueUrl = "https://sqs.eu-west-1.amazonaws.com/123456789012/notify";
const enforceQueueUrl = "https://sqs.eu-west-1.amazonaws.com/123456789012/enforce";
const alertTopicArn = "arn:aws:sns:eu-west-1:123456789012:alerts";
const environment = {
  ELB_ONLY_ENFORCE_QUEUE_URL: enforceQueueUrl,
  ELB_ONLY_NOTIFY_QUEUE_URL: notifyQueueUrl,
  ELB_ONLY_STATE_TABLE: "state",
};

const policyWith = (settings: Record<string, string>) =>
  enforceConfig({ ...environment, ...settings }).policy;

const messageOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing was thrown";
};
const problemWith = (settings: Record<string, string>): string =>
  messageOf(() => enforceConfig({ ...environment, ...settings }));

describe("enforceConfig", () => {
  it("takes the default for whatever is not set", () => {
    expect(enforceConfig(environment)).toEqual({
      policy: defaultPolicy,
      enforceQueueUrl,
      notifyQueueUrl,
      stateTable: "state",
      elbCallsPerSecond: 9,
      eventBus: "default",
      checkHealthAfter: 120,
      admissionGrace: 24 * 3_600_000,
      caution: { limits: { groups: 20, interfaces: 1000, sources: 200 }, privateGrace: 0 },
    });
  });

  it("reads every setting", () => {
    expect(
      enforceConfig({
        ...environment,
        ELB_ONLY_DEFAULT_MODE: "enforce",
        ELB_ONLY_CLOSE: "public",
        ELB_ONLY_PROTECTED_PORTS: "tcp/22,udp/53,tcp/8000-8100",
        ELB_ONLY_ALLOWED_SOURCES: "10.0.0.0/8,2001:db8::/32,sg-0123456789abcdef0,pl-63a5400a",
        ELB_ONLY_KEEP_SELF: "false",
        ELB_ONLY_ADMIT: "any",
        ELB_ONLY_MAX_KEEP_DAYS: "30",
        ELB_ONLY_RULES_PER_GROUP: "200",
        ELB_ONLY_SPARE_RULES: "5",
        ELB_ONLY_ELB_CALLS_PER_SECOND: "4",
        ELB_ONLY_EVENT_BUS: "arn:aws:events:eu-west-1:123456789012:event-bus/security",
        ELB_ONLY_CHECK_HEALTH_AFTER: "300",
        ELB_ONLY_PRIVATE_GRACE: "24",
        ELB_ONLY_BREAKER_GROUPS: "5",
        ELB_ONLY_BREAKER_INTERFACES: "off",
        ELB_ONLY_BREAKER_SOURCES: "99999",
        ELB_ONLY_ADMISSION_GRACE: "2",
      }),
    ).toEqual({
      policy: {
        defaultMode: "enforce",
        close: "public",
        protectedPorts: [
          { protocol: "tcp", from: 22, to: 22 },
          { protocol: "udp", from: 53, to: 53 },
          { protocol: "tcp", from: 8000, to: 8100 },
        ],
        allowedSources: ["10.0.0.0/8", "2001:db8::/32", "sg-0123456789abcdef0", "pl-63a5400a"],
        keepSelf: false,
        admit: "any",
        maxKeepDays: 30,
        rulesPerGroup: 200,
        spareRules: 5,
      },
      enforceQueueUrl,
      notifyQueueUrl,
      stateTable: "state",
      elbCallsPerSecond: 4,
      eventBus: "arn:aws:events:eu-west-1:123456789012:event-bus/security",
      checkHealthAfter: 300,
      admissionGrace: 2 * 3_600_000,
      caution: {
        limits: { groups: 5, interfaces: Infinity, sources: 99_999 },
        privateGrace: 86_400_000,
      },
    });
  });

  it("tolerates blanks around commas", () => {
    const policy = policyWith({
      ELB_ONLY_PROTECTED_PORTS: " tcp/22 ,\ttcp/3389 ",
      ELB_ONLY_ALLOWED_SOURCES: " 10.0.0.0/8 , 192.168.0.0/16",
    });
    expect(policy.protectedPorts).toEqual(defaultPolicy.protectedPorts);
    expect(policy.allowedSources).toEqual(["10.0.0.0/8", "192.168.0.0/16"]);
  });

  it.each([
    ["0", 0],
    ["900", 900],
    ["off", "off"],
  ])("waits %s before it checks health", (text, read) => {
    expect(
      enforceConfig({ ...environment, ELB_ONLY_CHECK_HEALTH_AFTER: text }).checkHealthAfter,
    ).toBe(read);
  });

  it("spells CIDRs as EC2 does", () => {
    expect(policyWith({ ELB_ONLY_ALLOWED_SOURCES: "2001:DB8:0:0::/32" }).allowedSources).toEqual([
      "2001:db8::/32",
    ]);
  });

  it("reads an empty list of sources as none, and ports only where that is spelled out", () => {
    expect(policyWith({ ELB_ONLY_ALLOWED_SOURCES: "" }).allowedSources).toEqual([]);
    expect(policyWith({ ELB_ONLY_PROTECTED_PORTS: "none" }).protectedPorts).toEqual([]);
  });

  it.each([
    [
      "ELB_ONLY_DEFAULT_MODE",
      "enfroce",
      'ELB_ONLY_DEFAULT_MODE is "enfroce"; allowed: audit, enforce, ignore',
    ],
    ["ELB_ONLY_DEFAULT_MODE", "", 'ELB_ONLY_DEFAULT_MODE is ""; allowed: audit, enforce, ignore'],
    [
      "ELB_ONLY_CLOSE",
      "Everyone",
      'ELB_ONLY_CLOSE is "Everyone"; allowed: everyone, addresses, public',
    ],
    ["ELB_ONLY_KEEP_SELF", "yes", 'ELB_ONLY_KEEP_SELF is "yes"; allowed: true, false'],
    ["ELB_ONLY_KEEP_SELF", "TRUE", 'ELB_ONLY_KEEP_SELF is "TRUE"; allowed: true, false'],
    [
      "ELB_ONLY_PROTECTED_PORTS",
      "",
      'ELB_ONLY_PROTECTED_PORTS is ""; allowed: ports as in tcp/22,udp/53,tcp/8000-8100, or "none"',
    ],
    [
      "ELB_ONLY_EVENT_BUS",
      "a bus",
      'ELB_ONLY_EVENT_BUS is "a bus"; allowed: the name or the ARN of an event bus',
    ],
    [
      "ELB_ONLY_NOTIFY_QUEUE_URL",
      "notify",
      'ELB_ONLY_NOTIFY_QUEUE_URL is "notify"; allowed: the URL of a standard SQS queue',
    ],
    [
      "ELB_ONLY_CHECK_HEALTH_AFTER",
      "901",
      'ELB_ONLY_CHECK_HEALTH_AFTER is "901"; allowed: seconds from 0 to 900, or "off"',
    ],
    [
      "ELB_ONLY_CHECK_HEALTH_AFTER",
      "2m",
      'ELB_ONLY_CHECK_HEALTH_AFTER is "2m"; allowed: seconds from 0 to 900, or "off"',
    ],
    [
      "ELB_ONLY_CHECK_HEALTH_AFTER",
      "",
      'ELB_ONLY_CHECK_HEALTH_AFTER is ""; allowed: seconds from 0 to 900, or "off"',
    ],
    [
      "ELB_ONLY_ALLOWED_SOURCES",
      "10.1.2.3/8",
      'ELB_ONLY_ALLOWED_SOURCES has "10.1.2.3/8"; it has bits beyond its mask; allowed: 10.0.0.0/8 or 10.1.2.3/32',
    ],
    [
      "ELB_ONLY_ALLOWED_SOURCES",
      "2001:db8::1/32",
      'ELB_ONLY_ALLOWED_SOURCES has "2001:db8::1/32"; it has bits beyond its mask; allowed: 2001:db8::/32 or 2001:db8::1/128',
    ],
  ])("names the problem of %s=%j", (name, value, problem) => {
    expect(problemWith({ [name]: value })).toBe(`The configuration has a problem:\n- ${problem}`);
  });

  it.each([
    "22",
    "tcp/",
    "tcp/65536",
    "tcp/100-20",
    "icmp/8",
    "tcp/-1",
    "tcp/ssh",
    "tcp/22,",
    "tcp/1-2-3",
    "TCP/22",
  ])("refuses %j as a port", (ports) => {
    expect(problemWith({ ELB_ONLY_PROTECTED_PORTS: ports })).toMatch(
      /^The configuration has a problem:\n- ELB_ONLY_PROTECTED_PORTS has ".*"; allowed: tcp\/ or udp\/ /,
    );
  });

  it.each([
    "10.0.0.0",
    "10.0.0.0/33",
    "010.0.0.0/8",
    "10/8",
    "10.0/16",
    "0x0a000000/8",
    "2001:db8::/129",
    "sg-",
    "sg-WEB",
    "web",
    "10.0.0.0/8,,sg-12345678",
    "::/0%eth0",
  ])("refuses %j as a source", (sources) => {
    expect(problemWith({ ELB_ONLY_ALLOWED_SOURCES: sources })).toMatch(
      /^The configuration has a problem:\n- ELB_ONLY_ALLOWED_SOURCES has ".*"; allowed: a CIDR/,
    );
  });

  it("says every problem in one message", () => {
    const broken = {
      ELB_ONLY_DEFAULT_MODE: "on",
      ELB_ONLY_PROTECTED_PORTS: "22, tcp/80, 443",
      ELB_ONLY_KEEP_SELF: "1",
    };
    expect(messageOf(() => enforceConfig(broken))).toBe(
      [
        "The configuration has 7 problems:",
        '- ELB_ONLY_DEFAULT_MODE is "on"; allowed: audit, enforce, ignore',
        '- ELB_ONLY_PROTECTED_PORTS has "22"; allowed: tcp/ or udp/ with a port or a range from 0 to 65535, as in tcp/22 or tcp/8000-8100',
        '- ELB_ONLY_PROTECTED_PORTS has "443"; allowed: tcp/ or udp/ with a port or a range from 0 to 65535, as in tcp/22 or tcp/8000-8100',
        '- ELB_ONLY_KEEP_SELF is "1"; allowed: true, false',
        "- ELB_ONLY_ENFORCE_QUEUE_URL is not set; allowed: the URL of a standard SQS queue",
        "- ELB_ONLY_NOTIFY_QUEUE_URL is not set; allowed: the URL of a standard SQS queue",
        "- ELB_ONLY_STATE_TABLE is not set; allowed: the name of a DynamoDB table",
      ].join("\n"),
    );
  });

  it("names a misspelled setting, which would leave the default in force", () => {
    expect(problemWith({ ELB_ONLY_PROTECTED_PORT: "tcp/2222" })).toMatch(
      /^The configuration has a problem:\n- ELB_ONLY_PROTECTED_PORT is not a setting; allowed: ELB_ONLY_DEFAULT_MODE, .*ELB_ONLY_PROTECTED_PORTS/,
    );
  });

  it("says nothing of the rest of the environment, and little of a long value", () => {
    const message = problemWith({
      AWS_SECRET_ACCESS_KEY: "hidden",
      ELB_ONLY_CLOSE: "x".repeat(5000),
    });
    expect(message).not.toContain("hidden");
    expect(message.length).toBeLessThan(300);
  });

  it("refuses a FIFO queue, to which nothing could be sent without a message group", () => {
    expect(problemWith({ ELB_ONLY_NOTIFY_QUEUE_URL: `${notifyQueueUrl}.fifo` })).toContain(
      "the URL of a standard SQS queue",
    );
  });
});

describe("verifyConfig", () => {
  const verifying = { ...environment, ELB_ONLY_ALERT_TOPIC_ARN: alertTopicArn };

  it("needs both queues, the table and the topic", () => {
    expect(verifyConfig(verifying)).toEqual({
      policy: defaultPolicy,
      enforceQueueUrl,
      notifyQueueUrl,
      stateTable: "state",
      admissionGrace: 24 * 3_600_000,
      elbCallsPerSecond: 9,
      eventBus: "default",
      alertTopicArn,
      homeRegion: "",
      wiring: undefined,
    });
    expect(messageOf(() => verifyConfig({}))).toContain("has 4 problems");
  });

  it("knows what was deployed, all of it or nothing", () => {
    const sqs = "arn:aws:sqs:eu-west-1:123456789012:";
    const wired = {
      ELB_ONLY_RULE_PREFIX: "elb-only.",
      ELB_ONLY_ENFORCE_FUNCTION: "elb-only-enforce",
      ELB_ONLY_NOTIFY_FUNCTION: "elb-only-notify",
      ELB_ONLY_ENFORCE_ROLE_ARN: "arn:aws:iam::123456789012:role/path/enforce",
      ELB_ONLY_VERIFY_ROLE_ARN: "arn:aws:iam::123456789012:role/verify",
      ELB_ONLY_RULE_DEAD_LETTERS_ARN: `${sqs}rules`,
      ELB_ONLY_ENFORCE_DEAD_LETTERS_ARN: `${sqs}enforce`,
      ELB_ONLY_NOTIFY_DEAD_LETTERS_ARN: `${sqs}notify`,
      ELB_ONLY_SWEEP_DEAD_LETTERS_ARN: `${sqs}sweep`,
      ELB_ONLY_ALARM_TOPIC_ARN: "arn:aws:sns:eu-west-1:123456789012:alarms",
      ELB_ONLY_CANARY: "pl-0123456789abcdef0",
    };
    expect(verifyConfig({ ...verifying, ...wired }).wiring).toEqual({
      rulePrefix: "elb-only.",
      enforceFunction: "elb-only-enforce",
      notifyFunction: "elb-only-notify",
      enforceRoleArn: wired.ELB_ONLY_ENFORCE_ROLE_ARN,
      verifyRoleArn: wired.ELB_ONLY_VERIFY_ROLE_ARN,
      ruleDeadLettersArn: `${sqs}rules`,
      enforceDeadLettersArn: `${sqs}enforce`,
      notifyDeadLettersArn: `${sqs}notify`,
      sweepDeadLettersArn: `${sqs}sweep`,
      alarmTopicArn: "arn:aws:sns:eu-west-1:123456789012:alarms",
      canary: "pl-0123456789abcdef0",
    });
    const { ELB_ONLY_VERIFY_ROLE_ARN: _, ...half } = wired;
    expect(messageOf(() => verifyConfig({ ...verifying, ...half }))).toContain(
      "ELB_ONLY_VERIFY_ROLE_ARN is not set; allowed beside ELB_ONLY_RULE_PREFIX: the ARN of a role",
    );
    expect(messageOf(() => verifyConfig({ ...verifying, ELB_ONLY_RULE_PREFIX: "" }))).toContain(
      `ELB_ONLY_RULE_PREFIX is ""; allowed: the beginning of EventBridge rules' names`,
    );
  });
});

describe("notifyConfig", () => {
  it("needs the topic, the table and the region alone, and is not stopped by a policy that it does not use", () => {
    expect(
      notifyConfig({
        ELB_ONLY_ALERT_TOPIC_ARN: alertTopicArn,
        ELB_ONLY_STATE_TABLE: "state",
        AWS_REGION: "us-gov-west-1",
        ELB_ONLY_CLOSE: "nonsense",
      }),
    ).toEqual({
      alertTopicArn,
      format: "text",
      stateTable: "state",
      periodMs: 24 * 3_600_000,
      region: "us-gov-west-1",
    });
  });

  const alerting = {
    ELB_ONLY_ALERT_TOPIC_ARN: alertTopicArn,
    ELB_ONLY_STATE_TABLE: "state",
    AWS_REGION: "eu-west-1",
  };

  it("reads how, and how often, people are told", () => {
    const chatty = {
      ...alerting,
      ELB_ONLY_ALERT_FORMAT: "chat",
      ELB_ONLY_STATE_TABLE: "elb-only-State.1",
      ELB_ONLY_REPEAT_AFTER: "720",
    };
    expect(notifyConfig(chatty)).toMatchObject({
      format: "chat",
      stateTable: "elb-only-State.1",
      periodMs: 720 * 3_600_000,
    });
  });

  it.each([
    ["ELB_ONLY_ALERT_FORMAT", "slack", "text, chat"],
    ["ELB_ONLY_STATE_TABLE", "a", "the name of a DynamoDB table"],
    ["ELB_ONLY_REPEAT_AFTER", "0", "hours from 1 to 720"],
    ["ELB_ONLY_REPEAT_AFTER", "721", "hours from 1 to 720"],
    ["ELB_ONLY_REPEAT_AFTER", "1.5", "hours from 1 to 720"],
  ])("names the problem of %s=%j", (name, value, allowed) => {
    expect(messageOf(() => notifyConfig({ ...alerting, [name]: value }))).toBe(
      `The configuration has a problem:\n- ${name} is "${value}"; allowed: ${allowed}`,
    );
  });

  it("names what is missing or no topic", () => {
    expect(
      messageOf(() => notifyConfig({ ELB_ONLY_ALERT_TOPIC_ARN: `${alertTopicArn}.fifo` })),
    ).toBe(
      [
        "The configuration has 3 problems:",
        `- ELB_ONLY_ALERT_TOPIC_ARN is "${alertTopicArn}.fifo"; allowed: the ARN of a standard SNS topic`,
        "- ELB_ONLY_STATE_TABLE is not set; allowed: the name of a DynamoDB table",
        "- AWS_REGION is not set; allowed: a region, as in eu-west-1",
      ].join("\n"),
    );
  });
});

describe("readOnce", () => {
  it("reads at once and hands out the same value", () => {
    let reads = 0;
    const config = readOnce(() => ({ reads: ++reads }), {});
    expect([config(), config(), reads]).toEqual([{ reads: 1 }, { reads: 1 }, 1]);
  });

  it("keeps a problem for every caller instead of throwing at load", () => {
    const config = readOnce(notifyConfig, {});
    expect(() => config()).toThrow("ELB_ONLY_ALERT_TOPIC_ARN is not set");
    expect(() => config()).toThrow("ELB_ONLY_ALERT_TOPIC_ARN is not set");
  });
});

describe("policySchema", () => {
  it("parses an empty policy to the default", () => {
    expect(v.parse(policySchema, {})).toEqual(defaultPolicy);
  });

  it("parses what people write to a policy", () => {
    expect(
      v.parse(policySchema, {
        close: "public",
        protectedPorts: ["udp/53"],
        allowedSources: ["2001:DB8::/32"],
      }),
    ).toEqual({
      ...defaultPolicy,
      close: "public",
      protectedPorts: [{ protocol: "udp", from: 53, to: 53 }],
      allowedSources: ["2001:db8::/32"],
    });
  });

  it("refuses a setting that does not exist", () => {
    expect(v.safeParse(policySchema, { protectedPort: ["tcp/22"] }).success).toBe(false);
  });

  it("is published as docs/policy.schema.json (write it anew with `npx vitest run test/functions/config.test.ts -u`)", async () => {
    const schema = toJsonSchema(policySchema, {
      typeMode: "input",
      ignoreActions: ["check", "transform"],
    });
    // Short arrays on one line, as the formatter has them.
    const text = JSON.stringify(schema, undefined, 2).replaceAll(
      /\[\s+([^[\]{}]*?)\s+\]/g,
      (_, items: string) => `[${items.replaceAll(/\s+/g, " ")}]`,
    );
    await expect(`${text}\n`).toMatchFileSnapshot("../../docs/policy.schema.json");
  });
});
