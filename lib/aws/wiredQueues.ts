import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { QueueStatement } from "../values/queuePolicy.ts";
import { repair } from "../values/repair.ts";
import { sameJson } from "../values/sameJson.ts";
import { queueTries, type WiredQueue } from "../values/wiring.ts";
import { call, codeOf } from "./api/errors.ts";

const gone = new Set(["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"]);

/** What differs from a queue as it is deployed: a sentence each, and how to mend it. Throws what SQS refuses. */
export async function problemsOfQueue(
  sqs: SQSClient,
  queue: WiredQueue,
): Promise<readonly string[]> {
  const asked = new GetQueueAttributesCommand({
    QueueUrl: queue.url,
    AttributeNames: ["Policy", "RedrivePolicy"],
  });
  try {
    const { Attributes = {} } = await call("sqs:GetQueueAttributes", sqs.send(asked));
    return [
      ...problemsWithPolicy(queue, Attributes["Policy"]),
      ...problemsWithRedrive(queue, Attributes["RedrivePolicy"]),
    ];
  } catch (error) {
    if (!gone.has(codeOf(error))) throw error;
    return [`The ${queue.what} is gone. ${repair}`];
  }
}

function problemsWithPolicy({ what, policy }: WiredQueue, text = "{}"): readonly string[] {
  const { Statement = [] } = JSON.parse(text) as { Statement?: unknown };
  const found: readonly unknown[] = [Statement].flat();
  const missing = policy.filter((wanted) => !found.some((one) => sameJson(one, wanted)));
  const more = found.filter((one) => !policy.some((wanted) => sameJson(one, wanted)));
  if (missing.length + more.length === 0) return [];
  const said = [
    ...missing.map(({ Sid }) => `${Sid} is missing or changed`),
    ...more
      .map(sidOf)
      .filter((sid) => !missing.some(({ Sid }) => Sid === sid))
      .map((sid) => `${sid} is new`),
  ];
  return [
    `The policy of the ${what} is not as deployed (${said.join(", ")}): what belongs there may be refused, or strangers let in. ${repair}`,
  ];
}

const sidOf = (statement: unknown): string =>
  (statement as Partial<QueueStatement> | null)?.Sid ?? "a statement without a name";

function problemsWithRedrive({ what, deadLetterArn }: WiredQueue, text = "{}"): readonly string[] {
  if (deadLetterArn === undefined) return [];
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(text) as Readonly<
    Record<string, unknown>
  >;
  return deadLetterTargetArn === deadLetterArn && Number(maxReceiveCount) === queueTries
    ? []
    : [
        `The ${what} does not keep what was tried ${queueTries} times: its redrive policy is not as deployed. ${repair}`,
      ];
}
