import type { Outcome } from "../lib/values/outcome.ts";
import { Logger } from "@aws-lambda-powertools/logger";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { ec2, elb, elbv2, eventBridge, sqs } from "../lib/aws/clients.ts";
import { connect } from "../lib/aws/connect.ts";
import { createOutbox } from "../lib/aws/outbox.ts";
import { createWorld } from "../lib/aws/world.ts";
import { checkLater, checkTargets } from "./enforce/checkTargets.ts";
import { enforceConfig, type EnforceConfig, readOnce } from "./runtime/config.ts";
import { enforceBatch } from "./enforce/batch.ts";
import { accountRegionOf, enoughTime, failing } from "./runtime/invocation.ts";
import { ofRemediation } from "./runtime/measures.ts";
import { measure } from "./runtime/metrics.ts";
import { observe, remediate } from "../lib/remediation/remediate.ts";
import { tell } from "./runtime/outbox.ts";
import { parseEvent } from "../lib/triggers/parse.ts";
import type { World } from "../lib/remediation/ports.ts";

const log = new Logger({ serviceName: "elb-only" });
const aws = connect({ ec2, elb, elbv2, sqs, eventBridge });
const config = readOnce(enforceConfig, process.env);

/**
 * Enforces on the groups that a batch of events touches, or a single EventBridge event.
 * Of a batch it answers which messages to deliver again; with a single event it throws instead.
 */
export async function handler(
  event: SQSEvent | object,
  context: Context,
): Promise<SQSBatchResponse> {
  log.addContext(context);
  const { policy, checkHealthAfter, ...addresses } = config();
  const world = createWorld(aws, {
    ...accountRegionOf(context),
    remainingMs: () => context.getRemainingTimeInMillis(),
  });
  const outbox = createOutbox(aws, addresses);
  const delayed = (texts: readonly string[]) =>
    outbox.enforce(texts, checkHealthAfter === "off" ? 0 : checkHealthAfter);
  const toldOf = (outcomes: readonly Outcome[]) => tell(outcomes, outbox, log);
  const isBatch = "Records" in event;
  const failed = await enforceBatch(
    isBatch ? event.Records : [{ messageId: "the event", body: JSON.stringify(event) }],
    {
      parse: parseEvent,
      affected: (triggers) => world.affected(triggers),
      remediate: async (affected) => {
        const outcomes = await remediate(
          affected,
          policy,
          watching(world, checkHealthAfter),
          () => context.getRemainingTimeInMillis() > enoughTime,
        );
        measure(ofRemediation(outcomes));
        return outcomes;
      },
      tell: toldOf,
      checkLater: (outcomes) => checkLater(outcomes, delayed, log),
      checkNow: (checks) =>
        checkTargets(checks, {
          health: (groups) => world.health(groups),
          observe: (affected) => observe(affected, policy, world),
          tell: toldOf,
          log,
        }),
      remainingMs: () => context.getRemainingTimeInMillis(),
      now: () => performance.now(),
      log,
    },
  );
  measure({ Calls: world.calls() });
  if (!isBatch && failed.size > 0) throw new Error([...failed.values()].join("; "));
  return failing(failed.keys());
}

/** The world as remediation sees it: with checks turned off it asks nobody about targets' health; where that cannot be read, the log says why. */
const watching = (world: World, checkHealthAfter: EnforceConfig["checkHealthAfter"]): World => ({
  ...world,
  health: async (groups) => {
    if (checkHealthAfter === "off") return [];
    try {
      return await world.health(groups);
    } catch (error) {
      log.warn(
        "The health of targets before a removal could not be read: it will not be checked after",
        { error, groups },
      );
      throw error;
    }
  },
});
