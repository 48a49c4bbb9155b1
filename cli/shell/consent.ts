import type { ConsentOptions } from "./options.ts";
import type { Surroundings } from "./surroundings.ts";

/** Asks whether to go ahead. Throws where there is nobody to ask and --yes was not given. */
export async function agree(
  question: string,
  { yes }: ConsentOptions,
  { ask }: Surroundings,
): Promise<boolean> {
  if (yes === true) return true;
  if (ask === undefined)
    throw new Error("There is no terminal to ask on. Nothing was done; to go ahead give --yes.");
  return /^y(es)?$/i.test((await ask(`${question} [y/N] `)).trim());
}
