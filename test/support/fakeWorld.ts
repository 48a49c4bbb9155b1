import type { GroupId, Rule } from "../../lib/values/rule.ts";
import type { Snapshot } from "../../lib/values/snapshot.ts";
import type { RuleAnswer, World } from "../../lib/remediation/ports.ts";
import { affectedGroups } from "./affected.ts";
import type { Call, Revoke } from "./calls.ts";
import { answer } from "./calls.ts";
import { healthIn } from "./health.ts";
import type { Region } from "./region.ts";
import { snapshotOf } from "./region.ts";

type Answer = RuleAnswer["answer"];

/** A region as calls and people change it, and all that it ever was. Several worlds may share one. */
export interface Cloud {
  now: Region;
  /** How many rules have been written: their ids are the same whenever the same happens. */
  written: number;
  readonly past: Region[];
}

export const cloud = (region: Region): Cloud => ({ now: region, written: 0, past: [region] });

/** Somebody changes something. */
export function change(where: Cloud, region: Region): void {
  where.now = region;
  where.past.push(region);
}

/** How this world differs from a quiet one in which everything is permitted; calls and looks are counted from 1. */
export interface Moods {
  readonly revoke?: Revoke;
  /** Groups in which we may write nothing. */
  readonly denied?: readonly GroupId[];
  /** What a look fails to read: what is left of the snapshot, which says so in `missing`. */
  readonly partial?: (snapshot: Snapshot, look: number) => Snapshot;
  /** How many changes behind the present a look is: eventual consistency. */
  readonly behind?: (look: number) => number;
  /** Before a look is taken; what it throws, the look throws. */
  readonly beforeLook?: (look: number) => void | Promise<void>;
  /** With the state that a look has seen. */
  readonly afterLook?: (look: number, groups: readonly GroupId[], seen: Region) => void;
  /** Calls whose answer gets lost: asked again, EC2 says that it is done already; or nobody ever answers. */
  readonly lost?: (call: number) => "asked again" | "never answered" | undefined;
  /** Between deciding on a call and EC2's taking it: people and other workers step in here; a throw is a crash before it. */
  readonly beforeCall?: (call: number, what: Call) => void | Promise<void>;
  /** After EC2 took it, whatever it answered; a throw is a crash before its answer arrived. */
  readonly afterCall?: (call: number, what: Call, before: Region) => void | Promise<void>;
}

/** What a world throws: denied permission, a group that vanished. */
export const failure = (kind: "denied" | "gone", text: string): Error =>
  Object.assign(new Error(text), { failure: { kind, text } });

/** Tags in their one order. */
const tagSet = ({ tags }: Rule): string =>
  Object.keys(tags)
    .toSorted((a, b) => a.localeCompare(b))
    .map((key) => `${key}=${tags[key] ?? ""}`)
    .join("\n");

/** An AWS in memory, with EC2's semantics of batches, duplicates, misses and quotas. */
export function fakeWorld(
  where: Cloud,
  moods: Moods = {},
): World & { readonly calls: readonly Call[] } {
  const calls: Call[] = [];
  const newId = (): string => `sgr-new-${++where.written}`;
  let looks = 0;

  async function send(call: Call): Promise<ReturnType<typeof answer> & { isUnsure?: boolean }> {
    const number = calls.push(call);
    await moods.beforeCall?.(number, call);
    if (moods.denied?.includes(call.group)) throw failure("denied", "UnauthorizedOperation");
    const before = where.now;
    const answered = answer(before, call, moods.revoke ?? "other", newId);
    if (answered.kind === "ok" && answered.region !== before) change(where, answered.region);
    await moods.afterCall?.(number, call, before);
    const lost = moods.lost?.(number);
    if (lost === "never answered") throw new Error("socket hang up");
    if (lost === "asked again" && answered.kind === "ok") return { ...answered, isUnsure: true };
    if (
      answered.kind === "error" &&
      answered.code === "InvalidGroup.NotFound" &&
      !where.now.groups.some((one) => one.id === call.group)
    )
      throw failure("gone", answered.code);
    return answered;
  }

  /** The batch as one call; refused, one call a rule, so that a rule that stops it stops only itself. */
  async function inTurn(
    rules: readonly Rule[],
    callOf: (rules: readonly Rule[]) => Call,
  ): Promise<readonly RuleAnswer[]> {
    if (rules.length === 0) return [];
    const answered = await send(callOf(rules));
    if (answered.kind === "ok")
      return rules.map((rule) => ({
        rule,
        answer: {
          kind: answered.isUnsure ? "unsure" : answered.unknown.includes(rule) ? "stale" : "done",
        },
      }));
    const answer = meaning(answered.code);
    if (rules.length === 1 || answer.kind === "full")
      return rules.map((rule) => ({ rule, answer }));
    const answers: RuleAnswer[] = [];
    for (const rule of rules) answers.push(...(await inTurn([rule], callOf)));
    return answers;
  }

  return {
    calls,
    account: where.now.account,
    region: "us-east-1",
    partition: "aws",
    affected: (triggers) => Promise.resolve(affectedGroups(where.now, triggers)),
    async look(groups): Promise<Snapshot> {
      looks += 1;
      await moods.beforeLook?.(looks);
      const look = looks;
      const seen =
        where.past[Math.max(0, where.past.length - 1 - (moods.behind?.(look) ?? 0))] ?? where.now;
      moods.afterLook?.(look, groups, seen);
      const snapshot = snapshotOf(seen, groups);
      return moods.partial?.(snapshot, look) ?? snapshot;
    },
    /** One call for each distinct set of tags: a request carries one set for all its rules. */
    async add(group, rules) {
      const answers: RuleAnswer[] = [];
      for (const batch of Map.groupBy(rules, (rule) => tagSet(rule)).values())
        answers.push(
          ...(await inTurn(batch, (some) => ({ kind: "authorize", group, rules: some }))),
        );
      return answers;
    },
    health: (groups) => Promise.resolve(healthIn(where.now, groups)),
    pause: () => Promise.resolve(),
    remove: (group, rules) => inTurn(rules, (some) => ({ kind: "revoke", group, rules: some })),
  };
}

function meaning(code: string): Answer {
  switch (code) {
    case "InvalidPermission.Duplicate":
    case "InvalidPermission.NotFound":
      return { kind: "stale" };
    case "RulesPerSecurityGroupLimitExceeded":
      return { kind: "full" };
    default:
      return { kind: "refused", why: code };
  }
}
