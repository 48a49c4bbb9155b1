import { functionRole, roleArn } from "../../sandbox/identities.ts";
import { names } from "../../sandbox/functions.ts";
import { deployed } from "./deployed.ts";
import { resolved } from "./resolved.ts";

const region = "us-east-1";
const account = "123456789012";

export const queueArn = (name: string): string => `arn:aws:sqs:${region}:${account}:${name}`;
export const topicArn = (name: string): string => `arn:aws:sns:${region}:${account}:${name}`;

/** What the sandbox has in the place of the template's queues. */
export const queueNames = {
  EnforceQueue: names.enforceQueue,
  NotifyQueue: names.notifyQueue,
  RuleDeadLetters: names.ruleDeadLetters,
  EnforceDeadLetters: names.deadLetters(names.enforceQueue),
  NotifyDeadLetters: names.deadLetters(names.notifyQueue),
  SweepDeadLetters: names.sweepDeadLetters,
} as const;

const arns: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(queueNames).map(([id, name]) => [id, queueArn(name)])),
  EnforceRole: roleArn(functionRole("enforce")),
  VerifyRole: roleArn(functionRole("verify")),
  NotifyRole: roleArn(functionRole("notify")),
};
/** The prefix list that the sweep tags; the sandbox has none unless it is made. */
export const canaryId = "pl-0ca9a4b7c6d5e4f32";

const references: Readonly<Record<string, string>> = {
  AlertTopic: topicArn(names.alertTopic),
  AlarmTopic: topicArn(names.alarmTopic),
  Canary: canaryId,
};

type Resources = Readonly<
  Record<string, { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }>
>;

const made = new Map<string, Resources>();

/** The template's resources as CloudFormation makes them in the sandbox. */
export function located(context: Readonly<Record<string, unknown>> = {}): Resources {
  const key = JSON.stringify(context);
  const known = made.get(key);
  if (known !== undefined) return known;
  const { Resources } = resolved(deployed(context), {
    "AWS::Partition": "aws",
    "AWS::Region": region,
    "AWS::AccountId": account,
    "AWS::StackName": "elb-only",
  }) as { readonly Resources: Resources };
  const text = JSON.stringify(Resources, (_, value: unknown) => {
    const { Ref, "Fn::GetAtt": got } = (value ?? {}) as Partial<
      Readonly<{ Ref: string; "Fn::GetAtt": readonly string[] }>
    >;
    if (Ref !== undefined) return references[Ref] ?? value;
    if (got?.[1] !== "Arn") return value;
    const id = got[0] ?? "";
    return (
      arns[id] ??
      `arn:aws:events:${region}:${account}:rule/${String(Resources[id]?.Properties["Name"])}`
    );
  });
  const resources = JSON.parse(text) as Resources;
  made.set(key, resources);
  return resources;
}
