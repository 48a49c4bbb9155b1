import fc from "fast-check";
import { describe, it } from "vitest";
import type { Outcome } from "../../functions/core/outcome.ts";
import type { Policy } from "../../functions/core/policy.ts";
import type { GroupId, Rule } from "../../functions/core/rule.ts";
import { remediate } from "../../functions/remediate.ts";
import { anyRegion } from "../support/arbitraryRegion.ts";
import { anyPolicy } from "../support/arbitraryRules.ts";
import type { Call, Revoke } from "../support/calls.ts";
import { drawCall } from "../support/draw.ts";
import { change, cloud, type Cloud, fakeWorld } from "../support/fakeWorld.ts";
import { type Breach, breachText, cutOff, gained, lost, type View, viewOf } from "../support/laws.ts";
import { type Door, entriesOf, packetsOf, type Packets } from "../support/packets.ts";
import { anyInterruptions, before as editsBefore, edited, type Interruption } from "../support/people.ts";
import { everyGroup, hold, settled } from "../support/referee.ts";
import { groupOf, type Region, rulesOf } from "../support/region.ts";
import { patience, runs } from "./runs.ts";

interface Undone {
  readonly group: GroupId;
  readonly rule: Rule;
}

interface Run {
  readonly outcomes: readonly Outcome[];
  readonly calls: readonly Call[];
  readonly breaches: readonly string[];
  readonly story: readonly string[];
  /** What a remainder of ours brought back after a person had undone its parent. */
  readonly resurrected: readonly Breach[];
}

/**
 * Did a person, since our last look, undo a rule that admitted this very packet there?
 * The one excuse there is: who removes the load balancer's own rule, or a rule's remainder, just before we remove the rule beside it;
 * and who revokes or narrows a wide rule just before we write its remainder.
 */
const isUndone = (undone: readonly Undone[], packets: Packets, groups: readonly GroupId[], { door, senders }: Breach): boolean =>
  undone.some(({ group, rule }) => {
    const opening = packets.by(rule);
    return groups.includes(group) && opening.doors[indexOf(packets, door)] === true && senders.some((sender) => opening.senders[sender] === true);
  });

const indexOf = (packets: Packets, door: Door): number => packets.doors.findIndex((one) => one.protocol === door.protocol && one.port === door.port);

/** A call may do only what the last look warranted: judged on the states just before and after it, by what was seen. */
function judged(
  seen: View,
  call: Call,
  before: Region,
  after: Region,
  undone: readonly Undone[],
): { wrong: readonly Breach[]; resurrected: readonly Breach[] } {
  const { packets } = seen;
  const entries = entriesOf(after, packets);
  const now: View = { ...seen, region: before, entries: entriesOf(before, packets) };
  const isExcused = (breach: Breach): boolean => isUndone(undone, packets, breach.group.split("+"), breach);
  const stillIn = ({ group, door, senders: [sender = -1] }: Breach): boolean =>
    now.entries.get(group)?.[indexOf(packets, door) * packets.senders.length + sender] === 1;
  const gains = gained(now, entries);
  return {
    wrong: [
      ...cutOff(now, entries).filter((breach) => !isExcused(breach)),
      ...lost(seen, entries).filter((breach) => breach.group === call.group && stillIn(breach) && !isExcused(breach)),
      ...unseen(seen, now, entries, call.group),
      ...gains.filter((breach) => !isExcused(breach)),
    ],
    resurrected: gains.filter(isExcused),
  };
}

/** Whoever was let in by a person only after our look stays in. */
function unseen(seen: View, now: View, entries: View["entries"], group: GroupId): readonly Breach[] {
  const isNew = (packet: number): boolean => now.entries.get(group)?.[packet] === 1 && seen.entries.get(group)?.[packet] !== 1;
  const width = seen.packets.senders.length;
  return seen.packets.doors.flatMap((door, row) =>
    seen.packets.senders.flatMap((_, sender) =>
      isNew(row * width + sender) && entries.get(group)?.[row * width + sender] !== 1
        ? [{ law: "what a person just wrote is lost", group, door, senders: [sender] }]
        : [],
    ),
  );
}

async function interrupted(where: Cloud, policy: Policy, packets: Packets, revoke: Revoke, interruptions: readonly Interruption[]): Promise<Run> {
  const breaches: string[] = [];
  const story: string[] = [];
  const resurrected: Breach[] = [];
  let undone: Undone[] = [];
  let seen = viewOf(where.now, policy, packets);
  const world = fakeWorld(where, {
    revoke,
    afterLook(_, __, region) {
      seen = viewOf(region, policy, packets);
      undone = [];
    },
    beforeCall(number, call) {
      for (const { group, edit } of editsBefore(interruptions, number, call)) {
        const done = edited(where.now, group, edit);
        change(where, done.region);
        undone.push(...done.undone);
        story.push(`a person, before call ${number}, ${done.text}`);
      }
    },
    afterCall(number, call, before) {
      if (!seen.oracle.writes(call.group)) breaches.push(`call ${number} writes in ${call.group}, which was not ours to write when we looked`);
      const { wrong, resurrected: risen } = judged(seen, call, before, where.now, undone);
      breaches.push(...wrong.slice(0, 3).map((breach) => `after call ${number} (${drawCall(call)}): ${breachText(breach, packets)}`));
      resurrected.push(...risen);
    },
  });
  const outcomes = await remediate(everyGroup(where.now), policy, world);
  return { outcomes, calls: world.calls, breaches, story, resurrected };
}

/** What rose again is gone at the end, or somebody is told; unless a rule that is not ours admits it now. */
function untold({ resurrected, outcomes }: Run, end: Region, packets: Packets): readonly string[] {
  return resurrected
    .filter(({ group, door, senders: [sender = -1] }) => {
      const by = rulesOf(end, group).filter(
        (rule) => packets.by(rule).doors[indexOf(packets, door)] === true && packets.by(rule).senders[sender] === true,
      );
      return by.length > 0 && by.every((rule) => rule.id?.startsWith("sgr-new-"));
    })
    .filter(({ group }) => groupOf(end, group) !== undefined && !tells(outcomes, group))
    .map((breach) => `nobody is told of what rose again: ${breachText(breach, packets)}`);
}

const tells = (outcomes: readonly Outcome[], group: GroupId): boolean =>
  outcomes.some((one) => one.group === group && one.findings.some(({ code }) => code === "resurrected"));

describe("people who edit between our look and our call", () => {
  it(
    "keep what they wrote; no call does more than its look warranted; the next run settles everything",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          anyRegion,
          anyPolicy,
          anyInterruptions,
          fc.constantFrom<Revoke>("default VPC", "other"),
          async (region, policy, interruptions, revoke) => {
            const where = cloud(region);
            const written = interruptions.flatMap(({ edit }) => (edit.kind === "authorize" ? [edit.rule] : []));
            const modified = region.groups.flatMap((group) => group.rules).flatMap((rule) => widths(rule, interruptions));
            const packets = packetsOf(region, policy, [...written, ...modified]);
            const run = await interrupted(where, policy, packets, revoke, interruptions);
            const end = where.now;
            const wrong = [...run.breaches, ...untold(run, end, packets), ...(await settled(where, policy, viewOf(end, policy, packets)))];
            hold(wrong.length > 0 ? [...wrong, ...run.story] : [], { region, policy, end, calls: run.calls, outcomes: run.outcomes });
          },
        ),
        { numRuns: runs(250) },
      );
    },
    patience,
  );
});

/** Every rule that a modification may make, so that its edges are asked about. */
const widths = (rule: Rule, interruptions: readonly Interruption[]): readonly Rule[] =>
  interruptions.flatMap(({ edit }) => (edit.kind === "modify" ? [{ ...rule, protocol: "tcp", fromPort: edit.ports[0], toPort: edit.ports[1] }] : []));
