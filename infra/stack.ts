import { CfnOutput, type Stack } from "aws-cdk-lib";
import { suppress } from "./suppressions.ts";
import { addAlarms } from "./alarms.ts";
import { addCanary } from "./canary.ts";
import { addDashboard } from "./dashboard.ts";
import { addFunctions, type Code } from "./functions.ts";
import { addQueues } from "./queues.ts";
import type { Settings } from "./settings.ts";
import { addTags } from "./tags.ts";
import { addTable } from "./table.ts";
import { addTopicPolicies, addTopics } from "./topics.ts";
import { addRules } from "./rules.ts";

export const description =
  "elb-only: keeps load-balanced back ends reachable only through their load balancers";

/** Everything that a region needs: rules -> queue -> enforce -> queue -> notify -> topic, and schedule -> verify. */
export function buildStack(stack: Stack, settings: Settings, code: Code): void {
  const queues = addQueues(stack, settings);
  const topics = addTopics(stack, settings);
  const table = addTable(stack);
  const functions = addFunctions(
    stack,
    settings,
    { queues, topics, canary: addCanary(stack), table },
    code,
  );
  addRules(stack, settings, queues, functions);
  addTopicPolicies(stack, settings, topics, functions.notify.role.attrArn);
  addAlarms(stack, settings, queues, functions, topics);
  const dashboardUrl = addDashboard(stack, queues, functions);
  addTags(stack, settings.values.tags);
  suppress(stack);

  const output = (id: string, description: string, value: string): CfnOutput =>
    new CfnOutput(stack, id, { description, value });
  output("DashboardUrl", "The state of the region", dashboardUrl);
  output("AlertTopicInUse", "Where alerts go", topics.alerts.arn);
  output("AlarmTopicInUse", "Where alarms go", topics.alarms.arn);
  output("StateTableName", "Holds, the journal and what people were told", table.ref);
  output(
    "EnforceQueueUrl",
    "Where events wait; the stack's rules and functions alone may send here",
    queues.enforce.ref,
  );
  output(
    "EnforceFunctionName",
    "The function that changes security groups",
    functions.enforce.function.ref,
  );
  output("VerifyFunctionName", "Invoke it to sweep the region now", functions.verify.function.ref);
  output(
    "EnforceRoleArn",
    "The role whose calls change security groups",
    functions.enforce.role.attrArn,
  );
}
