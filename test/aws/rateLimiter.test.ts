import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { turns } from "../../lib/aws/api/rateLimiter.ts";
import * as a from "./things.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** When each of so many turns comes, in milliseconds. */
async function timesOf(
  turn: (remainingMs: () => number) => Promise<void>,
  count: number,
): Promise<number[]> {
  const start = Date.now();
  const times: number[] = [];
  for (let each = 0; each < count; each++)
    void turn(() => Infinity).then(() => times.push(Date.now() - start));
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

describe("turns, towards the end of an invocation", () => {
  /** Milliseconds; each turn's end, or why there was none. */
  async function endsOf(remaining: number, count: number): Promise<unknown[]> {
    const turn = turns(1, 10);
    const start = Date.now();
    const ends: unknown[] = [];
    for (let each = 0; each < count; each++) {
      void turn(() => start + remaining - Date.now()).then(
        () => ends.push(Date.now() - start),
        (error: unknown) => ends.push(error),
      );
    }
    await vi.runAllTimersAsync();
    return ends;
  }

  it("are waited for while 15 seconds are left after the wait, and else fail at once, all in the same words", async () => {
    const text =
      "There are more target groups than there is time for: ELB is asked about 10 a second, so that others in the account can ask, too.";
    const failed = expect.objectContaining({
      message: text,
      failure: { kind: "throttled", text },
    }) as unknown;
    expect(await endsOf(15_200, 3)).toEqual([0, 100, 200]);
    expect(await endsOf(15_200, 5)).toEqual([0, failed, failed, 100, 200]);
  });

  it("come at once to the last, where there is nothing to wait for", async () => {
    expect(await endsOf(1, 1)).toEqual([0]);
  });

  it("are not used up by those that failed", async () => {
    const turn = turns(1, 10);
    await turn(() => Infinity);
    for (let each = 0; each < 5; each++)
      await expect(turn(() => 0)).rejects.toThrow("more target groups than there is time for");
    expect(await timesOf(turn, 1)).toEqual([100]);
  });
});

describe("pause", () => {
  it.each([
    [1, 2000],
    [2, 6000],
  ])(
    "after %i looks that brought nothing, is %i milliseconds long",
    async (looks, milliseconds) => {
      const start = Date.now();
      void a.world().pause(looks);
      await vi.runAllTimersAsync();
      expect(Date.now() - start).toBe(milliseconds);
    },
  );
});
