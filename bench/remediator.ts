import { enforceBatch } from "../functions/enforce/batch.ts";
import { verifyRegion } from "../functions/verify/region.ts";
import { enoughTime } from "../functions/runtime/invocation.ts";
import type { Measures } from "../functions/runtime/measures.ts";
import type { Runtime } from "../functions/runtime/runtime.ts";
import { ec2, elb, elbv2 } from "../lib/aws/clients.ts";
import { connect } from "../lib/aws/connect.ts";
import { createWorld } from "../lib/aws/world.ts";
import { observe, remediate } from "../lib/remediation/remediate.ts";
import type { Clock, Store } from "../lib/remediation/ports.ts";
import { defaultPolicy } from "../lib/values/policy.ts";
import type { InProcessSandbox } from "../sandbox/inProcess.ts";

const policy = { ...defaultPolicy, defaultMode: "enforce" } as const;
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** What one invocation asked of AWS, and how long it took. Milliseconds are the simulated clock's. */
export interface Cost {
  readonly elb: number;
  readonly ec2: number;
  readonly writes: number;
  /** Messages that come again because something failed. */
  readonly failed: number;
  /** To the state table. */
  readonly table: number;
  /** Until the last rule was revoked; undefined: none was. */
  readonly closedAfter: number | undefined;
  readonly milliseconds: number;
}

/** One of enforcement's two workers, in a function that has `timeoutMs`; each call takes what `latency` says. */
export function remediator(
  sandbox: InProcessSandbox,
  clock: Clock,
  store: Store & { readonly calls: () => number },
  {
    name,
    timeoutMs,
    latency,
    elbPerSecond,
  }: {
    readonly name: string;
    readonly timeoutMs: number;
    readonly latency: () => number;
    readonly elbPerSecond: number;
  },
) {
  const { requestHandler } = sandbox;
  let closed: number | undefined;
  const aws = connect(
    { ec2, elb, elbv2 },
    {
      ...sandbox.clientConfig,
      requestHandler: {
        ...requestHandler,
        handle: async (request: Parameters<typeof requestHandler.handle>[0]) => {
          // There and back: what is asked for is read in between.
          const half = latency() / 2;
          await clock.sleep(half);
          const answer = await requestHandler.handle(request);
          await clock.sleep(half);
          if (sandbox.calls.at(-1)?.action === "RevokeSecurityGroupIngress") closed = clock.now();
          return answer;
        },
      },
      clock,
      elbPerSecond: () => elbPerSecond,
    },
  );

  /** Runs the work of one invocation, and counts. */
  async function invoke(
    work: (runtime: Runtime) => Promise<ReadonlyMap<string, string> | void>,
    glance = false,
  ): Promise<Cost> {
    const start = clock.now();
    const before = sandbox.calls.length;
    const tableBefore = store.calls();
    closed = undefined;
    const remainingMs = (): number => start + timeoutMs - clock.now();
    const world = createWorld(aws, {
      account: "123456789012",
      region: sandbox.region,
      partition: "aws",
      remainingMs,
      glance,
      store,
    });
    const done = await work({
      world,
      outbox: {
        notify: () => Promise.resolve([]),
        copy: () => Promise.resolve([]),
        enforce: () => Promise.resolve([]),
      },
      store,
      clock,
      log: quiet,
      observe: (affected) => observe(affected, policy, world),
      measure: () => {},
      remainingMs,
    });
    const made = sandbox.calls.slice(before);
    const isWrite = ({ action }: (typeof made)[number]): boolean => !/^(Describe|Get)/.test(action);
    return {
      elb: made.filter(({ service }) => service === "elb" || service === "elbv2").length,
      ec2: made.filter((one) => one.service === "ec2" && !isWrite(one)).length,
      writes: made.filter(isWrite).length,
      failed: done?.size ?? 0,
      table: store.calls() - tableBefore,
      closedAfter: closed === undefined ? undefined : closed - start,
      milliseconds: clock.now() - start,
    };
  }

  return {
    sweep: (): Promise<Cost> => invoke(async ({ world }) => void (await world.sweep()), true),
    /** Answers whether the sweep has come to its end, too. */
    verify: async (): Promise<Cost & { readonly isEnd: boolean }> => {
      let isEnd = false;
      const measure = (measures: Measures): void => {
        isEnd ||= measures.SweepCompleted === 1;
      };
      const cost = await invoke(
        async (runtime) => void (await verifyRegion({ ...runtime, measure })),
        true,
      );
      return { ...cost, isEnd };
    },
    enforce: (events: readonly object[]): Promise<Cost> =>
      invoke((runtime) =>
        enforceBatch(
          events.map((event, index) => ({ messageId: `${index}`, body: JSON.stringify(event) })),
          {
            ...runtime,
            remediate: (affected, custody) =>
              remediate(
                affected,
                policy,
                runtime.world,
                custody,
                () => runtime.remainingMs() > enoughTime,
              ),
            worker: { name, until: clock.now() + timeoutMs },
            checkAfterSeconds: 900,
          },
        ),
      ),
  };
}
