import { describe, expect, it } from "vitest";
import {
  changeBy,
  changesOn,
  markTold,
  untoldChanges,
  writeAhead,
  writeOutcome,
} from "../../lib/remediation/journal.ts";
import { begunAt, changeIdOf } from "../../lib/values/changeId.ts";
import type { Intent } from "../../lib/values/intent.ts";
import { fakeClock } from "../support/fakeClock.ts";
import { memoryStore } from "../support/memoryStore.ts";
import { outcome, rule, trigger } from "../messages/outcome.ts";

const begun = "2026-11-29T17:45:12.345Z";
const before = [
  rule("tcp/80 from 0.0.0.0/0", { id: "sgr-1", description: "web", tags: { team: "shop" } }),
];

const intentOf = (more: Partial<Intent> = {}): Intent => ({
  version: 1,
  change: changeIdOf(begun, "3fa9c1d2"),
  account: "123456789012",
  region: "eu-west-1",
  partition: "aws",
  group: "sg-1",
  name: "web",
  begun,
  triggers: [trigger()],
  mode: "enforce",
  reach: "govern",
  before,
  add: [rule("tcp/80 from sg-2")],
  remove: before,
  difference: {
    loses: [
      {
        who: { kind: "addresses", first: "0.0.0.0", last: "255.255.255.255", text: "0.0.0.0/0" },
        protocol: "tcp",
        from: 80,
        to: 80,
      },
    ],
    gains: [],
  },
  ...more,
});

const later = (seconds: number, more: Partial<Intent> = {}): Intent => {
  const at = new Date(Date.parse(begun) + seconds * 1000).toISOString();
  return intentOf({ begun: at, change: changeIdOf(at, "abcdef"), ...more });
};

const start = () => {
  const clock = fakeClock(Date.parse(begun));
  return { clock, store: memoryStore(clock) };
};

describe("a change's id", () => {
  it("says when it was begun", () => {
    const id = changeIdOf(begun, "3fa9c1d2");
    expect(id).toBe("20261129-174512-3fa9c1");
    expect(begunAt(id)).toBe("2026-11-29T17:45:12Z");
  });

  it.each(["", "20261129-174512", "20261129-174512-xyzxyz", " 20261129-174512-3fa9c1"])(
    "is not %j",
    (text) => expect(begunAt(text)).toBeUndefined(),
  );
});

describe("the journal", () => {
  it("has what is about to be changed, as it was written, and nobody has been told", async () => {
    const { store } = start();
    const intent = intentOf();
    await writeAhead(store, intent);
    expect(await changeBy(store, intent.change)).toEqual({ intent });
    expect(await untoldChanges(store)).toEqual([
      { change: intent.change, group: "sg-1", isUnleased: false },
    ]);
  });

  it("has the latest of what was written of the same change", async () => {
    const { store } = start();
    await writeAhead(store, intentOf());
    const more = intentOf({ remove: [...before, rule("tcp/80 from 10.0.0.0/8")] });
    await writeAhead(store, more);
    expect(await changesOn(store, "2026-11-29")).toEqual([{ intent: more }]);
    expect(await untoldChanges(store)).toHaveLength(1);
  });

  it("has the outcome afterwards, with the rules before", async () => {
    const { store } = start();
    const intent = intentOf();
    const done = outcome({ change: intent.change, before });
    await writeAhead(store, intent);
    await writeOutcome(store, done);
    expect(await changeBy(store, intent.change)).toEqual({ intent, outcome: done });
    expect(await untoldChanges(store)).toHaveLength(1);
  });

  it("knows no more of a change as untold that was told, which can still be looked up", async () => {
    const { store } = start();
    await writeAhead(store, intentOf());
    await writeAhead(store, later(60));
    await markTold(store, intentOf().change);
    expect(await untoldChanges(store)).toEqual([
      { change: later(60).change, group: "sg-1", isUnleased: false },
    ]);
    expect(await changeBy(store, intentOf().change)).toEqual({ intent: intentOf() });
    await markTold(store, intentOf().change);
  });

  it("lists a day's changes, the newest first", async () => {
    const { store } = start();
    for (const seconds of [60, 0, 120, 86_400]) await writeAhead(store, later(seconds));
    await writeOutcome(store, outcome({ before, change: later(60).change }));
    const of = async (day: string) =>
      (await changesOn(store, day)).map(({ intent: { change } }) => change);
    expect(await of("2026-11-29")).toEqual([120, 60, 0].map((one) => later(one).change));
    expect(await of("2026-11-30")).toEqual([later(86_400).change]);
    expect(await of("2026-12-01")).toEqual([]);
  });

  it("has room for a group of a thousand rules, with fifty tags each: what was removed is there whole", async () => {
    const { store } = start();
    const tags = Object.fromEntries(
      Array.from({ length: 50 }, (_, n) => [`key-${n}`, "v".repeat(20)]),
    );
    const many = Array.from({ length: 1000 }, (_, n) =>
      rule(`tcp/${n} from 10.0.0.0/8`, { id: `sgr-${n}`, tags }),
    );
    const sizes: number[] = [];
    const measured = {
      ...store,
      write: (...all: Parameters<typeof store.write>) => {
        sizes.push(JSON.stringify(all[1]).length);
        return store.write(...all);
      },
    };
    const intent = intentOf({ before: many, remove: many.slice(0, 50) });
    const done = outcome({
      change: intent.change,
      before: many,
      after: many,
      removed: intent.remove,
    });
    await writeAhead(measured, intent);
    await writeOutcome(measured, done);
    expect(Math.max(...sizes)).toBeLessThan(400_000);
    const entry = await changeBy(store, intent.change);
    expect(entry?.intent.remove).toEqual(intent.remove);
    expect(entry?.intent.before).toEqual(intent.remove);
    expect(entry?.outcome?.removed).toEqual(intent.remove);
  });

  it("forgets a change after ninety days", async () => {
    const { store, clock } = start();
    await writeAhead(store, intentOf());
    clock.advance(90 * 86_400_000 - 1000);
    expect(await changeBy(store, intentOf().change)).toBeDefined();
    clock.advance(2000);
    expect(await changeBy(store, intentOf().change)).toBeUndefined();
    expect(await untoldChanges(store)).toEqual([]);
  });

  it("takes nothing for a change that is none, whoever wrote it", async () => {
    const { store } = start();
    const { change } = intentOf();
    const place = { of: "changes 2026-11-29", at: `2026-11-29T17:45:12Z ${change}` };
    for (const body of [
      null,
      7,
      "x",
      {},
      { ...intentOf(), before: [{ protocol: "tcp" }] },
      later(5),
    ]) {
      await store.write(place, body, "whatever");
      expect(await changeBy(store, change)).toBeUndefined();
      expect(await changesOn(store, "2026-11-29")).toEqual([]);
    }
    await store.write({ of: "untold", at: change }, { group: 7 }, "whatever");
    expect(await untoldChanges(store)).toEqual([]);
    expect(await changeBy(store, "untold")).toBeUndefined();
  });

  it("takes an outcome that is none for none", async () => {
    const { store } = start();
    const intent = intentOf();
    await writeAhead(store, intent);
    for (const body of [null, 7, { group: "sg-1" }]) {
      await store.write(
        { of: "changes 2026-11-29", at: `2026-11-29T17:45:12Z ${intent.change} outcome` },
        body,
        "whatever",
      );
      expect(await changeBy(store, intent.change)).toEqual({ intent });
    }
  });
});
