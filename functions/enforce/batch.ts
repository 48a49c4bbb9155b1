import { alone, type Custody } from "../../lib/remediation/custody.ts";
import type { Worker } from "../../lib/remediation/lease.ts";
import type { Affected } from "../../lib/remediation/ports.ts";
import { noticeLoosening } from "../../lib/remediation/loosening.ts";
import { tellOf } from "../../lib/remediation/telling.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import type { TargetCheck } from "../../lib/values/targetCheck.ts";
import type { Trigger } from "../../lib/values/trigger.ts";
import { checkLater, checkTargets } from "./checkTargets.ts";
import { apart, lookLater } from "./lookLater.ts";
import { lookAgain } from "./lookAgain.ts";
import { restore } from "./restore.ts";
import { leaveToOthers } from "./leaveToOthers.ts";
import { openInbox } from "./inbox.ts";
import {
  chunks,
  enoughTime,
  inLog,
  type Log,
  type QueueMessage,
  whyOf,
} from "../runtime/invocation.ts";
import { forgottenGroups } from "../runtime/forgotten.ts";
import { ofRemediation } from "../runtime/measures.ts";
import { sendOutcomes } from "../runtime/outbox.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { worst } from "../../lib/messages/severity.ts";

/** What enforcing on a batch needs beyond looking. */
export interface EnforceRuntime extends Runtime {
  /** Brings groups to their plan. `settled` takes the outcomes of those that are done with while others are not; the rest are answered. */
  readonly remediate: (
    affected: Affected,
    custody: Custody,
    settled: (outcomes: readonly Outcome[]) => Promise<void>,
  ) => Promise<readonly Outcome[]>;
  /** Who this is, and when it will be dead for certain. */
  readonly worker: Worker;
  /** How long after a removal its targets are checked. */
  readonly checkAfterSeconds: number;
}

/** How many groups are remediated together: few enough for EC2's 5 writes a second to be done with them in the time that is kept in hand. */
const groupsAtOnce = 50;

/** Milliseconds. With less left no more groups are begun: EC2 takes twelve seconds for fifty writes, and what is begun is to be finished. */
const timeToBegin = enoughTime + 15_000;

/** Remediates every group that the messages' events touch, once, and makes the checks that are due. Answers the messages to be delivered again, by id, and why. */
export async function enforceBatch(
  messages: readonly QueueMessage[],
  runtime: EnforceRuntime,
): Promise<ReadonlyMap<string, string>> {
  const inbox = openInbox(messages, runtime.log);
  const failed = new Map(inbox.unreadable);
  if (inbox.canaries.length > 0)
    runtime.measure({ ArmedProven: provenBy(inbox.canaries, runtime.clock.now()) });
  const fail = (trigger: Trigger, why: string): void => {
    for (const id of inbox.messages.get(trigger.eventId) ?? []) failed.set(id, why);
  };

  const { affected, lost } = await locate(inbox.triggers, runtime);
  for (const [trigger, why] of lost) fail(trigger, why);

  const { now, later } = apart(affected);
  for (const [trigger, why] of await lookLater(later, runtime.outbox)) fail(trigger, why);

  const owed = now.size === 0 ? [] : await forgottenGroups(runtime);
  const asked: readonly (readonly [GroupId, readonly Trigger[]])[] = [
    ...now,
    ...owed.filter((group) => !now.has(group)).map((group) => [group, []] as const),
  ];
  for (const some of chunks(asked, groupsAtOnce)) {
    const failures =
      runtime.remainingMs() >= timeToBegin
        ? await remediateSome(new Map(some), runtime)
        : await leaveForLater(new Map(some), runtime);
    for (const [group, why] of failures)
      for (const trigger of now.get(group) ?? []) fail(trigger, `${group}: ${why}`);
  }

  // Last: what is open is more urgent.
  const unchecked = await check([...inbox.checks.values()], runtime);
  for (const [id, { group }] of inbox.checks) {
    const why = unchecked.get(group);
    if (why !== undefined) failed.set(id, `${group}: ${why}`);
  }
  return failed;
}

/** Minutes, in milliseconds: CloudTrail's records mostly take less than five. */
const soonMs = 900_000;

/** Did the record of a call come back soon after it was made? A late one proves that events come late. */
const provenBy = (made: readonly (string | undefined)[], now: number): 0 | 1 =>
  made.some((at) => at !== undefined && now - Date.parse(at) <= soonMs) ? 1 : 0;

/** Want of time is no failed try: the groups come back in messages of their own, however often. Answers which do not, and why. */
function leaveForLater(
  some: Affected,
  runtime: EnforceRuntime,
): Promise<ReadonlyMap<GroupId, string>> {
  runtime.log.warn("No time left: groups are left for later", inLog([...some.keys()]));
  const at = runtime.clock.now();
  return leaveToOthers(
    [...some].flatMap(([group, triggers]) =>
      triggers.length === 0 ? [] : [{ group, at, triggers }],
    ),
    runtime,
  );
}

/** Answers the groups of which the check failed, and why. */
async function check(
  checks: readonly TargetCheck[],
  runtime: EnforceRuntime,
): Promise<ReadonlyMap<GroupId, string>> {
  const all = (why: string): ReadonlyMap<GroupId, string> =>
    new Map(checks.map(({ group }) => [group, why]));
  if (checks.length === 0) return new Map();
  if (runtime.remainingMs() < enoughTime) return all("there was no time left for it");
  try {
    return await checkTargets(checks, runtime, (one, health) => restore(one, health, runtime));
  } catch (error) {
    runtime.log.error("Targets could not be checked", {
      error,
      ...inLog(checks.map(({ group }) => group)),
    });
    return all(whyOf(error));
  }
}

/** Which groups the calls touch. Where that fails for all together, each call alone: one that cannot be placed stops no other. */
async function locate(
  triggers: readonly Trigger[],
  runtime: EnforceRuntime,
): Promise<{ affected: Affected; lost: ReadonlyMap<Trigger, string> }> {
  if (triggers.length === 0) return { affected: new Map(), lost: new Map() };
  try {
    return { affected: await runtime.world.affected(triggers), lost: new Map() };
  } catch (error) {
    runtime.log.error("Which groups are affected could not be read", {
      error,
      count: triggers.length,
      events: triggers.slice(0, 3).map(({ eventId }) => eventId),
    });
    return triggers.length > 1
      ? locateEach(triggers, runtime)
      : { affected: new Map(), lost: new Map(triggers.map((one) => [one, whyOf(error)])) };
  }
}

async function locateEach(
  triggers: readonly Trigger[],
  runtime: EnforceRuntime,
): Promise<{ affected: Affected; lost: ReadonlyMap<Trigger, string> }> {
  const affected = new Map<GroupId, readonly Trigger[]>();
  const lost = new Map<Trigger, string>();
  for (const trigger of triggers) {
    if (runtime.remainingMs() < enoughTime) {
      lost.set(trigger, "there was no time left for it");
      continue;
    }
    const alone = await locate([trigger], runtime);
    for (const [group, touching] of alone.affected)
      affected.set(group, [...(affected.get(group) ?? []), ...touching]);
    for (const [one, why] of alone.lost) lost.set(one, why);
  }
  return { affected, lost };
}

/** Answers the groups that failed, and why. */
async function remediateSome(
  some: Affected,
  runtime: EnforceRuntime,
): Promise<ReadonlyMap<GroupId, string>> {
  const failures = new Map<GroupId, string>();
  const hasTime = () => runtime.remainingMs() > enoughTime;
  try {
    const { later, problems } = await alone(some, runtime, hasTime, async (held, custody) => {
      for (const [group, why] of await remediateHeld(held, custody, runtime))
        failures.set(group, why);
    });
    logProblems(problems, runtime.log);
    return new Map([...failures, ...(await leaveToOthers(later, runtime))]);
  } catch (error) {
    runtime.log.error("Remediation failed", { error, ...inLog([...some.keys()]) });
    return new Map([...some.keys()].map((group) => [group, whyOf(error)]));
  }
}

/** Remediates groups that nobody else has, and tells of it while that is so. Answers those that failed, and why. */
async function remediateHeld(
  held: Affected,
  custody: Custody,
  runtime: EnforceRuntime,
): Promise<ReadonlyMap<GroupId, string>> {
  const { store, clock, log } = runtime;
  const tell = async (outcomes: readonly Outcome[]): Promise<ReadonlyMap<GroupId, string>> => {
    const { unsent, problems } = await tellOf(outcomes, store, (some) =>
      sendOutcomes(some, runtime),
    );
    logProblems(problems, log);
    return unsent;
  };
  await tell(custody.untold);
  const start = clock.now();
  const failures = new Map<GroupId, string>();
  const settled = async (outcomes: readonly Outcome[]): Promise<void> => {
    if (outcomes.length === 0) return;
    runtime.measure(ofRemediation(outcomes));
    const milliseconds = Math.round(clock.now() - start);
    for (const outcome of outcomes) report(outcome, milliseconds, log);
    const noticed = await noticeLoosening(outcomes, store);
    const unsent = await tell(noticed.outcomes);
    // A change is written down, so people will hear of it.
    const forgotten = await noticed.remember(
      ({ change, group }) => change !== undefined || !unsent.has(group),
    );
    logProblems([...noticed.problems, ...forgotten], log);
    for (const [group, why] of unsent) failures.set(group, why);
    await checkLater(outcomes, runtime, runtime.checkAfterSeconds);
    await lookAgain(outcomes, runtime);
    for (const { group, result, findings } of outcomes)
      if (result === "failed") failures.set(group, worst(findings)?.text ?? "failed");
  };
  await settled(await runtime.remediate(held, custody, settled));
  return failures;
}

function logProblems(problems: readonly string[], log: Log): void {
  if (problems.length > 0) log.error("State could not be read or written", { problems });
}

/** One line a remediation. */
function report(outcome: Outcome, milliseconds: number, log: Log): void {
  const { group, result, mode, added, removed, remaining, looks, writes, findings, triggers } =
    outcome;
  const left = remaining.add.length + remaining.remove.length;
  const line = {
    group,
    result,
    mode,
    events: triggers
      .slice(0, 10)
      .map(({ event, eventId, actor }) => ({ event, eventId, actor: actor.principal })),
    planned: added.length + removed.length + left,
    added: added.length,
    removed: removed.length,
    left,
    looks,
    writes,
    findings: findings.map(({ code }) => code),
    // Since the groups that were remediated together were begun.
    milliseconds,
  };
  if (result === "failed")
    log.error("Remediation", { ...line, why: findings.map(({ text }) => text) });
  else if (result === "incomplete") log.warn("Remediation", line);
  else log.info("Remediation", line);
}
