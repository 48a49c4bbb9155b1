import * as v from "valibot";
import type { FindingCode } from "./finding.ts";
import type { Outcome } from "./outcome.ts";
import type { Touched, Trigger } from "./trigger.ts";

/** A text, and what it says. */
const text = (about: string) => v.pipe(v.string(), v.description(about));
const number = (about: string) => v.pipe(v.number(), v.description(about));
const list = <Item extends v.GenericSchema>(item: Item, about: string) =>
  v.pipe(v.array(item), v.description(about));

const account = text("Twelve digits.");
const group = text("The security group's id.");

const source = v.pipe(
  v.variant("kind", [
    v.object({ kind: v.literal("ipv4"), cidr: text("In EC2's spelling.") }),
    v.object({ kind: v.literal("ipv6"), cidr: text("In EC2's spelling.") }),
    v.object({ kind: v.literal("prefixList"), id: v.string() }),
    v.object({ kind: v.literal("group"), group, owner: v.exactOptional(account) }),
    v.object({ kind: v.literal("groupName"), owner: v.string(), name: v.string() }),
  ]),
  v.description("Where a rule lets traffic in from: exactly one thing."),
);

const rule = v.object({
  protocol: text("tcp, udp, icmp, icmpv6, -1 for all, or another IANA number."),
  fromPort: number(
    "Of tcp and udp 0-65535; of icmp a type or -1 for all; of any other protocol -1.",
  ),
  toPort: number("As fromPort; of icmp a code."),
  source,
  description: v.exactOptional(v.string()),
  tags: v.record(v.string(), v.string()),
  id: v.exactOptional(text("The rule's id, sgr-...")),
});
const rules = (about: string) => list(rule, about);

const trigger = v.object({
  event: text("CloudTrail's eventName; or one of elb-only's own, as Sweep."),
  eventId: text("CloudTrail's eventID: one call, however often it is delivered."),
  at: v.exactOptional(text("When the call was made: ISO 8601, UTC.")),
  actor: v.object({
    principal: text(
      "ARN of the user or of the assumed role's session; a service's name for a service.",
    ),
    session: v.exactOptional(text("The assumed role's session name.")),
    sourceAddress: v.exactOptional(v.string()),
    userAgent: v.exactOptional(v.string()),
    invokedBy: v.exactOptional(text("The service that called for them.")),
  }),
  touched: list(
    v.pipe(
      v.looseObject({ kind: v.string() }),
      v.transform((thing) => thing as unknown as Touched),
    ),
    "What the event names: groups, rules, instances, interfaces, load balancers, target groups, addresses.",
  ),
  rules: rules("The rules that the call made or changed, as far as the event tells."),
  isLater: v.exactOptional(
    v.pipe(
      v.literal(true),
      v.description(
        "It was looked at some minutes after the call, when what it had touched was gone.",
      ),
    ),
  ),
});

const finding = v.object({
  // Any code: while a new version is rolled out, it may have one that this one does not know.
  code: v.pipe(
    v.string(),
    v.transform((code) => code as FindingCode),
    v.description("What it is: see docs/findings.md. Others may come."),
  ),
  severity: v.picklist(["info", "low", "medium", "high"]),
  group,
  text: text("The particulars."),
  next: text("What to do next."),
  rule: v.exactOptional(rule),
  paste: v.exactOptional(text("Lines to be pasted where the rule is managed.")),
});

const ports = v.object({ protocol: v.picklist(["tcp", "udp"]), from: v.number(), to: v.number() });

const openPort = v.object({
  interfaces: list(v.string(), "The network interfaces on which it is open."),
  ports,
  group: text("The group that lets them in: this one, or another of the same interfaces."),
  rule,
  isPublic: v.pipe(v.boolean(), v.description("Does the internet get in?")),
  because: v.pipe(
    v.variant("kind", [
      v.object({ kind: v.literal("foreignGroup"), owner: account }),
      v.object({ kind: v.literal("managedGroup") }),
      v.object({ kind: v.literal("ignored") }),
      v.object({ kind: v.literal("unread") }),
      v.object({
        kind: v.literal("kept"),
        why: text("As the tag says; may be empty."),
        until: v.exactOptional(text("The last day, YYYY-MM-DD.")),
      }),
      v.object({ kind: v.literal("allowed") }),
      v.object({ kind: v.literal("self") }),
      v.object({ kind: v.literal("unresolvable") }),
      v.object({ kind: v.literal("notToClose") }),
      v.object({ kind: v.literal("allProtocols") }),
      v.object({
        kind: v.literal("admitOnly"),
        obstacles: list(
          v.pipe(
            v.string(),
            v.transform((code) => code as FindingCode),
          ),
          "The findings that say why.",
        ),
      }),
      v.object({ kind: v.literal("notGoverned") }),
      v.object({ kind: v.literal("audit") }),
      v.object({ kind: v.literal("toClose") }),
    ]),
    v.description("Why it stays."),
  ),
  since: v.exactOptional(
    text("Since when an exemption is known: ISO 8601, UTC. Missing: longer than is remembered."),
  ),
  by: v.exactOptional(text("Who made the call that woke elb-only then, as its event says.")),
});

const party = v.variant("kind", [
  v.object({
    kind: v.literal("addresses"),
    first: v.string(),
    last: v.string(),
    text: text("A CIDR, or first-last where none says it."),
  }),
  v.object({ kind: v.literal("group"), group }),
  v.object({ kind: v.literal("groupName"), owner: v.string(), name: v.string() }),
  v.object({ kind: v.literal("prefixList"), id: v.string() }),
]);

const passage = v.object({
  who: party,
  protocol: v.picklist(["tcp", "udp", "icmp", "icmpv6", "other"]),
  from: number("Ports; of icmp type * 256 + code; of other the protocol's number."),
  to: v.number(),
});

const visitor = v.pipe(
  v.variant("kind", [
    v.object({
      kind: v.literal("loadBalancer"),
      id: text("Its ARN; a Classic Load Balancer's name."),
      name: v.string(),
    }),
    v.object({ kind: v.literal("internet"), family: v.picklist(["ipv4", "ipv6"]) }),
    v.object({ kind: v.literal("people") }),
  ]),
  v.description(
    "A load balancer; strangers from the internet; people who could enter a protected port.",
  ),
);

const target = v.object({
  interface: v.string(),
  at: text("The registered instance or address."),
  by: v.pipe(
    v.variant("kind", [
      v.object({
        kind: v.literal("targetGroup"),
        name: v.string(),
        port: number("The target's port."),
      }),
      v.object({ kind: v.literal("classicLoadBalancer"), name: v.string() }),
    ]),
    v.description("Who checks its health."),
  ),
});

/** The parts that occur in several places. */
export const parts = { source, rule, trigger, finding, ports, visitor, target, openPort, passage };

/** What was done in one security group and what is left: version 1. Fields may be added within a version; none is taken away or changes its meaning. */
export const outcomeSchema = v.pipe(
  v.object({
    version: v.literal(1),
    account,
    region: text("As in eu-west-1."),
    partition: text("AWS's partition, as ARNs have it: aws, aws-cn, aws-us-gov."),
    change: v.exactOptional(
      text(
        "The change's id in the journal. Missing: nothing was tried, so there is nothing to undo.",
      ),
    ),
    group,
    name: text("The group's name; empty where it is not known."),
    vpc: v.exactOptional(v.string()),
    result: v.pipe(
      v.picklist(["unchanged", "changed", "drift", "incomplete", "failed", "gone"]),
      v.description(
        "unchanged: nothing to do. changed: done, and read back. drift: audit, or enforcement is held; `remaining` says what is open. incomplete: something could not be finished. failed: a call was denied or gave up, or not everything could be read; tried again. gone: no such group.",
      ),
    ),
    mode: v.picklist(["enforce", "audit", "ignore"]),
    reach: v.pipe(
      v.picklist(["govern", "admitOnly", "handsOff"]),
      v.description(
        "How far elb-only goes in this group: govern it, only add to it, or write nothing.",
      ),
    ),
    triggers: list(
      trigger,
      "What woke elb-only. Empty: a person at the command line, or a group that was changed for the sake of another.",
    ),
    before: rules("All inbound rules as first read."),
    after: rules("All inbound rules as last read."),
    added: rules("Rules that were added."),
    removed: rules("Rules that were removed."),
    healthyBefore: v.exactOptional(
      list(target, "Targets that load balancers found healthy just before the first removal."),
    ),
    remaining: v.pipe(
      v.object({ add: v.array(rule), remove: v.array(rule) }),
      v.description(
        "What is still to do: in audit what would be done, in enforce what could not be.",
      ),
    ),
    governed: list(ports, "The ports that only load balancers and allowed sources may enter."),
    proof: list(
      v.object({
        who: visitor,
        ports,
        before: v.boolean(),
        after: v.boolean(),
        holds: v.pipe(v.boolean(), v.description("Is it after as it should be?")),
      }),
      "Who got in before and gets in after, answered from the rules by a judge that knows nothing of planning.",
    ),
    open: v.exactOptional(
      list(
        openPort,
        "Served ports that are open to others than load balancers, by whichever group of the interfaces, and why. Missing: nobody could look.",
      ),
    ),
    difference: v.exactOptional(
      v.pipe(
        v.object({ loses: v.array(passage), gains: v.array(passage) }),
        v.description(
          "Exactly who lost and who gained what by this group's rules, from `before` to `after`.",
        ),
      ),
    ),
    findings: list(finding, "What a person should know."),
    loadBalancers: list(v.string(), "Names of the load balancers that serve the group."),
    interfaces: list(
      v.object({ interface: v.string(), what: v.string(), served: v.boolean() }),
      "The network interfaces that the group is attached to.",
    ),
    at: v.exactOptional(
      text("When the last look was taken: ISO 8601, UTC. Missing: no look succeeded."),
    ),
    exposedSeconds: v.exactOptional(
      number(
        "From the call that opened a removed rule to the look that found it gone. Missing: no event tells.",
      ),
    ),
    looks: number("How often the group was read."),
    writes: number("How many calls changed it."),
    cut: v.exactOptional(
      list(
        v.string(),
        "Lists that are shorter than they were, since everything would not fit into a message.",
      ),
    ),
  }),
  v.title("elb-only outcome"),
);

/** An outcome as it comes out of the journal, where whoever may write to the table may have put it; undefined: it is none. */
export function outcomeIn(value: unknown): Outcome | undefined {
  const read = v.safeParse(outcomeSchema, value);
  return read.success ? read.output : undefined;
}

/** Triggers as they come out of the state table; undefined: they are none. */
export function triggersIn(value: unknown): readonly Trigger[] | undefined {
  const read = v.safeParse(v.array(trigger), value);
  return read.success ? read.output : undefined;
}
