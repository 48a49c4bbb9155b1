import { readFileSync } from "node:fs";
import type { Outcome } from "../lib/values/outcome.ts";
import { outcomeIn } from "../lib/values/outcomeSchema.ts";
import { filesIn } from "./shell/files.ts";

export const outcomesFlag = "--outcomes";

/** Outcomes in files, and how many things there are none. */
export interface ReadOutcomes {
  readonly outcomes: readonly Outcome[];
  readonly unreadable: number;
}

/** Outcomes, or the events that hold them: one JSON document a file, a list of them, or one a line, as archives and logs have them. */
export function readOutcomes(paths: readonly string[], folder: string): ReadOutcomes {
  const found = filesIn(paths, folder, outcomesFlag)
    .flatMap((file) => documentsIn(readFileSync(file, "utf8")))
    .map((one) => outcomeIn(isEvent(one) ? one.detail : one));
  const outcomes = found.filter((one) => one !== undefined);
  if (outcomes.length === 0)
    throw new Error(`${outcomesFlag} ${paths.join(" ")}: there is no outcome in it.`);
  return { outcomes, unreadable: found.length - outcomes.length };
}

const isEvent = (read: unknown): read is { readonly detail: unknown } =>
  typeof read === "object" && read !== null && "detail" in read;

function documentsIn(text: string): readonly unknown[] {
  const whole = parsed(text);
  if (whole !== undefined) return Array.isArray(whole) ? whole : [whole];
  // Logs put a time before what was logged.
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => parsed(line.slice(Math.max(0, line.indexOf("{")))));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
