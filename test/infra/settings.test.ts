import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../lib/values/policy.ts";
import { problemsOf } from "../../lib/values/setting.ts";
import { contextSettings } from "../../infra/context.ts";
import { type DeploymentSetting, deploymentSettings, type Settings } from "../../infra/settings.ts";
import { newApp } from "./deployed.ts";

const settingsWith = (context: Readonly<Record<string, unknown>>): Settings =>
  contextSettings(newApp(context).node);

describe("contextSettings", () => {
  it("audits, every hour, by the standard policy, unless told otherwise", () => {
    const { values, interval, logRetentionDays } = settingsWith({});
    expect(values).toMatchObject({
      defaultMode: defaultPolicy.defaultMode,
      close: defaultPolicy.close,
      keepSelf: "true",
      protectedPorts: "tcp/22,tcp/3389",
    });
    expect(interval).toEqual({ schedule: "rate(1 hour)", seconds: 3600 });
    expect(logRetentionDays).toBe(365);
  });

  it("reads what cdk.json can hold, not only texts", () => {
    const { values, logRetentionDays } = settingsWith({
      allowedSources: ["10.0.0.0/8", "sg-12345678"],
      keepSelf: false,
      logRetentionDays: 30,
    });
    expect(values).toMatchObject({ allowedSources: "10.0.0.0/8,sg-12345678", keepSelf: "false" });
    expect(logRetentionDays).toBe(30);
  });

  it("leaves the CDK's own keys alone", () => {
    expect(() =>
      settingsWith({ "aws:cdk:bundling-stacks": [], "@aws-cdk/core:target-partitions": ["aws"] }),
    ).not.toThrow();
  });

  it("says every problem in one message: the name, the value given, the values allowed", () => {
    expect(() =>
      settingsWith({
        defaultMode: "Enforce",
        colse: "public",
        sweepInterval: "5m",
        logRetentionDays: 31,
        kmsKeyArn: "alias/ours",
      }),
    ).toThrow(
      [
        "The settings cannot be deployed:",
        `- colse is not a setting; allowed: ${Object.keys(deploymentSettings).join(", ")}`,
        '- defaultMode is "Enforce"; allowed: audit, enforce, ignore',
        '- sweepInterval is "5m"; allowed: 15m, 30m, 1h, 2h, 4h, 6h, 12h, 1d',
        `- logRetentionDays is "31"; allowed: ${deploymentSettings.logRetentionDays.allowed.join(", ")}`,
        '- kmsKeyArn is "alias/ours"; allowed: the ARN of a KMS key, or nothing',
      ].join("\n"),
    );
  });
});

describe("problemsOf", () => {
  it.each<readonly [DeploymentSetting, string, string]>([
    [
      "protectedPorts",
      "",
      'protectedPorts is ""; allowed: ports as in tcp/22,udp/53,tcp/8000-8100, or "none"',
    ],
    [
      "protectedPorts",
      "22",
      'protectedPorts has "22"; allowed: tcp/ or udp/ with a port or a range from 0 to 65535, as in tcp/22 or tcp/8000-8100',
    ],
    [
      "protectedPorts",
      "tcp/22,tcp/99999",
      'protectedPorts has "tcp/99999"; allowed: tcp/ or udp/ with a port or a range from 0 to 65535, as in tcp/22 or tcp/8000-8100',
    ],
    [
      "allowedSources",
      "10.0.0.1/8",
      'allowedSources has "10.0.0.1/8"; it has bits beyond its mask; allowed: 10.0.0.0/8 or 10.0.0.1/32',
    ],
    [
      "allowedSources",
      "10.0.0.0/8,",
      "allowedSources has \"\"; allowed: a CIDR as in 10.0.0.0/8, a group's id (sg-...), a prefix list's id (pl-...)",
    ],
    [
      "allowedSources",
      "bastion",
      "allowedSources has \"bastion\"; allowed: a CIDR as in 10.0.0.0/8, a group's id (sg-...), a prefix list's id (pl-...)",
    ],
    ["keepSelf", "yes", 'keepSelf is "yes"; allowed: true, false'],
    ["strict", "TRUE", 'strict is "TRUE"; allowed: true, false'],
    ["alertEmail", "ops", 'alertEmail is "ops"; allowed: an e-mail address, or nothing'],
    [
      "alertTopicArn",
      "arn:aws:sns:eu-west-1:123456789012:alerts.fifo",
      'alertTopicArn is "arn:aws:sns:eu-west-1:123456789012:alerts.fifo"; allowed: the ARN of a standard SNS topic, or nothing',
    ],
    ["eventBus", "", 'eventBus is ""; allowed: the name of an event bus'],
    ["architecture", "arm", 'architecture is "arm"; allowed: arm64, x86_64'],
    [
      "permissionsBoundaryArn",
      "boundary",
      'permissionsBoundaryArn is "boundary"; allowed: the ARN of a policy, or nothing',
    ],
    [
      "homeRegion",
      "Ireland",
      'homeRegion is "Ireland"; allowed: a region, as in eu-west-1, or nothing',
    ],
    [
      "tags",
      "owner=platform,prod",
      'tags has "prod"; allowed: key=value of letters, digits and +-./:@_, the key not beginning with aws: or elb-only',
    ],
    [
      "tags",
      "elb-only=ignore",
      'tags has "elb-only=ignore"; allowed: key=value of letters, digits and +-./:@_, the key not beginning with aws: or elb-only',
    ],
    ["tracing", "on", 'tracing is "on"; allowed: true, false'],
  ])("says what is wrong with %s %j", (name, given, problem) => {
    expect(problemsOf(deploymentSettings[name], name, given)).toEqual([problem]);
  });

  it.each<readonly [DeploymentSetting, string]>([
    ["protectedPorts", "none"],
    ["protectedPorts", "tcp/22, udp/53,tcp/8000-8100"],
    ["allowedSources", "10.0.0.0/8, 2001:db8::/32, sg-0123456789abcdef0,pl-12345678"],
    ["tags", "owner=platform team, cost:center=a/b,empty="],
    ["alertEmail", "ops+elb@example.com"],
    ["alertTopicArn", "arn:aws-cn:sns:cn-north-1:123456789012:alerts"],
    [
      "kmsKeyArn",
      "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab",
    ],
  ])("takes %s %j", (name, given) => {
    expect(problemsOf(deploymentSettings[name], name, given)).toEqual([]);
  });

  it.each(Object.entries(deploymentSettings))("takes the default of %s", (name, setting) => {
    expect(problemsOf(setting, name, setting.default)).toEqual([]);
  });
});
