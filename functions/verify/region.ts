import type { Post, Swept } from "../../lib/remediation/ports.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import { sweepEvent, type Trigger } from "../../lib/values/trigger.ts";
import { chunks, enoughTime, type Log, whyOf } from "../runtime/invocation.ts";
import { type Measures, ofSweep, type Eligibility } from "../runtime/measures.ts";
import { isWorthTelling, worst } from "../../lib/messages/severity.ts";

/** What verifying a region needs. */
export interface Verifying {
  readonly sweep: () => Promise<Swept>;
  /** Looks and plans, and writes nothing. */
  readonly observe: (
    affected: ReadonlyMap<GroupId, readonly Trigger[]>,
  ) => Promise<readonly Outcome[]>;
  /** To the enforce queue. */
  readonly handOver: Post;
  /** Answers of which groups people will not hear, and why. */
  readonly tell: (outcomes: readonly Outcome[]) => Promise<ReadonlyMap<GroupId, string>>;
  /** An id that nothing else has. */
  readonly newId: () => string;
  readonly measure: (measures: Measures) => void;
  readonly remainingMs: () => number;
  /** Milliseconds, from any beginning. */
  readonly now: () => number;
  readonly log: Log;
}

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
export async function verifyRegion(work: Verifying): Promise<Summary> {
  const start = work.now();
  const { groups, gaps } = await work.sweep();
  if (gaps.length > 0) work.log.error("Not all groups could be found", { gaps });
  const trigger: Trigger = {
    event: sweepEvent,
    eventId: work.newId(),
    actor: { principal: "elb-only" },
    touched: [],
    rules: [],
  };
  const counts = { compliant: 0, drifted: 0, audit: 0 };
  const findings: Record<string, number> = {};
  const failures = new Map<GroupId, string>();
  const seen: Eligibility[] = [];

  for (const some of chunks(groups, groupsAtOnce)) {
    const outcomes = await observeSome(some, trigger, failures, work);
    seen.push(...outcomes.map(({ result, mode, reach }) => ({ result, mode, reach })));
    // What is handed over is told when it is done; all else that somebody should know is told here, or it would not be: no event may ever come.
    const drifted = outcomes
      .filter(({ result }) => result === "incomplete")
      .map(({ group }) => group);
    const audited = outcomes.filter(({ result }) => result === "drift");
    const failed = outcomes.filter(({ result }) => result === "failed");
    for (const [group, why] of [
      ...(await handOver(drifted, work)),
      ...(await work.tell(
        outcomes.filter((one) => one.result !== "incomplete" && isWorthTelling(one)),
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
    milliseconds: Math.round(work.now() - start),
  };
  work.log.info("Sweep", { ...summary });
  work.measure({
    ...ofSweep(seen, groups.length - seen.length),
    ...(failures.size + gaps.length === 0 ? { SweepCompleted: 1 } : {}),
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
  work: Verifying,
): Promise<readonly Outcome[]> {
  try {
    if (work.remainingMs() < enoughTime) throw new Error("there was no time left for it");
    return await work.observe(new Map(groups.map((group) => [group, [trigger]])));
  } catch (error) {
    work.log.error("Groups could not be looked at", { error, groups });
    for (const group of groups) failures.set(group, whyOf(error));
    return [];
  }
}

/** Answers the groups that were not handed over, and why. */
async function handOver(
  groups: readonly GroupId[],
  work: Verifying,
): Promise<ReadonlyMap<GroupId, string>> {
  const messages = chunks(groups, groupsAMessage);
  if (messages.length === 0) return new Map();
  const unsent = await work.handOver(
    messages.map((some) =>
      JSON.stringify({
        source: "elb-only",
        "detail-type": "elb-only drift",
        detail: { groups: some, eventId: work.newId() },
      }),
    ),
  );
  return new Map(
    unsent.flatMap(({ index, why }) =>
      (messages[index] ?? []).map((group) => [group, `not handed over: ${why}`] as const),
    ),
  );
}

/** The first few, which mostly stand for all. */
const inShort = (failures: readonly string[]): string => failures.slice(0, 3).join("; ");
