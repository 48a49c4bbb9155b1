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
}

/** Every finding there is: how bad, when it is made, and what to do next. docs/findings.md is written from this. @internal */
export const catalogue = {
  "mode-unreadable": {
    severity: "medium",
    when: "An `elb-only` tag has a value other than enforce, audit, ignore: it counts as audit.",
    next: "Set the tag elb-only to enforce, audit or ignore.",
  },
  "managed-group": {
    severity: "info",
    when: "EKS, the AWS Load Balancer Controller or Firewall Manager manages the group: hands off.",
    next: "Change it through its manager, or put a group of your own on the back ends.",
  },
  "foreign-group": {
    severity: "info",
    when: "The group belongs to another account: hands off.",
    next: "Run elb-only in the account that owns the group.",
  },
  "shared-with-load-balancer": {
    severity: "medium",
    when: "A load balancer wears the group too, so closing it would close the front door: admit only.",
    next: "Give the back ends a security group of their own.",
  },
  "unserved-interface": {
    severity: "medium",
    when: "An instance that no load balancer serves wears the group (and shares no Auto Scaling group with one that is served): admit only.",
    next: "Give that instance another group, or tag this one elb-only=enforce if it may lose these ports.",
  },
  "foreign-interface": {
    severity: "medium",
    when: "Something that is neither an instance nor served (a database, a function, an endpoint) wears the group: admit only.",
    next: "Give it another group, or tag this one elb-only=enforce if it may lose these ports.",
  },
  "not-a-back-end": {
    severity: "high",
    when: "An address that is neither an instance's nor an ECS task's is registered as a target: not admitted, and the group admit only.",
    next: "Find out who registered it. If it is meant to be a target, tag its own group elb-only=enforce.",
  },
  "incomplete-picture": {
    severity: "medium",
    when: "Something could not be read, so nothing was removed; nor was anything added, unless the group carries an `elb-only` tag of its own.",
    next: "Look at what is named: a permission, a throttled call. It is tried again.",
  },
  "load-balancer-without-group": {
    severity: "medium",
    when: "A load balancer that a group reference cannot name serves a interface: its ports are not governed.",
    next: "Recreate the Network Load Balancer with a security group, or close these ports to all but its addresses by hand.",
  },
  "shared-group": {
    severity: "info",
    when: "Wearers that are not served on a governed port lose it with the others, since they wear the same group.",
    next: "Give them a group of their own if they need the port.",
  },
  "protected-port-served": {
    severity: "low",
    when: "A load balancer serves a protected port: it is admitted, and nobody else is closed out.",
    next: "Serve another port, or take this one out of the protected ports.",
  },
  "dynamic-ports": {
    severity: "medium",
    when: "Targets use changing host ports (ECS): tcp 32768-65535 is admitted as one rule, and where the group is governed everybody else is closed out of all of it.",
    next: "Use the awsvpc network mode, where each task has an address and a fixed port.",
  },
  "source-group-shared": {
    severity: "high",
    when: "Others than the load balancer wear every one of its groups, so who wears it gets in too.",
    next: "Give the load balancer a security group that nothing else wears.",
  },
  "keep-expired": {
    severity: "medium",
    when: "`elb-only:keep-until` has passed: the rule is no longer kept.",
    next: "Nothing, if that was meant; else tag a new rule with a later date.",
  },
  "keep-unreadable": {
    severity: "medium",
    when: "`elb-only:keep-until` is no ISO date: the rule is not kept.",
    next: "Write the date as YYYY-MM-DD.",
  },
  "keep-expiring": {
    severity: "low",
    when: "A kept rule expires within seven days.",
    next: "Move what needs it behind the load balancer, or renew the date.",
  },
  kept: {
    severity: "info",
    when: "A rule tagged `elb-only:keep` lets others in to a governed port.",
    next: "Look at it again from time to time; elb-only:keep-until sets an end.",
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
    when: "A rule for all protocols is rewritten as tcp, udp and icmp: every other protocol (GRE, ESP, ...) falls away.",
    next: "Add rules for the other protocols that are needed.",
  },
  "untracked-connections": {
    severity: "low",
    when: "`elb-only:ports=all`: connections that are not tracked drop at once when their rule goes.",
    next: "Nothing; expect open connections to ports other than the load balancer's to drop once.",
  },
  "managed-elsewhere": {
    severity: "low",
    when: "The excess rule belongs to a CloudFormation stack or was made by Terraform, which will put it back.",
    next: "Change the template: replace the rule by one from the load balancer's security group.",
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
    when: "A rule of ours admits a group that no load balancer wears any more; in mode enforce the next sweep takes it away.",
    next: "Nothing.",
  },
  "rule-quota": {
    severity: "high",
    when: "The group is full, so what had to be added before something could be closed was taken back.",
    next: "Remove rules that are not needed, or raise the quota of inbound rules per security group.",
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
    when: "Somebody revoked a wide rule while its remainder was being written: the remainder may be more than they want.",
    next: "Revoke the remainder if the whole rule was meant to go.",
  },
  "target-health": {
    severity: "high",
    when: "A target that was healthy before a removal fails its health checks some time after it, for want of an answer.",
    next: "Put back what the health checks need: as a rule tagged elb-only:keep, or by its source in ELB_ONLY_ALLOWED_SOURCES.",
  },
  denied: {
    severity: "high",
    when: "A call was denied.",
    next: "Give the function's role the permission that is named.",
  },
  failed: {
    severity: "high",
    when: "A call failed and was given up.",
    next: "Nothing yet: it is tried again. If it ends in the dead-letter queue, see the enforce function's log, then start the redrive.",
  },
} as const satisfies Record<string, { severity: Severity; when: string; next: string }>;

export type FindingCode = keyof typeof catalogue;

/** A finding with the catalogue's severity and advice; `text` says the particulars. */
export const finding = (code: FindingCode, group: GroupId, text: string, rule?: Rule): Finding => ({
  code,
  severity: catalogue[code].severity,
  group,
  text,
  next: catalogue[code].next,
  ...(rule ? { rule } : {}),
});
