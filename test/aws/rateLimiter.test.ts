import { describe, expect, it } from "vitest";
import { rateLimiter } from "../../lib/aws/api/rateLimiter.ts";
import { fakeClock } from "../support/fakeClock.ts";
import { standIn } from "./account.ts";

/** When each of so many calls may go, in milliseconds from now; or why there was none. All are asked for at once. */
function timesOf(
  rateLimit: (remainingMs: () => number) => Promise<void>,
  clock: ReturnType<typeof fakeClock>,
  count: number,
  remaining = Infinity,
): Promise<readonly unknown[]> {
  const start = clock.now();
  const remainingMs = () => start + remaining - clock.now();
  return Promise.all(
    Array.from({ length: count }, () =>
      rateLimit(remainingMs).then(
        () => clock.now() - start,
        (error: unknown) => error,
      ),
    ),
  );
}

describe("rateLimiter", () => {
  it("lets calls go at once for a burst, and then at its rate", async () => {
    const clock = fakeClock();
    expect(await timesOf(rateLimiter(3, 10, clock), clock, 6)).toEqual([0, 0, 0, 100, 200, 300]);
  });

  it("gives tokens back while nobody calls, up to the burst and no further", async () => {
    const clock = fakeClock();
    const rateLimit = rateLimiter(2, 10, clock);
    await timesOf(rateLimit, clock, 4);
    clock.advance(100);
    expect(await timesOf(rateLimit, clock, 2)).toEqual([0, 100]);
    clock.advance(60_000);
    expect(await timesOf(rateLimit, clock, 3)).toEqual([0, 0, 100]);
  });
});

describe("rateLimiter, towards the end of an invocation", () => {
  it("has calls wait while 15 seconds are left after the wait, and else fails them at once, all in the same words", async () => {
    const text =
      "There are more target groups than there is time for: ELB is asked about 10 a second, so that others in the account can ask, too.";
    const failed = expect.objectContaining({
      message: text,
      failure: { kind: "throttled", text },
    }) as unknown;
    const within = (count: number) => {
      const clock = fakeClock();
      return timesOf(rateLimiter(1, 10, clock), clock, count, 15_200);
    };
    expect(await within(3)).toEqual([0, 100, 200]);
    expect(await within(5)).toEqual([0, 100, 200, failed, failed]);
  });

  it("lets a call go to the last, where there is nothing to wait for", async () => {
    const clock = fakeClock();
    expect(await timesOf(rateLimiter(1, 10, clock), clock, 1, 1)).toEqual([0]);
  });

  it("takes no token for a call that failed", async () => {
    const clock = fakeClock();
    const rateLimit = rateLimiter(1, 10, clock);
    await rateLimit(() => Infinity);
    for (let each = 0; each < 5; each++)
      await expect(rateLimit(() => 0)).rejects.toThrow("more target groups than there is time for");
    expect(await timesOf(rateLimit, clock, 1)).toEqual([100]);
  });
});

describe("pause", () => {
  it.each([
    [1, 2000],
    [2, 6000],
  ])(
    "after %i looks that brought nothing, is %i milliseconds long",
    async (looks, milliseconds) => {
      const { aws, newWorld } = standIn({});
      await newWorld().pause(looks);
      expect(aws.clock.now()).toBe(milliseconds);
    },
  );
});
