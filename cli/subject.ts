import { contactsAt } from "../lib/judge/contact.ts";
import type { Interface, LoadBalancer, Snapshot } from "../lib/values/snapshot.ts";
import { ecsNameOf } from "./ecs.ts";
import { attachedTo } from "../lib/survey/openings.ts";
import { groupName } from "../lib/survey/names.ts";

/** What is asked about, and the network interfaces that it comes to. */
export interface Subject {
  readonly title: string;
  readonly interfaces: readonly Interface[];
  /** Where a group is asked about: only its rules are of interest. */
  readonly group?: string;
}

export const subjectKinds =
  "a security group (sg-...), an instance (i-...), a network interface (eni-...), a load balancer's name or ARN, a private address, an ECS service (cluster/service), the attachment (id or ARN) of an ECS task";

/** What `name` means in a snapshot; undefined: nothing there. */
export function subjectIn(name: string, snapshot: Snapshot): Subject | undefined {
  const { interfaces, groups } = snapshot;
  if (groups.has(name))
    return {
      title: `security group ${groupName(name, snapshot)}`,
      interfaces: attachedTo(name, snapshot),
      group: name,
    };
  const own = interfaces.filter(
    ({ id, use, addresses }) =>
      id === name || (use.kind === "instance" && use.instance === name) || addresses.includes(name),
  );
  if (own.length > 0)
    return { title: name.startsWith("i-") ? `instance ${name}` : name, interfaces: own };
  const ofEcs = ecsSubject(name, interfaces);
  if (ofEcs !== undefined) return ofEcs;
  const balancer = snapshot.loadBalancers.find((one) => one.id === name || one.name === name);
  return (
    balancer && {
      title: `targets of load balancer ${balancer.name}`,
      interfaces: targetsOf(balancer, snapshot),
    }
  );
}

/** A service's tasks by ECS's tags, or one task's interface by its description. */
function ecsSubject(name: string, interfaces: readonly Interface[]): Subject | undefined {
  const asked = ecsNameOf(name);
  if (asked === undefined || asked.kind === "task") return undefined;
  const found = interfaces.filter(
    ({ use }) =>
      use.kind === "ecsTask" &&
      (asked.kind === "service"
        ? use.service === asked.service
        : use.attachment === asked.attachment),
  );
  if (found.length === 0) return undefined;
  return {
    title:
      asked.kind === "service"
        ? `tasks of ECS service ${asked.service}, as ECS tagged their interfaces`
        : `the ECS task with attachment ${asked.attachment}, as its interface's description says`,
    interfaces: found,
  };
}

function targetsOf(balancer: LoadBalancer, snapshot: Snapshot): readonly Interface[] {
  const contacts = contactsAt(snapshot.interfaces, { ...snapshot, loadBalancers: [balancer] });
  return snapshot.interfaces.filter((eni) => (contacts.get(eni)?.length ?? 0) > 0);
}
