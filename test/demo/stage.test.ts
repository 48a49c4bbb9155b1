import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { classic, group } from "../../demo/classic.ts";
import { paperFor } from "../../demo/paper.ts";
import { setStage, type Stage } from "../../demo/stage.ts";
import { stay } from "../../demo/stay.ts";
import { tellStory } from "../../demo/story.ts";
import { textTeller } from "../../demo/tellText.ts";
import { admission, outcome, rule } from "../messages/outcome.ts";

// Nothing wakes a function here, so none has to be built.
let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  stage.sandbox.setTrail(false);
});
afterAll(() => stage.close());

/** A paper, and what is written on it. */
function notebook() {
  const written: string[] = [];
  const paper = paperFor(
    { isTTY: false, columns: 80, write: (text) => written.push(text) },
    {},
    false,
  );
  return { paper, text: () => written.join("") };
}

describe("tellStory", () => {
  it("says loudly what does not hold, where CloudTrail has stopped and nobody hears of anything", async () => {
    const { paper, text } = notebook();
    const act = { ...classic, steps: classic.steps.slice(0, 1) };
    expect(await tellStory([act], stage, textTeller(paper, stage, false))).toBe(false);
    expect(text()).toContain(
      "          FAILED  the internet (IPv4) reaches tcp/80    yes     yes  no\n",
    );
    expect(text()).toContain("2 of 7 proofs DO NOT HOLD:\n");
  });
});

describe("stay", () => {
  it("says how to open a port by hand, and tells of each remediation until it is stopped", async () => {
    const { sandbox } = stage;
    const { paper, text } = notebook();
    const stop = new AbortController();
    const staying = stay(stage, paper, stop.signal, "http://127.0.0.1:1/");
    const before = [rule("tcp/80 from 0.0.0.0/0")];
    const told = outcome({
      group,
      result: "changed",
      before,
      after: [admission("tcp/80 from sg-2b9d5c31")],
      removed: before,
    });
    sandbox.putEvent({
      version: "0",
      id: "4d5a7b1e-0000-4000-8000-000000000000",
      "detail-type": "elb-only outcome",
      source: "elb-only",
      account: "123456789012",
      time: "2026-11-22T10:00:00Z",
      region: sandbox.region,
      resources: [],
      detail: { ...told },
    });
    await vi.waitFor(() => expect(text()).toContain("SSH from the internet reaches tcp/22"));
    stop.abort();
    await staying;
    expect(text()).toContain("open some: http://127.0.0.1:1/");
    expect(text()).toContain(`curl -s ${sandbox.endpoint} -d Version=2016-11-15`);
    expect(text()).toMatch(
      /^\d\d:\d\d:\d\d {2}closed tcp\/80 to the internet on web \(sg-9cd8a3f4\)/m,
    );
    expect(text()).toMatch(/^- +tcp\/80 +0\.0\.0\.0\/0$/m);
    // What was told is not what the rules say: they are read, not believed.
    expect(text()).toMatch(/^FAILED +the internet \(IPv4\) reaches tcp\/80 +yes +yes +no$/m);
    expect(text()).toMatch(/\nStopped\.\n$/);
  });
});
