import type { Clock } from "../remediation/ports.ts";
import { systemClock } from "./api/clock.ts";
import { rateLimiter } from "./api/rateLimiter.ts";
import type * as clients from "./clients.ts";
import type { Destination } from "./clients.ts";

type ClientName = keyof typeof clients;

/** One account and region, with clients of these services. */
export type Connection<Name extends ClientName> = {
  readonly [Each in Name]: ReturnType<(typeof clients)[Each]>;
} & {
  readonly clock: Clock;
  /**
   * Wait for it before a call that is made once for each of many things. ELB gives all callers of an account 40 calls and 10 more a second: two
   * processes that enforce and one that verifies take 36 and 9 together, unless told otherwise, so that deployments and Auto Scaling find some left.
   */
  readonly elbRateLimit: (remainingMs: () => number) => Promise<void>;
  /** Wait for it before a call that writes rules: EC2 gives an account 50 calls, and 5 more a second, for each of the two. */
  readonly ec2RateLimits: {
    readonly authorize: () => Promise<void>;
    readonly revoke: () => Promise<void>;
  };
  /** Requests to these services since the connection was made, retries included. */
  readonly callsTo: (...services: readonly Name[]) => number;
};

/** What World needs of a connection. */
export type Aws = Connection<"ec2" | "elb" | "elbv2">;

/**
 * Connects to an account and region; to those of the environment, unless said otherwise. Make it once for the life of a process: its connections stay open
 * from one event to the next.
 */
export function connect<Name extends ClientName>(
  services: Pick<typeof clients, Name>,
  {
    clock = systemClock,
    elbPerSecond = () => 3,
    ...to
  }: Destination & { readonly clock?: Clock; readonly elbPerSecond?: () => number } = {},
): Connection<Name> {
  const calls = new Map<string, number>();
  const opened = Object.entries<(to: Destination) => Countable>(services).map(([name, open]) => {
    const client = open(to);
    client.middlewareStack.add(
      (next) => (request) => {
        calls.set(name, (calls.get(name) ?? 0) + 1);
        return next(request);
      },
      eachAttempt,
    );
    return [name, client] as const;
  });
  let elbRateLimit: ReturnType<typeof rateLimiter> | undefined;
  const writing = (): (() => Promise<void>) => {
    const rateLimit = rateLimiter(40, 4, clock);
    return () => rateLimit(() => Infinity);
  };
  return {
    ...(Object.fromEntries(opened) as { [Each in Name]: ReturnType<(typeof clients)[Each]> }),
    clock,
    elbRateLimit: (remainingMs) => {
      elbRateLimit ??= rateLimiter(12, elbPerSecond(), clock);
      return elbRateLimit(remainingMs);
    },
    ec2RateLimits: { authorize: writing(), revoke: writing() },
    callsTo: (...names) => names.reduce((sum, name) => sum + (calls.get(name) ?? 0), 0),
  };
}

const eachAttempt = { step: "deserialize", name: "countCalls" } as const;

/** As much of every client as counting its calls takes. */
interface Countable {
  readonly middlewareStack: {
    add(
      counted: <Request, Answer>(
        next: (request: Request) => Answer,
      ) => (request: Request) => Answer,
      where: typeof eachAttempt,
    ): void;
  };
}
