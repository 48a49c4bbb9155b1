import type { Act } from "./act.ts";
import type { Proof } from "./judge.ts";
import type { Stage } from "./stage.ts";
import type { Acted, Seen, Step } from "./step.ts";

/** Tells the story as it happens. */
export interface Teller {
  readonly opening: (stage: Stage) => void;
  readonly act: (act: Act, number: number) => void;
  readonly step: (step: Step, place: string) => void;
  /** Somebody did something; the functions are at work now. */
  readonly acted: (acted: Acted) => void;
  readonly seen: (step: Step, seen: Seen, proofs: readonly Proof[]) => void;
  readonly ending: (end: Ending) => void;
}

export interface Ending {
  readonly proofs: readonly Proof[];
  readonly seconds: number;
  /** What the functions ended with, and what they wrote to their logs as errors; each once. */
  readonly errors: readonly string[];
}
