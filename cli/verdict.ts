import type { Severity } from "../lib/values/finding.ts";
import type { Problem } from "./problems.ts";
import type { Survey } from "../lib/survey/survey.ts";

/** What verification says: the groups that it looked at, and what is wrong with them. */
export interface Verdict {
  readonly surveys: readonly Survey[];
  readonly problems: readonly Problem[];
  /** Those bad enough to fail. */
  readonly failing: readonly Problem[];
  /** What could not be read: then nobody can say that all is well. */
  readonly gaps: readonly string[];
  readonly failOn: Severity;
  readonly at: Date;
}
