import type { Context } from "aws-lambda";
import type { Aws, Connection } from "../../lib/aws/connect.ts";
import { createOutbox, type Addresses } from "../../lib/aws/outbox.ts";
import { storeIn } from "../../lib/aws/store.ts";
import { createWorld } from "../../lib/aws/world.ts";
import { withGrace } from "../../lib/remediation/grace.ts";
import { observe } from "../../lib/remediation/remediate.ts";
import type { Affected, Clock, Outbox, RegionWorld, Store } from "../../lib/remediation/ports.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import type { Policy } from "../../lib/values/policy.ts";
import { accountRegionOf, type Log } from "./invocation.ts";
import type { Measures } from "./measures.ts";
import { measure } from "./metrics.ts";

/** What a function works with during one invocation. */
export interface Runtime {
  readonly world: RegionWorld;
  readonly outbox: Outbox;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Looks and plans, and writes nothing. */
  readonly observe: (affected: Affected) => Promise<readonly Outcome[]>;
  readonly measure: (measures: Measures) => void;
  readonly remainingMs: () => number;
}

interface Deployment extends Addresses {
  readonly policy: Policy;
  readonly stateTable: string;
  readonly admissionGrace: number;
}

/** The runtime of an invocation. `glance`: one pass over many groups that only reads. */
export function createRuntime(
  aws: Aws & Connection<"sqs" | "eventBridge" | "dynamodb">,
  { policy, stateTable, admissionGrace, ...addresses }: Deployment,
  context: Context,
  log: Log,
  glance = false,
): Runtime {
  const remainingMs = () => context.getRemainingTimeInMillis();
  const store = storeIn(aws.dynamodb, stateTable, aws.clock);
  const aWorld = createWorld(aws, {
    ...accountRegionOf(context),
    allowedSources: policy.allowedSources,
    glance,
    remainingMs,
    store,
  });
  const world = withGrace(aWorld, store, admissionGrace);
  return {
    world,
    outbox: createOutbox(aws, addresses),
    store,
    clock: aws.clock,
    log,
    observe: (affected) => observe(affected, policy, world),
    measure,
    remainingMs,
  };
}
