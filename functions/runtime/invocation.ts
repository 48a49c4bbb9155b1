import type { Logger } from "@aws-lambda-powertools/logger";
import type { Context } from "aws-lambda";
import type { AccountRegion } from "../../lib/values/outcome.ts";

/** What the entries' work needs of the logger. */
export type Log = Pick<Logger, "debug" | "info" | "warn" | "error">;

/** A message of a queue, as far as we look at it. */
export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes?: { readonly ApproximateReceiveCount: string };
}

/** Milliseconds. With less left, no new work is begun: what is under way must still be told. */
export const enoughTime = 20_000;

/** Where we run: arn:aws:lambda:eu-west-1:123456789012:function:... */
export function accountRegionOf({
  invokedFunctionArn,
}: Pick<Context, "invokedFunctionArn">): AccountRegion {
  const [, partition, region, account] =
    /^arn:(aws[\w-]*):lambda:([\w-]+):(\d{12}):/.exec(invokedFunctionArn) ?? [];
  if (partition === undefined || region === undefined || account === undefined)
    throw new Error(
      `The function's ARN names no partition, region and account: "${invokedFunctionArn}"`,
    );
  return { account, region, partition };
}

/** What went wrong, in words. */
export const whyOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Lists of at most `size`, in order. */
export const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

/** Groups for a line of the log: how many, and the first three. */
export const inLog = (groups: readonly string[]) => ({
  count: groups.length,
  groups: groups.slice(0, 3),
});

/** SQS's partial batch response: these messages are delivered again, in the end to the dead letters. */
export const failing = (messageIds: Iterable<string>) => ({
  batchItemFailures: [...messageIds].map((itemIdentifier) => ({ itemIdentifier })),
});
