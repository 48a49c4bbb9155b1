import type { Tree } from "../wire/tree.ts";

/** EventBridge's pattern language: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
export type Pattern = object;

/** An event as EventBridge delivers it. */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, UTC, whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface BusRule {
  readonly name: string;
  readonly pattern: Pattern;
  readonly deliver: (event: BusEvent) => void;
  /** As EventBridge lists them: where it delivers to is the `Arn`. */
  readonly targets: readonly Tree[];
  readonly isDisabled?: boolean;
}

/** The default bus. */
export interface Bus {
  readonly rules: BusRule[];
  /** Everything that was ever put on it, matched or not. */
  readonly events: BusEvent[];
}

export const createBus = (): Bus => ({ rules: [], events: [] });
