/** Where the functions put their metrics; the only dimension is `service`, so that their number does not grow with the account. */
export const namespace = "elb-only";
export const service = "elb-only";

/** The metrics that functions put there, and what they count. */
export const metrics = {
  /** 1 when a sweep of the whole region has ended. */
  sweepCompleted: "SweepCompleted",
  /** 1 if everything that wakes enforcement is in place, else 0; by the sweep. */
  armed: "Armed",
  /** Groups in enforce that a sweep found open. */
  driftLeft: "DriftLeft",
  groupsProtected: "GroupsProtected",
  groupsAudit: "GroupsAudit",
  groupsDrifted: "GroupsDrifted",
  /** Groups that could not be written to, or not looked at. */
  groupsRefused: "GroupsRefused",
  rulesAdded: "RulesAdded",
  rulesRemoved: "RulesRemoved",
  /** From the call that opened a rule to the look that found it gone. */
  exposureSeconds: "ExposureSeconds",
  /** Calls to EC2 and ELB. */
  calls: "Calls",
} as const;
