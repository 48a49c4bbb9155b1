/** Who calls, as CloudTrail shows it. */
export interface Caller {
  /** For people and filters: "alice", "elb-only-enforce". */
  readonly name: string;
  readonly accessKey: string;
  readonly userIdentity: Readonly<Record<string, unknown>>;
  readonly sourceAddress: string;
}
