import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// A copy, so that what is built for it is nobody else's.
const root = mkdtempSync(join(tmpdir(), "elb-only-demo-"));

beforeAll(() => {
  const source = join(import.meta.dirname, "../..");
  for (const part of ["lib", "functions", "demo", "infra", "sandbox", "package.json"])
    cpSync(join(source, part), join(root, part), { recursive: true });
  symlinkSync(join(source, "node_modules"), join(root, "node_modules"));
});
afterAll(() => rmSync(root, { recursive: true }));

// As in CI, where libraries like to colour whatever they are piped into.
const node = (...args: readonly string[]) =>
  spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, CI: "true" },
  });
const demo = (...args: readonly string[]) => node("demo/main.ts", ...args);

describe("the demonstration, before it is built", () => {
  it("says what is missing, and what to do", () => {
    expect(demo("--once")).toMatchObject({
      status: 1,
      stdout: "",
      stderr:
        "The functions are not built: there is no dist/functions/enforce/index.mjs, no dist/functions/verify/index.mjs, no dist/functions/notify/index.mjs.\n" +
        'Run "npm start", or "npm run build" first.\n',
    });
  });

  it("refuses an option that it does not know, with what is allowed", () => {
    expect(demo("--onec")).toMatchObject({
      status: 2,
      stdout: "",
      stderr:
        "--onec is not an option.\nAllowed: --once, --tour, --json, --verbose, --no-color, --help.\n",
    });
  });
});

describe("the demonstration, piped", () => {
  let run: ReturnType<typeof demo>;

  beforeAll(() => {
    const { status, stderr } = node("infra/build.ts");
    if (status !== 0) throw new Error(stderr);
    run = demo("--once", "--tour");
  });

  it("ends by itself, with every proof holding", () => {
    expect(run.stdout).toMatch(/^All \d+ proofs hold, after [\d.]+ s\.$/m);
    expect(run).toMatchObject({ status: 0, stderr: "" });
  });

  it("is plain: no escape codes, no lines to draw boxes, no line longer than 100 characters", () => {
    // oxlint-disable-next-line no-control-regex -- escape codes are what is looked for
    expect(run.stdout).not.toMatch(/[\u001b\r\u2500-\u257f]/);
    expect(run.stdout.split("\n").filter(({ length }) => length > 100)).toEqual([]);
  });

  it("tells who did what, what was done about it, and what a person is told", () => {
    for (const line of [
      "Event     alice  elb RegisterInstancesWithLoadBalancer  MyLoadBalancer: i-f5ab7988, i-fbab7986",
      "Event     bob  ec2 AuthorizeSecurityGroupIngress  tcp/80 from ::/0; tcp/0-65535 from 0.0.0.0/0",
      "          -  tcp/0-65535   0.0.0.0/0            just for testing",
      "          ok  MyLoadBalancer reaches tcp/80         no      yes  yes",
      "          ok  writes by the functions                       0    0",
      "Message   Subject: closed tcp/80 to the internet on sg-9cd8a3f4 (MyTestSecurityGroup)",
      "Finding   high: not-a-back-end: database",
    ]) {
      expect(run.stdout).toContain(line);
    }
  });
});

describe("the demonstration, for programs", () => {
  it("is one JSON document, with every step's rules, calls, alerts and proofs", () => {
    const { status, stdout, stderr } = demo("--json");
    const told = JSON.parse(stdout) as {
      readonly acts: readonly { readonly steps: readonly Record<string, unknown>[] }[];
    };
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(told).toMatchObject({ version: 1, holds: true, failed: 0, errors: [], acts: [{}, {}] });
    expect(told.acts[0]?.steps[1]).toMatchObject({
      title: "bob opens port 80 to IPv6, and every tcp port to the world",
      group: "sg-9cd8a3f4",
      people: [
        {
          who: "bob",
          service: "ec2",
          action: "AuthorizeSecurityGroupIngress",
          about: "tcp/80 from ::/0; tcp/0-65535 from 0.0.0.0/0",
          answer: "ok",
        },
      ],
      results: [{ group: "sg-9cd8a3f4", result: "changed", reach: "govern" }],
      openMs: expect.any(Number) as number,
      alerts: [{ subject: expect.stringMatching(/^closed tcp\/80 to the internet/) as string }],
      proofs: expect.arrayContaining([
        {
          says: "the internet (IPv4) reaches tcp/80",
          before: "yes",
          now: "no",
          wanted: "no",
          holds: true,
        },
      ]) as object[],
    });
  }, 30_000);
});
