import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { turns } from "../../functions/aws/pace.ts";
import * as a from "./things.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** When each of so many turns comes, in milliseconds. */
async function timesOf(turn: () => Promise<void>, count: number): Promise<number[]> {
  const start = Date.now();
  const times: number[] = [];
  for (let each = 0; each < count; each++) void turn().then(() => times.push(Date.now() - start));
  await vi.runAllTimersAsync();
  return times;
}

describe("turns", () => {
  it("come at once for a burst, and then at their rate", async () => {
    expect(await timesOf(turns(3, 10), 6)).toEqual([0, 0, 0, 100, 200, 300]);
  });

  it("come back while nobody takes any, up to the burst and no further", async () => {
    const turn = turns(2, 10);
    await timesOf(turn, 4);
    vi.advanceTimersByTime(100);
    expect(await timesOf(turn, 2)).toEqual([0, 100]);
    vi.advanceTimersByTime(60_000);
    expect(await timesOf(turn, 3)).toEqual([0, 0, 100]);
  });
});

describe("pause", () => {
  it.each([
    [1, 1000],
    [2, 2000],
    [3, 4000],
    [9, 8000],
  ])("after %i looks that brought nothing, is %i milliseconds long", async (looks, milliseconds) => {
    const start = Date.now();
    void a.world().pause(looks);
    await vi.runAllTimersAsync();
    expect(Date.now() - start).toBe(milliseconds);
  });
});
