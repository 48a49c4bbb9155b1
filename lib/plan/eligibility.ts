import { isClaimed, modeTag } from "../values/ownTags.ts";
import { ownedByCluster } from "./clusters.ts";
import type { Reach } from "../values/groupPlan.ts";
import { type Finding, type FindingCode, finding } from "../values/finding.ts";
import { modeOf } from "./mode.ts";
import type { Mode, Policy } from "../values/policy.ts";
import type { Topology } from "./topology.ts";
import type { Group, Interface, Snapshot } from "../values/snapshot.ts";

/** Where a group stands: what may be done to it, and why not more. */
export interface Eligibility {
  readonly mode: Mode;
  readonly reach: Reach;
  /** The owner said `elb-only=enforce` on the group itself. */
  readonly claimed: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Who else writes this group's rules. Anybody can write these marks, and nothing that we read proves them: so they keep us from writing, and from
 * nothing else; what is open in such a group is told.
 */
function managerOf(group: Group): string | undefined {
  if (group.tags["elbv2.k8s.aws/cluster"] !== undefined) return "the AWS Load Balancer Controller";
  if (group.name.startsWith("FMManagedSecurityGroup")) return "AWS Firewall Manager";
  return undefined;
}

/** May this interface be let a load balancer in to? Others than instances and tasks only where the group's owner says so. */
export const isBackEnd = (eni: Interface, claimed: boolean): boolean =>
  eni.use.kind === "instance" || eni.use.kind === "ecsTask" || claimed;

export const describeInterface = (eni: Interface): string => {
  switch (eni.use.kind) {
    case "instance":
      return eni.use.instance;
    case "loadBalancer":
      return `load balancer's ${eni.id}`;
    case "ecsTask":
      return `ECS task's ${eni.id}`;
    case "other":
      return `${eni.use.what} ${eni.id}`;
  }
};

export const listInterfaces = (attached: readonly Interface[]): string => {
  const names = attached.map(describeInterface);
  return names.length > 5
    ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more`
    : names.join(", ");
};

const nameOf = (group: Group): string => `${group.id} (${group.name})`;

/** Half a picture may lack the very load balancers that serve a group. */
const unreadFinding = (group: Group, { gaps }: Snapshot): readonly Finding[] =>
  gaps.length === 0
    ? []
    : [
        finding(
          "incomplete-picture",
          group.id,
          `Nothing in ${nameOf(group)} is closed, since not all could be read: ${gaps.join("; ")}.`,
        ),
      ];

/**
 * The instances among a group's interfaces that no load balancer serves, and that are not about to be: no other of their Auto Scaling group is served.
 * Judged by the group's own interfaces alone, so that every look that holds the group says the same.
 */
function unservedInstances(
  attached: readonly Interface[],
  { services, registered }: Topology,
): readonly Interface[] {
  const uses = attached.flatMap(({ id, use }) =>
    use.kind === "instance"
      ? [{ ...use, isServed: services.has(id) || registered.has(use.instance) }]
      : [],
  );
  const served = uses.filter(({ isServed }) => isServed);
  const instances = new Set(served.map(({ instance }) => instance));
  const autoScalingGroups = new Set(
    served.flatMap(({ autoScalingGroup }) => autoScalingGroup ?? []),
  );
  return attached.filter(
    ({ use }) =>
      use.kind === "instance" &&
      !instances.has(use.instance) &&
      !autoScalingGroups.has(use.autoScalingGroup ?? ""),
  );
}

/** The ECS services of which some task is served: another task of theirs starts or ends, and is about to be served or never will be. */
const servedEcsServices = (
  attached: readonly Interface[],
  { services }: Topology,
): ReadonlySet<string | undefined> =>
  new Set(
    attached.flatMap(({ id, use }) =>
      use.kind === "ecsTask" && services.has(id) ? (use.service ?? []) : [],
    ),
  );

/** Why nothing may be removed from a group that load balancers serve, however much of it was read; empty: it may. */
function obstacles(group: Group, topology: Topology, claimed: boolean): readonly Finding[] {
  const { services } = topology;
  const attached = topology.attached.get(group.id) ?? [];
  const name = nameOf(group);
  const found: Finding[] = [];
  if (topology.frontDoors.has(group.id))
    found.push(
      finding(
        "shared-with-load-balancer",
        group.id,
        `Nothing in ${name} is closed: it is also attached to a load balancer, whose own way in that would be.`,
      ),
    );
  if (claimed) return found;
  found.push(...ownedByCluster(group, topology));
  const uninvited = attached.filter(
    (eni) => services.has(eni.id) && !isBackEnd(eni, claimed) && eni.use.kind === "other",
  );
  if (uninvited.length > 0)
    found.push(
      finding(
        "not-a-back-end",
        group.id,
        `${listInterfaces(uninvited)} is registered as a target, but is neither an instance nor an ECS task: it is not opened, and nothing in ${name} is closed.`,
      ),
    );
  const unserved = unservedInstances(attached, topology);
  if (unserved.length > 0)
    found.push(
      finding(
        "unserved-interface",
        group.id,
        `Nothing in ${name} is closed: it is also attached to ${listInterfaces(unserved)}, which no load balancer serves.`,
      ),
    );
  const starting = servedEcsServices(attached, topology);
  const foreign = attached.filter(
    ({ id, use }) =>
      !services.has(id) &&
      (use.kind === "other" || (use.kind === "ecsTask" && !starting.has(use.service))),
  );
  if (foreign.length > 0)
    found.push(
      finding(
        "foreign-interface",
        group.id,
        `Nothing in ${name} is closed: it is also attached to ${listInterfaces(foreign)}, which no load balancer serves.`,
      ),
    );
  return found;
}

/** Mode and reach of one group, each condition read from EC2 and ELB, never from text that anybody can write. */
export function eligibilityOf(group: Group, topology: Topology, policy: Policy): Eligibility {
  const isServed = (topology.attached.get(group.id) ?? []).some(({ id }) =>
    topology.services.has(id),
  );
  const { mode, findings } = modeOf(group, policy);
  const claimed = isClaimed(group);
  const stand = (reach: Reach, more: readonly Finding[] = []): Eligibility => ({
    mode,
    reach,
    claimed,
    findings: [...findings, ...more],
  });
  const isOurs = group.owner === topology.snapshot.account;
  const manager = managerOf(group);
  const handsOff = (code: FindingCode, why: string): Eligibility =>
    stand("handsOff", isServed ? [finding(code, group.id, `${nameOf(group)} ${why}.`)] : []);
  if (!isOurs) return handsOff("foreign-group", `belongs to account ${group.owner}`);
  if (manager !== undefined) return handsOff("managed-group", `is managed by ${manager}`);
  if (mode === "ignore") return stand("handsOff");
  const gap = unreadFinding(group, topology.snapshot);
  // A load balancer whose tags were not read may ask for less.
  if (gap.length > 0 && group.tags[modeTag] === undefined) return stand("handsOff", gap);
  const stops = [...gap, ...(isServed ? obstacles(group, topology, claimed) : [])];
  return stand(stops.length > 0 ? "admitOnly" : "govern", stops);
}
