/** What an execution environment is started with. */
export interface RuntimeSettings {
  /** URL of the module that exports `handler`. */
  readonly bundle: string;
  readonly name: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  /** By how many milliseconds the sandbox's time is ahead: one number, shared. */
  readonly ahead: SharedArrayBuffer;
}

export const millisecondsIn = (ahead: SharedArrayBuffer): number => new Float64Array(ahead)[0] ?? 0;

export interface Invocation {
  readonly event: unknown;
  readonly requestId: string;
  /** When it times out: milliseconds since 1970. */
  readonly deadline: number;
}

/** What a runtime writes to both of its streams when an invocation is over: nothing of it comes later. */
export const endMark = (requestId: string): string => `\u0000end ${requestId}`;

export type Reply =
  | { readonly kind: "done"; readonly result: unknown }
  | {
      readonly kind: "failed";
      readonly errorType: string;
      readonly errorMessage: string;
      readonly trace: readonly string[];
    };
