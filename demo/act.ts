import type { Stage } from "./stage.ts";
import type { Step } from "./step.ts";

/** A world of its own within the sandbox, and what happens in it. */
export interface Act {
  readonly title: string;
  /** What there is to begin with: a name and what it is. */
  readonly topology: readonly (readonly [name: string, what: string])[];
  /** Builds the scene, unseen by CloudTrail. */
  readonly build: (stage: Stage) => void;
  readonly steps: readonly Step[];
}
