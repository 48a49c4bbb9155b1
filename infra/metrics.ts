/** Where the functions put their metrics; the only dimension is `service`, so that their number does not grow with the account. */
export const namespace = "elb-only";
export const service = "elb-only";

/** The metrics that functions put there, and what they count. */
export const metrics = {
  /** 1 when a sweep of the whole region has ended. */
  sweepCompleted: "SweepCompleted",
  /** 1 if everything that wakes enforcement is in place, else 0; by the sweep. */
  armed: "Armed",
  /** 1 when the record of the sweep's own call came back to enforcement within minutes, 0 when later. */
  armedProven: "ArmedProven",
  /** 1 if a subscription of the alerts' topic is confirmed, else 0; by the sweep. */
  alertsHeard: "AlertsHeard",
  /** Groups in enforce that enforcement could not close. */
  driftLeft: "DriftLeft",
  /** By the last sweep: in enforce and as they should be; in audit; in enforce and handed over to be put right. */
  groupsProtected: "GroupsProtected",
  groupsAudit: "GroupsAudit",
  groupsDrifted: "GroupsDrifted",
  /** Groups in enforce that elb-only does not write to, or only adds to, and those that could not be read. */
  groupsRefused: "GroupsRefused",
  /** Ports of interfaces that load balancers serve and the internet enters all the same. */
  servedPortsOpen: "ServedPortsOpen",
  /** Groups that are ignored, and rules that let somebody in to a served port because they are kept. */
  groupsIgnored: "GroupsIgnored",
  rulesKept: "RulesKept",
  rulesAdded: "RulesAdded",
  rulesRemoved: "RulesRemoved",
  /** From the call that opened a rule to the look that found it gone. */
  exposureSeconds: "ExposureSeconds",
  /** Calls to EC2 and ELB. */
  calls: "Calls",
} as const;
