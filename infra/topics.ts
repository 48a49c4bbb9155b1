import { Annotations, ArnFormat, Aws, Fn, type Stack } from "aws-cdk-lib";
import { CfnSubscription, CfnTopic, CfnTopicPolicy } from "aws-cdk-lib/aws-sns";
import type { CfnQueue } from "aws-cdk-lib/aws-sqs";
import { queuePolicy } from "../lib/values/queuePolicy.ts";
import { eitherText, onlyIf } from "./conditions.ts";
import { addQueue, addQueuePolicy } from "./queues.ts";
import type { Settings } from "./settings.ts";
import { allow, statement } from "./statement.ts";

/** Where alerts go, and, apart from them, alarms: each is to be heard where the other is not. */
export interface Topics {
  readonly alerts: Topic;
  readonly alarms: Topic;
  /** Messages that no e-mail server took, by the setting whose address it was. */
  readonly emailDeadLetters: Readonly<Partial<Record<"alertEmail" | "alarmEmail", CfnQueue>>>;
}

interface Topic {
  readonly arn: string;
  /** Missing: it was there before. */
  readonly made?: CfnTopic;
}

/** The topics, made here or there already, and the e-mail subscriptions. */
export function addTopics(stack: Stack, settings: Settings): Topics {
  const alerts = addTopic(stack, settings, "AlertTopic", "alertTopicArn");
  const alarms = addTopic(stack, settings, "AlarmTopic", "alarmTopicArn");
  const subscribe = (
    setting: "alertEmail" | "alarmEmail",
    to: readonly (readonly [string, Topic])[],
  ) => addEmail(stack, settings, setting, to);
  const alertEmail = subscribe("alertEmail", [
    ["EmailSubscription", alerts],
    ["EmailAlarmSubscription", alarms],
  ]);
  const alarmEmail = subscribe("alarmEmail", [["AlarmEmailSubscription", alarms]]);
  warnOfSilence(stack, settings);
  return {
    alerts,
    alarms,
    emailDeadLetters: {
      ...(alertEmail === undefined ? {} : { alertEmail }),
      ...(alarmEmail === undefined ? {} : { alarmEmail }),
    },
  };
}

function addTopic(
  stack: Stack,
  settings: Settings,
  id: string,
  setting: "alertTopicArn" | "alarmTopicArn",
): Topic {
  const given = settings.values[setting];
  let topic: Topic = { arn: given };
  onlyIf(settings.is(setting, ""), () => {
    const made = new CfnTopic(stack, id, {
      displayName: "elb-only",
      kmsMasterKeyId: eitherText(
        settings.isNot("kmsKeyArn", ""),
        settings.values.kmsKeyArn,
        Aws.NO_VALUE,
      ),
    });
    topic = { arn: eitherText(settings.is(setting, ""), made.ref, given), made };
    return [made];
  });
  return topic;
}

/** Answers the queue of what was not delivered. */
function addEmail(
  stack: Stack,
  settings: Settings,
  setting: "alertEmail" | "alarmEmail",
  to: readonly (readonly [string, Topic])[],
): CfnQueue | undefined {
  let deadLetters: CfnQueue | undefined;
  onlyIf(settings.isNot(setting, ""), () => {
    const id = setting === "alertEmail" ? "EmailDeadLetters" : "AlarmEmailDeadLetters";
    const queue = addQueue(stack, id, {}, settings);
    const fromTopics = {
      ...allow(["sqs:SendMessage"], [queue.attrArn], {
        ArnEquals: { "aws:SourceArn": to.map(([, { arn }]) => arn) },
      }),
      Principal: { Service: "sns.amazonaws.com" },
    };
    const policy = addQueuePolicy(stack, `${id}Policy`, queue, [
      ...queuePolicy(queue.attrArn),
      fromTopics,
    ]);
    const subscriptions = to.map(
      ([name, { arn }]) =>
        new CfnSubscription(stack, name, {
          topicArn: arn,
          protocol: "email",
          endpoint: settings.values[setting],
          redrivePolicy: { deadLetterTargetArn: queue.attrArn },
        }),
    );
    deadLetters = queue;
    return [queue, policy, ...subscriptions];
  });
  return deadLetters;
}

/** Known only where the settings are texts: as parameters they may be given later, and the sweep tells. (To ask `settings.is` would leave an unused condition.) */
function warnOfSilence(stack: Stack, settings: Settings): void {
  const isNobody = (...empty: readonly (keyof Settings["values"])[]): boolean =>
    empty.every((name) => settings.values[name] === "");
  const warn = (what: string, how: string): void =>
    Annotations.of(stack).addWarningV2(
      `elb-only:nobody-hears-${what}`,
      `Nobody will hear ${what}: ${how}, or subscribe somebody to the topic after the deployment.`,
    );
  if (isNobody("alertEmail", "alertTopicArn")) warn("alerts", "give alertEmail or alertTopicArn");
  if (isNobody("alertEmail", "alarmEmail", "alarmTopicArn"))
    warn("alarms", "give alarmEmail or alarmTopicArn");
}

/** An alert is the notify function's, and an alarm one of the stack's: nobody else publishes, whatever their own policies allow. */
export function addTopicPolicies(
  stack: Stack,
  settings: Settings,
  { alerts, alarms }: Topics,
  notifyRoleArn: string,
): void {
  const ours = stack.formatArn({
    service: "cloudwatch",
    resource: "alarm",
    resourceName: Fn.join("", [Aws.STACK_NAME, ": *"]),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const add = (id: string, topic: CfnTopic, statements: readonly object[]): CfnTopicPolicy =>
    new CfnTopicPolicy(stack, id, {
      topics: [topic.ref],
      policyDocument: { Version: "2012-10-17", Statement: statements },
    });
  const deny = (topic: CfnTopic, condition: object) => ({
    ...statement("Deny", ["sns:Publish"], [topic.ref], condition),
    Principal: "*",
  });
  const overTls = (topic: CfnTopic) => deny(topic, { Bool: { "aws:SecureTransport": "false" } });

  const { made: alertTopic } = alerts;
  if (alertTopic !== undefined)
    onlyIf(settings.is("alertTopicArn", ""), () => [
      add("AlertTopicPolicy", alertTopic, [
        overTls(alertTopic),
        deny(alertTopic, { ArnNotEquals: { "aws:PrincipalArn": notifyRoleArn } }),
      ]),
    ]);
  const { made: alarmTopic } = alarms;
  if (alarmTopic !== undefined)
    onlyIf(settings.is("alarmTopicArn", ""), () => [
      add("AlarmTopicPolicy", alarmTopic, [
        overTls(alarmTopic),
        {
          ...allow(["sns:Publish"], [alarmTopic.ref], { ArnLike: { "aws:SourceArn": ours } }),
          Principal: { Service: "cloudwatch.amazonaws.com" },
        },
        deny(alarmTopic, { ArnNotLike: { "aws:SourceArn": ours } }),
      ]),
    ]);
}
