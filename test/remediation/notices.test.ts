import { describe, expect, it } from "vitest";
import { noticesIn } from "../../lib/remediation/notices.ts";
import { fakeClock } from "../support/fakeClock.ts";
import { memoryStore } from "../support/memoryStore.ts";

const told = {
  deliveries: ["d-1", "d-2"],
  since: "2026-11-22T10:00:00.000Z",
  until: 1_795_428_000,
};

describe("noticesIn", () => {
  it("recalls what it kept, until its period ends", async () => {
    const clock = fakeClock((told.until - 1) * 1000);
    const notices = noticesIn(memoryStore(clock));
    expect(await notices.recall("sg-1 left 1")).toBeUndefined();
    await notices.keep("sg-1 left 1", told);
    expect(await notices.recall("sg-1 left 1")).toEqual(told);
    expect(await notices.recall("sg-1 left 2")).toBeUndefined();
    clock.advance(1000);
    expect(await notices.recall("sg-1 left 1")).toBeUndefined();
  });

  it.each([
    ["nothing", null],
    ["a text", "told"],
    ["another's", { ...told, deliveries: "all of them" }],
    ["without an end", { ...told, until: "never" }],
  ])("recalls nothing where what is kept is %s", async (_, body) => {
    const store = memoryStore(fakeClock());
    await store.write({ of: "told key", at: "-" }, body, "whatever");
    expect(await noticesIn(store).recall("key")).toBeUndefined();
  });
});
