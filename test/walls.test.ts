import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

/** Each room by its folder, and the rooms that it may import from; all others are behind a wall. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  "lib/values": [],
  "lib/triggers": ["lib/values"],
  "lib/plan": ["lib/values"],
  "lib/judge": ["lib/values"],
  "lib/evidence": ["lib/values", "lib/judge"],
  "lib/survey": ["lib/values", "lib/plan", "lib/judge", "lib/evidence"],
  "lib/report": ["lib/values", "lib/survey", "lib/messages"],
  "lib/report/browser": [],
  "lib/messages": ["lib/values"],
  "lib/remediation": ["lib/values", "lib/plan", "lib/judge"],
  // Of remediation only the ports, which `plants` asks below.
  "lib/aws": ["lib/values"],
  "functions/enforce": [
    "lib/values",
    "lib/triggers",
    "lib/plan",
    "lib/judge",
    "lib/evidence",
    "lib/messages",
    "lib/remediation",
    "lib/aws",
    "functions/runtime",
  ],
  "functions/runtime": [
    "lib/values",
    "lib/triggers",
    "lib/plan",
    "lib/judge",
    "lib/evidence",
    "lib/messages",
    "lib/remediation",
    "lib/aws",
  ],
  sandbox: [],
};
const others = ["functions/verify", "cli", "demo", "infra", "bench", "test/support"];

const isPure = (room: string): boolean =>
  [
    "lib/values",
    "lib/triggers",
    "lib/plan",
    "lib/judge",
    "lib/evidence",
    "lib/survey",
    "lib/report",
    "lib/messages",
  ].includes(room);

/** One line in one file, and what the linter must say of that line; nothing: the line is fine. */
type Plant = readonly [file: string, line: string, says?: string | undefined];

/** Value and type imports from every room into every room. */
const imports: readonly Plant[] = Object.entries(rooms).flatMap(([room, allowed]) =>
  [...Object.keys(rooms), ...others]
    .filter((other) => other !== room)
    .flatMap((other, place): readonly Plant[] => {
      // Of a file that is not there: two that are would be a cycle, too.
      const from = `"${relative(room, other)}/absent.ts"`;
      const says = allowed.includes(other) ? undefined : "import is restricted";
      return [
        [`${room}/probe.ts`, `export { a${place} } from ${from};`, says],
        [`${room}/probe.ts`, `export type { B${place} } from ${from};`, says],
      ];
    }),
);

/** What would make a pure room depend on when, where or by whom it is run. */
const impurities: readonly Plant[] = Object.keys(rooms)
  .filter(isPure)
  .flatMap((room): readonly Plant[] => {
    const file = `${room}/impure.ts`;
    return [
      [file, "export const a = (at: string) => Date.parse(at) + new Date(at).getTime();"],
      [file, "export const b = () => Date.now();", "no clock"],
      [file, "export const c = () => new Date();", "no clock"],
      [file, "export const d = () => Date();", "no clock"],
      [file, "export const e = () => performance.now();", "'performance'"],
      [file, "export const f = () => Math.random();", "by its input alone"],
      [file, "export const g = () => process.cwd();", "'process'"],
      [file, "export const h = () => globalThis.process;", "'globalThis'"],
      [file, 'export const i = () => console.log("x");', "'console'"],
      [file, 'export const j = () => fetch("x");', "'fetch'"],
      [file, "export const k = () => setTimeout(() => 1, 1);", "'setTimeout'"],
      [file, 'export { readFile } from "node:fs/promises";', "imports only"],
      [file, 'export type { Tag } from "@aws-sdk/client-ec2";', "imports only"],
      [file, 'export { Logger } from "@aws-lambda-powertools/logger";', "imports only"],
      [file, 'export const l = () => import("node:os");', "imports only"],
    ].map(
      ([name, line, says]) =>
        [
          name,
          line,
          room === "lib/values" && says === "imports only" ? "imports nobody" : says,
        ] as Plant,
    );
  });

const plants: readonly Plant[] = [
  ["lib/values/probe.ts", 'export { default as ip } from "ipaddr.js";'],
  ["lib/values/probe.ts", 'export { string } from "valibot";'],

  ["lib/judge/admits.ts", 'export type { Rule } from "../values/rule.ts";'],
  ["lib/judge/admits.ts", 'export { default as ipaddr } from "ipaddr.js";'],
  [
    "lib/judge/admits.ts",
    'export { ruleKey } from "../values/rule.ts";',
    "types with the planner, and no code",
  ],
  [
    "lib/judge/admits.ts",
    'export { b } from "../values/policy.ts";',
    "only the types of rule and snapshot",
  ],
  [
    "lib/judge/admits.ts",
    'export type { Range } from "../values/portRange.ts";',
    "only the types of rule and snapshot",
  ],

  ["lib/aws/read/rules.ts", 'export { EC2Client } from "@aws-sdk/client-ec2";'],
  ["lib/aws/read/rules.ts", 'export type { World } from "../../remediation/ports.ts";'],
  [
    "lib/aws/read/rules.ts",
    'export { remediate } from "../../remediation/remediate.ts";',
    "the ports of remediation",
  ],
  ["lib/aws/read/rules.ts", 'export const c = process.env["REGION"];', "process.env"],
  [
    "lib/remediation/probe.ts",
    'export { setTimeout } from "node:timers/promises";',
    "remediation imports only",
  ],
  [
    "lib/remediation/probe.ts",
    'export { EC2Client } from "@aws-sdk/client-ec2";',
    "remediation imports only",
  ],

  ["functions/enforce.ts", 'export { c } from "../lib/aws/world.ts";'],
  [
    "functions/enforce.ts",
    'export { h } from "../lib/survey/survey.ts";',
    "in no function's bundle",
  ],
  ["functions/enforce.ts", 'export { i } from "../lib/report/page.ts";', "in no function's bundle"],
  ["functions/enforce.ts", 'export { batch } from "./enforce/batch.ts";'],
  ["functions/enforce.ts", 'export { Logger } from "@aws-lambda-powertools/logger";'],
  [
    "functions/enforce.ts",
    'export { EC2Client } from "@aws-sdk/client-ec2";',
    "Only lib/aws imports the SDK",
  ],
  [
    "functions/enforce.ts",
    'export type { Provider } from "@smithy/types";',
    "Only lib/aws imports the SDK",
  ],
  ["functions/enforce.ts", 'export { d } from "../sandbox/aws.ts";', "only lib and its own folder"],
  ["functions/enforce.ts", 'export { e } from "../cli/main.ts";', "only lib and its own folder"],
  [
    "functions/enforce.ts",
    'export { f } from "../test/support/world.ts";',
    "only lib and its own folder",
  ],
  ["functions/enforce.ts", 'export const g = () => console.log("x");', "console"],

  [
    "infra/app.ts",
    'export { c } from "../test/support/world.ts";',
    "Nobody imports a door or a test",
  ],
  [
    "infra/app.ts",
    'export { d } from "../functions/enforce.ts";',
    "Nobody imports a door or a test",
  ],
  [
    "cli/main.ts",
    'export { e } from "../functions/runtime/config.ts";',
    "Nobody imports a door or a test",
  ],
  [
    "demo/main.ts",
    'export { f } from "../functions/enforce.ts";',
    "Nobody imports a door or a test",
  ],
  ["bench/plan.ts", 'export { g } from "../demo/main.ts";', "Nobody imports a door or a test"],

  ["lib/plan/egg.ts", 'export { hen } from "./hen.ts";', "cycle"],
  ["lib/plan/hen.ts", 'export { egg } from "./egg.ts";', "cycle"],
  ["sandbox/egg.ts", 'export type { Hen } from "./hen.ts";', "cycle"],
  ["sandbox/hen.ts", 'export type { Egg } from "./egg.ts";', "cycle"],
  ["demo/egg.ts", 'export type { Hen } from "./hen.ts";', "cycle"],
  ["demo/hen.ts", 'export { egg } from "./egg.ts";', "cycle"],
  ["sandbox/state/probe.ts", 'export type { Params } from "../wire/params.ts";'],
  [
    "sandbox/state/probe.ts",
    'export type { Call } from "../operation.ts";',
    "nothing of its services",
  ],
  ["sandbox/state/probe.ts", 'export { put } from "../events/bus.ts";', "nothing of its services"],
  [
    "lib/plan/mode.ts",
    'type Mode = "audit" | "enforce"; export const a = (mode: Mode) => { switch (mode) { case "audit": return 1; } return 2; };',
    "not exhaustive",
  ],
  ["lib/plan/mode.ts", "export const b = async () => 1; b();", "Promises must be awaited"],
  ["lib/plan/mode.ts", "export default 1;", "default export"],
  ["test/plan.test.ts", 'import { it } from "vitest"; it("plans", () => {});'],
  ["test/plan.test.ts", 'it.only("plans", () => {});', "focused"],
  ["test/plan.test.ts", 'it.skip("plans", () => {});', "Disabled"],
];

const lines = [...imports, ...impurities, ...plants];

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
  const folders = [...new Set(lines.map(([file]) => file.split("/")[0] ?? ""))];
  const { stdout, stderr } = spawnSync(
    join(root, "node_modules/.bin/oxlint"),
    ["--format", "json", ...folders],
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
