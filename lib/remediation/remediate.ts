import type { Failure } from "../values/errors.ts";
import type { Outcome } from "../values/outcome.ts";
import type { Plan } from "../values/groupPlan.ts";
import { outcomeOf } from "./account.ts";
import { change } from "./change.ts";
import type { Custody } from "./custody.ts";
import { intend, type Open } from "./intend.ts";
import { plan } from "../plan/plan.ts";
import type { Policy } from "../values/policy.ts";
import type { GroupId } from "../values/rule.ts";
import type { Snapshot } from "../values/snapshot.ts";
import { cleansUp, type Trigger } from "../values/trigger.ts";
import {
  isUnsure,
  newRemediation,
  recordAddOnly,
  recordEnd,
  recordFailure,
  recordInterrupted,
  recordLook,
  type Remediation,
} from "./remediation.ts";
import {
  askHolds,
  askWithheld,
  proposalsOf,
  type Restraint,
  tellRemoved,
  unrestrained,
} from "./restraint.ts";
import { isUnseen, workOf } from "./work.ts";
import type { Affected, World } from "./ports.ts";

/** After so many looks in a row that brought nothing, the rest is a finding. */
const patience = 3;

/** More looks no group gets in one run, however much they bring: somebody keeps changing it, and others wait. */
const mostLooks = 10;

/**
 * Look and plan; while there is something to do, do it and look again. One outcome a group; one failing group stops no other.
 * Without time left nothing more is begun: what was done is told, and the rest fails, to be tried again.
 */
export async function remediate(
  affected: Affected,
  policy: Policy,
  world: World,
  custody: Custody,
  hasTime: () => boolean = () => true,
  restraint: Restraint = unrestrained,
  settled?: Settled,
): Promise<readonly Outcome[]> {
  return eachApart(affected, policy, world, (some) =>
    enforce(some, policy, world, custody, hasTime, restraint, settled),
  );
}

/** Takes the outcomes of groups that are done with while others are not; what it takes is not answered again. */
type Settled = (outcomes: readonly Outcome[]) => Promise<void>;

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
      const remediation = newRemediation(group, triggers, true);
      recordLook(remediation, snapshot, todo);
      return outcomeOf(remediation, world, policy);
    });
  });
}

/**
 * May it be for one of the groups alone? A call that AWS refused or failed would fail for any of them: asked in halves, a denial for a hundred groups
 * would take two hundred looks.
 */
function isOfOneGroup(error: unknown): boolean {
  const { failure } = error as { readonly failure?: Failure };
  return failure === undefined || failure.kind === "gone";
}

/** All groups together; where that fails for what may be one group's doing, each half, so that one that cannot be read hides no other. */
async function eachApart(
  affected: Affected,
  policy: Policy,
  world: World,
  work: (some: Affected) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  try {
    return affected.size === 0 ? [] : await work(affected);
  } catch (error) {
    const failed = [...affected].map(([group, triggers]) =>
      recordFailure(newRemediation(group, triggers), error),
    );
    if (failed.length === 1 || !isOfOneGroup(error))
      return failed.map((one) => outcomeOf(one, world, policy));
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
  custody: Custody,
  hasTime: () => boolean,
  restraint: Restraint,
  settled: Settled | undefined,
): Promise<readonly Outcome[]> {
  const remediations = new Map<GroupId, Remediation>();
  for (const [group, triggers] of affected) begin(group, triggers, custody, remediations);
  const swept = new Set(
    [...affected].filter(([, triggers]) => triggers.some(cleansUp)).map(([group]) => group),
  );
  const beyond = new Set<GroupId>();
  let pending = [...affected.keys()];
  for (let fruitless = 0; fruitless < patience;) {
    const snapshot = await lookAt(pending, remediations, world);
    if (snapshot === undefined) break;
    const limits = new Map([...remediations].map(([group, { limit }]) => [group, limit]));
    const todo = plan(snapshot, policy, swept, limits);
    const looked = pending.flatMap((group) => remediations.get(group) ?? []);
    for (const one of looked) recordLook(one, snapshot, todo, fruitless === patience - 1);
    failStubborn(looked.filter(({ looks }) => looks >= mostLooks));
    const wanting = openAmong(looked).map(({ remediation }) => remediation);
    const holds = await askHolds(wanting, restraint);
    const proposals = proposalsOf(openAmong(wanting), snapshot);
    await askWithheld(proposals, holds, restraint);
    const open = await intend(openAmong(wanting), world, custody);
    const joining = await joined(groupsBeyond(pending, todo), looked, custody);
    const unseen = looked.filter(isUnseen);
    if (open.length + joining.length + unseen.length === 0) break;
    await change(open, snapshot, policy, world, restraint);
    await tellRemoved(proposals, restraint);
    const isProgress = joining.length > 0 || looked.some(({ progress }) => progress > 0);
    fruitless = isProgress ? 0 : fruitless + 1;
    if (fruitless === patience) failContradicted(looked);
    else if (!hasTime()) failLate(open);
    else if (fruitless > 0) await world.pause(fruitless);
    for (const group of joining) {
      begin(group, [], custody, remediations);
      beyond.add(group);
    }
    // Whatever was written to is looked at again, and with it whoever waits for a way in that belongs in another group.
    pending = [
      ...new Set([
        ...(beyond.size > 0 ? pending : []),
        ...open.map(({ remediation }) => remediation.group),
        ...unseen.map(({ group }) => group),
        ...(isProgress ? looked.filter(lacksRoom).map(({ group }) => group) : []),
        ...beyond,
      ]),
    ];
    if (settled !== undefined) await settleAmong(remediations, pending, settled, policy, world);
  }
  const all = [...remediations.values()];
  await lookOnceMore(all, policy, world);
  for (const one of all) recordEnd(one);
  return all.map((one) => outcomeOf(one, world, policy));
}

/** Tells of the groups that are done with: they are not to wait for others. Should a load balancer need them yet, they begin anew. */
async function settleAmong(
  remediations: Map<GroupId, Remediation>,
  pending: readonly GroupId[],
  settled: Settled,
  policy: Policy,
  world: World,
): Promise<void> {
  const over = [...remediations.values()].filter(
    (one) => !pending.includes(one.group) && !isUnsure(one),
  );
  for (const one of over) {
    recordEnd(one);
    remediations.delete(one.group);
  }
  if (over.length > 0) await settled(over.map((one) => outcomeOf(one, world, policy)));
}

const openAmong = (remediations: readonly Remediation[]): readonly Open[] =>
  remediations.flatMap((remediation) => {
    const work = workOf(remediation);
    return work === undefined ? [] : [{ remediation, work }];
  });

function begin(
  group: GroupId,
  triggers: readonly Trigger[],
  { whyAddOnly, interrupted }: Custody,
  remediations: Map<GroupId, Remediation>,
): void {
  if (remediations.has(group)) return;
  const one = newRemediation(group, triggers);
  const [why, intent] = [whyAddOnly(group), interrupted.get(group)];
  if (why !== undefined) recordAddOnly(one, why);
  if (intent !== undefined) recordInterrupted(one, intent);
  remediations.set(group, one);
}

/** Those of these groups that no other worker has; it was no event that touched them. */
async function joined(
  groups: readonly GroupId[],
  waiting: readonly Remediation[],
  { join }: Custody,
): Promise<readonly GroupId[]> {
  const triggers = waiting.flatMap((one) => one.triggers);
  const answers = await Promise.all(groups.map((group) => join(group, triggers)));
  return groups.filter((_, index) => answers[index]);
}

/** Where a call that writes came to no answer, a look says what became of it; where that fails, too, whoever comes next finds out. */
async function lookOnceMore(
  remediations: readonly Remediation[],
  policy: Policy,
  world: World,
): Promise<void> {
  const unsure = remediations.filter(isUnsure);
  if (unsure.length === 0) return;
  try {
    const snapshot = await world.look(unsure.map(({ group }) => group));
    const todo = plan(snapshot, policy);
    for (const one of unsure) recordLook(one, snapshot, todo);
  } catch {
    // They have failed already, and say why.
  }
}

/** Whatever waits for room may find some in another group. */
const lacksRoom = ({ plan: todo }: Remediation): boolean =>
  todo !== undefined && todo.noRoom.add.length + todo.noRoom.remove.length > 0;

/** A way in may belong in a group that nobody asked about: only a look that knows all about that group may decide on it. */
const groupsBeyond = (pending: readonly GroupId[], { groups }: Plan): readonly GroupId[] =>
  [...groups.values()]
    .filter(({ group, mode }) => mode === "enforce" && !pending.includes(group))
    .map(({ group }) => group);

/** Where EC2's answers contradict its readings to the last, it is tried again later: EC2 may take minutes to agree with itself. */
function failContradicted(looked: readonly Remediation[]): void {
  const text = "EC2's answers contradict what it shows, or somebody keeps changing the group.";
  for (const one of looked)
    if (one.isContradicted) recordFailure(one, { failure: { kind: "unsettled", text } });
}

function failStubborn(looked: readonly Remediation[]): void {
  const text = `Somebody keeps changing the group: after ${mostLooks} looks it is left for later.`;
  for (const one of looked)
    if (workOf(one) !== undefined) recordFailure(one, { failure: { kind: "unsettled", text } });
}

function failLate(open: readonly Open[]): void {
  const text = "The time ran out before it was finished.";
  for (const { remediation } of open)
    recordFailure(remediation, { failure: { kind: "other", text } });
}

/** The next look; where it fails after something has been seen, the groups that waited for it have failed, with what was done. */
async function lookAt(
  pending: readonly GroupId[],
  remediations: ReadonlyMap<GroupId, Remediation>,
  world: World,
): Promise<Snapshot | undefined> {
  try {
    return await world.look(pending);
  } catch (error) {
    const waiting = pending.flatMap((group) => remediations.get(group) ?? []);
    if (waiting.every(({ looks }) => looks === 0)) throw error;
    for (const one of waiting) recordFailure(one, error);
    return undefined;
  }
}
