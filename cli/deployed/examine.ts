import {
  cloudFormation,
  cloudTrail,
  dynamodb,
  eventBridge,
  lambda,
  sqs,
} from "../../lib/aws/clients.ts";
import { connect } from "../../lib/aws/connect.ts";
import { problemsOfRules } from "../../lib/aws/eventRules.ts";
import { functionEnvironment } from "../../lib/aws/functionEnvironment.ts";
import { queueDepth } from "../../lib/aws/queueDepth.ts";
import { problemsOfReader } from "../../lib/aws/queueReaders.ts";
import { stackOutputs } from "../../lib/aws/stackOutputs.ts";
import { storeIn } from "../../lib/aws/store.ts";
import { whyNoTrail } from "../../lib/aws/trails.ts";
import { readHolds } from "../../lib/remediation/holds.ts";
import { untoldChanges } from "../../lib/remediation/journal.ts";
import { eventPatterns } from "../../lib/triggers/eventPatterns.ts";
import type { WiredRule } from "../../lib/values/wiring.ts";
import { settings } from "../../lib/values/settings.ts";
import { type Place, readingWorld } from "./deployment.ts";

/** One part of a deployment, and what is wrong with it: a sentence each, with how to mend it. */
export interface Examined {
  readonly part: string;
  readonly problems: readonly string[];
}

/** Looks at every part of a deployment; what cannot be looked at is a problem, and stops nothing else. */
export async function examine(place: Place, stack: string): Promise<readonly Examined[]> {
  const services = { cloudFormation, cloudTrail, dynamodb, eventBridge, lambda, sqs };
  const aws = connect(services, { ...place.to, clock: place.clock });
  const outputs = await stackOutputs(aws, stack).catch((error: unknown) => whyOf(error));
  if (typeof outputs === "string") return [{ part: "stack", problems: [deploy(stack, outputs)] }];
  const output = (name: string): string => {
    const value = outputs.get(name);
    if (value === undefined)
      throw new Error(`The stack ${stack} has no output ${name}: deploy this version.`);
    return value;
  };
  const environment = () => functionEnvironment(aws, output("VerifyFunctionName"));
  const told = async (
    name: "ruleDeadLettersArn" | "enforceDeadLettersArn" | "notifyDeadLettersArn",
  ) => (await environment())[settings[name].variable] ?? "";

  const parts: readonly (readonly [string, () => Promise<readonly string[]>])[] = [
    ["trail", async () => [(await whyNoTrail(aws.cloudTrail)) ?? []].flat()],
    [
      "rules and patterns",
      async () =>
        problemsOfRules(
          aws.eventBridge,
          `${stack}.`,
          rulesOf(stack, output("EnforceRoleArn"), {
            arn: arnOf(output("EnforceQueueUrl"), place),
            deadLetterArn: await told("ruleDeadLettersArn"),
          }),
        ),
    ],
    [
      "enforce's queue and function",
      () =>
        problemsOfReader(aws.lambda, {
          functionName: output("EnforceFunctionName"),
          queueArn: arnOf(output("EnforceQueueUrl"), place),
        }),
    ],
    [
      "dead letters",
      async () => {
        const arns = [
          await told("ruleDeadLettersArn"),
          await told("enforceDeadLettersArn"),
          await told("notifyDeadLettersArn"),
        ];
        const counts = await Promise.all(
          arns
            .map((arn) => urlOf(output("EnforceQueueUrl"), arn))
            .map(async (url) => ({ url, count: await queueDepth(aws, url) })),
        );
        return counts
          .filter(({ count }) => count > 0)
          .map(
            ({ url, count }) =>
              `About ${count} messages wait in ${url}: they were tried and given up. See docs/operations.md, dead letters.`,
          );
      },
    ],
    [
      "state table",
      async () => {
        const store = storeIn(aws.dynamodb, output("StateTableName"), place.clock);
        await Promise.all([readHolds(store), untoldChanges(store)]);
        return [];
      },
    ],
    ["your permissions to look", async () => (await readingWorld(place).sweep()).gaps],
  ];
  const examined: Examined[] = [{ part: "stack", problems: [] }];
  for (const [part, ask] of parts)
    examined.push({ part, problems: await ask().catch((error: unknown) => [whyOf(error)]) });
  return examined;
}

const whyOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const deploy = (stack: string, why: string): string =>
  `${why}. Is it deployed here, and as ${stack}? See infra/README.md, or name it with --stack.`;

const rulesOf = (
  stack: string,
  enforceRoleArn: string,
  target: WiredRule["target"],
): readonly WiredRule[] =>
  Object.entries(eventPatterns([enforceRoleArn])).map(([name, pattern]) => ({
    name: `${stack}.${name}`,
    pattern,
    target,
  }));

/** A queue's URL ends in its name. */
const arnOf = (url: string, { partition, region, account }: Place): string =>
  `arn:${partition}:sqs:${region}:${account}:${url.split("/").at(-1) ?? ""}`;

const urlOf = (likeUrl: string, arn: string): string =>
  likeUrl.replace(/[^/]*$/, arn.split(":").at(-1) ?? "");
