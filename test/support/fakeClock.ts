import type { Clock } from "../../lib/remediation/ports.ts";

/** A clock that stands still, but for those who sleep: once nothing else happens, they wake one after the other, at their times. */
export function fakeClock(start = 0): Clock & { readonly advance: (milliseconds: number) => void } {
  let now = start;
  const sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  const wakeNext = (): void => {
    const next = sleepers.toSorted((a, b) => a.until - b.until)[0];
    if (next === undefined) return;
    sleepers.splice(sleepers.indexOf(next), 1);
    now = Math.max(now, next.until);
    next.wake();
    setImmediate(wakeNext);
  };
  return {
    now: () => now,
    sleep: (milliseconds) =>
      new Promise((wake) => {
        if (sleepers.length === 0) setImmediate(wakeNext);
        sleepers.push({ until: now + milliseconds, wake });
      }),
    advance: (milliseconds) => {
      now += milliseconds;
    },
  };
}
