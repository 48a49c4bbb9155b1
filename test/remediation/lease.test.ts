import { describe, expect, it } from "vitest";
import { giveBack, takeLease, type Worker } from "../../lib/remediation/lease.ts";
import type { Store } from "../../lib/remediation/ports.ts";
import { leaseEndEvent, type Trigger } from "../../lib/values/trigger.ts";
import { trigger } from "../messages/outcome.ts";
import { memoryStore } from "../support/memoryStore.ts";

const place = { of: "group sg-1", at: "lease" };
const event = (eventId: string, more: Partial<Trigger> = {}): Trigger =>
  trigger({ eventId, ...more });
const leaseEnd = event("end", { event: leaseEndEvent });

function scene() {
  let now = 1_000_000_000_000;
  const store = memoryStore({ now: () => now });
  const worker = (name: string): Worker => ({ name, until: now + 120_000 });
  return {
    store,
    wait: (milliseconds: number) => (now += milliseconds),
    take: (name: string, ...triggers: readonly Trigger[]) =>
      takeLease(store, "sg-1", triggers, worker(name), now),
    back: (name: string, anyhow?: boolean) => giveBack(store, "sg-1", worker(name), now, anyhow),
    now: () => now,
  };
}

const ids = (triggers: readonly Trigger[]): readonly string[] =>
  triggers.map(({ eventId }) => eventId);

describe("a lease", () => {
  it("is one worker's until it is given back, and then the next one's", async () => {
    const { take, back, now } = scene();
    expect(await take("a", event("1"))).toEqual({ kind: "taken", owed: [] });
    expect(await take("b", event("2"))).toEqual({ kind: "busy", until: now() + 120_000 });
    expect(await back("a", true)).toHaveLength(1);
    expect(await take("b", event("3"))).toEqual({ kind: "taken", owed: [] });
    expect(await take("a", event("4"))).toMatchObject({ kind: "busy" });
  });

  it("is another group's in no way", async () => {
    const { store, take, now } = scene();
    await take("a", event("1"));
    const other = { name: "b", until: now() + 1000 };
    expect(await takeLease(store, "sg-2", [event("2")], other, now())).toMatchObject({
      kind: "taken",
    });
  });

  it("is kept by a holder who was asked to look again, once for all who asked", async () => {
    const { take, back } = scene();
    await take("a", event("1"));
    await take("b", event("2"));
    await take("c", event("3"));
    await take("c", event("3"));
    expect(ids(await back("a"))).toEqual(["2", "3"]);
    expect(await take("d", event("4"))).toMatchObject({ kind: "busy" });
    expect(ids(await back("a"))).toEqual(["4"]);
    expect(await back("a")).toEqual([]);
    expect(await take("d", event("5"))).toMatchObject({ kind: "taken" });
  });

  it("of a dead worker is taken over, with what the dead one was asked to look at", async () => {
    const { take, back, wait } = scene();
    await take("a", event("1"));
    await take("b", event("2"));
    wait(119_999);
    expect(await take("c", event("3"))).toMatchObject({ kind: "busy" });
    wait(1);
    const taken = await take("d", event("4"));
    expect(taken.kind === "taken" && ids(taken.owed)).toEqual(["2", "3"]);
    expect(await back("a")).toEqual([]);
    expect(await take("e", event("5"))).toMatchObject({ kind: "busy" });
  });

  it("that a living holder gave back leaves nothing to look at when it would have ended", async () => {
    const { take, back, wait } = scene();
    await take("a", event("1"));
    await take("b", event("2"));
    await back("a");
    await back("a");
    wait(120_000);
    expect(await take("b", leaseEnd)).toEqual({ kind: "notOwed" });
  });

  it("that a dead holder left is looked after when it has ended, and not before", async () => {
    const { take, wait } = scene();
    await take("a", event("1"));
    await take("b", event("2"));
    expect(await take("b", leaseEnd)).toMatchObject({ kind: "busy" });
    wait(120_000);
    const taken = await take("b", leaseEnd);
    expect(taken.kind === "taken" && ids(taken.owed)).toContain("2");
  });

  it("says so little of who asked that the item stays small", async () => {
    const { store, take, back } = scene();
    await take("a", event("1"));
    const rules = Array.from({ length: 1000 }, (_, port) => ({
      ...event("x").rules[0],
      protocol: "tcp",
      fromPort: port,
      toPort: port,
      source: { kind: "ipv4" as const, cidr: "10.0.0.0/8" },
      tags: {},
    }));
    for (let call = 0; call < 100; call++) await take("b", event(`${call}`, { rules }));
    expect(JSON.stringify((await store.read(place))?.body).length).toBeLessThan(60_000);
    expect(await back("a")).toHaveLength(20);
  });

  it.each([
    ["no object", "mine"],
    ["no lease", { holder: "a" }],
    ["one that never ends", { holder: "x", until: 9e15, again: [] }],
    ["one with triggers that are none", { holder: "x", until: 1_000_000_001_000, again: [7] }],
  ])("that is %s is nobody's: it is thrown", async (_, body) => {
    const { store, take } = scene();
    await store.write(place, body, "whatever");
    await expect(take("a", event("1"))).rejects.toMatchObject({ failure: { kind: "other" } });
  });

  it("that cannot be read or written is thrown", async () => {
    const { store, now } = scene();
    const denied = (): Promise<never> => Promise.reject(new Error("denied"));
    const mute: Store = { ...store, write: denied };
    const worker = { name: "a", until: now() + 1 };
    await expect(takeLease(mute, "sg-1", [event("1")], worker, now())).rejects.toThrow("denied");
  });

  it("goes to one of many who ask at once", async () => {
    const { take } = scene();
    const taken = await Promise.all(
      Array.from({ length: 8 }, (_, one) => take(`w${one}`, event(`${one}`))),
    );
    expect(taken.filter(({ kind }) => kind === "taken")).toHaveLength(1);
  });
});
