import {
  type EventSourceMappingConfiguration,
  GetFunctionConcurrencyCommand,
  GetFunctionEventInvokeConfigCommand,
  type LambdaClient,
  ListEventSourceMappingsCommand,
} from "@aws-sdk/client-lambda";
import { repair } from "../values/repair.ts";
import type { QueueReader, Wiring } from "../values/wiring.ts";
import { call, isNotFound } from "./api/errors.ts";
import { everyPage } from "./api/paging.ts";

/** What keeps a function from being handed its queue's messages: a sentence each, and how to mend it. Throws what Lambda refuses. */
export async function problemsOfReader(
  lambda: LambdaClient,
  { functionName, queueArn }: QueueReader,
): Promise<readonly string[]> {
  const mappings = await everyPage(
    "lambda:ListEventSourceMappings",
    (Marker) =>
      lambda.send(
        new ListEventSourceMappingsCommand({
          FunctionName: functionName,
          EventSourceArn: queueArn,
          Marker,
        }),
      ),
    ({ EventSourceMappings }) => EventSourceMappings,
  );
  const { ReservedConcurrentExecutions } = await call(
    "lambda:GetFunctionConcurrency",
    lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: functionName })),
  );
  return [
    ...(mappings.length === 0
      ? [`Nothing hands the function ${functionName} its queue's messages. ${repair}`]
      : mappings.flatMap((mapping) => problemsWithMapping(functionName, mapping))),
    ...(ReservedConcurrentExecutions === 0
      ? [
          `The function ${functionName} may not run: its reserved concurrency is 0. Take that away: aws lambda delete-function-concurrency --function-name ${functionName}`,
        ]
      : []),
  ];
}

function problemsWithMapping(
  name: string,
  {
    UUID = "",
    State = "",
    FunctionResponseTypes = [],
    FilterCriteria,
  }: EventSourceMappingConfiguration,
): readonly string[] {
  return [
    ...(State.startsWith("Disabl")
      ? [
          `The function ${name} does not read its queue: its event source mapping is disabled. Enable it: aws lambda update-event-source-mapping --uuid ${UUID} --enabled`,
        ]
      : []),
    ...((FilterCriteria?.Filters ?? []).length > 0
      ? [
          `The event source mapping of ${name} filters: what it leaves out is deleted unread. ${repair}`,
        ]
      : []),
    ...(FunctionResponseTypes.includes("ReportBatchItemFailures")
      ? []
      : [
          `The event source mapping of ${name} does not ask which messages failed: they are not delivered again. ${repair}`,
        ]),
  ];
}

/** Why a sweep that failed would be forgotten; nothing where it would not. Throws what Lambda refuses. */
export async function problemsOfFailedSweeps(
  lambda: LambdaClient,
  { functionName, deadLetterArn }: Wiring["failedSweeps"],
): Promise<readonly string[]> {
  const asked = new GetFunctionEventInvokeConfigCommand({
    FunctionName: functionName,
    Qualifier: "$LATEST",
  });
  const kept = await call("lambda:GetFunctionEventInvokeConfig", lambda.send(asked)).catch(
    (error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    },
  );
  return kept?.DestinationConfig?.OnFailure?.Destination === deadLetterArn
    ? []
    : [
        `Sweeps that fail are not kept: ${functionName} has another destination for them, or none. ${repair}`,
      ];
}
