#!/usr/bin/env node
import { run } from "./shell/run.ts";

// Whoever reads may have had enough, as `head` does.
process.stdout.on("error", () => process.exit(1));
process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  folder: process.cwd(),
  now: () => new Date(),
});
