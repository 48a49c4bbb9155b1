import {
  type EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import { everyPage, sideBySide } from "./api/paging.ts";

/** https://sqs.<region>.amazonaws.com/<account>/<name>, whose ARN ends in <account>:<name>. */
const arnEnd = (queueUrl: string): string => `:${queueUrl.split("/").slice(-2).join(":")}`;

/** What is wrong with the rules on the default bus whose names begin so: each is to be enabled and to put events on the queue. Throws what EventBridge refuses. */
export async function problemsOfRules(
  eventBridge: EventBridgeClient,
  prefix: string,
  queueUrl: string,
): Promise<readonly string[]> {
  const rules = await everyPage(
    "events:ListRules",
    (NextToken) => eventBridge.send(new ListRulesCommand({ NamePrefix: prefix, NextToken })),
    ({ Rules }) => Rules,
  );
  if (rules.length === 0) return [`There is no EventBridge rule whose name begins with ${prefix}.`];
  const problems = await sideBySide(rules, 2, async ({ Name = "", State = "" }) => {
    if (!State.startsWith("ENABLED")) return `The EventBridge rule ${Name} is disabled.`;
    const targets = await everyPage(
      "events:ListTargetsByRule",
      (NextToken) => eventBridge.send(new ListTargetsByRuleCommand({ Rule: Name, NextToken })),
      ({ Targets }) => Targets,
    );
    return targets.some(({ Arn }) => Arn?.endsWith(arnEnd(queueUrl)))
      ? undefined
      : `The EventBridge rule ${Name} does not have the enforce queue as its target.`;
  });
  return problems.filter((problem) => problem !== undefined);
}
