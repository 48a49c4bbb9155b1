import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { bundleOptions } from "../../infra/bundle.ts";
import { eventPatterns } from "../../lib/triggers/eventPatterns.ts";
import type { SandboxFunction } from "../../sandbox/functions.ts";
import { functionRole, roleArn } from "../../sandbox/identities.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/sandbox.ts";

const names = ["enforce", "verify", "notify"] as const;
type Environment = Readonly<Record<string, string>>;

/** The functions as they are deployed, and sandboxes that run them by the patterns of the stack. */
export interface Bundled {
  readonly functions: readonly SandboxFunction[];
  readonly start: (environment?: Environment, options?: SandboxOptions) => Promise<Sandbox>;
  readonly remove: () => Promise<void>;
}

export async function bundled(): Promise<Bundled> {
  const folder = await mkdtemp(join(tmpdir(), "elb-only-"));
  const built = await Promise.all(
    names.map(async (name) => {
      const bundle = join(folder, `${name}.mjs`);
      const entry = join(import.meta.dirname, "..", "..", "functions", `${name}.ts`);
      await build(bundleOptions(entry, bundle));
      return { name, bundle };
    }),
  );
  const functions = (environment: Environment = {}): readonly SandboxFunction[] =>
    built.map((one) => ({
      ...one,
      environment: { ELB_ONLY_DEFAULT_MODE: "enforce", ...environment },
    }));
  return {
    functions: functions(),
    start: (environment, { batch, ...options } = {}) =>
      startSandbox({
        functions: functions(environment),
        patterns: eventPatterns(names.map((name) => roleArn(functionRole(name)))),
        ...options,
        batch: { windowMs: 20, ...batch },
      }),
    remove: () => rm(folder, { recursive: true }),
  };
}
