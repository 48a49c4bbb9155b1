/** Of a group: its mode. Of a load balancer: less than that, on the ports that it serves. */
export const modeTag = "elb-only";
/** Of a group: `all` governs every tcp and udp port but the protected ones; `dynamic`: high ports of targets change. */
const portsTag = "elb-only:ports";
/** Of a group: ports, sources and an end date that are exempt, for those who cannot tag rules. */
export const allowTag = "elb-only:allow";
/** Of a group: the admissions that we made in it are others' from now on. */
const adoptTag = "elb-only:adopt";
/** Of a rule: what is kept of it, and why. */
export const keepTag = "elb-only:keep";
/** Of a rule: the last day on which it is kept, to its end in UTC. */
export const keepUntilTag = "elb-only:keep-until";
/** Of a rule: ours, for this load balancer. */
export const loadBalancerTag = "elb-only:load-balancer";

/** Of a rule: what stays of that wide rule. A mark, no proof: anybody can write a tag. */
export const remainderTag = "elb-only:remainder-of";
/** So many tags EC2 takes for a rule, its own `aws:` ones apart. */
export const mostTags = 50;

/** Of a prefix list that serves nothing else: when the sweep last set it, for the record of that call to come back to enforcement. */
export const canaryTag = "elb-only:canary";

/** What tags say of a mode, however it is spelled; undefined: nothing. */
export type TaggedMode = "enforce" | "audit" | "ignore" | "unreadable";
export function taggedMode(tags: Readonly<Record<string, string>>): TaggedMode | undefined {
  const value = tags[modeTag]?.trim().toLowerCase();
  switch (value) {
    case undefined:
    case "enforce":
    case "audit":
    case "ignore":
      return value;
    default:
      return "unreadable";
  }
}

/** Does a load balancer's tag ask that nothing be done on the ports that it serves? It cannot ask for more than its groups' owners do. */
export const asksForLess = ({
  tags,
}: {
  readonly tags: Readonly<Record<string, string>>;
}): boolean => !["enforce", undefined].includes(taggedMode(tags));

/** Did the group's owner say `elb-only=enforce` on the group itself? */
export const isClaimed = ({ tags }: { readonly tags: Readonly<Record<string, string>> }): boolean =>
  taggedMode(tags) === "enforce";

/** Does the group's owner say that the high ports of its targets change, as ECS's do? */
export const hasDynamicPorts = ({
  tags,
}: {
  readonly tags: Readonly<Record<string, string>>;
}): boolean => tags[portsTag]?.trim().toLowerCase() === "dynamic";

/** Did the group's owner take our admissions over? Nothing changes for the load balancers: we only do not take them away any more. */
export const isAdopted = ({ tags }: { readonly tags: Readonly<Record<string, string>> }): boolean =>
  tags[adoptTag] !== undefined;

/** Does the group's owner want every port but the protected ones closed? Only beside `elb-only=enforce`, on the group itself. */
export const closesAllPorts = (group: {
  readonly tags: Readonly<Record<string, string>>;
}): boolean => isClaimed(group) && group.tags[portsTag]?.trim().toLowerCase() === "all";
