import { driftMessage, ownMessage } from "../../lib/values/ownMessages.ts";
import { randomUUID } from "node:crypto";
import { noticeLoosening } from "../../lib/remediation/loosening.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import { ownActor, sweepEvent, type Trigger } from "../../lib/values/trigger.ts";
import { chunks, enoughTime, whyOf } from "../runtime/invocation.ts";
import { forgottenGroups } from "../runtime/forgotten.ts";
import { type Eligibility, ofSweep } from "../runtime/measures.ts";
import { sendOutcomes } from "../runtime/outbox.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { worst } from "../../lib/messages/severity.ts";

/** What a sweep found; every group is counted once. */
export interface Summary {
  readonly groups: number;
  readonly compliant: number;
  /** Enforced, and handed over to be put right. */
  readonly drifted: number;
  /** Not as they should be, but only audited. */
  readonly audit: number;
  /** Not looked at, or not passed on. */
  readonly failed: number;
  /** How often each finding was made. */
  readonly findings: Readonly<Record<string, number>>;
  readonly milliseconds: number;
}

/** A look at one chunk reads all load balancers: few large chunks are cheaper than many small ones. */
const groupsAtOnce = 500;
const groupsAMessage = 50;

/**
 * Looks at every group; hands those that drifted over to enforcement, and tells of the others what there is to know.
 * What fails stops nothing else, and is thrown at the end.
 */
export async function verifyRegion(runtime: Runtime): Promise<Summary> {
  const start = runtime.clock.now();
  const { groups, gaps } = await runtime.world.sweep();
  if (gaps.length > 0) runtime.log.error("Not all groups could be found", { gaps });
  const trigger: Trigger = {
    event: sweepEvent,
    eventId: randomUUID(),
    actor: ownActor,
    touched: [],
    rules: [],
  };
  const counts = { compliant: 0, drifted: 0, audit: 0 };
  const findings: Record<string, number> = {};
  const failures = new Map<GroupId, string>();
  const seen: Eligibility[] = [];
  // Whoever enforces on them tells what was done, and never told.
  for (const [group, why] of await handOver(await forgottenGroups(runtime), runtime))
    failures.set(group, why);

  for (const some of chunks(groups, groupsAtOnce)) {
    const outcomes = await observeSome(some, trigger, failures, runtime);
    seen.push(
      ...outcomes.map(({ result, mode, reach, open = [] }) => ({ result, mode, reach, open })),
    );
    // What is handed over is told when it is done; all else that somebody should know is told here, or it would not be: no event may ever come.
    const drifted = outcomes
      .filter(({ result }) => result === "incomplete")
      .map(({ group }) => group);
    const audited = outcomes.filter(({ result }) => result === "drift");
    const failed = outcomes.filter(({ result }) => result === "failed");
    for (const [group, why] of [
      ...(await handOver(drifted, runtime)),
      ...(await tell(
        outcomes.filter((one) => one.result !== "incomplete"),
        runtime,
      )),
    ])
      failures.set(group, why);
    for (const { group, findings } of failed)
      failures.set(group, worst(findings)?.text ?? "failed");
    for (const { code } of outcomes.flatMap((outcome) => outcome.findings))
      findings[code] = (findings[code] ?? 0) + 1;
    counts.drifted += drifted.filter((group) => !failures.has(group)).length;
    counts.audit += audited.filter(({ group }) => !failures.has(group)).length;
    counts.compliant += outcomes.length - drifted.length - audited.length - failed.length;
  }

  const summary = {
    groups: groups.length,
    ...counts,
    failed: failures.size,
    findings,
    milliseconds: Math.round(runtime.clock.now() - start),
  };
  runtime.log.info("Sweep", { ...summary });
  runtime.measure({
    ...ofSweep(seen, groups.length - seen.length),
    ...(failures.size + gaps.length === 0 ? { SweepCompleted: 1 } : {}),
    Calls: runtime.world.calls(),
  });
  const problems = [
    ...(gaps.length > 0 ? [`The sweep could not find all groups: ${inShort(gaps)}`] : []),
    ...(failures.size > 0
      ? [
          `The sweep failed for ${failures.size} of ${groups.length} groups: ${inShort([...failures].map(([group, why]) => `${group}: ${why}`))}`,
        ]
      : []),
  ];
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return summary;
}

async function observeSome(
  groups: readonly GroupId[],
  trigger: Trigger,
  failures: Map<GroupId, string>,
  runtime: Runtime,
): Promise<readonly Outcome[]> {
  try {
    if (runtime.remainingMs() < enoughTime) throw new Error("there was no time left for it");
    return await runtime.observe(new Map(groups.map((group) => [group, [trigger]])));
  } catch (error) {
    runtime.log.error("Groups could not be looked at", { error, groups });
    for (const group of groups) failures.set(group, whyOf(error));
    return [];
  }
}

/** Says what there is to know, and what became looser since the last look. Answers the groups of which people will not hear, and why. */
async function tell(
  outcomes: readonly Outcome[],
  runtime: Runtime,
): Promise<ReadonlyMap<GroupId, string>> {
  const noticed = await noticeLoosening(outcomes, runtime.store);
  const unsent = await sendOutcomes(noticed.outcomes, runtime);
  const problems = [
    ...noticed.problems,
    ...(await noticed.remember(({ group }) => !unsent.has(group))),
  ];
  if (problems.length > 0)
    runtime.log.error("State could not be read or written", { problems: problems.slice(0, 3) });
  return unsent;
}

/** Answers the groups that were not handed over, and why. */
async function handOver(
  groups: readonly GroupId[],
  runtime: Runtime,
): Promise<ReadonlyMap<GroupId, string>> {
  const messages = chunks(groups, groupsAMessage);
  if (messages.length === 0) return new Map();
  const unsent = await runtime.outbox.enforce(
    messages.map((some) => ownMessage(driftMessage, { groups: some, eventId: randomUUID() })),
  );
  return new Map(
    unsent.flatMap(({ index, why }) =>
      (messages[index] ?? []).map((group) => [group, `not handed over: ${why}`] as const),
    ),
  );
}

/** The first few, which mostly stand for all. */
const inShort = (failures: readonly string[]): string => failures.slice(0, 3).join("; ");
