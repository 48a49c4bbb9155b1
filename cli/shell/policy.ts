import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as v from "valibot";
import type { Policy } from "../../lib/values/policy.ts";
import { policySchema } from "../../lib/values/policySchema.ts";
import type { PolicyOptions } from "./options.ts";

const usualFile = "elb-only.config.json";

/** The policy, and the file that it comes from, if any. */
export interface GivenPolicy {
  readonly policy: Policy;
  readonly file?: string;
}

const flags = {
  defaultMode: "--default-mode",
  close: "--close",
  protectedPorts: "--protected-ports",
  allowedSources: "--allowed-sources",
  keepSelf: "--keep-self",
} as const;
type Knob = keyof typeof flags;
const knobs = Object.keys(flags) as readonly Knob[];

/** Flags go before the file, the file before the defaults; throws all that is wrong, in words. */
export function givenPolicy(options: PolicyOptions, folder: string): GivenPolicy {
  const name = options.config ?? usualFile;
  const file = resolve(folder, name);
  const isThere = existsSync(file);
  if (!isThere && options.config !== undefined) throw new Error(`${name}: there is no such file.`);
  const written = isThere ? knobsIn(readFileSync(file, "utf8"), name) : {};
  const onLine = Object.fromEntries(
    knobs.flatMap((knob) => (options[knob] === undefined ? [] : [[knob, options[knob]]])),
  );
  const result = v.safeParse(policySchema, { ...written, ...onLine });
  if (result.success) return { policy: result.output, ...(isThere ? { file: name } : {}) };
  const problems = result.issues.map((issue) => {
    const [knob = "", ...rest] = (v.getDotPath(issue) ?? "").split(".");
    const isFlag = Object.hasOwn(onLine, knob);
    const where = isFlag ? flags[knob as Knob] : `${name}: ${[knob, ...rest].join(".")}`;
    if (issue.type === "strict_object")
      return `${where}: there is no such setting; allowed: ${knobs.join(", ")}`;
    return `${where} is ${JSON.stringify(issue.input)}; ${issue.message}`;
  });
  throw new Error(
    `The policy cannot be read.\n${[...new Set(problems)].map((one) => `  ${one}`).join("\n")}`,
  );
}

/** The settings in a file's text; `$schema` is for the editor. */
function knobsIn(text: string, name: string): object {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${name} is not JSON: ${(cause as Error).message}`, { cause });
  }
  if (typeof read !== "object" || read === null || Array.isArray(read))
    throw new Error(`${name} must hold one JSON object.`);
  const { $schema: _, ...settings } = read as Record<string, unknown>;
  return settings;
}
