import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { classic } from "../../sandbox/demo/classic.ts";
import { paperFor } from "../../sandbox/demo/paper.ts";
import { missingBundles, setStage, type Stage } from "../../sandbox/demo/stage.ts";
import { tellStory } from "../../sandbox/demo/story.ts";
import { textTeller } from "../../sandbox/demo/tellText.ts";

const root = join(import.meta.dirname, "../..");

const node = (...args: readonly string[]) => spawnSync(process.execPath, args, { cwd: root, encoding: "utf8", timeout: 60_000 });
const demo = (...args: readonly string[]) => node("sandbox/demo.ts", ...args);

beforeAll(() => {
  const { status, stderr } = node("infra/build.ts");
  if (status !== 0) throw new Error(stderr);
});

describe("the demonstration, piped", () => {
  let run: ReturnType<typeof demo>;

  beforeAll(() => {
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
      "Event     bob  ec2 AuthorizeSecurityGroupIngress  tcp/80 from ::/0",
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
    const told = JSON.parse(stdout) as { readonly acts: readonly { readonly steps: readonly Record<string, unknown>[] }[] };
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(told).toMatchObject({ version: 1, holds: true, failed: 0, errors: [], acts: [{}, {}] });
    expect(told.acts[0]?.steps[1]).toMatchObject({
      title: "bob opens port 80 to IPv6, and every tcp port to the world",
      group: "sg-9cd8a3f4",
      people: [{ who: "bob", service: "ec2", action: "AuthorizeSecurityGroupIngress", about: "tcp/80 from ::/0", answer: "ok" }, {}],
      results: [{ group: "sg-9cd8a3f4", result: "changed", reach: "govern" }],
      openMs: expect.any(Number) as number,
      alerts: [{ subject: expect.stringMatching(/^closed tcp\/80 to the internet/) as string }],
      proofs: expect.arrayContaining([
        { says: "the internet (IPv4) reaches tcp/80", before: "yes", now: "no", wanted: "no", holds: true },
      ]) as object[],
    });
  }, 30_000);
});

describe("the demonstration's options", () => {
  it("refuses what it does not know, with what is allowed", () => {
    expect(demo("--onec")).toMatchObject({
      status: 2,
      stdout: "",
      stderr: "--onec is not an option.\nAllowed: --once, --tour, --json, --verbose, --no-color, --help.\n",
    });
  }, 30_000);
});

describe("tellStory", () => {
  let stage: Stage;
  const written: string[] = [];

  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(() => stage.close());

  it("says loudly what does not hold, where CloudTrail has stopped and nobody hears of anything", async () => {
    stage.sandbox.setTrail(false);
    const paper = paperFor({ isTTY: false, columns: 80, write: (text) => written.push(text) }, {}, false);
    const act = { ...classic, steps: classic.steps.slice(0, 1) };
    expect(await tellStory([act], stage, textTeller(paper, stage, false))).toBe(false);
    const text = written.join("");
    expect(text).toContain("          FAILED  the internet (IPv4) reaches tcp/80    yes     yes  no\n");
    expect(text).toContain("2 of 7 proofs DO NOT HOLD:\n");
  }, 30_000);
});

describe("missingBundles", () => {
  it("names the functions that are not built", () => {
    const bundle = (path: string) => ({ name: "enforce", bundle: path }) as const;
    expect(missingBundles([bundle(join(process.cwd(), "dist/none/index.mjs")), bundle(import.meta.filename)])).toEqual(["dist/none/index.mjs"]);
    expect(missingBundles()).toEqual([]);
  });
});
