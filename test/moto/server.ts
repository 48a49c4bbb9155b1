import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Where moto listens: "http://127.0.0.1:34567". */
    readonly moto: string;
  }
}

const python = join(import.meta.dirname, "..", "..", ".venv", "moto", "bin", "python");

/** Starts moto on a free port of loopback for all test files, and stops it after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!existsSync(python))
    throw new Error(`moto is not installed: ${python} does not exist. Run: npm run test:moto`);
  const folder = await mkdtemp(join(tmpdir(), "moto-"));
  // Not this process's environment: settings that are meant for a real account are none of moto's business.
  const env = {
    PATH: process.env["PATH"],
    MOTO_ENABLE_RECORDING: "false",
    MOTO_RECORDER_FILEPATH: join(folder, "requests"),
  };
  const moto = spawn(python, ["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"], {
    env,
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said: string[] = [];
  const ended = once(moto, "exit");
  const endpoint = await new Promise<string>((resolve, reject) => {
    createInterface({ input: moto.stderr }).on("line", (line) => {
      if (said.length < 100) said.push(line);
      const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
      if (address !== undefined) resolve(address);
    });
    moto.once("error", reject);
    moto.once("exit", (code) =>
      reject(new Error(`moto ended with code ${code} before it listened:\n${said.join("\n")}`)),
    );
  });
  project.provide("moto", endpoint);
  return async () => {
    moto.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
}
