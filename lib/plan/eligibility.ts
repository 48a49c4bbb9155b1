import { type Finding, type FindingCode, finding } from "../values/finding.ts";
import { isClaimed, modeOf } from "./mode.ts";
import type { Mode, Policy } from "../values/policy.ts";
import type { Scene } from "./topology.ts";
import type { Group, Interface, Snapshot } from "../values/snapshot.ts";

/** How far we go in a group: close what is excess, only add admissions, or write nothing. */
export type Reach = "govern" | "admitOnly" | "handsOff";

/** Where a group stands: what may be done to it, and why not more. */
export interface Standing {
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
export const isBackEnd = (wearer: Interface, claimed: boolean): boolean =>
  wearer.use.kind === "instance" || wearer.use.kind === "ecsTask" || claimed;

export const describeInterface = (wearer: Interface): string => {
  switch (wearer.use.kind) {
    case "instance":
      return wearer.use.instance;
    case "loadBalancer":
      return `load balancer's ${wearer.id}`;
    case "ecsTask":
      return `ECS task's ${wearer.id}`;
    case "other":
      return `${wearer.use.what} ${wearer.id}`;
  }
};

export const listInterfaces = (wearers: readonly Interface[]): string => {
  const names = wearers.map(describeInterface);
  return names.length > 5
    ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more`
    : names.join(", ");
};

const nameOf = (group: Group): string => `${group.id} (${group.name})`;

/** Half a picture may lack the very load balancers that serve a group. */
const gaps = (group: Group, { missing }: Snapshot): readonly Finding[] =>
  missing.length === 0
    ? []
    : [
        finding(
          "incomplete-picture",
          group.id,
          `${nameOf(group)} is not wholly known: ${missing.join("; ")}.`,
        ),
      ];

/**
 * The instances among a group's wearers that no load balancer serves, and that are not about to be: no other of their Auto Scaling group is served.
 * Judged by the group's own wearers alone, so that every look that holds the group says the same.
 */
function unservedInstances(
  wearers: readonly Interface[],
  { services, registered }: Scene,
): readonly Interface[] {
  const uses = wearers.flatMap(({ id, use }) =>
    use.kind === "instance"
      ? [{ ...use, isServed: services.has(id) || registered.has(use.instance) }]
      : [],
  );
  const served = uses.filter(({ isServed }) => isServed);
  const instances = new Set(served.map(({ instance }) => instance));
  const autoScalingGroups = new Set(
    served.flatMap(({ autoScalingGroup }) => autoScalingGroup ?? []),
  );
  return wearers.filter(
    ({ use }) =>
      use.kind === "instance" &&
      !instances.has(use.instance) &&
      !autoScalingGroups.has(use.autoScalingGroup ?? ""),
  );
}

/** Why nothing may be removed from a group that load balancers serve, however much of it was read; empty: it may. */
function obstacles(group: Group, scene: Scene, claimed: boolean): readonly Finding[] {
  const { services } = scene;
  const wearers = scene.wearers.get(group.id) ?? [];
  const name = nameOf(group);
  const found: Finding[] = [];
  if (scene.frontDoors.has(group.id))
    found.push(
      finding(
        "shared-with-load-balancer",
        group.id,
        `${name} is worn by a load balancer too; nothing in it is closed.`,
      ),
    );
  if (claimed) return found;
  const uninvited = wearers.filter(
    (wearer) =>
      services.has(wearer.id) && !isBackEnd(wearer, claimed) && wearer.use.kind === "other",
  );
  if (uninvited.length > 0)
    found.push(
      finding(
        "not-a-back-end",
        group.id,
        `${listInterfaces(uninvited)}: registered as a target, but neither an instance nor an ECS task.`,
      ),
    );
  const unserved = unservedInstances(wearers, scene);
  if (unserved.length > 0)
    found.push(
      finding(
        "unserved-wearer",
        group.id,
        `${listInterfaces(unserved)}: served by no load balancer, and wears ${name}.`,
      ),
    );
  const foreign = wearers.filter(
    ({ id, use }) => (use.kind === "other" || use.kind === "ecsTask") && !services.has(id),
  );
  if (foreign.length > 0)
    found.push(
      finding(
        "foreign-wearer",
        group.id,
        `${listInterfaces(foreign)}: neither an instance nor served, and wears ${name}.`,
      ),
    );
  return found;
}

/** Mode and reach of one group, each condition read from EC2 and ELB, never from text that anybody can write. */
export function standingOf(group: Group, scene: Scene, policy: Policy): Standing {
  const serving = new Set(
    (scene.wearers.get(group.id) ?? [])
      .flatMap(({ id }) => scene.services.get(id) ?? [])
      .map((one) => one.loadBalancer),
  );
  const { mode, findings } = modeOf(group, [...serving], policy);
  const claimed = isClaimed(group);
  const stand = (reach: Reach, more: readonly Finding[] = []): Standing => ({
    mode,
    reach,
    claimed,
    findings: [...findings, ...more],
  });
  const isOurs = group.owner === scene.snapshot.account;
  const manager = managerOf(group);
  const isServed = serving.size > 0;
  const handsOff = (code: FindingCode, why: string): Standing =>
    stand("handsOff", isServed ? [finding(code, group.id, `${nameOf(group)} ${why}.`)] : []);
  if (!isOurs) return handsOff("foreign-group", `belongs to account ${group.owner}`);
  if (manager !== undefined) return handsOff("managed-group", `is managed by ${manager}`);
  if (mode === "ignore") return stand("handsOff");
  const gap = gaps(group, scene.snapshot);
  // A load balancer or a wearer that was not read may have made the mode more cautious.
  if (gap.length > 0 && group.tags["elb-only"] === undefined) return stand("handsOff", gap);
  const stops = [...gap, ...(isServed ? obstacles(group, scene, claimed) : [])];
  return stand(stops.length > 0 ? "admitOnly" : "govern", stops);
}
