import { dynamodb } from "../../lib/aws/clients.ts";
import { storeIn } from "../../lib/aws/store.ts";
import { createInProcessSandbox } from "../../sandbox/inProcess.ts";
import { names } from "../../sandbox/functions.ts";
import { fakeClock } from "../support/fakeClock.ts";
import { memoryStore } from "../support/memoryStore.ts";
import { afterAll, describe, expect, it } from "vitest";

const start = Date.parse("2026-11-22T10:00:00Z");
const clock = fakeClock(start);
const sandbox = createInProcessSandbox();
const inTable = storeIn(dynamodb(sandbox.clientConfig), names.stateTable, clock);
const seconds = (later: number): number => clock.now() / 1000 + later;

afterAll(() => sandbox.cloud.tables.close());

describe.each([
  ["a table", () => inTable],
  ["memory", () => memoryStore(clock)],
])("a store in %s", (where, open) => {
  const store = open();
  const place = (at: string) => ({ of: `of ${where}`, at });

  it("reads what was written, and nothing where nothing was", async () => {
    expect(await store.read(place("a"))).toBeUndefined();
    expect(await store.write(place("a"), { deliveries: ["d-1"], "€": null }, undefined)).toBe(true);
    expect(await store.read(place("a"))).toMatchObject({
      place: place("a"),
      body: { deliveries: ["d-1"], "€": null },
    });
  });

  it("lets one of two that saw the same write, and the other know", async () => {
    expect(await store.write(place("b"), 1, undefined)).toBe(true);
    expect(await store.write(place("b"), 2, undefined)).toBe(false);
    const seen = await store.read(place("b"));
    expect(await store.write(place("b"), 3, seen)).toBe(true);
    expect(await store.write(place("b"), 4, seen)).toBe(false);
    expect(await store.write(place("b"), 5, "whatever")).toBe(true);
    expect((await store.read(place("b")))?.body).toBe(5);
  });

  it("erases what is as it was seen, and nothing else", async () => {
    await store.write(place("c"), 1, "whatever");
    const seen = await store.read(place("c"));
    await store.write(place("c"), 2, seen);
    if (seen === undefined) throw new Error("It is not there.");
    expect(await store.erase(seen)).toBe(false);
    const now = await store.read(place("c"));
    expect(now !== undefined && (await store.erase(now))).toBe(true);
    expect(await store.read(place("c"))).toBeUndefined();
    expect(await store.erase(seen)).toBe(false);
  });

  it("shows nobody what has expired, and lets it be written as if it were not there", async () => {
    await store.write(place("d"), 1, "whatever", seconds(60));
    expect(await store.write(place("d"), 2, undefined, seconds(60))).toBe(false);
    clock.advance(60_000);
    expect(await store.read(place("d"))).toBeUndefined();
    expect(await store.list(`of ${where}`, { prefix: "d" })).toEqual([]);
    expect(await store.write(place("d"), 3, undefined)).toBe(true);
    expect((await store.read(place("d")))?.body).toBe(3);
  });

  it("lists what is kept of one thing in order, and of nothing else", async () => {
    const of = `list ${where}`;
    for (const at of ["2026-11-22 b", "2026-11-21 c", "2026-11-22 a"])
      await store.write({ of, at }, at, "whatever");
    await store.write({ of: `${of} too`, at: "2026-11-22" }, "other", "whatever");
    const listed = async (which?: Parameters<typeof store.list>[1]) =>
      (await store.list(of, which)).map(({ body }) => body);
    expect(await listed()).toEqual(["2026-11-21 c", "2026-11-22 a", "2026-11-22 b"]);
    expect(await listed({ prefix: "2026-11-22" })).toEqual(["2026-11-22 a", "2026-11-22 b"]);
    expect(await listed({ newestFirst: true, limit: 2 })).toEqual(["2026-11-22 b", "2026-11-22 a"]);
  });
});

describe("storeIn", () => {
  const place = { of: "faults", at: "-" };

  it("knows that it wrote where the answer was lost and the second try found its own item", async () => {
    const end = sandbox.inject({ kind: "lose", action: "PutItem", times: 1 });
    expect(await inTable.write(place, "mine", undefined)).toBe(true);
    end();
    expect(await inTable.write(place, "another's", undefined)).toBe(false);
  });

  it("lists every page", async () => {
    const long = "x".repeat(300_000);
    for (let at = 0; at < 8; at++)
      await inTable.write({ of: "long", at: `${at}` }, long, "whatever");
    const before = sandbox.calls.filter(({ action }) => action === "Query").length;
    expect((await inTable.list("long")).map(({ place: { at } }) => at)).toEqual(
      "0 1 2 3 4 5 6 7".split(" "),
    );
    expect(sandbox.calls.filter(({ action }) => action === "Query").length).toBeGreaterThan(
      before + 1,
    );
  });

  it("throws what DynamoDB refuses, naming the permission", async () => {
    const end = sandbox.inject({ kind: "deny", action: "*" });
    await expect(inTable.read(place)).rejects.toThrow("dynamodb:GetItem: AccessDeniedException");
    await expect(inTable.write(place, 1, "whatever")).rejects.toThrow(
      "dynamodb:PutItem: AccessDeniedException",
    );
    await expect(inTable.list("faults")).rejects.toThrow("dynamodb:Query: AccessDeniedException");
    end();
  });

  it("reads what is no JSON as nothing that anybody said", async () => {
    const client = dynamodb(sandbox.clientConfig);
    const { PutItemCommand } = await import("@aws-sdk/client-dynamodb");
    const Item = { of: { S: "forged" }, at: { S: "-" }, body: { S: "{" } };
    await client.send(new PutItemCommand({ TableName: names.stateTable, Item }));
    expect((await inTable.read({ of: "forged", at: "-" }))?.body).toBeUndefined();
  });
});
