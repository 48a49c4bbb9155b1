import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { call } from "./api/errors.ts";
import type { Connection } from "./connect.ts";

/** How many messages wait in a queue, about. */
export async function queueDepth({ sqs }: Connection<"sqs">, queueUrl: string): Promise<number> {
  const asked = new GetQueueAttributesCommand({
    QueueUrl: queueUrl,
    AttributeNames: ["ApproximateNumberOfMessages"],
  });
  const { Attributes } = await call("sqs:GetQueueAttributes", sqs.send(asked));
  return Number(Attributes?.["ApproximateNumberOfMessages"] ?? 0);
}
