import type { GroupId, Rule } from "./rule.ts";

export type Severity = "info" | "low" | "medium" | "high";

/** What a person should know: a code to filter by, a sentence, and what to do next. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly group: GroupId;
  readonly text: string;
  readonly next: string;
  readonly rule?: Rule;
  /** Lines to be pasted where the rule is managed. */
  readonly paste?: string;
}

/** Every finding there is: how bad, when it is made, and what to do next. docs/findings.md is written from this. */
export const catalogue = {
  "mode-unreadable": {
    severity: "medium",
    when: "An `elb-only` tag has a value other than enforce, audit, ignore: it counts as audit.",
    next: "Set the tag elb-only to enforce, audit or ignore.",
  },
  "managed-group": {
    severity: "info",
    when: "The AWS Load Balancer Controller or Firewall Manager manages the group, or it says so: nothing is written to it.",
    next: "Change it through its manager, or attach a group of your own to the back ends.",
  },
  "cluster-group": {
    severity: "high",
    when: "A Kubernetes cluster owns the group, whose machines need ports that no load balancer serves: admit only. Where the group itself is tagged `elb-only=enforce`: a way in of the cluster's own goes.",
    next: "Close by hand what the cluster does not need. Or tag the group elb-only=enforce, and keep what the cluster needs by rules tagged elb-only:keep.",
  },
  "foreign-group": {
    severity: "info",
    when: "The group belongs to another account: nothing is written to it.",
    next: "Run elb-only in the account that owns the group.",
  },
  "shared-with-load-balancer": {
    severity: "medium",
    when: "Nothing is closed, since the group is attached to a load balancer as well, and its own way in would be closed: admit only.",
    next: "Give the back ends a security group of their own.",
  },
  "unserved-interface": {
    severity: "medium",
    when: "Nothing is closed, since the group is also attached to an instance that no load balancer serves (and that shares no Auto Scaling group with one that is served): admit only.",
    next: "Give that instance another group, or tag this one elb-only=enforce if it may lose these ports.",
  },
  "foreign-interface": {
    severity: "medium",
    when: "Nothing is closed, since the group is also attached to something that no load balancer serves (a database, a function, an endpoint): admit only.",
    next: "Give it another group, or tag this one elb-only=enforce if it may lose these ports.",
  },
  "not-a-back-end": {
    severity: "high",
    when: "An address that is neither an instance's nor an ECS task's is registered as a target: it is not opened, and nothing in the group is closed.",
    next: "Find out who registered it. If it is meant to be a target, tag its own group elb-only=enforce.",
  },
  "incomplete-picture": {
    severity: "medium",
    when: "Something could not be read, so nothing was removed that it could bear on: the ports that an unread target group may serve, else nothing at all. Nor was anything added in that case, unless the group carries an `elb-only` tag of its own.",
    next: "Look at what is named: a permission, a throttled call. It is tried again.",
  },
  "load-balancer-without-group": {
    severity: "medium",
    when: "Ports stay open to all whom the group lets in, since a load balancer that serves them cannot be named by a group reference.",
    next: "Recreate the Network Load Balancer with a security group, or close these ports to all but its addresses by hand.",
  },
  "load-balancer-asks-less": {
    severity: "medium",
    when: "A load balancer is tagged `elb-only=audit` or `ignore`: the ports that it serves are left as they are; high where the internet gets in by them.",
    next: "Take the tag off the load balancer, or close these ports by hand.",
  },
  "admission-refused": {
    severity: "high",
    when: "A load balancer is not let in, since others are attached to each of its security groups and would get in with it; the ports that it serves are left as they are.",
    next: "Give the load balancer a security group that nothing else is attached to.",
  },
  "served-and-open": {
    severity: "medium",
    when: "Others than load balancers get in to a served port of a group to which nothing is written; high where the internet does.",
    next: "Close it by hand or through the group's manager, or let the group be enforced.",
  },
  "open-elsewhere": {
    severity: "medium",
    when: "Others than load balancers get in to a served port through another group of the same interfaces: another account's, a managed, ignored, audited, admit only or exempt one; high where the internet does.",
    next: "Close it in that group, or take that group off the interfaces.",
  },
  "shared-group": {
    severity: "info",
    when: "Interfaces that are not served on a governed port lose it with the others, since they are attached to the same group; the more they are, the higher.",
    next: "Give them a group of their own if they need the port.",
  },
  "protected-port-served": {
    severity: "low",
    when: "A load balancer serves a protected port: it is not let in there, and nobody is closed out.",
    next: "Serve another port, or take this one out of the protected ports.",
  },
  "dynamic-ports": {
    severity: "medium",
    when: "Targets use changing host ports, as ECS's do (several such ports are registered, ECS marked the machine, or the group is tagged `elb-only:ports=dynamic`): tcp 32768-65535 is admitted as one rule. Everybody else is closed out of all of it only where the group itself is tagged `elb-only=enforce`.",
    next: "Use the awsvpc network mode, where each task has an address and a fixed port.",
  },
  "source-group-shared": {
    severity: "high",
    when: "Whoever is attached to a load balancer's group gets in with it, since the load balancer has no group of its own.",
    next: "Give the load balancer a security group that nothing else is attached to.",
  },
  "keep-expired": {
    severity: "medium",
    when: "The end of an exemption has passed: the rule, or what the group's `elb-only:allow` names, is exempt no longer.",
    next: "Nothing, if that was meant; else write a later date.",
  },
  "keep-unreadable": {
    severity: "medium",
    when: "An exemption cannot be read, so it exempts nothing.",
    next: 'Write elb-only:keep as ports, source and why ("tcp/80 203.0.113.7/32 partner feed") and elb-only:keep-until as YYYY-MM-DD; elb-only:allow as ports, sources and an end date.',
  },
  "keep-outgrown": {
    severity: "high",
    when: "A kept rule lets in more than its `elb-only:keep` names: it was changed after it was tagged, and is kept no longer.",
    next: "Find out who widened it. If it is meant, name in elb-only:keep what the rule lets in now.",
  },
  "keep-long": {
    severity: "medium",
    when: "An exemption has no end, or lasts longer than `maxKeepDays`.",
    next: "Write an end date that is nearer.",
  },
  "keep-expiring": {
    severity: "low",
    when: "An exemption ends within seven days.",
    next: "Move what needs it behind the load balancer, or write a later date.",
  },
  kept: {
    severity: "info",
    when: "An exemption lets others than load balancers in to a governed port.",
    next: "Look at it again from time to time.",
  },
  "allowed-public": {
    severity: "medium",
    when: "An allowed source that holds public addresses is let in to a governed port.",
    next: "Narrow the allowed source, or move what needs it behind the load balancer.",
  },
  "self-reference": {
    severity: "info",
    when: "The group's reference to itself lets its interfaces in to each other's governed ports; it is kept.",
    next: "Set ELB_ONLY_KEEP_SELF=false if they need not reach each other.",
  },
  "foreign-source": {
    severity: "low",
    when: "A group of another account, or one that cannot be resolved, is let in to a governed port; it is left alone.",
    next: "Revoke the rule by hand if it is not needed.",
  },
  "prefix-list-unreadable": {
    severity: "medium",
    when: "A prefix list on a governed port could not be read, so its rule was not removed.",
    next: "Allow ec2:GetManagedPrefixListEntries on it, or revoke the rule by hand.",
  },
  "other-protocols-lost": {
    severity: "low",
    when: "A rule for all protocols is rewritten: from the internet as tcp, udp and icmp; high from a group or a private range, where the protocols of overlay networks and tunnels (4, 47, 50, 51, 89, 112, 132) stay, too. Every other protocol falls away.",
    next: "Add rules for the other protocols that are needed.",
  },
  "all-protocols": {
    severity: "high",
    when: "A rule lets a group or a private range in to everything, served ports among it. It is left whole, as it may carry what nobody can see, unless the group itself is tagged `elb-only=enforce`.",
    next: "Replace it by rules for what is needed. Or tag the group elb-only=enforce: then it is divided, and tcp, udp, icmp and the protocols 4, 47, 50, 51, 89, 112 and 132 stay on all that is not served.",
  },
  "untracked-connections": {
    severity: "low",
    when: "`elb-only:ports=all`: connections that are not tracked drop at once when their rule goes.",
    next: "Nothing; expect open connections to ports other than the load balancer's to drop once.",
  },
  "managed-elsewhere": {
    severity: "low",
    when: "The excess rule belongs to a CloudFormation stack or was made by Terraform, which will put it back; or, medium, a tool keeps taking a load balancer's way in away, since it is not in its files.",
    next: "Write the rule from the load balancer's security group into the template. Terraform and CloudFormation can import the one that stands by its id; tag the group elb-only:adopt, so that it is theirs alone.",
  },
  "handed-over": {
    severity: "low",
    when: "The group is tagged `elb-only:adopt`: admissions that were made in it stay, and are not taken away any more.",
    next: "Import the rule into your template by its id.",
  },
  "load-balancer-egress": {
    severity: "medium",
    when: "The load balancer's own groups do not let it out to the port.",
    next: "Add an outbound rule to the load balancer's security group.",
  },
  "side-door": {
    severity: "medium",
    when: "A secondary interface of a served instance lets others in to a service port.",
    next: "Give the secondary interface a group that does not.",
  },
  "private-link-unenforced": {
    severity: "medium",
    when: "The Network Load Balancer does not apply its groups to traffic from PrivateLink.",
    next: "Turn on EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic.",
  },
  "unused-admission": {
    severity: "info",
    when: "A rule of ours admits a group by which no load balancer reaches anybody here any more. Where the load balancer is gone or has other groups, it is taken away some minutes after that call, or by the next sweep; where the group is full, it goes as soon as the room is needed.",
    next: "Nothing.",
  },
  "rule-quota": {
    severity: "high",
    when: "The group has no room for what has to be added: a rule stays open, or a load balancer gets no rule of its own. Nothing of it is begun. What is closed first is what exposes most.",
    next: "Remove rules that are not needed, or raise the quota of inbound rules per security group and set ELB_ONLY_RULES_PER_GROUP to it.",
  },
  refused: {
    severity: "high",
    when: "EC2 will not have a rule that is needed.",
    next: "Remove the cause that EC2 names, or add the rule by hand in a form that EC2 takes.",
  },
  "could-not-admit": {
    severity: "high",
    when: "A load balancer's way in is still missing: EC2 takes the rule for one that is there, or somebody keeps removing it.",
    next: "Look at who changes the group; it is tried again at the next event or sweep.",
  },
  "could-not-remove": {
    severity: "high",
    when: "Excess is still there: what must stand before it goes does not, or somebody keeps changing the group.",
    next: "Look at the other findings of this group; it is tried again at the next event or sweep.",
  },
  unproven: {
    severity: "high",
    when: "The judge does not agree that a planned removal keeps everyone in who must stay, so it was not made.",
    next: "Report this as an error of elb-only, with the outcome.",
  },
  resurrected: {
    severity: "medium",
    when: "Somebody revoked a wide rule while its remainder was being written, or beside it: the remainder may be more than they want.",
    next: "Revoke the remainder if the whole rule was meant to go.",
  },
  "target-health": {
    severity: "high",
    when: "A target that was healthy before a removal fails its health checks some time after it, for want of an answer.",
    next: "Put back what the health checks need: as a rule tagged elb-only:keep, or by its source in ELB_ONLY_ALLOWED_SOURCES.",
  },
  held: {
    severity: "medium",
    when: "Somebody paused enforcement or holds the group: what should be closed stays open until that ends; high where the internet gets in by it.",
    next: "Nothing, if that is meant; else end it with elb-only resume.",
  },
  breaker: {
    severity: "high",
    when: "One cause, or what was done within an hour, would cut off more security groups, network interfaces or sources than the breaker allows: it is held until somebody lets it go. What was opened just now is closed all the same.",
    next: "Look at who would be cut off with elb-only plan; if it is meant, let it go with elb-only resume.",
  },
  contested: {
    severity: "high",
    when: "A rule was removed several times, and each time somebody put it back: it is left for a while, which gets longer each time. What the internet enters by is closed again after five minutes at most.",
    next: "Change it where it comes from, as the text says.",
  },
  loosened: {
    severity: "high",
    when: "A group is less protected than when it was last looked at: its mode or how far elb-only goes in it, an exemption that is new, wider or longer, a port that is governed no more.",
    next: "Find out whether whoever is named meant it; if not, take it back.",
  },
  "no-state": {
    severity: "high",
    when: "The state table could not be read or written, so nothing was removed: nobody can say whether another worker is in the group, and nothing could be written down before it was done. Load balancers were let in all the same.",
    next: "Look at what is named: a permission, a throttled or deleted table. It is tried again.",
  },
  grace: {
    severity: "medium",
    when: "A rule from a private range or a group was there before its port was served, and is closed when `privateGrace` is over.",
    next: "Veto it before then, if the source needs the port: tag the rule elb-only:keep, or the group elb-only:allow. Else do nothing.",
  },
  restored: {
    severity: "high",
    when: "Within minutes of a removal all targets of a load balancer that were healthy before stopped answering, so the change was undone, once, and stays so for four hours.",
    next: "Find out what the targets needed: exempt it with elb-only:keep, or by its source in ELB_ONLY_ALLOWED_SOURCES, before the four hours are over.",
  },
  undone: {
    severity: "medium",
    when: "Somebody undid a change: what was closed is open again, and stays so for a while.",
    next: "Before that time is over, exempt what is needed with elb-only:keep, or move it behind the load balancer.",
  },
  denied: {
    severity: "high",
    when: "A call was denied.",
    next: "Give the function's role the permission that is named.",
  },
  failed: {
    severity: "high",
    when: "A call failed and was given up.",
    next: "Nothing yet: it is tried again. If it ends in the dead-letter queue, see the enforce function's log, then start a sweep.",
  },
} as const satisfies Record<string, { severity: Severity; when: string; next: string }>;

export type FindingCode = keyof typeof catalogue;

/** A finding with the catalogue's advice, and its severity unless the damage says another; `text` says the particulars. */
export const finding = (
  code: FindingCode,
  group: GroupId,
  text: string,
  rule?: Rule,
  severity: Severity = catalogue[code].severity,
): Finding => ({
  code,
  severity,
  group,
  text,
  next: catalogue[code].next,
  ...(rule ? { rule } : {}),
});
