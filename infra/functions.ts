import { Aws, RemovalPolicy, type Stack } from "aws-cdk-lib";
import type { CfnTable } from "aws-cdk-lib/aws-dynamodb";
import type { CfnPrefixList } from "aws-cdk-lib/aws-ec2";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import { CfnEventInvokeConfig, CfnEventSourceMapping, CfnFunction } from "aws-cdk-lib/aws-lambda";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import type { FunctionName } from "./bundle.ts";
import { settings, type SettingName } from "../lib/values/settings.ts";
import { eitherText } from "./conditions.ts";
import { nameOfFunction } from "./functionNames.ts";
import { namespace, service } from "./metrics.ts";
import {
  enforcePermissions,
  notifyPermissions,
  type Statements,
  verifyPermissions,
} from "./permissions.ts";
import { rulePrefix } from "./ruleNames.ts";
import type { Queues } from "./queues.ts";
import type { Settings } from "./settings.ts";
import { sizes } from "./sizes.ts";
import { allow } from "./statement.ts";
import type { Topics } from "./topics.ts";

/** Where a function's zipped bundle is. */
export type Code = (name: FunctionName) => { readonly s3Bucket: string; readonly s3Key: string };

export interface DeployedFunction {
  readonly function: CfnFunction;
  readonly role: CfnRole;
}
/** What the functions work with. */
interface Surroundings {
  readonly queues: Queues;
  readonly topics: Topics;
  /** What the sweep tags for the record to come back. */
  readonly canary: CfnPrefixList;
  /** Where the functions remember. */
  readonly table: CfnTable;
}

export type Functions = Readonly<Record<FunctionName, DeployedFunction>>;

const each = <Made>(make: (name: FunctionName) => Made): Readonly<Record<FunctionName, Made>> => ({
  enforce: make("enforce"),
  verify: make("verify"),
  notify: make("notify"),
});

const capitalized = { enforce: "Enforce", verify: "Verify", notify: "Notify" } as const;

/** The three functions, each with its own role and log group, and the queues that two of them read. */
export function addFunctions(
  stack: Stack,
  settings: Settings,
  surroundings: Surroundings,
  code: Code,
): Functions {
  const { queues, topics, table, canary } = surroundings;
  const permissions: Readonly<Record<FunctionName, Statements>> = {
    enforce: enforcePermissions(stack, settings, queues, table.attrArn),
    verify: verifyPermissions(
      stack,
      settings,
      queues,
      [topics.alerts.arn, topics.alarms.arn],
      canary.attrArn,
      table.attrArn,
    ),
    notify: notifyPermissions(settings, queues, topics.alerts.arn, table.attrArn),
  };
  const roles = each((name) => addFunctionRole(stack, name, settings, permissions[name]));
  const environments = environmentsOf(settings, surroundings, roles);
  const functions = each((name) =>
    addFunction(stack, settings, name, roles[name], environments[name], code),
  );
  addQueueReaders(stack, functions, queues);
  keepFailedSweeps(stack, functions, queues);
  return functions;
}

/** What the functions are told, under the names by which they read it; the region is Lambda's own to tell. */
function environmentsOf(
  { values }: Settings,
  { queues, topics, table, canary }: Surroundings,
  roles: Readonly<Record<FunctionName, FunctionRole>>,
): Readonly<Record<FunctionName, Readonly<Record<string, string>>>> {
  const { deadLetters } = queues;
  const told: Readonly<Record<Exclude<SettingName, "region">, string>> = {
    ...values,
    enforceQueueUrl: queues.enforce.ref,
    notifyQueueUrl: queues.notify.ref,
    rulePrefix,
    enforceFunction: nameOfFunction("enforce"),
    notifyFunction: nameOfFunction("notify"),
    enforceRoleArn: roles.enforce.role.attrArn,
    verifyRoleArn: roles.verify.role.attrArn,
    ruleDeadLettersArn: deadLetters.rules.attrArn,
    enforceDeadLettersArn: deadLetters.enforce.attrArn,
    notifyDeadLettersArn: deadLetters.notify.attrArn,
    sweepDeadLettersArn: deadLetters.sweep.attrArn,
    alertTopicArn: topics.alerts.arn,
    alarmTopicArn: topics.alarms.arn,
    canary: canary.ref,
    stateTable: table.ref,
  };
  const { region: _, ...asked } = settings;
  const environmentOf = (name: FunctionName): Readonly<Record<string, string>> =>
    Object.fromEntries(
      (Object.keys(asked) as readonly (keyof typeof asked)[])
        .filter((one) => asked[one].readBy.some((reader: FunctionName) => reader === name))
        .map((one) => [asked[one].variable, told[one]]),
    );
  return each(environmentOf);
}

interface FunctionRole {
  readonly role: CfnRole;
  readonly logGroup: CfnLogGroup;
}

/** A function's role, which may write to the function's own log alone. */
function addFunctionRole(
  stack: Stack,
  name: FunctionName,
  settings: Settings,
  permissions: Statements,
): FunctionRole {
  const id = capitalized[name];
  const logGroup = new CfnLogGroup(stack, `${id}Log`, {
    retentionInDays: settings.logRetentionDays,
    kmsKeyId: eitherText(settings.isNot("kmsKeyArn", ""), settings.values.kmsKeyArn, Aws.NO_VALUE),
  });
  // What was changed, and why, should outlive the stack.
  logGroup.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  const log = allow(["logs:CreateLogStream", "logs:PutLogEvents"], [logGroup.attrArn]);
  const role = addRole(stack, settings, `${id}Role`, "lambda.amazonaws.com", [log, ...permissions]);
  return { role, logGroup };
}

function addFunction(
  stack: Stack,
  settings: Settings,
  name: FunctionName,
  { role, logGroup }: FunctionRole,
  environment: Readonly<Record<string, string>>,
  code: Code,
): DeployedFunction {
  const { timeout, memory } = sizes[name];
  const deployed = new CfnFunction(stack, `${capitalized[name]}Function`, {
    functionName: nameOfFunction(name),
    description: `elb-only: ${name}`,
    runtime: "nodejs24.x",
    architectures: [settings.values.architecture],
    handler: "index.handler",
    code: code(name),
    role: role.attrArn,
    timeout,
    memorySize: memory,
    // Enforce queues checks of targets' health for itself; none of them queues another.
    ...(name === "enforce" ? { recursiveLoop: "Allow" } : {}),
    loggingConfig: { logGroup: logGroup.ref },
    tracingConfig: { mode: eitherText(settings.is("tracing", "true"), "Active", "PassThrough") },
    environment: {
      variables: {
        ...environment,
        POWERTOOLS_SERVICE_NAME: service,
        POWERTOOLS_METRICS_NAMESPACE: namespace,
      },
    },
  });
  return { function: deployed, role };
}

/** A role that one service assumes. Its policy is part of it, so that nothing runs before its permissions are there. */
export function addRole(
  stack: Stack,
  settings: Settings,
  id: string,
  principal: string,
  statements: Statements,
  condition?: object,
): CfnRole {
  const trust = {
    Effect: "Allow",
    Principal: { Service: principal },
    Action: "sts:AssumeRole",
    ...(condition === undefined ? {} : { Condition: condition }),
  };
  const boundary = settings.values.permissionsBoundaryArn;
  return new CfnRole(stack, id, {
    permissionsBoundary: eitherText(
      settings.isNot("permissionsBoundaryArn", ""),
      boundary,
      Aws.NO_VALUE,
    ),
    assumeRolePolicyDocument: { Version: "2012-10-17", Statement: [trust] },
    policies: [
      { policyName: "calls", policyDocument: { Version: "2012-10-17", Statement: statements } },
    ],
  });
}

function addQueueReaders(
  stack: Stack,
  { enforce, notify }: Functions,
  queues: Queues,
): readonly CfnEventSourceMapping[] {
  const partial = {
    functionResponseTypes: ["ReportBatchItemFailures"],
    scalingConfig: { maximumConcurrency: 2 },
  };
  return [
    // A deployment registers hundreds of instances in a few seconds: they are looked at together.
    new CfnEventSourceMapping(stack, "EnforceQueueReader", {
      functionName: enforce.function.ref,
      eventSourceArn: queues.enforce.attrArn,
      batchSize: 1000,
      maximumBatchingWindowInSeconds: 5,
      ...partial,
    }),
    new CfnEventSourceMapping(stack, "NotifyQueueReader", {
      functionName: notify.function.ref,
      eventSourceArn: queues.notify.attrArn,
      batchSize: 10,
      ...partial,
    }),
  ];
}

/** The schedule calls verify asynchronously: a run that failed twice would be forgotten. */
function keepFailedSweeps(
  stack: Stack,
  { verify }: Functions,
  { deadLetters }: Queues,
): CfnEventInvokeConfig {
  return new CfnEventInvokeConfig(stack, "VerifyFailures", {
    functionName: verify.function.ref,
    qualifier: "$LATEST",
    maximumRetryAttempts: 1,
    maximumEventAgeInSeconds: 3600,
    destinationConfig: { onFailure: { destination: deadLetters.sweep.attrArn } },
  });
}
