import type { Logger } from "@aws-lambda-powertools/logger";
import type { Context } from "aws-lambda";
import type { AccountId } from "../../lib/values/rule.ts";

/** What the entries' work needs of the logger. */
export type Log = Pick<Logger, "debug" | "info" | "warn" | "error">;

/** A message of a queue, as far as we look at it. */
export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
}

/** Milliseconds. With less left, no new work is begun: what is under way must still be told. */
export const enoughTime = 20_000;

/** Whose account we run in. */
export function accountOf({ invokedFunctionArn }: Pick<Context, "invokedFunctionArn">): AccountId {
  const account = invokedFunctionArn.split(":")[4];
  if (account === undefined || !/^\d{12}$/.test(account))
    throw new Error(`The function's ARN names no account: "${invokedFunctionArn}"`);
  return account;
}

/** What went wrong, in words. */
export const whyOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Lists of at most `size`, in order. */
export const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

/** SQS's partial batch response: these messages are delivered again, in the end to the dead letters. */
export const failing = (messageIds: Iterable<string>) => ({
  batchItemFailures: [...messageIds].map((itemIdentifier) => ({ itemIdentifier })),
});
