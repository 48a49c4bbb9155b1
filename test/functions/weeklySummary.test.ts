import { describe, expect, it } from "vitest";
import { verifyRegion } from "../../functions/verify/region.ts";
import { message } from "../../lib/messages/message.ts";
import { received } from "../../lib/messages/received.ts";
import { sameness } from "../../lib/messages/deduplication.ts";
import { placeOfPosture } from "../../lib/remediation/loosening.ts";
import type { OpenPort } from "../../lib/values/openPort.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import { memoryStore } from "../support/memoryStore.ts";
import { outcome, rule } from "../messages/outcome.ts";
import { type Changes, fakeRuntime } from "./fakeRuntime.ts";

const day = 86_400_000;
const start = Date.parse("2026-11-22T10:00:00Z");
const groups = ["sg-00000000000000000", "sg-00000000000000001", "sg-00000000000000002"];

const open = (group: string, changes: Partial<OpenPort>): OpenPort => ({
  interfaces: ["eni-1"],
  ports: { protocol: "tcp", from: 80, to: 80 },
  group,
  rule: rule("tcp/80 from 0.0.0.0/0"),
  isPublic: true,
  because: { kind: "ignored" },
  ...changes,
});

/** A region of three groups: one as it should be, one ignored and open, one with a rule that is kept. */
const found: Readonly<Record<string, Partial<Outcome>>> = {
  [groups[1]!]: { mode: "ignore", open: [open(groups[1]!, {})] },
  [groups[2]!]: {
    open: [
      open(groups[2]!, {
        rule: rule("tcp/80 from 203.0.113.7/32"),
        isPublic: false,
        because: { kind: "kept", why: "partner", until: "2026-12-31" },
      }),
    ],
  },
};

/** A verify function that sweeps now and then. */
function sweeping({ world, ...changes }: Changes = {}) {
  let time = start;
  const now = () => time;
  const { runtime, notified, lines } = fakeRuntime({
    now,
    store: memoryStore({ now }),
    world: { sweep: () => Promise.resolve({ groups, gaps: [] }), ...world },
    observe: (affected) =>
      Promise.resolve(
        [...affected].map(([group, triggers]) =>
          outcome({ group, triggers, at: new Date(time).toISOString(), ...found[group] }),
        ),
      ),
    ...changes,
  });
  return {
    runtime,
    lines,
    sweepOn: async (days: number) => {
      time = start + days * day;
      await verifyRegion(runtime).catch(() => undefined);
    },
    summaries: () =>
      notified.map(received).filter((one) => "kind" in one && one.kind === "summary"),
  };
}

describe("the weekly summary", () => {
  it("comes from the first completed sweep after a week, and each week once", async () => {
    const { sweepOn, summaries } = sweeping();
    const counts: number[] = [];
    for (const time of [0, 1, 6.9, 7, 7.1, 13.9, 14.5]) {
      await sweepOn(time);
      counts.push(summaries().length);
    }
    expect(counts).toEqual([0, 0, 0, 1, 1, 1, 2]);
  });

  it("says how the groups stand, what is open and what is kept, since when and by whom", async () => {
    const { runtime, sweepOn, summaries } = sweeping();
    await sweepOn(0);
    const place = placeOfPosture(groups[2]!);
    const seen = await runtime.store.read(place);
    const posture = seen?.body as { readonly exempt: readonly object[] };
    const exempt = posture.exempt.map((way) => ({
      ...way,
      since: "2026-11-20T08:00:00Z",
      by: "alice",
    }));
    await runtime.store.write(place, { ...posture, exempt }, "whatever");
    await sweepOn(7);

    const [summary] = summaries();
    expect(summary).toEqual({
      version: 1,
      kind: "summary",
      account: "123456789012",
      region: "eu-west-1",
      partition: "aws",
      at: "2026-11-29T10:00:00.000Z",
      since: "2026-11-22T10:00:00.000Z",
      groups: { protected: 2, audit: 0, drifted: 0, ignored: 1, refused: 0 },
      openPorts: 1,
      open: [
        { group: groups[1], way: "tcp/80 by tcp/80 from 0.0.0.0/0", why: "the group is ignored" },
      ],
      keptRules: 1,
      kept: [
        {
          group: groups[2],
          way: "tcp/80 by tcp/80 from 203.0.113.7/32",
          why: "kept until 2026-12-31 (partner)",
          since: "2026-11-20T08:00:00Z",
          by: "alice",
        },
      ],
    });
    const { subject, text, attributes } = message(summary!);
    expect(subject).toBe(
      "1 served port open to the internet, 2 of 3 groups protected: the week in eu-west-1",
    );
    expect(text).toContain(
      "kept until 2026-12-31 (partner), since 2026-11-20T08:00:00Z, by alice (as the event says)",
    );
    expect(attributes).toMatchObject({ kind: "summary", severity: "info" });
  });

  it("is not said by a sweep that missed something, nor by one that is to go on", async () => {
    let gaps: readonly string[] = [];
    let isUnfinished = false;
    const { sweepOn, summaries } = sweeping({
      world: {
        sweep: () =>
          Promise.resolve({
            groups,
            gaps,
            ...(isUnfinished ? { isUnfinished: true as const } : {}),
          }),
      },
    });
    await sweepOn(0);
    gaps = ["elasticloadbalancing:DescribeTags: AccessDenied"];
    await sweepOn(7);
    gaps = [];
    isUnfinished = true;
    await sweepOn(7.01);
    expect(summaries()).toEqual([]);
    isUnfinished = false;
    await sweepOn(7.02);
    expect(summaries()).toHaveLength(1);
  });

  it("is told again by the next sweep where the queue did not take it", async () => {
    const { runtime, sweepOn, summaries, lines } = sweeping();
    await sweepOn(0);
    const { notify } = runtime.outbox;
    Object.assign(runtime.outbox, {
      notify: (texts: readonly string[]) =>
        texts.some((text) => text.includes('"kind":"summary"'))
          ? Promise.resolve([{ index: 0, why: "AccessDenied" }])
          : notify(texts),
    });
    await sweepOn(7);
    expect(lines.at(-1)).toMatchObject({ level: "error", fields: { why: "AccessDenied" } });
    Object.assign(runtime.outbox, { notify });
    await sweepOn(7.1);
    expect(summaries()).toHaveLength(1);
  });

  it.each([{ at: "2099-01-01T00:00:00Z" }, { at: "never" }, null])(
    "is not kept from anybody by %j in the table",
    async (body) => {
      const { runtime, sweepOn, summaries } = sweeping();
      await runtime.store.write({ of: "summary", at: "-" }, body, undefined);
      await sweepOn(1);
      await sweepOn(1.1);
      expect(summaries()).toHaveLength(1);
    },
  );

  it("is the same all day, and another the next week", async () => {
    const { sweepOn, summaries } = sweeping();
    for (const time of [0, 7, 14]) await sweepOn(time);
    const [first, second] = summaries();
    const later = { ...first!, at: "2026-11-29T23:00:00.000Z" };
    expect(sameness(later)).toEqual(sameness(first!));
    expect(sameness(second!).key).not.toBe(sameness(first!).key);
  });
});
