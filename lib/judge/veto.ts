import { type Passage, passageText, trafficText } from "../values/difference.ts";
import { isKept } from "../values/exemption.ts";
import { admittedBy } from "../values/ownAdmission.ts";
import { otherProtocols } from "../values/otherProtocols.ts";
import { asksForLess, closesAllPorts, isClaimed } from "../values/ownTags.ts";
import type { Policy } from "../values/policy.ts";
import {
  allPorts,
  intersection,
  overlap,
  type PortSet,
  portSet,
  subtract,
} from "../values/portRange.ts";
import type { GroupId, Rule } from "../values/rule.ts";
import type { Group, Interface, LoadBalancer, Snapshot } from "../values/snapshot.ts";
import { type AddressRange, rangeOf } from "./addresses.ts";
import { parseAddress } from "./admits.ts";
import { type Contact, contactsAt, possibleContacts } from "./contact.ts";
import { differenceOf } from "./difference.ts";
import { letsNeighboursInToAll } from "./neighbours.ts";

type Protocol = "tcp" | "udp";
type Contacts = ReadonlyMap<Interface, readonly Contact[]>;

/**
 * The judge's word on a removal before it is made, with all that are made at once; undefined: it agrees.
 * Whatever anybody loses by it must be a service port that may be closed, never a protected one, and nobody's who is allowed or kept;
 * and each load balancer must still get in. Asked of everything the rule lets in, not of samples.
 */
export function veto(
  rule: Rule,
  removals: readonly Rule[],
  group: GroupId,
  snapshot: Snapshot,
  policy: Policy,
): string | undefined {
  const owner = snapshot.groups.get(group);
  if (owner === undefined) return `${group} was not read`;
  if (isKept(rule, snapshot.at)) return "it is kept";
  const staying = owner.rules.filter((one) => !removals.includes(one));
  const attached = snapshot.interfaces.filter((eni) => eni.groups.includes(group));
  const contacts = contactsAt(attached, snapshot);
  // The stated exception: of a rule for all protocols, those without ports or types fall away; where neighbours come in, only those that networks do not use.
  const isWhole = letsNeighboursInToAll(rule, owner, snapshot);
  if (isWhole && !isClaimed(owner))
    return `it lets neighbours in to everything, and the owner of ${group} did not ask to have that divided`;
  const isKnown = (one: Passage): boolean => isWhole && isOfNetworks(one);
  const lost = losses(rule, staying, snapshot).filter(
    (one) => one.protocol !== "other" || rule.protocol !== "-1" || isKnown(one),
  );
  return (
    lost.flatMap((one) => wrongBy(one, rule, owner, contacts, snapshot, policy) ?? [])[0] ??
    cutOffBy(rule, staying, group, contacts, snapshot)
  );
}

/** Is any of these the number of a protocol that networks are built of? */
const isOfNetworks = ({ from, to }: Passage): boolean =>
  otherProtocols.some((one) => from <= Number(one) && Number(one) <= to);

/** Ways in by the rule that are none by those that stay. */
const losses = (
  rule: Rule,
  staying: readonly Rule[],
  { prefixLists }: Snapshot,
): readonly Passage[] =>
  differenceOf({ rules: [...staying, rule], prefixLists }, { rules: staying, prefixLists }).loses;

/** What is wrong with somebody's losing a way in; undefined: nothing. */
function wrongBy(
  lost: Passage,
  rule: Rule,
  owner: Group,
  contacts: Contacts,
  snapshot: Snapshot,
  policy: Policy,
): string | undefined {
  const { protocol } = lost;
  const isPorted = protocol === "tcp" || protocol === "udp";
  const guarded = isPorted
    ? intersection(
        [lost],
        portSet(policy.protectedPorts.filter((one) => one.protocol === protocol)),
      )
    : [];
  if (guarded.length > 0) return `it would close ${passageText(lost)}, some of it protected`;
  if (isUnused(rule, contacts, snapshot)) return undefined;
  const open = isPorted ? subtract([lost], closable(protocol, owner, contacts, snapshot)) : [lost];
  const [first] = open;
  if (first !== undefined)
    return `it would close ${passageText({ ...lost, from: first.from, to: first.to })}, which no load balancer serves or which may not be closed`;
  return isAllowed(lost, policy, snapshot)
    ? `an allowed source would lose ${trafficText(lost)}`
    : undefined;
}

/** An admission of ours whose load balancer is not there any more, has other groups, or reaches nobody here on any of its ports: its way in is nobody's. */
function isUnused(rule: Rule, contacts: Contacts, snapshot: Snapshot): boolean {
  const id = admittedBy(rule);
  const { source, protocol, fromPort: from, toPort: to } = rule;
  if (id === undefined || source.kind !== "group") return false;
  const isThere = snapshot.loadBalancers.some(
    (one) => one.id === id && one.groups.includes(source.group),
  );
  const reached = [
    ...[...contacts.values()]
      .flat()
      .filter(({ loadBalancer }) => loadBalancer.id === id)
      .map(({ port }) => port),
    ...possibleContacts([...contacts.keys()], snapshot),
  ];
  const isReached = reached.some(
    (port) => port.protocol === protocol && overlap(port, { from, to }),
  );
  return !isThere || !isReached;
}

/** The ports that may be closed to others than load balancers: those that these serve and leave to us. */
function closable(
  protocol: Protocol,
  owner: Group,
  contacts: Contacts,
  snapshot: Snapshot,
): PortSet {
  const unread = possibleContacts([...contacts.keys()], snapshot);
  const some = [...contacts].flatMap(([eni, reached]) =>
    reached.map((one) => ({ ...one, isNamed: isNameable(one.loadBalancer, eni) })),
  );
  const ports = (is: (contact: (typeof some)[number]) => boolean): PortSet =>
    portSet(
      some.filter((one) => one.port.protocol === protocol && is(one)).map(({ port }) => port),
    );
  return subtract(
    closesAllPorts(owner) && some.length > 0
      ? allPorts
      : ports(({ port }) => !port.dynamic || isClaimed(owner)),
    portSet([
      ...ports(({ loadBalancer, isNamed }) => !isNamed || asksForLess(loadBalancer)),
      ...unread.filter((port) => port.protocol === protocol),
    ]),
  );
}

/** Can a reference to a group of its own let the load balancer in to the interface? */
const isNameable = ({ groups, vpc }: LoadBalancer, eni: Interface): boolean =>
  groups.length > 0 && vpc === eni.vpc;

/** Is any part of who loses an allowed source? */
function isAllowed(
  { who }: Passage,
  { allowedSources }: Policy,
  { prefixLists }: Snapshot,
): boolean {
  if (who.kind === "group") return allowedSources.includes(who.group);
  if (who.kind === "prefixList") return allowedSources.includes(who.id);
  if (who.kind === "groupName") return false;
  const [first, last] = [parseAddress(who.first), parseAddress(who.last)];
  const meets = (range: AddressRange): boolean =>
    range.bits === first.bits && range.first <= last.value && first.value <= range.last;
  return allowedSources
    .flatMap((source) =>
      source.includes("/") ? [source] : (prefixLists.get(source)?.entries ?? []),
    )
    .some((cidr) => meets(rangeOf(cidr)));
}

/** The load balancer that would be cut off from an interface, with all of whose groups the rule is weighed. */
function cutOffBy(
  rule: Rule,
  staying: readonly Rule[],
  group: GroupId,
  contacts: Contacts,
  snapshot: Snapshot,
): string | undefined {
  const seen = new Set<string>();
  for (const [eni, reached] of contacts) {
    const likeness = `${eni.groups.join()} ${reached.map(({ loadBalancer, port }) => `${loadBalancer.id} ${port.protocol} ${port.from}-${port.to}`).join()}`;
    if (seen.has(likeness)) continue;
    seen.add(likeness);
    const elsewhere = eni.groups
      .filter((id) => id !== group)
      .flatMap((id) => snapshot.groups.get(id)?.rules ?? []);
    const rest = [...staying, ...elsewhere];
    const lost = losses(rule, rest, snapshot);
    for (const { loadBalancer, port } of reached) {
      const closed = portSet(
        lost
          .filter((one) => one.protocol === port.protocol && mayCarry(one, loadBalancer))
          .flatMap((one) => intersection([one], [port])),
      );
      const [first] = subtract(closed, admitted(rest, loadBalancer, port.protocol));
      if (first !== undefined)
        return `${loadBalancer.name} would lose ${trafficText({ protocol: port.protocol, ...first })} at ${eni.id}`;
    }
  }
  return undefined;
}

/** Could a load balancer come in this way? From an address perhaps; by a group's name only if it is its own. */
const mayCarry = ({ who }: Passage, { groups }: LoadBalancer): boolean =>
  who.kind !== "group" || groups.includes(who.group);

/** The ports on which rules let a load balancer in by one of its groups. */
const admitted = (rules: readonly Rule[], { groups }: LoadBalancer, protocol: Protocol): PortSet =>
  portSet(
    rules
      .filter(({ source }) => source.kind === "group" && groups.includes(source.group))
      .flatMap((one) =>
        one.protocol === "-1"
          ? allPorts
          : one.protocol === protocol
            ? [{ from: one.fromPort, to: one.toPort }]
            : [],
      ),
  );
