import { parentPort } from "node:worker_threads";
import { tryWorlds } from "./try.ts";

/** So many worlds, from a seed. */
export interface Portion {
  readonly seed: number;
  readonly worlds: number;
}

// Tries portion after portion as it gets them, and answers what broke in each, if anything did.
parentPort?.on("message", ({ seed, worlds }: Portion) => {
  void tryWorlds({ seed, numRuns: worlds }).then((broken) => parentPort?.postMessage(broken, []));
});
