import type { Outcome } from "../../lib/values/outcome.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import type { TargetCheck } from "../../lib/values/targetCheck.ts";
import type { Parsed, Trigger } from "../../lib/values/trigger.ts";
import { openInbox } from "./inbox.ts";
import { chunks, enoughTime, type Log, type QueueMessage, whyOf } from "../runtime/invocation.ts";
import { worst } from "../../lib/messages/severity.ts";

type Affected = ReadonlyMap<GroupId, readonly Trigger[]>;

/** What enforcing on a batch needs. */
export interface Enforcing {
  readonly parse: (event: unknown) => Parsed;
  readonly affected: (triggers: readonly Trigger[]) => Promise<Affected>;
  readonly remediate: (affected: Affected) => Promise<readonly Outcome[]>;
  /** Answers of which groups people will not hear, and why. */
  readonly tell: (outcomes: readonly Outcome[]) => Promise<ReadonlyMap<GroupId, string>>;
  /** Has the targets of what was closed looked at some time later. */
  readonly checkLater: (outcomes: readonly Outcome[]) => Promise<void>;
  /** Looks at targets some time after a removal. Answers of which groups it is to be done again, and why. */
  readonly checkNow: (checks: readonly TargetCheck[]) => Promise<ReadonlyMap<GroupId, string>>;
  readonly remainingMs: () => number;
  /** Milliseconds, from any beginning. */
  readonly now: () => number;
  readonly log: Log;
}

/** How many groups are remediated together: few enough for EC2's 5 writes a second to be done with them in the time that is kept in hand. */
const groupsAtOnce = 50;

/** Remediates every group that the messages' events touch, once, and makes the checks that are due. Answers the messages to be delivered again, by id, and why. */
export async function enforceBatch(
  messages: readonly QueueMessage[],
  work: Enforcing,
): Promise<ReadonlyMap<string, string>> {
  const inbox = openInbox(messages, work.parse, work.log);
  const failed = new Map(inbox.unreadable);
  const fail = (trigger: Trigger, why: string): void => {
    for (const id of inbox.messages.get(trigger.eventId) ?? []) failed.set(id, why);
  };

  const { affected, lost } = await locate(inbox.triggers, work);
  for (const [trigger, why] of lost) fail(trigger, why);

  for (const some of chunks([...affected], groupsAtOnce)) {
    const hasTime = work.remainingMs() >= enoughTime;
    const failures = hasTime
      ? await remediateSome(new Map(some), work)
      : new Map(some.map(([group]) => [group, "there was no time left for it"]));
    if (!hasTime)
      work.log.warn("No time left: groups are left to the next delivery", {
        groups: some.map(([group]) => group),
      });
    for (const [group, why] of failures)
      for (const trigger of affected.get(group) ?? []) fail(trigger, `${group}: ${why}`);
  }

  // Last: what is open is more urgent.
  const unchecked = await check([...inbox.checks.values()], work);
  for (const [id, { group }] of inbox.checks) {
    const why = unchecked.get(group);
    if (why !== undefined) failed.set(id, `${group}: ${why}`);
  }
  return failed;
}

/** Answers the groups of which the check failed, and why. */
async function check(
  checks: readonly TargetCheck[],
  work: Enforcing,
): Promise<ReadonlyMap<GroupId, string>> {
  const all = (why: string): ReadonlyMap<GroupId, string> =>
    new Map(checks.map(({ group }) => [group, why]));
  if (checks.length === 0) return new Map();
  if (work.remainingMs() < enoughTime) return all("there was no time left for it");
  try {
    return await work.checkNow(checks);
  } catch (error) {
    work.log.error("Targets could not be checked", {
      error,
      groups: checks.map(({ group }) => group),
    });
    return all(whyOf(error));
  }
}

/** Which groups the calls touch. Where that fails for all together, each call alone: one that cannot be placed stops no other. */
async function locate(
  triggers: readonly Trigger[],
  work: Enforcing,
): Promise<{ affected: Affected; lost: ReadonlyMap<Trigger, string> }> {
  if (triggers.length === 0) return { affected: new Map(), lost: new Map() };
  try {
    return { affected: await work.affected(triggers), lost: new Map() };
  } catch (error) {
    work.log.error("Which groups are affected could not be read", {
      error,
      events: triggers.map(({ eventId }) => eventId),
    });
    return triggers.length > 1
      ? locateEach(triggers, work)
      : { affected: new Map(), lost: new Map(triggers.map((one) => [one, whyOf(error)])) };
  }
}

async function locateEach(
  triggers: readonly Trigger[],
  work: Enforcing,
): Promise<{ affected: Affected; lost: ReadonlyMap<Trigger, string> }> {
  const affected = new Map<GroupId, readonly Trigger[]>();
  const lost = new Map<Trigger, string>();
  for (const trigger of triggers) {
    if (work.remainingMs() < enoughTime) {
      lost.set(trigger, "there was no time left for it");
      continue;
    }
    const alone = await locate([trigger], work);
    for (const [group, touching] of alone.affected)
      affected.set(group, [...(affected.get(group) ?? []), ...touching]);
    for (const [one, why] of alone.lost) lost.set(one, why);
  }
  return { affected, lost };
}

/** Answers the groups that failed, and why. */
async function remediateSome(
  some: Affected,
  work: Enforcing,
): Promise<ReadonlyMap<GroupId, string>> {
  const start = work.now();
  try {
    const outcomes = await work.remediate(some);
    const milliseconds = Math.round(work.now() - start);
    for (const outcome of outcomes) report(outcome, milliseconds, work.log);
    const failed = outcomes.filter(({ result }) => result === "failed");
    const untold = await work.tell(outcomes);
    await work.checkLater(outcomes);
    return new Map([
      ...untold,
      ...failed.map(({ group, findings }) => [group, worst(findings)?.text ?? "failed"] as const),
    ]);
  } catch (error) {
    work.log.error("Remediation failed", { error, groups: [...some.keys()] });
    return new Map([...some.keys()].map((group) => [group, whyOf(error)]));
  }
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
    // Of all groups that were remediated together.
    milliseconds,
  };
  if (result === "failed")
    log.error("Remediation", { ...line, why: findings.map(({ text }) => text) });
  else if (result === "incomplete") log.warn("Remediation", line);
  else log.info("Remediation", line);
}
