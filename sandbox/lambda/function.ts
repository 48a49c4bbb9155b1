import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { account } from "../identities.ts";
import {
  endMark,
  millisecondsIn,
  type Invocation,
  type Reply,
  type RuntimeSettings,
} from "./protocol.ts";

export interface FunctionSettings {
  /** Like "enforce". */
  readonly name: string;
  /** Path of the built bundle, an ES module that exports `handler`. */
  readonly bundle: string;
  /** Its whole environment; nothing of this process's leaks in. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

/** A line that a function wrote. */
export interface LogLine {
  readonly function: string;
  readonly text: string;
}

export interface LambdaFunction {
  readonly name: string;
  /** Resolves with what the handler returned; rejects with what it threw, or with a timeout. */
  invoke(event: unknown): Promise<unknown>;
  close(): Promise<void>;
}

const memoryMb = 512;

/** Runs a bundle as Lambda does: an environment a concurrent invocation, made when needed and used again. `ahead`: by how much its time is, as in `RuntimeSettings`. */
export function createFunction(
  settings: FunctionSettings,
  region: string,
  uuid: () => string,
  log: (line: LogLine) => void,
  ahead = new SharedArrayBuffer(8),
): LambdaFunction {
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const name = `elb-only-${settings.name}`;
  const functionArn = `arn:aws:lambda:${region}:${account}:function:${name}`;

  const start = (): Worker => {
    const workerData: RuntimeSettings = {
      bundle: pathToFileURL(settings.bundle).href,
      name,
      functionArn,
      memoryMb,
      ahead,
    };
    const worker = new Worker(new URL("runtime.ts", import.meta.url), {
      workerData,
      env: {
        ...settings.environment,
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
        TZ: ":UTC",
      },
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    for (const stream of [worker.stdout, worker.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        const [text = "", end] = line.split(mark, 2);
        if (text !== "" || end === undefined) log({ function: settings.name, text });
        if (end !== undefined) worker.emit(`${mark}${end}`);
      });
    }
    all.add(worker);
    worker.once("exit", () => {
      all.delete(worker);
      const place = idle.indexOf(worker);
      if (place >= 0) idle.splice(place, 1);
    });
    return worker;
  };

  const end = async (worker: Worker): Promise<void> => {
    all.delete(worker);
    await worker.terminate();
  };

  return {
    name: settings.name,
    invoke: async (event) => {
      const worker = idle.pop() ?? start();
      const invocation: Invocation = {
        event,
        requestId: uuid(),
        deadline: Date.now() + millisecondsIn(ahead) + settings.timeoutSeconds * 1000,
      };
      try {
        const written = allWritten(worker, invocation.requestId);
        const reply = await ask(worker, invocation, settings.timeoutSeconds);
        await written;
        idle.push(worker);
        if (reply.kind === "done") return reply.result;
        throw functionError(reply);
      } catch (error) {
        if (!idle.includes(worker)) await end(worker);
        throw error;
      }
    },
    close: async () => {
      await Promise.all([...all].map(end));
    },
  };
}

const mark = endMark("");

/** Both streams have ended the invocation. */
const allWritten = (worker: Worker, requestId: string): Promise<void> =>
  new Promise((resolve) => {
    let ended = 0;
    worker.on(endMark(requestId), () => {
      ended += 1;
      if (ended < 2) return;
      worker.removeAllListeners(endMark(requestId));
      resolve();
    });
  });

function ask(worker: Worker, invocation: Invocation, timeoutSeconds: number): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      worker.off("message", answered).off("error", broke).off("exit", exited);
      act();
    };
    const answered = (reply: Reply): void => settle(() => resolve(reply));
    const broke = (error: Error): void => settle(() => reject(error));
    const exited = (code: number): void =>
      settle(() => reject(new Error(`Runtime.ExitError: the function exited with code ${code}`)));
    const timer = setTimeout(
      () =>
        settle(() =>
          reject(
            new Error(
              `${invocation.requestId} Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
            ),
          ),
        ),
      timeoutSeconds * 1000,
    );
    worker.on("message", answered).on("error", broke).on("exit", exited);
    worker.postMessage(invocation, []);
  });
}

function functionError({
  errorType,
  errorMessage,
  trace,
}: Extract<Reply, { kind: "failed" }>): Error {
  const error = new Error(errorMessage);
  error.name = errorType;
  error.stack = trace.join("\n");
  return error;
}
