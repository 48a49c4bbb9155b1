import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

/** A file, a line in it, and what the linter must say of that line; nothing: the line is fine. */
const lines: readonly (readonly [file: string, line: string, says?: string])[] = [
  ["functions/core/scene.ts", 'export { a } from "./rule.ts";'],
  ["functions/core/scene.ts", 'export { default as b } from "ipaddr.js";'],
  ["functions/core/scene.ts", 'export { string } from "valibot";'],
  [
    "functions/core/scene.ts",
    "export const c = (at: string) => Date.parse(at) + new Date(at).getTime();",
  ],
  ["functions/core/scene.ts", 'export { d } from "../aws/rules.ts";', "core imports only core"],
  ["functions/core/scene.ts", 'export { e } from "./../remediate.ts";', "core imports only core"],
  [
    "functions/core/scene.ts",
    'export { readFile } from "node:fs/promises";',
    "core imports only core",
  ],
  [
    "functions/core/scene.ts",
    'export type { Tag } from "@aws-sdk/client-ec2";',
    "core imports only core",
  ],
  [
    "functions/core/scene.ts",
    'export { Logger } from "@aws-lambda-powertools/logger";',
    "core imports only core",
  ],
  [
    "functions/core/scene.ts",
    'export const f = () => import("node:os");',
    "core imports only core",
  ],
  ["functions/core/scene.ts", "export const g = () => Date.now();", "no clock"],
  ["functions/core/scene.ts", "export const h = () => new Date();", "no clock"],
  ["functions/core/scene.ts", "export const i = () => Date();", "no clock"],
  ["functions/core/scene.ts", "export const j = () => performance.now();", "'performance'"],
  ["functions/core/scene.ts", "export const k = () => Math.random();", "by its input alone"],
  ["functions/core/scene.ts", "export const l = () => process.env;", "'process'"],
  ["functions/core/scene.ts", "export const m = () => globalThis.process;", "'globalThis'"],
  ["functions/core/scene.ts", 'export const n = () => console.log("x");', "'console'"],
  ["functions/core/scene.ts", 'export const o = () => fetch("x");', "'fetch'"],
  ["functions/core/scene.ts", "export const p = () => setTimeout(() => 1, 1);", "'setTimeout'"],

  ["functions/core/plan.ts", 'export { admits } from "./admits.ts";', "The judge stands apart"],
  [
    "functions/core/plan.ts",
    'export type { Packet } from "./admits.ts";',
    "The judge stands apart",
  ],
  ["functions/core/admits.ts", 'export type { Rule } from "./rule.ts";'],
  [
    "functions/core/admits.ts",
    'import { type Snapshot } from "./snapshot.ts"; export const a = (snapshot: Snapshot) => snapshot;',
  ],
  ["functions/core/admits.ts", 'export { default as ipaddr } from "ipaddr.js";'],
  [
    "functions/core/admits.ts",
    'export { ruleKey } from "./rule.ts";',
    "types with the planner, and no code",
  ],
  [
    "functions/core/admits.ts",
    'export { b } from "./policy.ts";',
    "only the types of rule and snapshot",
  ],
  [
    "functions/core/admits.ts",
    'export type { Range } from "./ports.ts";',
    "only the types of rule and snapshot",
  ],
  [
    "functions/core/admits.ts",
    'export { c } from "../config.ts";',
    "only the types of rule and snapshot",
  ],

  ["functions/triggers/ec2.ts", 'export type { Trigger } from "../core/trigger.ts";'],
  ["functions/triggers/ec2.ts", 'export { a } from "./cloudtrail.ts";'],
  [
    "functions/triggers/ec2.ts",
    'export { b } from "../aws/rules.ts";',
    "triggers import only core",
  ],
  [
    "functions/triggers/ec2.ts",
    'export { c } from "../remediate.ts";',
    "triggers import only core",
  ],
  [
    "functions/triggers/ec2.ts",
    'export { EC2Client } from "@aws-sdk/client-ec2";',
    "triggers import only core",
  ],
  ["functions/triggers/ec2.ts", 'export const d = process.env["REGION"];', "process.env"],

  ["functions/remediate.ts", 'export { plan } from "./core/plan.ts";'],
  ["functions/remediate.ts", 'export { a } from "./aws/rules.ts";', "remediate imports only core"],
  ["functions/remediate.ts", 'export { b } from "./config.ts";', "remediate imports only core"],
  [
    "functions/remediate.ts",
    'export { setTimeout } from "node:timers/promises";',
    "remediate imports only core",
  ],

  ["functions/enforce.ts", 'export { a } from "./aws/rules.ts";'],
  ["functions/enforce.ts", 'export { Logger } from "@aws-lambda-powertools/logger";'],
  [
    "functions/enforce.ts",
    'export { EC2Client } from "@aws-sdk/client-ec2";',
    "Only functions/aws imports the SDK",
  ],
  [
    "functions/enforce.ts",
    'export type { Provider } from "@smithy/types";',
    "Only functions/aws imports the SDK",
  ],
  [
    "functions/enforce.ts",
    'export { b } from "../sandbox/aws.ts";',
    "functions import only functions",
  ],
  [
    "functions/enforce.ts",
    'export { c } from "../cli/main.ts";',
    "functions import only functions",
  ],
  [
    "functions/enforce.ts",
    'export { d } from "../infra/eventPatterns.ts";',
    "functions import only functions",
  ],
  [
    "functions/enforce.ts",
    'export { e } from "../test/support/world.ts";',
    "functions import only functions",
  ],
  ["functions/enforce.ts", 'export const f = () => console.log("x");', "console"],

  ["functions/aws/rules.ts", 'export { EC2Client } from "@aws-sdk/client-ec2";'],
  ["functions/aws/rules.ts", 'export type { World } from "../remediate.ts";'],
  [
    "functions/aws/rules.ts",
    'export { a } from "../../sandbox/aws.ts";',
    "functions import only functions",
  ],
  [
    "functions/aws/rules.ts",
    'export { b } from "../../infra/app.ts";',
    "functions import only functions",
  ],
  ["functions/aws/rules.ts", 'export const c = process.env["REGION"];', "process.env"],

  ["sandbox/server.ts", 'export { a } from "../functions/enforce.ts";'],
  ["sandbox/server.ts", 'export { b } from "../test/support/world.ts";', "Nobody imports test"],
  ["infra/app.ts", 'export { c } from "../test/support/world.ts";', "Nobody imports test"],
  ["cli/main.ts", 'export { d } from "../test/support/world.ts";', "Nobody imports test"],
  ["bench/plan.ts", 'export { e } from "../test/support/world.ts";', "Nobody imports test"],

  ["functions/core/egg.ts", 'export { hen } from "./hen.ts";', "cycle"],
  ["functions/core/hen.ts", 'export { egg } from "./egg.ts";', "cycle"],
  [
    "functions/core/mode.ts",
    'type Mode = "audit" | "enforce"; export const a = (mode: Mode) => { switch (mode) { case "audit": return 1; } return 2; };',
    "not exhaustive",
  ],
  ["functions/core/mode.ts", "export const b = async () => 1; b();", "Promises must be awaited"],
  ["functions/core/mode.ts", "export default 1;", "default export"],
  ["test/plan.test.ts", 'import { it } from "vitest"; it("plans", () => {});'],
  ["test/plan.test.ts", 'it.only("plans", () => {});', "focused"],
  ["test/plan.test.ts", 'it.skip("plans", () => {});', "Disabled"],
];

describe("the walls between the rooms", () => {
  const folder = mkdtempSync(join(tmpdir(), "elb-only-walls-"));
  let said: readonly Diagnostic[];

  beforeAll(() => {
    for (const own of [".oxlintrc.json", "tsconfig.json", "infra/no-clock.mjs"])
      cpSync(join(root, own), join(folder, own));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    for (const [file, text] of Map.groupBy(lines, ([name]) => name)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text.map(([, line]) => `${line}\n`).join(""));
    }
    said = lint(folder);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(lines.map(([file, line, says]) => ({ file, line, says })))(
    "$file: $line",
    ({ file, line, says }) => {
      const number =
        lines.filter(([name]) => name === file).findIndex(([, text]) => text === line) + 1;
      const about = said
        .filter((one) => one.file === file && one.line === number)
        .map(({ text }) => text);
      expect(about).toHaveLength(says === undefined ? 0 : 1);
      expect(about[0] ?? "").toContain(says ?? "");
    },
  );
});

interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

function lint(folder: string): Diagnostic[] {
  const rooms = ["functions", "infra", "sandbox", "cli", "bench", "test"];
  const { stdout, stderr } = spawnSync(
    join(root, "node_modules/.bin/oxlint"),
    ["--format", "json", ...rooms],
    { cwd: folder, encoding: "utf8" },
  );
  if (!stdout.startsWith("{")) throw new Error(`oxlint did not run: ${stdout} ${stderr}`);
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: {
      filename: string;
      message: string;
      help?: string;
      labels: { span: { line: number } }[];
    }[];
  };
  return diagnostics.map(({ filename, message, help = "", labels }) => ({
    file: filename,
    line: labels[0]!.span.line,
    text: `${message} ${help}`,
  }));
}
