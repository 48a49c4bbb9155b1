import type { GroupPlan, Plan, AttachedInterface } from "../values/groupPlan.ts";
import { type Admissions, isAdmitted, missingAdmissions, type Places } from "./admissions.ts";
import { isCovered } from "./remainder.ts";
import { unusedAdmissions } from "./unused.ts";
import { ported, type Ports, type Served, touchesPorts, ungovernedBy } from "./governed.ts";
import { type Assessment, assess } from "./assessment.ts";
import type { Policy } from "../values/policy.ts";
import { findingsOf } from "./findings.ts";
import { type GroupId, type Rule, ruleKey } from "../values/rule.ts";
import { type Topology, topologyOf } from "./topology.ts";
import type { Interface, Snapshot } from "../values/snapshot.ts";
import { describeInterface, eligibilityOf } from "./eligibility.ts";

/**
 * A service port admits its load balancers, and nobody else; all other ports are as they were.
 * In the groups of `cleanUp` admissions of ours go, too, that no load balancer needs any more (a sweep's business).
 */
export function plan(
  snapshot: Snapshot,
  policy: Policy,
  cleanUp: ReadonlySet<GroupId> = new Set(),
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
  const planned = new Set([...inQuestion, ...admissions.keys()]);
  const groups = new Map<GroupId, GroupPlan>();
  for (const id of planned) {
    const group = snapshot.groups.get(id);
    const eligibility = eligibilities.get(id);
    if (group === undefined || eligibility === undefined) continue;
    const assessment = assess(group, eligibility, places);
    groups.set(
      id,
      inQuestion.has(id)
        ? planGroup(assessment, admissions, places, cleanUp.has(id))
        : admitOnly(assessment, admissions, places),
    );
  }
  return { groups };
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

/** A group that is not in question, but where a load balancer's way in belongs. */
function admitOnly(
  { group, eligibility, served }: Assessment,
  admissions: Admissions,
  { topology, eligibilities }: Places,
): GroupPlan {
  return {
    group: group.id,
    mode: eligibility.mode,
    reach: eligibility.reach,
    governed: [],
    admissions: unique(admissions.get(group.id) ?? []),
    remainders: [],
    removals: [],
    waiting: [],
    findings: [],
    loadBalancers: [...new Set(served.map(({ loadBalancer }) => loadBalancer.id))],
    attached: describe(topology.attached.get(group.id) ?? [], topology),
    neighbours: eligibilities,
  };
}

/** Does every load balancer that this rule may carry have a way in of its own, at every interface? What is not governed stays anyway. */
const isReplaced = (rule: Rule, served: readonly Served[], { topology, policy }: Places): boolean =>
  served.every((one) => {
    const ports: Ports = { tcp: [], udp: [], [one.port.protocol]: [one.port] };
    return !touchesPorts(ports, rule) || isAdmitted(one.eni, one, topology, policy);
  });

function planGroup(
  assessment: Assessment,
  admissions: Admissions,
  places: Places,
  cleanUp: boolean,
): GroupPlan {
  const { eligibility, served, governed, rules, standards } = assessment;
  const base = admitOnly(assessment, admissions, places);
  const findings = [...eligibility.findings, ...findingsOf(assessment, places)];
  if (eligibility.reach !== "govern") return { ...base, findings };

  const unused = cleanUp ? unusedAdmissions(standards) : [];
  const named = served.filter((one) => ungovernedBy(one, eligibility, places) === undefined);
  const staying = rules.staying.filter((rule) => !unused.includes(rule));
  const missing = rules.excess.map(({ rule, remainder }) => ({
    rule,
    pieces: remainder.filter((piece) => !isCovered(piece, staying)),
  }));
  const isReady = ({ rule, pieces }: (typeof missing)[number]): boolean =>
    pieces.length === 0 && isReplaced(rule, named, places);
  const remainders = missing.flatMap(({ rule, pieces }) =>
    pieces.map((piece) => ({ rule: piece, of: rule })),
  );
  return {
    ...base,
    governed: ported(governed),
    remainders: [...new Map(remainders.map((one) => [ruleKey(one.rule), one])).values()],
    removals: [...new Set([...missing.filter(isReady).map(({ rule }) => rule), ...unused])],
    waiting: missing.filter((one) => !isReady(one)).map(({ rule }) => rule),
    findings,
  };
}
