import type { Outcome } from "../values/outcome.ts";
import type { Remainder } from "../values/groupPlan.ts";
import { outcomeOf } from "./account.ts";
import { plan } from "../plan/plan.ts";
import type { Policy } from "../values/policy.ts";
import { veto } from "../judge/veto.ts";
import { type GroupId, type Rule, ruleKey } from "../values/rule.ts";
import type { Snapshot } from "../values/snapshot.ts";
import { isSweep } from "../values/trigger.ts";
import {
  fail,
  hearAdded,
  hearHealth,
  hearRemoved,
  isUnseen,
  newRun,
  object,
  type Run,
  see,
  timesStale,
  workOf,
} from "./remediation.ts";
import type { Affected, World } from "./ports.ts";

/** After so many looks in a row that brought nothing, the rest is a finding. */
const patience = 3;

/** How many groups are written to at once: EC2 refills 5 writes a second. */
const atOnce = 8;

/**
 * Look and plan; while there is something to do, do it and look again. One outcome a group; one failing group stops no other.
 * Without time left nothing more is begun: what was done is told, and the rest fails, to be tried again.
 */
export async function remediate(
  affected: Affected,
  policy: Policy,
  world: World,
  hasTime: () => boolean = () => true,
): Promise<readonly Outcome[]> {
  return eachApart(affected, policy, world, (some) => enforce(some, policy, world, hasTime));
}

/** Look and plan, and only say what is to be done. */
export async function observe(
  affected: Affected,
  policy: Policy,
  world: World,
): Promise<readonly Outcome[]> {
  return eachApart(affected, policy, world, async (some) => {
    const snapshot = await world.look([...some.keys()]);
    const todo = plan(snapshot, policy, new Set(some.keys()));
    return [...some].map(([group, triggers]) => {
      const run = newRun(group, triggers, true);
      see(run, snapshot, todo);
      return outcomeOf(run, world.account, policy);
    });
  });
}

/** All groups together; where their look fails, each half, so that one that cannot be read hides no other. A throttled look is not repeated in parts. */
async function eachApart(
  affected: Affected,
  policy: Policy,
  world: World,
  work: (some: Affected) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  try {
    return affected.size === 0 ? [] : await work(affected);
  } catch (error) {
    const failed = [...affected].map(([group, triggers]) => fail(newRun(group, triggers), error));
    if (failed.length === 1 || failed[0]?.failure?.kind === "throttled")
      return failed.map((run) => outcomeOf(run, world.account, policy));
    const middle = Math.ceil(affected.size / 2);
    const halves = [[...affected].slice(0, middle), [...affected].slice(middle)];
    const outcomes: Outcome[] = [];
    for (const half of halves)
      outcomes.push(...(await eachApart(new Map(half), policy, world, work)));
    return outcomes;
  }
}

async function enforce(
  affected: Affected,
  policy: Policy,
  world: World,
  hasTime: () => boolean,
): Promise<readonly Outcome[]> {
  const runs = new Map(
    [...affected].map(([group, triggers]) => [group, newRun(group, triggers)] as const),
  );
  const swept = new Set(
    [...affected].filter(([, triggers]) => triggers.some(isSweep)).map(([group]) => group),
  );
  const joined = new Set<GroupId>();
  let pending = [...affected.keys()];
  for (let fruitless = 0; fruitless < patience;) {
    const snapshot = await lookFor(pending, runs, world);
    if (snapshot === undefined) break;
    const todo = plan(snapshot, policy, swept);
    for (const group of pending) {
      const run = runs.get(group) ?? newRun(group, []);
      runs.set(group, run);
      see(run, snapshot, todo);
      run.isLastTry = fruitless === patience - 1;
    }
    const open = [...runs.values()].filter(
      (run) => run.last === snapshot && workOf(run) !== undefined,
    );
    // A way in may belong in a group that nobody asked about: only a look that knows all about that group may decide on it.
    const joining = [...todo.groups.values()]
      .filter(({ group, mode }) => mode === "enforce" && !pending.includes(group))
      .map(({ group }) => group);
    const unseen = pending.flatMap((group) => runs.get(group) ?? []).filter(isUnseen);
    if (open.length + joining.length + unseen.length === 0) break;
    const health = seeHealth(open, world);
    const done = await inParallel(open, atOnce, (run) =>
      change(run, snapshot, policy, world, health),
    );
    fruitless = joining.length > 0 || done.some((count) => count > 0) ? 0 : fruitless + 1;
    if (fruitless === patience) failStale(open);
    else if (!hasTime()) failLate(open);
    else if (fruitless > 0) await world.pause(fruitless);
    for (const group of joining) joined.add(group);
    // Whatever was written to is looked at again, and with it whoever waits for a way in that belongs in another group.
    pending = [
      ...new Set([
        ...(joined.size > 0 ? pending : []),
        ...[...open, ...unseen].map((run) => run.group),
        ...joined,
      ]),
    ];
  }
  return [...runs.values()].map((run) => outcomeOf(run, world.account, policy));
}

/** Where EC2's answers contradict its readings to the last, it is tried again later: EC2 may take minutes to agree with itself. */
function failStale(open: readonly Run[]): void {
  const text = "EC2's answers contradict what it shows, or somebody keeps changing the group.";
  for (const run of open) if (run.isStale) run.failure = { kind: "unsettled", text };
}

function failLate(open: readonly Run[]): void {
  for (const run of open)
    run.failure = { kind: "other", text: "The time ran out before it was finished." };
}

/** The next look; where it fails after something has been seen, the groups that waited for it have failed, with what was done. */
async function lookFor(
  pending: readonly GroupId[],
  runs: ReadonlyMap<GroupId, Run>,
  world: World,
): Promise<Snapshot | undefined> {
  try {
    return await world.look(pending);
  } catch (error) {
    const waiting = pending.flatMap((group) => runs.get(group) ?? []);
    if (waiting.every((run) => run.looks === 0)) throw error;
    for (const run of waiting) fail(run, error);
    return undefined;
  }
}

/** How the interfaces fare of all groups that are to lose rules for the first time, in one reading. It is there to be compared with later; failing, it stops nothing. */
async function seeHealth(open: readonly Run[], world: World): Promise<void> {
  const losing = open.filter((run) => !run.isHealthAsked && workOf(run)?.removals.length);
  if (losing.length === 0) return;
  for (const run of losing) run.isHealthAsked = true;
  try {
    const health = await world.health(losing.map(({ group }) => group));
    for (const run of losing) hearHealth(run, health);
  } catch {
    // Then nobody knows, and nothing is compared. World tells whoever should hear of it.
  }
}

/** One group's changes of one look, each call as it stands alone; nothing is removed before `health` was seen. Answers how many rules were changed. */
async function change(
  run: Run,
  snapshot: Snapshot,
  policy: Policy,
  world: World,
  health: Promise<void>,
): Promise<number> {
  const work = workOf(run);
  const before = run.done;
  try {
    if (work === undefined) return 0;
    await add(run, work.admissions, world);
    await add(
      run,
      work.remainders.map(({ rule }) => rule),
      world,
      work.remainders,
    );
    if (work.removals.length > 0) await health;
    await remove(
      run,
      work.removals.filter((rule) => isAgreed(run, rule, work.removals, snapshot, policy)),
      world,
    );
    await remove(run, work.takeBack, world);
  } catch (error) {
    fail(run, error);
  }
  return run.done - before;
}

async function add(
  run: Run,
  rules: readonly Rule[],
  world: World,
  remainders: readonly Remainder[] = [],
): Promise<void> {
  if (rules.length === 0) return;
  run.writes += 1;
  for (const { rule, answer } of await world.add(run.group, rules)) {
    const remainder = remainders.find((one) => ruleKey(one.rule) === ruleKey(rule));
    hearAdded(run, rule, answer, remainder);
  }
}

/** By properties: what somebody changed since the look stays. By id only what two such calls did not find and every look shows unchanged. */
async function remove(run: Run, rules: readonly Rule[], world: World): Promise<void> {
  const byId = rules.filter((rule) => timesStale(run, rule) >= 2);
  const byProperties = rules.filter((rule) => timesStale(run, rule) < 2);
  for (const [some, by] of [
    [byProperties, "properties"],
    [byId, "id"],
  ] as const) {
    if (some.length === 0) continue;
    run.writes += 1;
    for (const { rule, answer } of await world.remove(run.group, some, by))
      hearRemoved(run, rule, answer);
  }
}

/** Does the judge, who knows nothing of planning, agree to a removal? */
function isAgreed(
  run: Run,
  rule: Rule,
  removals: readonly Rule[],
  snapshot: Snapshot,
  policy: Policy,
): boolean {
  const why = veto(rule, removals, run.group, snapshot, policy);
  if (why !== undefined) object(run, rule, why);
  return why === undefined;
}

async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
