import type { Service } from "./service.ts";

const arn = "arn:aws:lambda:eu-west-1:111122223333:function:enforce";
const queue = "arn:aws:sqs:eu-west-1:111122223333:enforce";

export const lambda: Service = {
  client: "LambdaClient",
  error: JSON.stringify({ __type: "ResourceNotFoundException", message: "no function" }),
  operations: {
    ListEventSourceMappings: {
      input: { FunctionName: "enforce", EventSourceArn: queue, Marker: "page-2" },
      answer: {
        EventSourceMappings: [
          {
            UUID: "u-1",
            FunctionArn: arn,
            EventSourceArn: queue,
            State: "Disabled",
            FunctionResponseTypes: ["ReportBatchItemFailures"],
            FilterCriteria: { Filters: [{ Pattern: "{}" }] },
          },
        ],
        NextMarker: "page-3",
      },
    },
    GetFunctionConcurrency: {
      input: { FunctionName: "enforce" },
      answer: { ReservedConcurrentExecutions: 0 },
    },
    GetFunctionEventInvokeConfig: {
      input: { FunctionName: "enforce", Qualifier: "$LATEST" },
      answer: { FunctionArn: arn, DestinationConfig: { OnFailure: { Destination: queue } } },
    },
  },
};
