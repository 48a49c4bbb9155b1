import { describe, expect, it } from "vitest";
import { everyPage, filtered, inLots, sideBySide } from "../../lib/aws/api/paging.ts";
import { awsError } from "./account.ts";

describe("everyPage", () => {
  const pages: Record<string, { items: readonly number[]; next?: string }> = {
    first: { items: [1, 2], next: "second" },
    second: { items: [], next: "third" },
    third: { items: [3] },
  };

  it.each(["NextToken", "NextMarker"])(
    "reads every page, by %s, an empty one in between too",
    async (token) => {
      const items = await everyPage(
        "x:List",
        async (
          at,
        ): Promise<{ items: readonly number[]; NextToken?: string; NextMarker?: string }> => {
          const { items = [], next } = pages[at ?? "first"] ?? {};
          return { items, ...(next === undefined ? {} : { [token]: next }) };
        },
        (page) => page.items,
      );
      expect(items).toEqual([1, 2, 3]);
    },
  );

  it("takes an empty token for the end", async () => {
    expect(
      await everyPage(
        "x:List",
        async () => ({ items: [1], NextToken: "" }),
        (page) => page.items,
      ),
    ).toEqual([1]);
  });

  it("throws when a later page fails, and names the call", async () => {
    const reading = everyPage<{ NextToken?: string }, number>(
      "x:List",
      async (at) => {
        if (at === undefined) return { NextToken: "second" };
        throw awsError("InternalError", "try later");
      },
      () => [1],
    );
    await expect(reading).rejects.toMatchObject({
      message: "x:List: InternalError: try later",
      failure: { kind: "other", text: "x:List: InternalError: try later" },
      cause: { name: "InternalError" },
    });
  });

  it("throws when a token comes twice, even with others in between", async () => {
    const tokens = ["a", "b", "a"];
    const reading = everyPage(
      "x:List",
      async () => ({ NextToken: tokens.shift() }),
      () => [1],
    );
    await expect(reading).rejects.toThrow(
      "x:List: The list does not end: a page's token came twice.",
    );
  });
});

describe("inLots", () => {
  it("keeps each distinct item once, in order", () => {
    expect(inLots(["a", "b", "a", "c"], 2)).toEqual([["a", "b"], ["c"]]);
    expect(inLots([], 2)).toEqual([]);
  });
});

describe("sideBySide", () => {
  it("never runs more at a time than it may, and answers in the order of the items", async () => {
    let running = 0;
    let most = 0;
    const answers = await sideBySide([5, 1, 4, 2, 3], 2, async (item) => {
      most = Math.max(most, ++running);
      for (let turn = 0; turn < item; turn++) await Promise.resolve();
      running--;
      return item * 10;
    });
    expect(answers).toEqual([50, 10, 40, 20, 30]);
    expect(most).toBe(2);
  });

  it("begins no more after a failure, in any lane, and throws it", async () => {
    const begun: number[] = [];
    const work = sideBySide([1, 2, 3, 4], 2, async (item) => {
      begun.push(item);
      if (item === 1) throw new Error("one");
      await new Promise((resolve) => setImmediate(resolve));
    });
    await expect(work).rejects.toThrow("one");
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toEqual([1, 2]);
  });
});

describe("filtered", () => {
  it("gives a filter at most 200 values, and every value once", async () => {
    const values = Array.from({ length: 450 }, (_, index) => `v-${index}`);
    const lots: string[][] = [];
    const found = await filtered([...values, "v-0"], async (lot) => {
      lots.push(lot);
      return lot;
    });
    expect(lots.map((lot) => lot.length)).toEqual([200, 200, 50]);
    expect(found).toEqual(values);
  });
});
