import type { Failure } from "../values/errors.ts";
import type { Plan, Remainder } from "../values/groupPlan.ts";
import { type Finding, type FindingCode, finding } from "../values/finding.ts";
import type { Intent } from "../values/intent.ts";
import type { Ledger } from "./account.ts";
import {
  type GroupId,
  isIn,
  type Rule,
  ruleKey,
  ruleText,
  sameRule,
  sameTraffic,
} from "../values/rule.ts";
import type { HealthReading, Snapshot } from "../values/snapshot.ts";
import { remainderTag } from "../values/ownTags.ts";
import { isRevocation, type Trigger } from "../values/trigger.ts";
import { fuller, weightOf } from "../values/room.ts";
import type { RuleAnswer } from "./ports.ts";

/** One group's remediation as it goes on: what is told of it in the end, and what the next step depends on. Only the verbs below write to it. */
export interface Remediation extends Mutable<Ledger> {
  readonly added: Rule[];
  readonly removed: Rule[];
  /** Of earlier looks and of calls; those of the last look are in its plan. */
  readonly findings: Finding[];
  /** Was the reading of targets' health begun, whatever came of it? */
  isHealthAsked: boolean;
  /** Have the looks before brought nothing, so that only this one is left? */
  isLastTry: boolean;
  /** What must not be done for now, and why; only what it leaves is done. Missing: nothing. */
  hold?: { readonly stops: "writes" | "removals"; readonly finding: Finding };
  /** Rules that are not to go for now, by key, and why. */
  readonly withheld: Map<string, Finding>;
  /** Did EC2's answers since the last look contradict what it showed? */
  isContradicted: boolean;
  /** Why nothing may be removed; undefined: it may. */
  whyAddOnly: string | undefined;
  /** What was tried and not answered; the next look tells what became of it. */
  readonly unsure: Unsure;
  /** How many rules were added and removed since the last look; what is done a second time does not count. */
  progress: number;
  /** Remainders that were added. */
  readonly remainders: Remainder[];
  /** What this remediation added and took back. */
  readonly takenBack: Rule[];
  /** Keys of rules that are not tried again. */
  readonly givenUp: Set<string>;
  /** No more rules fit into the group than this, as EC2 has shown by refusing one. */
  limit: number;
}

/** Rules that a call may have added or removed, whose answer nobody got. */
export interface Unsure {
  added: readonly Addition[];
  removed: readonly Rule[];
}

/** A rule to be added; `remainder` says of which wide rule it is part. */
export interface Addition {
  readonly rule: Rule;
  readonly remainder?: Remainder;
}

type Mutable<Thing> = { -readonly [Field in keyof Thing]: Thing[Field] };

export const newRemediation = (
  group: GroupId,
  triggers: readonly Trigger[],
  isObserved = false,
): Remediation => ({
  group,
  triggers,
  isObserved,
  isOpenEnded: false,
  whyAddOnly: undefined,
  unsure: { added: [], removed: [] },
  looks: 0,
  writes: 0,
  added: [],
  removed: [],
  findings: [],
  isHealthAsked: false,
  isLastTry: false,
  withheld: new Map(),
  isContradicted: false,
  progress: 0,
  remainders: [],
  takenBack: [],
  givenUp: new Set(),
  limit: Infinity,
});

/** A change that somebody began who died in the middle goes on as if it were this one's: as much of it as was done is found by the looks. */
export function recordInterrupted(remediation: Remediation, intent: Intent): void {
  const { triggers, unsure } = remediation;
  const known = new Set(triggers.map(({ eventId }) => eventId));
  remediation.intent = intent;
  remediation.triggers = [
    ...triggers,
    ...intent.triggers.filter(({ eventId }) => !known.has(eventId)),
  ];
  unsure.added = intent.add.map((rule) => ({ rule }));
  unsure.removed = intent.remove;
}

/** What is about to be changed has been written down. */
export function recordIntent(remediation: Remediation, intent: Intent): void {
  remediation.intent = intent;
}

/** Nothing is removed from now on. */
export function recordAddOnly(remediation: Remediation, why: string): void {
  remediation.whyAddOnly = why;
}

/** A finding is made once. */
function recordFinding({ findings }: Remediation, one: Finding): void {
  if (!findings.some(({ code, text }) => code === one.code && text === one.text))
    findings.push(one);
}

const aboutClosing: readonly FindingCode[] = ["shared-group", "untracked-connections"];

/** A look, and what is planned by it. */
export function recordLook(
  remediation: Remediation,
  snapshot: Snapshot,
  plan: Plan,
  isLastTry = false,
): void {
  // What an earlier look had to say of what is closed by now is said all the same; what it said of interfaces and of room is said anew, or is no longer so.
  for (const one of remediation.plan?.findings ?? [])
    if (one.code !== "rule-quota" && (one.rule !== undefined || aboutClosing.includes(one.code)))
      recordFinding(remediation, one);
  const { group } = remediation;
  const planned = plan.groups.get(group);
  if (planned === undefined) delete remediation.plan;
  else remediation.plan = planned;
  const before = remediation.last ?? asBegun(snapshot, remediation.intent);
  remediation.first ??= before;
  remediation.last = snapshot;
  remediation.looks += 1;
  remediation.progress = 0;
  remediation.isLastTry = isLastTry;
  remediation.isContradicted = false;
  recordFound(remediation, before, snapshot);
  recordResurrected(remediation, snapshot.groups.get(group)?.rules ?? []);
}

/** What stood before a change that was interrupted. */
function asBegun(snapshot: Snapshot, intent: Intent | undefined): Snapshot {
  const group = intent === undefined ? undefined : snapshot.groups.get(intent.group);
  if (intent === undefined || group === undefined) return snapshot;
  const begun = { ...group, rules: intent.before };
  return { ...snapshot, groups: new Map([...snapshot.groups, [group.id, begun]]) };
}

/** What became of that whose answer nobody got: what two looks show to have come or gone between them. */
function recordFound(remediation: Remediation, before: Snapshot, now: Snapshot): void {
  const { group, unsure } = remediation;
  const [stood, stands] = [before, now].map(({ groups }) => groups.get(group)?.rules);
  if (stood === undefined || stands === undefined) return;
  for (const { rule, remainder } of unsure.added)
    if (isIn(stands, rule) && !isIn(stood, rule))
      recordAdded(remediation, { rule, answer: { kind: "done" } }, remainder);
  for (const rule of unsure.removed)
    if (!stands.some((one) => sameRule(one, rule)) && stood.some((one) => sameRule(one, rule)))
      recordRemoved(remediation, { rule, answer: { kind: "done" } });
}

/** A remainder whose wide rule vanished, and not by us, opens again what somebody had closed. Where whoever wrote it died, its mark and the event tell. */
function recordResurrected(remediation: Remediation, rules: readonly Rule[]): void {
  const { group, remainders, removed, triggers } = remediation;
  for (const { actor, rules: revoked } of triggers.filter(isRevocation))
    for (const of of revoked)
      for (const rule of rules.filter(({ tags }) => tags[remainderTag] === (of.id ?? ""))) {
        const text = `${actor.principal} revoked ${ruleText(of)}, but its remainder ${ruleText(rule)} stands.`;
        recordFinding(remediation, finding("resurrected", group, text, rule));
      }
  for (const { rule, of } of remainders) {
    const isOrphan =
      isIn(rules, rule) && !isIn(rules, of) && !removed.some((one) => sameRule(one, of));
    const text = `${ruleText(of)} vanished while its remainder ${ruleText(rule)} was being written.`;
    if (isOrphan) recordFinding(remediation, finding("resurrected", group, text, rule));
  }
}

/** Health is asked for: once, whatever comes of it. */
export function recordHealthAsked(remediation: Remediation): void {
  remediation.isHealthAsked = true;
}

/** As which targets the group's interfaces are healthy, before anything is removed. */
export function recordHealth(remediation: Remediation, readings: readonly HealthReading[]): void {
  const attached = new Set(
    remediation.last?.interfaces
      .filter(({ groups }) => groups.includes(remediation.group))
      .map(({ id }) => id),
  );
  remediation.healthyBefore = readings
    .filter(({ target, health }) => health.state === "healthy" && attached.has(target.interface))
    .map(({ target }) => target);
}

/** A call that changes the group, before it is made: until it is answered nobody knows what became of these rules. */
export function recordCall(
  remediation: Remediation,
  { added = [], removed = [] }: Partial<Unsure>,
): void {
  const { unsure } = remediation;
  remediation.writes += 1;
  unsure.added = [...unsure.added, ...added];
  unsure.removed = [...unsure.removed, ...removed];
}

/** What nobody knows the end of yet. An answer tells of its own call alone: of what is there already an earlier call may be the reason. */
function stillUnsure<Thing>(
  tried: readonly Thing[],
  { kind }: RuleAnswer["answer"],
  isIt: (one: Thing) => boolean,
): readonly Thing[] {
  if (kind === "unsure") return tried;
  const last = tried.findLastIndex(isIt);
  return tried.filter((one, index) => (kind === "done" ? !isIt(one) : index !== last));
}

/** What became of an addition; `remainder` says which wide rule it is part of. */
export function recordAdded(
  remediation: Remediation,
  { rule, answer }: RuleAnswer,
  remainder?: Remainder,
): void {
  const { added, unsure } = remediation;
  unsure.added = stillUnsure(unsure.added, answer, (one) => sameTraffic(one.rule, rule));
  switch (answer.kind) {
    case "done":
      // What has to be done twice is no progress, whoever undoes it.
      if (isIn(added, rule)) return;
      remediation.progress += 1;
      added.push(rule);
      if (remainder !== undefined) remediation.remainders.push(remainder);
      return;
    case "unsure":
      return;
    case "stale":
      remediation.isContradicted = true;
      return;
    case "full":
      return;
    case "refused":
      remediation.givenUp.add(ruleKey(remainder?.of ?? rule));
      recordRefusal(remediation, rule, answer.why);
      return;
  }
}

/** These rules did not fit, though the count had it that they do: fewer fit than it was told. */
export function recordFull(remediation: Remediation, rules: readonly Rule[]): void {
  const { group, last, added } = remediation;
  if (last === undefined || rules.length === 0) return;
  const seen = last.groups.get(group)?.rules ?? [];
  const standing = [...seen, ...added.filter((rule) => !isIn(seen, rule))];
  const tried = fuller(weightOf([...standing, ...rules], last.prefixLists));
  remediation.limit = Math.min(remediation.limit, tried - 1);
}

/** What became of a removal. What this remediation added and takes back counts as neither. */
export function recordRemoved(remediation: Remediation, { rule, answer }: RuleAnswer): void {
  const { added, removed, givenUp, unsure } = remediation;
  unsure.removed = stillUnsure(unsure.removed, answer, (one) => sameRule(one, rule));
  switch (answer.kind) {
    case "done": {
      if (removed.some((one) => sameRule(one, rule))) return;
      remediation.progress += 1;
      const own = added.findIndex((one) => sameTraffic(one, rule));
      if (own < 0) {
        removed.push(rule);
      } else {
        added.splice(own, 1);
        remediation.takenBack.push(rule);
        givenUp.add(ruleKey(rule));
      }
      return;
    }
    case "unsure":
      return;
    case "stale":
      remediation.isContradicted = true;
      return;
    case "full":
    case "refused":
      givenUp.add(ruleKey(rule));
      recordRefusal(remediation, rule, answer.kind === "refused" ? answer.why : "no room");
      return;
  }
}

function recordRefusal(remediation: Remediation, rule: Rule, why: string): void {
  const text = `${ruleText(rule)}: ${why}`;
  recordFinding(remediation, finding("refused", remediation.group, text, rule));
}

/** The judge's veto against a removal: it is not made. */
export function recordVeto(remediation: Remediation, rule: Rule, why: string): void {
  remediation.givenUp.add(ruleKey(rule));
  const text = `${ruleText(rule)} stays: ${why}.`;
  recordFinding(remediation, finding("unproven", remediation.group, text, rule));
}

/** A hold on the group: from now on this remediation does what it leaves, and no more. A stricter one goes before. */
export function recordHold(
  remediation: Remediation,
  stops: "writes" | "removals",
  why: Finding,
): void {
  if (remediation.hold?.stops === "writes") return;
  remediation.hold = { stops, finding: why };
}

/** A rule is not to go for now. */
export function recordWithheld({ withheld }: Remediation, rule: Rule, why: Finding): void {
  withheld.set(ruleKey(rule), why);
}

/** Has it failed with something tried that nobody knows the end of? */
export const isUnsure = ({ failure, unsure }: Remediation): boolean =>
  failure !== undefined &&
  failure.kind !== "gone" &&
  unsure.added.length + unsure.removed.length > 0;

/** Nothing more is done. */
export function recordEnd(remediation: Remediation): void {
  const { plan, whyAddOnly, failure, hold } = remediation;
  remediation.isOpenEnded = isUnsure(remediation);
  if (failure !== undefined || whyAddOnly === undefined) return;
  if (plan?.mode !== "enforce" || hold !== undefined) return;
  if (plan.remainders.length + plan.removals.length + plan.waiting.length > 0)
    recordFailure(remediation, {
      failure: { kind: "noState", text: `Nothing was removed: ${whyAddOnly}` },
    });
}

/** What ends a remediation; an error that carries a `failure` says of what kind it is. */
export function recordFailure(remediation: Remediation, error: unknown): Remediation {
  const { failure } = error as { readonly failure?: Failure };
  remediation.failure = failure ?? {
    kind: "other",
    text: error instanceof Error ? error.message : String(error),
  };
  return remediation;
}
