/** An event pattern as EventBridge's API takes it (CloudFormation's `EventPattern`; not the CDK's spelling). */
export interface EventPattern {
  readonly source: readonly string[];
  readonly "detail-type": readonly string[];
  readonly detail: PatternFields;
}

/** Every field must match; a field matches when one of its alternatives does. */
export interface PatternFields {
  readonly [field: string]: PatternFields | readonly Alternative[];
}

export type Alternative =
  | string
  | { readonly exists: boolean }
  | { readonly prefix: string }
  | { readonly "anything-but": readonly string[] };

export const absent = { exists: false } as const;
