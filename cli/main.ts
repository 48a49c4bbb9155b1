#!/usr/bin/env node
import { createInterface } from "node:readline/promises";
import { run } from "./shell/run.ts";

const oldest = 22;
const [running = ""] = process.versions.node.split(".");
if (Number(running) < oldest) {
  process.stderr.write(`elb-only: it needs Node ${oldest} or later; this is Node ${running}.\n`);
  process.exit(1);
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  return terminal.question(question).finally(() => terminal.close());
}

// Whoever reads may have had enough, as `head` does.
process.stdout.on("error", () => process.exit(1));
process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  folder: process.cwd(),
  now: () => new Date(),
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
});
