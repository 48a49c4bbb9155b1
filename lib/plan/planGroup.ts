import type { AttachedInterface, GroupPlan } from "../values/groupPlan.ts";
import { type Rule, ruleKey } from "../values/rule.ts";
import type { Interface } from "../values/snapshot.ts";
import type { Places } from "./admissions.ts";
import type { Assessment } from "./assessment.ts";
import { copiesOf } from "./copies.ts";
import { describeInterface } from "./eligibility.ts";
import { findingsOf } from "./findings.ts";
import type { Share } from "./fit.ts";
import { ported } from "./governed.ts";
import type { Room } from "./room.ts";
import { aboutRoom } from "./roomFindings.ts";
import type { Holding, Rooms } from "./rooms.ts";
import type { Topology } from "./topology.ts";
import { abandonedAdmissions, evictableAdmissions } from "./unused.ts";

/** A group that a plan is made for, before it is counted what there is room for. */
export interface Case extends Holding {
  readonly assessment: Assessment;
  /** Not in question is a group in which only a load balancer's way in belongs: what else is to be done there, another look decides. */
  readonly isInQuestion: boolean;
  readonly cleanUp: boolean;
  /** Admissions of ours that go since nobody needs them any more. */
  readonly abandoned: readonly Rule[];
}

export function caseOf(
  assessment: Assessment,
  room: Room,
  isInQuestion: boolean,
  cleanUp: boolean,
): Case {
  const { eligibility, standards, rules } = assessment;
  const isGoverned = isInQuestion && eligibility.reach === "govern";
  const abandoned = isGoverned && cleanUp ? abandonedAdmissions(standards) : [];
  const staying = rules.staying.filter((rule) => !abandoned.includes(rule));
  const evictable = isGoverned ? evictableAdmissions(standards, rules.excess) : [];
  return {
    assessment,
    room,
    isInQuestion,
    cleanUp,
    abandoned,
    staying,
    unused: evictable.filter((rule) => staying.includes(rule)),
  };
}

const unique = (rules: readonly Rule[]): readonly Rule[] => [
  ...new Map(rules.map((rule) => [ruleKey(rule), rule])).values(),
];

const describe = (
  attached: readonly Interface[],
  topology: Topology,
): readonly AttachedInterface[] =>
  attached.map((eni) => ({
    interface: eni.id,
    what: describeInterface(eni),
    served: topology.services.has(eni.id),
  }));

export function planGroup(one: Case, share: Share, rooms: Rooms, places: Places): GroupPlan {
  const { group, eligibility, served, governed } = one.assessment;
  const { topology, eligibilities } = places;
  const base: GroupPlan = {
    group: group.id,
    mode: eligibility.mode,
    reach: eligibility.reach,
    governed: [],
    admissions: unique(share.admissions),
    remainders: [],
    removals: [],
    waiting: [],
    noRoom: { add: unique(share.lacking.map(({ rule }) => rule)), remove: [] },
    findings: one.isInQuestion
      ? [
          ...eligibility.findings,
          ...findingsOf(one.assessment, places),
          ...aboutRoom(share, rooms, topology),
        ]
      : [],
    loadBalancers: [...new Set(served.map(({ loadBalancer }) => loadBalancer.id))],
    attached: describe(topology.attached.get(group.id) ?? [], topology),
    neighbours: eligibilities,
  };
  if (!one.isInQuestion || eligibility.reach !== "govern") return base;
  const open = share.tooBig.map(({ closing }) => closing.rule);
  const ready = share.begun.filter(({ isReady }) => isReady).map(({ closing }) => closing.rule);
  const evicted = rooms.evictedIn(group.id);
  const staying = [...one.staying.filter((rule) => !evicted.includes(rule)), ...open];
  // A copy beside a wide rule that stays for good goes in a sweep; beside one that there is no room to close, at once.
  const copies = copiesOf(one.cleanUp ? staying : open, staying);
  const remainders = share.begun.flatMap(({ closing, pieces }) =>
    pieces.map((rule) => ({ rule, of: closing.rule })),
  );
  return {
    ...base,
    governed: ported(governed),
    remainders: [...new Map(remainders.map((each) => [ruleKey(each.rule), each])).values()],
    removals: [...new Set([...ready, ...one.abandoned, ...evicted, ...copies])],
    waiting: share.begun.filter(({ isReady }) => !isReady).map(({ closing }) => closing.rule),
    noRoom: { ...base.noRoom, remove: open },
  };
}
