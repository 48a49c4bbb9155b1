import { driftMessage, ownMessage } from "../../lib/values/ownMessages.ts";
import { randomUUID } from "node:crypto";
import { noticeLoosening } from "../../lib/remediation/loosening.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import { ownActor, sweepEvent, type Trigger } from "../../lib/values/trigger.ts";
import { chunks, enoughTime, inLog, whyOf } from "../runtime/invocation.ts";
import { forgottenGroups } from "../runtime/forgotten.ts";
import { ofSweep } from "../runtime/measures.ts";
import { sendOutcomes } from "../runtime/outbox.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { type Portion, progressOf } from "./progress.ts";
import { tellWeekly } from "./weeklySummary.ts";
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

/** A look at one portion reads its own part of EC2: few large ones are cheaper than many small ones. What is kept of one fits an item of the table. */
const groupsAtOnce = 500;
const groupsAMessage = 50;

/**
 * Looks at every group; hands those that drifted over to enforcement, and tells of the others what there is to know.
 * What fails stops nothing else, and is thrown at the end. What there is no time for is left to the next invocation, which goes on there.
 */
export async function verifyRegion(runtime: Runtime): Promise<Summary> {
  const start = runtime.clock.now();
  const progress = await progressOf(runtime.store, start);
  const portions = [...progress.portions];
  const { groups, gaps, isUnfinished } = await runtime.world.sweep(progress.since);
  if (gaps.length > 0) runtime.log.error("Not all groups could be found", { gaps });
  const trigger: Trigger = {
    event: sweepEvent,
    eventId: randomUUID(),
    actor: ownActor,
    touched: [],
    rules: [],
  };
  // Whoever enforces on them tells what was done, and never told.
  const notHandedOver = await handOver(await forgottenGroups(runtime), runtime);
  const after = portions.at(-1)?.last ?? "";
  const todo = chunks(
    groups.filter((group) => group > after),
    groupsAtOnce,
  );
  const pause = async (): Promise<Summary | undefined> => {
    if (!(await progress.pause())) return undefined;
    const summary = summaryOf(portions, runtime.clock.now() - start);
    const left = groups.length - summary.groups;
    runtime.log.warn("The sweep goes on with the next one", { ...summary, left, gaps });
    runtime.measure({ Calls: runtime.world.calls() });
    return summary;
  };

  if (isUnfinished === true) {
    const paused = await pause();
    if (paused !== undefined) return paused;
  }
  for (const some of todo) {
    if (runtime.remainingMs() < enoughTime) {
      const paused = await pause();
      if (paused !== undefined) return paused;
    }
    const portion = await verifySome(some, trigger, runtime);
    portions.push(portion);
    await progress.add(portion);
  }
  await progress.end();

  const summary = summaryOf(portions, runtime.clock.now() - start);
  runtime.log.info("Sweep", { ...summary });
  const seen = portions.flatMap((portion) => portion.seen);
  const isCompleted = summary.failed + gaps.length === 0;
  runtime.measure({
    ...ofSweep(seen, summary.groups - seen.length),
    ...(isCompleted ? { SweepCompleted: 1 } : {}),
    Calls: runtime.world.calls(),
  });
  if (isCompleted) await tellWeekly(seen, runtime);
  const failures = portions.flatMap((portion) => portion.failures);
  const problems = [
    ...(gaps.length > 0 ? [`The sweep could not find all groups: ${inShort(gaps)}`] : []),
    ...[...notHandedOver].map(([group, why]) => `${group}: ${why}`).slice(0, few),
    ...(summary.failed > 0
      ? [`The sweep failed for ${summary.failed} of ${summary.groups} groups: ${inShort(failures)}`]
      : []),
  ];
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return summary;
}

function summaryOf(portions: readonly Portion[], milliseconds: number): Summary {
  const sum = (name: keyof Portion["counts"]): number =>
    portions.reduce((total, { counts }) => total + counts[name], 0);
  const findings: Record<string, number> = {};
  for (const [code, count] of portions.flatMap((one) => Object.entries(one.findings)))
    findings[code] = (findings[code] ?? 0) + count;
  return {
    groups: sum("groups"),
    compliant: sum("compliant"),
    drifted: sum("drifted"),
    audit: sum("audit"),
    failed: sum("failed"),
    findings,
    milliseconds: Math.round(milliseconds),
  };
}

async function verifySome(
  groups: readonly GroupId[],
  trigger: Trigger,
  runtime: Runtime,
): Promise<Portion> {
  const failures = new Map<GroupId, string>();
  const outcomes = await observeSome(groups, trigger, failures, runtime);
  // What is handed over is told when it is done; all else that somebody should know is told here, or it would not be: no event may ever come.
  const drifted = outcomes
    .filter(({ result }) => result === "incomplete")
    .sort((one, other) => publicPorts(other) - publicPorts(one))
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
  for (const { group, findings } of failed) failures.set(group, worst(findings)?.text ?? "failed");
  const findings: Record<string, number> = {};
  for (const { code } of outcomes.flatMap((outcome) => outcome.findings))
    findings[code] = (findings[code] ?? 0) + 1;
  return {
    last: groups.at(-1) ?? "",
    counts: {
      groups: groups.length,
      drifted: drifted.filter((group) => !failures.has(group)).length,
      audit: audited.filter(({ group }) => !failures.has(group)).length,
      compliant: outcomes.length - drifted.length - audited.length - failed.length,
      failed: failures.size,
    },
    findings,
    failures: [...failures].slice(0, few).map(([group, why]) => `${group}: ${why}`),
    seen: outcomes.map(({ result, mode, reach, open = [] }) => ({
      result,
      mode,
      reach,
      open: open.filter(({ isPublic, because }) => isPublic || because.kind === "kept"),
    })),
  };
}

/** The most exposed are put right first. */
const publicPorts = ({ open = [] }: Outcome): number =>
  open
    .filter(({ isPublic }) => isPublic)
    .reduce((ports, { interfaces }) => ports + interfaces.length, 0);

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
    runtime.log.error("Groups could not be looked at", { error, ...inLog(groups) });
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
const few = 3;
const inShort = (failures: readonly string[]): string => failures.slice(0, few).join("; ");
