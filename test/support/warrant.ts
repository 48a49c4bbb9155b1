import { type GroupId, type Rule, ruleKey } from "../../lib/values/rule.ts";
import type { Call } from "./calls.ts";
import { type Breach, cutOff, gained, lost, type View } from "./laws.ts";
import { type Door, entriesOf, type Packets } from "./packets.ts";
import { type Region, rulesOf } from "./region.ts";

/** A rule that somebody revoked or changed: it does not stand any more as it stood. */
export interface Undone {
  readonly group: GroupId;
  readonly rule: Rule;
}

/** What a call did that its look did not warrant, and what it brought back that a person had just undone. */
export interface Judgement {
  readonly wrong: readonly Breach[];
  readonly resurrected: readonly Breach[];
}

/**
 * A call may do only what the state that its worker last saw warrants, and removes no rule that it did not see as it stood. Judged on the states just before and just after the call,
 * with one excuse: a person, since that state, undid a rule that admitted the very packet in that place. So excused are, and nothing else:
 * - cutting a load balancer off, or losing somebody, by removing one rule just after a person undid the other that would have kept them in;
 * - letting somebody in again by writing the remainder of a rule that a person has just revoked or narrowed.
 * What another worker has just removed (`narrowed`, warranted by a look of its own) explains two things more, and never a load balancer cut off:
 * - that its remainder lets somebody in again, who was meant to stay in;
 * - that somebody is lost whom only that rule kept, since a person had tagged it as kept too late: EC2 revokes by properties, and tags are none.
 */
export function judge(
  seen: View,
  call: Call,
  before: Region,
  after: Region,
  undone: readonly Undone[],
  narrowed: readonly Undone[],
): Judgement {
  const { packets } = seen;
  const entries = entriesOf(after, packets);
  const now: View = { ...seen, region: before, entries: entriesOf(before, packets) };
  const isExcused = (breach: Breach): boolean => isUndone(undone, packets, breach);
  const isExplained = (breach: Breach): boolean => isUndone(narrowed, packets, breach);
  const gains = gained(now, entries).filter((breach) => !isExplained(breach));
  const losses = lost(seen, entries).filter(
    (breach) => breach.group === call.group && isIn(now, breach) && !isExplained(breach),
  );
  return {
    wrong: [
      ...[...cutOff(now, entries), ...losses, ...gains].filter((breach) => !isExcused(breach)),
      ...removedUnseen(seen, call.group, before, after).flatMap((rule) =>
        packetOf(rule, call.group, packets),
      ),
    ],
    resurrected: gains.filter(isExcused),
  };
}

const rowOf = (packets: Packets, door: Door): number =>
  packets.doors.findIndex((one) => one.protocol === door.protocol && one.port === door.port);

const isUndone = (
  undone: readonly Undone[],
  packets: Packets,
  { group, door, senders }: Breach,
): boolean =>
  undone.some(({ group: place, rule }) => {
    const opening = packets.by(rule);
    return (
      group.split("+").includes(place) &&
      opening.doors[rowOf(packets, door)] === true &&
      senders.some((sender) => opening.senders[sender] === true)
    );
  });

const isIn = (
  { entries, packets }: View,
  { group, door, senders: [sender = -1] }: Breach,
): boolean => entries.get(group)?.[rowOf(packets, door) * packets.senders.length + sender] === 1;

/** Rules that a call removed although its worker had not seen them so: written, narrowed or described anew since. */
const removedUnseen = (
  seen: View,
  group: GroupId,
  before: Region,
  after: Region,
): readonly Rule[] =>
  rulesOf(before, group)
    .filter((rule) => !rulesOf(after, group).some(({ id }) => id === rule.id))
    .filter(
      (rule) =>
        !rulesOf(seen.region, group).some(
          (one) =>
            ruleKey(one) === ruleKey(rule) &&
            (one.description ?? rule.description) === rule.description,
        ),
    );

/** One packet that a rule lets in, to tell by. */
function packetOf(rule: Rule, group: GroupId, packets: Packets): readonly Breach[] {
  const opening = packets.by(rule);
  const door = packets.doors[opening.doors.indexOf(true)];
  return door === undefined
    ? []
    : [
        {
          law: "a rule that nobody had seen so is removed",
          group,
          door,
          senders: [opening.senders.indexOf(true)],
        },
      ];
}

/** Of what rose again, the part that still stands, and by rules of ours alone. */
export const stillRisen = (
  risen: readonly Breach[],
  end: Region,
  packets: Packets,
): readonly Breach[] =>
  risen.filter(({ group, door, senders: [sender = -1] }) => {
    const by = rulesOf(end, group).filter(
      (rule) =>
        packets.by(rule).doors[rowOf(packets, door)] === true &&
        packets.by(rule).senders[sender] === true,
    );
    return by.length > 0 && by.every((rule) => rule.id?.startsWith("sgr-new-"));
  });
