import { parentPort, workerData } from "node:worker_threads";
import {
  endMark,
  millisecondsIn,
  type Invocation,
  type Reply,
  type RuntimeSettings,
} from "./protocol.ts";

// One execution environment: loads the function once, then handles one event after the other.
const { bundle, name, functionArn, memoryMb, ahead } = workerData as RuntimeSettings;

const realTime = Date.now;
Date.now = () => realTime() + millisecondsIn(ahead);

type Handler = (event: unknown, context: unknown) => unknown;

const reply = (message: Reply): void => parentPort?.postMessage(message, []);

function failure(error: unknown): Extract<Reply, { kind: "failed" }> {
  const {
    name: errorType,
    message: errorMessage,
    stack,
  } = error instanceof Error ? error : new Error(String(error));
  return { kind: "failed", errorType, errorMessage, trace: stack?.split("\n") ?? [] };
}

async function load(): Promise<Handler> {
  const { handler } = (await import(bundle)) as { readonly handler?: unknown };
  if (typeof handler !== "function")
    throw new Error(`Runtime.HandlerNotFound: ${bundle} exports no handler`);
  return handler as Handler;
}

const loading = load();
loading.catch(() => {});

async function handle({ event, requestId, deadline }: Invocation): Promise<void> {
  try {
    const handler = await loading;
    const result = await handler(event, {
      awsRequestId: requestId,
      callbackWaitsForEmptyEventLoop: true,
      functionName: name,
      functionVersion: "$LATEST",
      invokedFunctionArn: functionArn,
      memoryLimitInMB: String(memoryMb),
      logGroupName: `/aws/lambda/${name}`,
      logStreamName: "sandbox",
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    });
    // As Lambda does: what comes back is JSON.
    reply({ kind: "done", result: JSON.parse(JSON.stringify(result ?? null)) as unknown });
  } catch (error) {
    reply(failure(error));
  } finally {
    for (const stream of [process.stdout, process.stderr]) stream.write(`${endMark(requestId)}\n`);
  }
}

parentPort?.on("message", (invocation: Invocation) => void handle(invocation));
