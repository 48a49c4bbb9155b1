import { SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { clients } from "../contract/backend.ts";
import { located, queueNames } from "../infra/located.ts";

/** The template's EventBridge rules: their patterns by their names. */
export const deployedPatterns = (): Readonly<Record<string, object>> =>
  Object.fromEntries(
    Object.values(located())
      .filter(({ Type }) => Type === "AWS::Events::Rule")
      .map(({ Properties: { Name, EventPattern } }) => [String(Name), EventPattern as object]),
  );

/** What the template tells verify of itself. */
export const deployedEnvironment = (): Readonly<Record<string, string>> => {
  const { Environment } = located()["VerifyFunction"]?.Properties ?? {};
  const { Variables } = Environment as { Variables: Readonly<Record<string, unknown>> };
  return Object.fromEntries(
    Object.entries(Variables).flatMap(([name, value]) =>
      /^ELB_ONLY_(.*_(PREFIX|FUNCTION|ARN)|CANARY)$/.test(name) && typeof value === "string"
        ? [[name, value] as const]
        : [],
    ),
  );
};

/** Gives the sandbox's queues the template's policies, and tells what they are. */
export async function deployPolicies(sandbox: Sandbox): Promise<ReadonlyMap<string, string>> {
  const { sqs } = clients(sandbox);
  const policies = new Map<string, string>();
  for (const [id, name] of Object.entries(queueNames)) {
    const Policy = JSON.stringify(located()[`${id}Policy`]?.Properties["PolicyDocument"]);
    policies.set(name, Policy);
    const QueueUrl = `${sandbox.endpoint}/123456789012/${name}`;
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  }
  return policies;
}
