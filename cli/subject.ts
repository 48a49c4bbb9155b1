import { contactsAt } from "../lib/judge/contact.ts";
import type { Interface, LoadBalancer, Snapshot } from "../lib/values/snapshot.ts";
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
  "a security group (sg-...), an instance (i-...), a network interface (eni-...), a load balancer's name or ARN, a private address";

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
  const balancer = snapshot.loadBalancers.find((one) => one.id === name || one.name === name);
  return (
    balancer && {
      title: `targets of load balancer ${balancer.name}`,
      interfaces: targetsOf(balancer, snapshot),
    }
  );
}

function targetsOf(balancer: LoadBalancer, snapshot: Snapshot): readonly Interface[] {
  const contacts = contactsAt(snapshot.interfaces, { ...snapshot, loadBalancers: [balancer] });
  return snapshot.interfaces.filter((eni) => (contacts.get(eni)?.length ?? 0) > 0);
}
