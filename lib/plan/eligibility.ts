import { modeTag } from "../values/ownTags.ts";
import type { Reach } from "../values/groupPlan.ts";
import { type Finding, type FindingCode, finding } from "../values/finding.ts";
import { isClaimed, modeOf } from "./mode.ts";
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

/** Who else writes this group's rules, by marks of AWS's own services. */
function managerOf(group: Group): string | undefined {
  if (group.tags["aws:eks:cluster-name"] !== undefined)
    return `the EKS cluster ${group.tags["aws:eks:cluster-name"]}`;
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
          `${nameOf(group)} is not wholly known: ${gaps.join("; ")}.`,
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
        `${name} is attached to a load balancer too; nothing in it is closed.`,
      ),
    );
  if (claimed) return found;
  const uninvited = attached.filter(
    (eni) => services.has(eni.id) && !isBackEnd(eni, claimed) && eni.use.kind === "other",
  );
  if (uninvited.length > 0)
    found.push(
      finding(
        "not-a-back-end",
        group.id,
        `${listInterfaces(uninvited)}: registered as a target, but neither an instance nor an ECS task.`,
      ),
    );
  const unserved = unservedInstances(attached, topology);
  if (unserved.length > 0)
    found.push(
      finding(
        "unserved-interface",
        group.id,
        `${listInterfaces(unserved)}: served by no load balancer, and wears ${name}.`,
      ),
    );
  const foreign = attached.filter(
    ({ id, use }) => (use.kind === "other" || use.kind === "ecsTask") && !services.has(id),
  );
  if (foreign.length > 0)
    found.push(
      finding(
        "foreign-interface",
        group.id,
        `${listInterfaces(foreign)}: neither an instance nor served, and wears ${name}.`,
      ),
    );
  return found;
}

/** Mode and reach of one group, each condition read from EC2 and ELB, never from text that anybody can write. */
export function eligibilityOf(group: Group, topology: Topology, policy: Policy): Eligibility {
  const serving = new Set(
    (topology.attached.get(group.id) ?? [])
      .flatMap(({ id }) => topology.services.get(id) ?? [])
      .map((one) => one.loadBalancer),
  );
  const { mode, findings } = modeOf(group, [...serving], policy);
  const claimed = isClaimed(group);
  const stand = (reach: Reach, more: readonly Finding[] = []): Eligibility => ({
    mode,
    reach,
    claimed,
    findings: [...findings, ...more],
  });
  const isOurs = group.owner === topology.snapshot.account;
  const manager = managerOf(group);
  const isServed = serving.size > 0;
  const handsOff = (code: FindingCode, why: string): Eligibility =>
    stand("handsOff", isServed ? [finding(code, group.id, `${nameOf(group)} ${why}.`)] : []);
  if (!isOurs) return handsOff("foreign-group", `belongs to account ${group.owner}`);
  if (manager !== undefined) return handsOff("managed-group", `is managed by ${manager}`);
  if (mode === "ignore") return stand("handsOff");
  const gap = unreadFinding(group, topology.snapshot);
  // A load balancer or a interface that was not read may have made the mode more cautious.
  if (gap.length > 0 && group.tags[modeTag] === undefined) return stand("handsOff", gap);
  const stops = [...gap, ...(isServed ? obstacles(group, topology, claimed) : [])];
  return stand(stops.length > 0 ? "admitOnly" : "govern", stops);
}
