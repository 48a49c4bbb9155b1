import type { EventHistory, Notices, Publisher } from "../../lib/remediation/ports.ts";
import type { Told } from "../../lib/values/message.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import { attest } from "./attest.ts";
import type { NotifyConfig } from "../runtime/config.ts";
import { type QueueMessage, whyOf } from "../runtime/invocation.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Cut } from "../../lib/messages/truncate.ts";
import { message, type Telling } from "../../lib/messages/message.ts";
import { countMuted, isExposure, mutedKey } from "../../lib/messages/mutedExposure.ts";
import { isOwnReport, type OwnReport } from "../../lib/messages/ownReport.ts";
import { received } from "../../lib/messages/received.ts";
import {
  deliveryOf,
  decide,
  sameness,
  type Sameness,
  type Verdict,
} from "../../lib/messages/deduplication.ts";

/** What notifying works with. */
interface NotifyRuntime extends Pick<Runtime, "clock" | "log"> {
  readonly publisher: Publisher;
  readonly notices: Notices;
  readonly history: EventHistory;
}

type Settings = Pick<NotifyConfig, "format" | "periodMs">;

/** A message of the queue, read. */
interface Read extends QueueMessage {
  readonly report: (Outcome & Cut) | OwnReport;
  readonly same: Sameness;
}

/** Publishes a message for people about each outcome that they have not heard of. Answers the queue's messages to be delivered again, by id. */
export async function notifyBatch(
  messages: readonly QueueMessage[],
  runtime: NotifyRuntime,
  settings: Settings,
): Promise<readonly string[]> {
  const failed: string[] = [];
  const read = messages.flatMap((one) => {
    try {
      const report = received(one.body);
      return [{ ...one, report, same: sameness(report) }];
    } catch (error) {
      runtime.log.error("A message cannot be read", {
        messageId: one.messageId,
        why: whyOf(error),
        error,
      });
      failed.push(one.messageId);
      return [];
    }
  });
  // One after the other where they tell the same: the second must know of the first.
  const alike = Map.groupBy(read, ({ same }) => same.key);
  await Promise.all(
    [...alike.values()].map(async (some) => {
      for (const one of some)
        if (!(await notify(one, runtime, settings))) failed.push(one.messageId);
    }),
  );
  return failed;
}

/**
 * Tells, then remembers: whatever fails in between, people hear twice rather than never. Answers whether the message is done with.
 */
async function notify(one: Read, runtime: NotifyRuntime, settings: Settings): Promise<boolean> {
  const { messageId, report, same } = one;
  const line = isOwnReport(report)
    ? { kind: report.kind, messageId }
    : { group: report.group, result: report.result, messageId };
  try {
    const verdict = await assessment(one, runtime, settings);
    if (verdict.kind !== "tell") {
      runtime.log.info("Not told again", { ...line, why: verdict.kind });
      if (verdict.kind === "repeated" && !isOwnReport(report) && isExposure(report))
        await muteExposure(one, report, runtime, settings);
      return true;
    }
    const attestation = isOwnReport(report) ? undefined : await attest(report, runtime.history);
    const telling = { format: settings.format, again: verdict.again, attestation };
    await publish(report, telling, line, runtime);
    await remember(same.key, verdict.told, runtime);
    return true;
  } catch (error) {
    runtime.log.error("A notification failed", { ...line, why: whyOf(error), error });
    return false;
  }
}

async function publish(
  report: Read["report"],
  telling: Telling,
  line: object,
  { publisher, log }: NotifyRuntime,
): Promise<void> {
  const { subject, text, attributes } = message(report, telling);
  const published = await publisher.publish({ subject, text, attributes });
  log.info("Notified", { ...line, severity: attributes["severity"], published });
}

/** What is not told again was open all the same: counted, and told once an hour. */
async function muteExposure(
  { messageId, body, same }: Read,
  outcome: Outcome & Cut,
  runtime: NotifyRuntime,
  { format, periodMs }: Settings,
): Promise<void> {
  const key = mutedKey(same.key);
  const before = await recall(key, runtime);
  const line = countMuted(
    deliveryOf(body, outcome),
    outcome,
    before,
    runtime.clock.now(),
    periodMs,
  );
  if (line.kind === "counted") return;
  const { muted } = line;
  if (line.kind === "tell")
    await publish(outcome, { format, muted }, { group: outcome.group, messageId, muted }, runtime);
  await remember(key, line.told, runtime);
}

const assessment = async (
  { body, report, same }: Read,
  runtime: NotifyRuntime,
  { periodMs }: Settings,
): Promise<Verdict> =>
  decide(
    same.most,
    deliveryOf(body, report),
    await recall(same.key, runtime),
    runtime.clock.now(),
    periodMs,
  );

/** An alert too many beats one too few: what cannot be recalled was not told. */
const recall = (key: string, { notices, log }: NotifyRuntime): Promise<Told | undefined> =>
  notices.recall(key).catch((error: unknown) => {
    log.error("What was told before could not be read, so it is told", {
      key,
      why: whyOf(error),
      error,
    });
    return undefined;
  });

async function remember(key: string, told: Told, { notices, log }: NotifyRuntime): Promise<void> {
  await notices.keep(key, told).catch((error: unknown) => {
    log.error("What was told could not be remembered, so it may be told again", {
      key,
      why: whyOf(error),
      error,
    });
  });
}
