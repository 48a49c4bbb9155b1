import { writeLog } from "./logs/logs.ts";
import { put } from "./events/bus.ts";
import { createExchange } from "./exchange.ts";
import type { Fault } from "./faults.ts";
import { functionSettings, names, type SandboxFunction } from "./functions.ts";
import { createGround, sendToEnforce, type GroundOptions } from "./ground.ts";
import { connect, type EventSource, type EventSourceSettings } from "./lambda/eventSource.ts";
import { millisecondsIn } from "./lambda/protocol.ts";
import { createFunction, type LambdaFunction, type LogLine } from "./lambda/function.ts";
import type { CallRecord } from "./perform.ts";
import { createServer } from "./server.ts";
import type { Cloud } from "./state/cloud.ts";
import type { BusEvent } from "./state/events.ts";
import type { Alert } from "./state/sns.ts";
import type { Message } from "./state/sqs.ts";
import { createWorld, type World } from "./world.ts";

export interface SandboxOptions extends GroundOptions {
  /** 0, unless given: any free one. */
  readonly port?: number;
  /** None: an AWS without functions. */
  readonly functions?: readonly SandboxFunction[];
  readonly batch?: Partial<Pick<EventSourceSettings, "batchSize" | "windowMs">>;
  readonly functionTimeoutSeconds?: number;
}

export interface Sandbox {
  /** For AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  readonly region: string;
  /** Everything that is, to read. */
  readonly cloud: Cloud;
  /** To build with, unseen by CloudTrail. */
  readonly world: World;
  readonly calls: readonly CallRecord[];
  /** Everything that was put on the default bus: CloudTrail's events and everybody's own. */
  readonly events: readonly BusEvent[];
  readonly alerts: readonly Alert[];
  /** Of all queues. */
  readonly deadLetters: readonly Message[];
  /** What the functions wrote to their consoles. */
  readonly logs: readonly LogLine[];
  /** Errors that functions ended an invocation with, or that it did not end in time. */
  readonly failures: readonly unknown[];
  /** Returns how to take it away again. */
  inject(fault: Fault): () => void;
  /** Runs a function as `aws lambda invoke` does. */
  invoke(name: SandboxFunction["name"], event: unknown): Promise<unknown>;
  /** Ends a function's environments in the middle of whatever they do. */
  crash(name: SandboxFunction["name"]): Promise<void>;
  /** Puts an event on the bus as AWS would: late, twice, or one that never was. */
  putEvent(event: BusEvent): void;
  /** Puts a message on the enforce queue. */
  sendToEnforce(body: string): void;
  /** CloudTrail stops or starts telling of changes. */
  setTrail(logging: boolean): void;
  /** Called with each line that a function writes, until what it returns is called. */
  onLog(listener: (line: LogLine) => void): () => void;
  /** Resolves when no message is waiting, in flight or to be tried again. One that was sent with a delay is not waited for: see `hasten`. */
  idle(): Promise<void>;
  /** Lets time pass: what was sent with a delay comes when it is due, and functions read it from their clocks. */
  advance(milliseconds: number): void;
  /** Messages that were sent with a delay need not wait any longer. */
  hasten(): void;
  /** Forgets calls, events, alerts, logs and failures so far. */
  forget(): void;
  close(): Promise<void>;
}

/** Starts an AWS on loopback: one account (123456789012), one region, a default VPC. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const ahead = new SharedArrayBuffer(8);
  const { now = () => new Date() } = options;
  const { ground, callerOf, deadQueues } = createGround({
    ...options,
    now: () => new Date(now().getTime() + millisecondsIn(ahead)),
  });
  const { cloud, faults, calls } = ground;
  const server = createServer(createExchange(ground, callerOf));
  cloud.endpoint = await server.listen({ host: "127.0.0.1", port: options.port ?? 0 });

  const running = runFunctions(cloud, options, ahead);
  return {
    endpoint: cloud.endpoint,
    region: cloud.region,
    cloud,
    world: createWorld(cloud),
    calls,
    events: cloud.bus.events,
    alerts: cloud.alerts,
    get deadLetters() {
      return deadQueues.flatMap(({ messages }) => [...messages.values()]);
    },
    logs: running.logs,
    failures: running.failures,
    inject: faults.inject,
    invoke: running.invoke,
    crash: running.crash,
    putEvent: (event) => put(cloud.bus, event),
    sendToEnforce: (body) => sendToEnforce(cloud, body),
    setTrail: (logging) => {
      cloud.trail.logging = logging;
    },
    onLog: running.onLog,
    idle: running.idle,
    advance: (milliseconds) => {
      new Float64Array(ahead)[0] = millisecondsIn(ahead) + milliseconds;
      running.catchUp();
    },
    hasten: running.hasten,
    forget: () => {
      for (const list of [calls, cloud.bus.events, cloud.alerts, running.logs, running.failures])
        list.length = 0;
    },
    close: async () => {
      await running.close();
      await server.close();
      await cloud.tables.close();
    },
  };
}

function runFunctions(cloud: Cloud, options: SandboxOptions, ahead: SharedArrayBuffer) {
  const logs: LogLine[] = [];
  const failures: unknown[] = [];
  const listeners = new Set<(line: LogLine) => void>();
  let waiting: (() => void)[] = [];
  const log = (line: LogLine): void => {
    logs.push(line);
    writeLog(cloud, `/aws/lambda/elb-only-${line.function}`, "sandbox", line.text);
    for (const listener of listeners) listener(line);
  };

  const functions = new Map<string, LambdaFunction>(
    (options.functions ?? []).map((wanted) => {
      const settings = functionSettings(cloud, wanted, options.functionTimeoutSeconds ?? 60);
      return [wanted.name, createFunction(settings, cloud.region, cloud.ids.uuid, log, ahead)];
    }),
  );

  const isIdle = (): boolean => sources.every((source) => source.isIdle());
  const settled = (error?: unknown): void => {
    if (error !== undefined) failures.push(error);
    // The event source has yet to count itself out.
    setImmediate(() => {
      if (!isIdle()) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    });
  };

  const sources: readonly EventSource[] = (["enforce", "notify"] as const).flatMap((name) => {
    const [target, queue] = [
      functions.get(name),
      cloud.queues.get(name === "enforce" ? names.enforceQueue : names.notifyQueue),
    ];
    if (target === undefined || queue === undefined) return [];
    const settings = {
      batchSize: name === "enforce" ? 1000 : 10,
      windowMs: 200,
      maxConcurrency: 2,
      ...options.batch,
    };
    return [connect(cloud, queue, target, settings, settled)];
  });

  return {
    logs,
    failures,
    invoke: async (name: string, event: unknown): Promise<unknown> => {
      const target = functions.get(name);
      if (target === undefined) throw new Error(`The sandbox runs no function "${name}".`);
      return await target.invoke(event);
    },
    crash: async (name: string): Promise<void> => functions.get(name)?.close(),
    onLog: (listener: (line: LogLine) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    idle: (): Promise<void> =>
      isIdle() ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
    catchUp: () => {
      for (const source of sources) source.catchUp();
    },
    hasten: () => {
      for (const source of sources) source.hasten();
    },
    close: async (): Promise<void> => {
      for (const source of sources) source.close();
      await Promise.all([...functions.values()].map((one) => one.close()));
    },
  };
}
