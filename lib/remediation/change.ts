import type { Policy } from "../values/policy.ts";
import { type Rule, sameTraffic } from "../values/rule.ts";
import type { Snapshot } from "../values/snapshot.ts";
import { veto } from "../judge/veto.ts";
import type { Open } from "./intend.ts";
import type { World } from "./ports.ts";
import {
  type Addition,
  recordAdded,
  recordCall,
  recordFailure,
  recordFull,
  recordHealth,
  recordHealthAsked,
  recordRemoved,
  recordVeto,
  type Remediation,
} from "./remediation.ts";
import { askHolds, type Restraint } from "./restraint.ts";

/** How many groups are written to at once: EC2 refills 5 writes a second. */
const atOnce = 8;

/** The changes of one look. Additions cost nobody anything; nothing is removed before the targets' health was read, nor what is held by then. */
export async function change(
  open: readonly Open[],
  snapshot: Snapshot,
  policy: Policy,
  world: World,
  restraint: Restraint,
): Promise<void> {
  const losing = open.filter(isLosing);
  await Promise.all([readHealth(losing, world), eachOf(open, (one) => addMissing(one, world))]);
  await askHolds(
    losing.map(({ remediation }) => remediation),
    restraint,
  );
  await eachOf(losing.filter(isLosing), (one) => removeExcess(one, snapshot, policy, world));
}

/** Is the group about to lose rules, and not held? */
const isLosing = ({ remediation, work }: Open): boolean =>
  remediation.hold === undefined &&
  remediation.whyAddOnly === undefined &&
  work.removals.length + work.takeBack.length > 0;

/** How the interfaces fare of all groups that are to lose rules for the first time, in one reading. It is there to be compared with later; failing, it stops nothing. */
async function readHealth(open: readonly Open[], world: World): Promise<void> {
  const losing = open
    .filter(({ remediation, work }) => !remediation.isHealthAsked && work.removals.length > 0)
    .map(({ remediation }) => remediation);
  if (losing.length === 0) return;
  for (const one of losing) recordHealthAsked(one);
  try {
    const health = await world.health(losing.map(({ group }) => group));
    for (const one of losing) recordHealth(one, health);
  } catch {
    // Then nobody knows, and nothing is compared. World tells whoever should hear of it.
  }
}

/** Admissions in a call of their own, before remainders: a remainder that is refused is not to stop them. What stays of one rule is added as a whole. */
async function addMissing({ remediation, work }: Open, world: World): Promise<void> {
  const add = async (added: readonly Addition[]): Promise<readonly Rule[]> => {
    if (added.length === 0) return [];
    recordCall(remediation, { added });
    const answers = await world.add(
      remediation.group,
      added.map(({ rule }) => rule),
    );
    for (const one of answers)
      recordAdded(
        remediation,
        one,
        added.find(({ rule }) => sameTraffic(rule, one.rule))?.remainder,
      );
    return answers.flatMap(({ rule, answer }) => (answer.kind === "full" ? rule : []));
  };
  const full = await add(work.admissions.map((rule) => ({ rule })));
  if (full.length <= 1) recordFull(remediation, full);
  // Not all of them fit: as many as do, one by one.
  else
    for (const rule of full) {
      const still = await add([{ rule }]);
      recordFull(remediation, still);
      if (still.length > 0) break;
    }
  for (const pieces of Map.groupBy(work.remainders, ({ of }) => of).values())
    recordFull(
      remediation,
      await add(pieces.map((remainder) => ({ rule: remainder.rule, remainder }))),
    );
}

async function removeExcess(
  { remediation, work }: Open,
  snapshot: Snapshot,
  policy: Policy,
  world: World,
): Promise<void> {
  const agreed = (removals: readonly Rule[]): readonly Rule[] =>
    removals.filter((rule) => {
      const why = veto(rule, removals, remediation.group, snapshot, policy);
      if (why !== undefined) recordVeto(remediation, rule, why);
      return why === undefined;
    });
  await remove(remediation, agreed(work.removals), world);
  await remove(remediation, agreed(work.takeBack), world);
}

async function remove(
  remediation: Remediation,
  rules: readonly Rule[],
  world: World,
): Promise<void> {
  if (rules.length === 0) return;
  recordCall(remediation, { removed: rules });
  for (const one of await world.remove(remediation.group, rules)) recordRemoved(remediation, one);
}

/** Some work for each group, in few at once; where it fails, that group has failed, and gets no more. */
async function eachOf(open: readonly Open[], work: (one: Open) => Promise<void>): Promise<void> {
  const queue = open.values();
  const worker = async (): Promise<void> => {
    for (const one of queue)
      try {
        if (one.remediation.failure === undefined) await work(one);
      } catch (error) {
        recordFailure(one.remediation, error);
      }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
