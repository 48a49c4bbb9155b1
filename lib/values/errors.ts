/** What ended a remediation before its time. */
export interface Failure {
  /** `unsettled`: EC2's answers contradicted what it showed, to the last look. */
  readonly kind: "denied" | "gone" | "throttled" | "unsettled" | "other";
  readonly text: string;
}
