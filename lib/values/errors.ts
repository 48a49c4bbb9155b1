/** What ended a remediation before its time. */
export interface Failure {
  /** `unsettled`: EC2's answers contradicted what it showed, to the last look. `noState`: the state table could not be read or written. */
  readonly kind: "denied" | "gone" | "throttled" | "unsettled" | "noState" | "other";
  readonly text: string;
}
