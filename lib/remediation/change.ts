import type { Policy } from "../values/policy.ts";
import { type Rule, sameTraffic } from "../values/rule.ts";
import type { Snapshot } from "../values/snapshot.ts";
import { veto } from "../judge/veto.ts";
import type { RuleAnswer, World } from "./ports.ts";
import {
  recordAdded,
  recordCall,
  recordFailure,
  recordHealth,
  recordHealthAsked,
  recordRemoved,
  recordVeto,
  type Remediation,
} from "./remediation.ts";
import { askHolds, type Restraint } from "./restraint.ts";
import type { Work } from "./work.ts";

/** How many groups are written to at once: EC2 refills 5 writes a second. */
const atOnce = 8;

/** A group with something left to do. */
export interface Open {
  readonly remediation: Remediation;
  readonly work: Work;
}

/** The changes of one look. Additions cost nobody anything; nothing is removed before the targets' health was read. Nothing is done that is held. */
export async function change(
  open: readonly Open[],
  snapshot: Snapshot,
  policy: Policy,
  world: World,
  restraint: Restraint,
): Promise<void> {
  await askHolds(
    open.map(({ remediation }) => remediation),
    restraint,
  );
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
  remediation.hold === undefined && work.removals.length + work.takeBack.length > 0;

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

/** Admissions in a call of their own, before remainders: a remainder that is refused is not to stop them. */
async function addMissing({ remediation, work }: Open, world: World): Promise<void> {
  const add = async (rules: readonly Rule[]): Promise<readonly RuleAnswer[]> => {
    if (rules.length === 0) return [];
    recordCall(remediation);
    return world.add(remediation.group, rules);
  };
  if (remediation.hold?.stops === "writes") return;
  for (const one of await add(work.admissions)) recordAdded(remediation, one);
  // What stays of a wide rule is no use while the rule itself stays.
  if (remediation.hold !== undefined) return;
  for (const one of await add(work.remainders.map(({ rule }) => rule)))
    recordAdded(
      remediation,
      one,
      work.remainders.find(({ rule }) => sameTraffic(rule, one.rule)),
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
  recordCall(remediation);
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
