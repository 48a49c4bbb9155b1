import { containsPublicAddress } from "../values/cidr.ts";
import { overlap } from "../values/portRange.ts";
import { type GroupId, type Rule, ruleKey } from "../values/rule.ts";
import { isAdmitted, type Places } from "./admissions.ts";
import type { Assessment } from "./assessment.ts";
import { waysOf } from "./consent.ts";
import { type Ports, ported, touchesPorts, ungovernedBy } from "./governed.ts";
import type { Admission } from "./missing.ts";
import { cidrsOf } from "./sources.ts";
import type { Served } from "./topology.ts";

/** An excess rule, and all that has to stand before it goes. */
export interface Closing {
  readonly group: GroupId;
  readonly rule: Rule;
  readonly remainder: readonly Rule[];
  /** The ways in that are missing of load balancers that the rule may carry. */
  readonly admissions: readonly Admission[];
  /** Has every load balancer that the rule may carry a way in of its own, at every interface? What is not governed stays anyway. */
  readonly isReplaced: boolean;
  readonly exposure: Exposure;
}

/** Whom a rule exposes how much to. */
interface Exposure {
  readonly isPublic: boolean;
  /** The widest of its addresses' prefixes, as a part of the whole; of a group none. */
  readonly prefix: number;
  readonly ports: number;
}

/** What is to be closed in a group. */
export function closingsOf(
  assessment: Assessment,
  admissionsIn: ReadonlyMap<GroupId, readonly Admission[]>,
  places: Places,
): readonly Closing[] {
  const { group, eligibility, served, rules } = assessment;
  if (eligibility.reach !== "govern" || rules.excess.length === 0) return [];
  const lacking = served.filter(
    (one) =>
      ungovernedBy(one, eligibility, places) === undefined &&
      !isAdmitted(one.eni, one, places.topology, places.policy),
  );
  return rules.excess.map(({ rule, closed, remainder }) => {
    const carried = lacking.filter(({ port }) =>
      touchesPorts({ tcp: [], udp: [], [port.protocol]: [port] }, rule),
    );
    return {
      group: group.id,
      rule,
      remainder,
      admissions: [...new Set(carried.flatMap((one) => admissionsFor(one, admissionsIn, places)))],
      isReplaced: carried.length === 0,
      exposure: exposureOf(rule, closed, assessment, places),
    };
  });
}

/** The admissions that let a load balancer in to an interface, be they meant for it or for another with the same group. */
function admissionsFor(
  { eni, loadBalancer, port }: Served,
  admissionsIn: ReadonlyMap<GroupId, readonly Admission[]>,
  { topology, policy }: Places,
): readonly Admission[] {
  const ways = waysOf(loadBalancer, topology, policy);
  return eni.groups
    .flatMap((id) => admissionsIn.get(id) ?? [])
    .filter(
      ({ rule: { protocol, fromPort, toPort, source } }) =>
        protocol === port.protocol &&
        overlap({ from: fromPort, to: toPort }, port) &&
        source.kind === "group" &&
        ways.includes(source.group),
    );
}

function exposureOf(
  { source }: Rule,
  closed: Ports,
  { group }: Assessment,
  { topology }: Places,
): Exposure {
  const own = topology.ownRanges(group);
  const cidrs = cidrsOf(source, topology);
  const lengths = cidrs.map((cidr) => Number(cidr.split("/")[1]) / (cidr.includes(":") ? 128 : 32));
  return {
    isPublic: cidrs.some((cidr) => containsPublicAddress(cidr, own)),
    prefix: Math.min(2, ...lengths),
    ports: ported(closed).reduce((sum, { from, to }) => sum + to - from + 1, 0),
  };
}

/** What frees the most exposure comes first: the public, then the widest, then the most ports. */
export const mostExposedFirst = (closings: readonly Closing[]): readonly Closing[] => {
  const rank = ({ exposure: { isPublic, prefix, ports } }: Closing): readonly number[] => [
    isPublic ? 0 : 1,
    prefix,
    -ports,
  ];
  const key = ({ group, rule }: Closing): string => `${group} ${ruleKey(rule)}`;
  return [...closings].sort((a, b) => {
    const [some, others] = [rank(a), rank(b)];
    const at = some.findIndex((one, index) => one !== others[index]);
    return at < 0 ? (key(a) < key(b) ? -1 : 1) : (some[at] ?? 0) - (others[at] ?? 0);
  });
};
