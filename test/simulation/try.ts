import fc, { type Parameters } from "fast-check";
import { play } from "./play.ts";
import { anyWorld, type World } from "./world.ts";

const lawsHold = fc.asyncProperty(anyWorld, play);

/** A world in which a law broke, as small as it got: `seed` and `path` lead there again. */
export interface Broken {
  readonly seed: number;
  readonly path: string;
  readonly story: string;
}

/** Tries worlds, and makes the first that breaks a law smaller. Undefined: the laws hold in all. */
export async function tryWorlds(
  parameters: Pick<Parameters<[World]>, "seed" | "numRuns" | "path" | "endOnFailure">,
): Promise<Broken | undefined> {
  const { failed, seed, counterexamplePath, errorInstance } = await fc.check(lawsHold, parameters);
  if (!failed) return undefined;
  const story = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return { seed, path: counterexamplePath ?? "", story };
}
