#!/usr/bin/env node
import { run } from "./shell/run.ts";

const oldest = 22;
const [running = ""] = process.versions.node.split(".");
if (Number(running) < oldest) {
  process.stderr.write(`elb-only: it needs Node ${oldest} or later; this is Node ${running}.\n`);
  process.exit(1);
}

// Whoever reads may have had enough, as `head` does.
process.stdout.on("error", () => process.exit(1));
process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  folder: process.cwd(),
  now: () => new Date(),
});
