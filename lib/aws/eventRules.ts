import {
  type EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { repair } from "../values/repair.ts";
import { differingFields } from "../values/sameJson.ts";
import { deliveryRetries, type RuleTarget, type WiredRule } from "../values/wiring.ts";
import { everyPage, sideBySide } from "./api/paging.ts";

/** What differs, on the default bus, from the rules that are deployed, whose names begin so: a sentence each, and how to mend it. Throws what EventBridge refuses. */
export async function problemsOfRules(
  eventBridge: EventBridgeClient,
  prefix: string,
  deployed: readonly WiredRule[],
): Promise<readonly string[]> {
  const rules = await everyPage(
    "events:ListRules",
    (NextToken) => eventBridge.send(new ListRulesCommand({ NamePrefix: prefix, NextToken })),
    ({ Rules }) => Rules,
  );
  const found = new Map(rules.map((rule) => [rule.Name, rule]));
  const problems = await sideBySide(deployed, 2, async (wanted) => {
    const rule = found.get(wanted.name);
    if (rule === undefined)
      return [`The EventBridge rule ${wanted.name} is missing: its calls wake nobody. ${repair}`];
    const targets = await everyPage(
      "events:ListTargetsByRule",
      (NextToken) =>
        eventBridge.send(new ListTargetsByRuleCommand({ Rule: wanted.name, NextToken })),
      ({ Targets }) => Targets,
    );
    return [...problemsWithRule(rule, wanted), ...problemsWithTarget(targets, wanted)];
  });
  return problems.flat();
}

function problemsWithRule(
  { State, EventPattern }: Rule,
  { name, pattern }: WiredRule,
): readonly string[] {
  const differing = differingFields(pattern, parsed(EventPattern));
  return [
    ...(State?.startsWith("ENABLED")
      ? []
      : [
          `The EventBridge rule ${name} is disabled. Enable it: aws events enable-rule --name ${name}`,
        ]),
    ...(differing.length === 0
      ? []
      : [
          `The EventBridge rule ${name} asks for other events than this version reads (${differing.join(", ")}), and may miss calls. ${repair}`,
        ]),
  ];
}

const parsed = (text = "{}"): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

function problemsWithTarget(targets: readonly Target[], { name, target }: WiredRule) {
  const ours = targets.filter(({ Arn }) => Arn === target.arn);
  if (ours.length === 0)
    return [
      `The EventBridge rule ${name} does not have the enforce queue as its target: its calls wake nobody. ${repair}`,
    ];
  const [rewriting, dropping] = [ours.every(rewrites), ours.every((one) => drops(one, target))];
  return [
    ...(rewriting
      ? [
          `The EventBridge rule ${name} puts something else in the place of the events that it delivers (input, input path or input transformer). ${repair}`,
        ]
      : []),
    ...(dropping
      ? [
          `The EventBridge rule ${name} loses what it cannot deliver (dead letters, retries). ${repair}`,
        ]
      : []),
  ];
}

const rewrites = ({ Input, InputPath, InputTransformer }: Target): boolean =>
  [Input, InputPath, InputTransformer].some((one) => one !== undefined);

const drops = ({ DeadLetterConfig, RetryPolicy }: Target, { deadLetterArn }: RuleTarget): boolean =>
  DeadLetterConfig?.Arn !== deadLetterArn ||
  (RetryPolicy?.MaximumRetryAttempts ?? 0) < deliveryRetries.attempts ||
  (RetryPolicy?.MaximumEventAgeInSeconds ?? 0) < deliveryRetries.seconds;
