import { type Admissions, isAdmitted, missingAdmissions } from "./admissions.ts";
import { isCovered, unusedAdmissions } from "./excess.ts";
import type { Finding } from "../values/finding.ts";
import { type Ports, type Served, touchesPorts } from "./governed.ts";
import { type Judged, judge } from "./assessment.ts";
import type { Mode, Policy } from "../values/policy.ts";
import type { Range } from "../values/portRange.ts";
import { remarks } from "./findings.ts";
import { type GroupId, type Rule, ruleKey } from "../values/rule.ts";
import { type Scene, sceneOf } from "./topology.ts";
import type { Interface, LoadBalancerId, Snapshot } from "../values/snapshot.ts";
import { describeInterface, type Reach, standingOf } from "./eligibility.ts";

/** What is to be done, group by group: each group in question, and each other that is to get an admission. */
export interface Plan {
  readonly groups: ReadonlyMap<GroupId, GroupPlan>;
}

/** What is to be done in one group. In mode `audit` it is what would be done. */
export interface GroupPlan {
  readonly group: GroupId;
  readonly mode: Mode;
  readonly reach: Reach;
  /** The ports that only load balancers may enter; none where nothing is removed. */
  readonly governed: readonly GovernedPorts[];
  /** Load balancers' ways in that are missing. */
  readonly admissions: readonly Rule[];
  /** What stays of a wide rule, missing as yet; `of` is the wide rule. */
  readonly remainders: readonly Remainder[];
  /** Excess, with everything standing that has to stand before it goes. */
  readonly removals: readonly Rule[];
  /** Excess that has to wait for an admission or a remainder to stand. */
  readonly waiting: readonly Rule[];
  readonly findings: readonly Finding[];
  /** The load balancers that serve a wearer of the group. */
  readonly loadBalancers: readonly LoadBalancerId[];
  /** Every interface that wears the group, what it is, and whether it is served: the blast radius. */
  readonly wearers: readonly Wearer[];
}

export interface GovernedPorts extends Range {
  readonly protocol: "tcp" | "udp";
}

export interface Remainder {
  readonly rule: Rule;
  readonly of: Rule;
}

export interface Wearer {
  readonly interface: string;
  readonly what: string;
  readonly served: boolean;
}

/** What is left to do in a group; nothing: it is as it should be. */
export const isSettled = (todo: GroupPlan): boolean =>
  todo.admissions.length + todo.remainders.length + todo.removals.length + todo.waiting.length ===
  0;

/**
 * A service port admits its load balancers, and nobody else; all other ports are as they were.
 * In the groups of `cleanUp` admissions of ours go, too, whose source group no load balancer wears any more (a sweep's business).
 */
export function plan(
  snapshot: Snapshot,
  policy: Policy,
  cleanUp: ReadonlySet<GroupId> = new Set(),
): Plan {
  const scene = sceneOf(snapshot);
  const standings = new Map(
    [...snapshot.groups.values()].map(
      (group) => [group.id, standingOf(group, scene, policy)] as const,
    ),
  );
  const inQuestion = new Set(snapshot.inQuestion);
  const wearers = snapshot.interfaces.filter((wearer) =>
    wearer.groups.some((id) => inQuestion.has(id)),
  );
  const admissions = missingAdmissions(wearers, scene, standings);
  const planned = new Set([...inQuestion, ...admissions.keys()]);
  const groups = new Map<GroupId, GroupPlan>();
  for (const id of planned) {
    const group = snapshot.groups.get(id);
    const standing = standings.get(id);
    if (group === undefined || standing === undefined) continue;
    const judged = judge(group, standing, scene, policy);
    groups.set(
      id,
      inQuestion.has(id)
        ? planGroup(judged, admissions, scene, policy, cleanUp.has(id))
        : admitOnly(judged, admissions, scene),
    );
  }
  return { groups };
}

const ported = (ports: Ports): readonly GovernedPorts[] =>
  (["tcp", "udp"] as const).flatMap((protocol) =>
    ports[protocol].map((range) => ({ protocol, ...range })),
  );

const unique = (rules: readonly Rule[]): readonly Rule[] => [
  ...new Map(rules.map((rule) => [ruleKey(rule), rule])).values(),
];

const describe = (wearers: readonly Interface[], scene: Scene): readonly Wearer[] =>
  wearers.map((wearer) => ({
    interface: wearer.id,
    what: describeInterface(wearer),
    served: scene.services.has(wearer.id),
  }));

/** A group that is not in question, but where a load balancer's way in belongs. */
function admitOnly(
  { group, standing, served }: Judged,
  admissions: Admissions,
  scene: Scene,
): GroupPlan {
  return {
    group: group.id,
    mode: standing.mode,
    reach: standing.reach,
    governed: [],
    admissions: unique(admissions.get(group.id) ?? []),
    remainders: [],
    removals: [],
    waiting: [],
    findings: [],
    loadBalancers: [...new Set(served.map(({ loadBalancer }) => loadBalancer.id))],
    wearers: describe(scene.wearers.get(group.id) ?? [], scene),
  };
}

/** Does every load balancer that this rule may carry have a way in of its own, at every wearer? */
const isReplaced = (rule: Rule, served: readonly Served[], scene: Scene): boolean =>
  served.every((one) => {
    const ports: Ports = { tcp: [], udp: [], [one.port.protocol]: [one.port] };
    return !one.nameable || !touchesPorts(ports, rule) || isAdmitted(one.wearer, one, scene);
  });

function planGroup(
  judged: Judged,
  admissions: Admissions,
  scene: Scene,
  policy: Policy,
  cleanUp: boolean,
): GroupPlan {
  const { group, standing, served, governed, rules } = judged;
  const base = admitOnly(judged, admissions, scene);
  const findings = [...standing.findings, ...remarks(judged, scene, policy)];
  if (standing.reach !== "govern") return { ...base, findings };

  const unused = cleanUp ? unusedAdmissions(group, scene, policy) : [];
  const staying = rules.staying.filter((rule) => !unused.includes(rule));
  const missing = rules.excess.map(({ rule, remainder }) => ({
    rule,
    pieces: remainder.filter((piece) => !isCovered(piece, staying)),
  }));
  const isReady = ({ rule, pieces }: (typeof missing)[number]): boolean =>
    pieces.length === 0 && isReplaced(rule, served, scene);
  const remainders = missing.flatMap(({ rule, pieces }) =>
    pieces.map((piece) => ({ rule: piece, of: rule })),
  );
  return {
    ...base,
    governed: ported(governed),
    remainders: [...new Map(remainders.map((one) => [ruleKey(one.rule), one])).values()],
    removals: [...missing.filter(isReady).map(({ rule }) => rule), ...unused],
    waiting: missing.filter((one) => !isReady(one)).map(({ rule }) => rule),
    findings,
  };
}
