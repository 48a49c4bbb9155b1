import { createExchange, type Exchange } from "./exchange.ts";
import { createGround, type GroundOptions } from "./ground.ts";
import type { Fault } from "./faults.ts";
import type { CallRecord } from "./perform.ts";
import type { Cloud } from "./state/cloud.ts";
import type { BusEvent } from "./state/events.ts";
import type { Alert } from "./state/sns.ts";
import { createWorld, type World } from "./world.ts";

/** The part of an SDK request that the sandbox reads. */
interface SdkRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What an SDK client takes as its `requestHandler`. */
export interface SdkRequestHandler {
  handle(request: SdkRequest): Promise<{
    readonly response: {
      readonly statusCode: number;
      readonly headers: Record<string, string>;
      readonly body: Uint8Array;
    };
  }>;
  readonly metadata: { readonly handlerProtocol: string };
  destroy(): void;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
}

export interface InProcessSandbox {
  readonly region: string;
  readonly requestHandler: SdkRequestHandler;
  /** For an SDK client's constructor: no socket is opened, nothing is read from the environment. */
  readonly clientConfig: {
    readonly region: string;
    readonly endpoint: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly requestHandler: SdkRequestHandler;
  };
  readonly cloud: Cloud;
  /** To build with, unseen by CloudTrail. */
  readonly world: World;
  readonly calls: readonly CallRecord[];
  readonly events: readonly BusEvent[];
  readonly alerts: readonly Alert[];
  /** Returns how to take it away again. */
  inject(fault: Fault): () => void;
  /** CloudTrail stops or starts telling of changes. */
  setTrail(logging: boolean): void;
}

/** Never resolves: a client that goes by it has not taken the handler. */
const nowhere = "http://sandbox.invalid";

/** The same AWS as `startSandbox`, without functions and without a socket: SDK clients reach it by their request handler. */
export function createInProcessSandbox(
  options: GroundOptions & { readonly accessKeyId?: string } = {},
): InProcessSandbox {
  const { ground, callerOf } = createGround(options);
  const { cloud, faults, calls } = ground;
  cloud.endpoint = nowhere;
  const requestHandler = handlerOf(createExchange(ground, callerOf));
  return {
    region: cloud.region,
    requestHandler,
    clientConfig: {
      region: cloud.region,
      endpoint: nowhere,
      credentials: {
        accessKeyId: options.accessKeyId ?? "AKIASANDBOXALICE",
        secretAccessKey: "sandbox",
      },
      requestHandler,
    },
    cloud,
    world: createWorld(cloud),
    calls,
    events: cloud.bus.events,
    alerts: cloud.alerts,
    inject: faults.inject,
    setTrail: (logging) => {
      cloud.trail.logging = logging;
    },
  };
}

const handlerOf = (exchange: Exchange): SdkRequestHandler => ({
  handle: async ({ headers, body }) => {
    const answered = await exchange({
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      body: textOf(body),
    });
    if (answered === undefined)
      throw Object.assign(new Error("socket hang up"), {
        name: "TimeoutError",
        code: "ECONNRESET",
      });
    return {
      response: {
        statusCode: answered.status,
        headers: { ...answered.headers },
        body: new TextEncoder().encode(answered.body),
      },
    };
  },
  metadata: { handlerProtocol: "http/1.1" },
  destroy: () => {},
  updateHttpClientConfig: () => {},
  httpHandlerConfigs: () => ({}),
});

function textOf(body: unknown): string {
  if (body === undefined || typeof body === "string") return body ?? "";
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  throw new TypeError("The sandbox takes request bodies that are text or bytes.");
}
