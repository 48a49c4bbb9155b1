import type { Tree } from "../wire/tree.ts";

/** A queue's messages are handed to a function. */
export interface EventSourceMapping {
  readonly uuid: string;
  readonly functionName: string;
  readonly queueArn: string;
  readonly isEnabled: boolean;
  readonly responseTypes: readonly string[];
  /** As FilterCriteria's `Filters`. */
  readonly filters: readonly Tree[];
}

/** What was set on a function. */
export interface FunctionState {
  /** Missing: none is reserved. */
  readonly reservedConcurrency?: number;
  /** ARN of where asynchronous calls that fail are kept. */
  readonly onFailure?: string;
}
