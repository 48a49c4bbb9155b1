import { type Finding, finding } from "./finding.ts";
import { isClaimed, modeOf } from "./mode.ts";
import type { Mode, Policy } from "./policy.ts";
import type { Scene } from "./scene.ts";
import type { Group, Interface } from "./snapshot.ts";

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
  if (group.tags["aws:eks:cluster-name"] !== undefined) return `the EKS cluster ${group.tags["aws:eks:cluster-name"]}`;
  if (group.tags["elbv2.k8s.aws/cluster"] !== undefined) return "the AWS Load Balancer Controller";
  if (group.name.startsWith("FMManagedSecurityGroup")) return "AWS Firewall Manager";
  return undefined;
}

/** May this interface be let a load balancer in to? Others than instances and tasks only where the group's owner says so. */
export const isBackEnd = (wearer: Interface, claimed: boolean): boolean => wearer.use.kind === "instance" || wearer.use.kind === "ecsTask" || claimed;

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
  return names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
};

/** Why nothing may be removed from a group that load balancers serve; empty: it may. */
function obstacles(group: Group, scene: Scene, claimed: boolean): readonly Finding[] {
  const { snapshot, services, servedInstances, servedAutoScalingGroups } = scene;
  const wearers = scene.wearers.get(group.id) ?? [];
  const name = `${group.id} (${group.name})`;
  const found: Finding[] = [];
  if (scene.frontDoors.has(group.id))
    found.push(finding("shared-with-load-balancer", group.id, `${name} is worn by a load balancer too; nothing in it is closed.`));
  if (snapshot.missing.length > 0)
    found.push(finding("incomplete-picture", group.id, `Nothing is removed from ${name}: ${snapshot.missing.join("; ")}.`));
  if (claimed) return found;
  const uninvited = wearers.filter((wearer) => services.has(wearer.id) && !isBackEnd(wearer, claimed) && wearer.use.kind === "other");
  if (uninvited.length > 0)
    found.push(finding("not-a-back-end", group.id, `${listInterfaces(uninvited)}: registered as a target, but neither an instance nor an ECS task.`));
  const unserved = wearers.filter(
    ({ use }) =>
      use.kind === "instance" &&
      !servedInstances.has(use.instance) &&
      !(use.autoScalingGroup !== undefined && servedAutoScalingGroups.has(use.autoScalingGroup)),
  );
  if (unserved.length > 0)
    found.push(finding("unserved-wearer", group.id, `${listInterfaces(unserved)}: served by no load balancer, and wears ${name}.`));
  const foreign = wearers.filter(({ id, use }) => (use.kind === "other" || use.kind === "ecsTask") && !services.has(id));
  if (foreign.length > 0)
    found.push(finding("foreign-wearer", group.id, `${listInterfaces(foreign)}: neither an instance nor served, and wears ${name}.`));
  return found;
}

/** Mode and reach of one group, each condition read from EC2 and ELB, never from text that anybody can write. */
export function standingOf(group: Group, scene: Scene, policy: Policy): Standing {
  const serving = new Set((scene.wearers.get(group.id) ?? []).flatMap(({ id }) => scene.services.get(id) ?? []).map((one) => one.loadBalancer));
  const { mode, findings } = modeOf(group, [...serving], policy);
  const claimed = isClaimed(group);
  const stand = (reach: Reach, more: readonly Finding[] = []): Standing => ({ mode, reach, claimed, findings: [...findings, ...more] });
  const isOurs = group.owner === scene.snapshot.account;
  const manager = managerOf(group);
  if (serving.size === 0) return stand(mode === "ignore" || !isOurs || manager !== undefined ? "handsOff" : "govern");
  const name = `${group.id} (${group.name})`;
  if (!isOurs) return stand("handsOff", [finding("foreign-group", group.id, `${name} belongs to account ${group.owner}.`)]);
  if (manager !== undefined) return stand("handsOff", [finding("managed-group", group.id, `${name} is managed by ${manager}.`)]);
  if (mode === "ignore") return stand("handsOff");
  const stops = obstacles(group, scene, claimed);
  return stand(stops.length > 0 ? "admitOnly" : "govern", stops);
}
