import type { Plan } from "../values/groupPlan.ts";
import type { Places } from "./admissions.ts";
import { assess } from "./assessment.ts";
import { closingsOf } from "./closings.ts";
import { eligibilityOf } from "./eligibility.ts";
import { fitOf, sharesOf } from "./fit.ts";
import { missingAdmissions } from "./missing.ts";
import { type Case, caseOf, planGroup } from "./planGroup.ts";
import type { Policy } from "../values/policy.ts";
import type { GroupId } from "../values/rule.ts";
import { type KnownLimits, roomOf } from "./room.ts";
import { roomsOf } from "./rooms.ts";
import type { Snapshot } from "../values/snapshot.ts";
import { topologyOf } from "./topology.ts";

/**
 * A service port admits its load balancers, and nobody else; all other ports are as they were.
 * In the groups of `cleanUp` what nobody needs any more of what is ours goes, too (a sweep's business). `limits` is what refusals have taught of groups' quotas.
 */
export function plan(
  snapshot: Snapshot,
  policy: Policy,
  cleanUp: ReadonlySet<GroupId> = new Set(),
  limits: KnownLimits = new Map(),
): Plan {
  const topology = topologyOf(snapshot);
  const eligibilities = new Map(
    [...snapshot.groups.values()].map(
      (group) => [group.id, eligibilityOf(group, topology, policy)] as const,
    ),
  );
  const inQuestion = new Set(snapshot.inQuestion);
  const attached = snapshot.interfaces.filter((eni) => eni.groups.some((id) => inQuestion.has(id)));
  const places: Places = { topology, policy, eligibilities };
  const admissions = missingAdmissions(attached, places);
  const admissionsIn = Map.groupBy(admissions, ({ group }) => group);
  const cases = new Map<GroupId, Case>();
  for (const id of new Set([...inQuestion, ...admissionsIn.keys()])) {
    const group = snapshot.groups.get(id);
    const eligibility = eligibilities.get(id);
    if (group === undefined || eligibility === undefined) continue;
    const assessment = assess(group, eligibility, places);
    const room = roomOf(id, snapshot, policy, limits);
    cases.set(id, caseOf(assessment, room, inQuestion.has(id), cleanUp.has(id)));
  }
  const closings = [...cases.values()].flatMap(({ assessment, isInQuestion }) =>
    isInQuestion ? closingsOf(assessment, admissionsIn, places) : [],
  );
  const rooms = roomsOf(cases, snapshot);
  const fit = fitOf(admissions, closings, cases, rooms);
  const shares = sharesOf(fit);
  return {
    groups: new Map(
      [...cases].map(([id, one]) => [id, planGroup(one, shares(id), rooms, places)] as const),
    ),
  };
}
