import type { Clock } from "../lib/remediation/ports.ts";

/** A clock that passes only while everybody waits: what takes seconds in AWS takes none here, and takes the same every time. */
export function simulatedTime(): Clock {
  let now = Date.UTC(2026, 10, 22, 12);
  let isRunning = false;
  const sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  function wakeNext(): void {
    const next = sleepers.shift();
    isRunning = next !== undefined;
    if (next === undefined) return;
    now = Math.max(now, next.until);
    next.wake();
    // Twice: whatever the one that woke begins, begins before the time goes on.
    setImmediate(() => setImmediate(wakeNext));
  }

  return {
    now: () => now,
    sleep: (milliseconds) =>
      new Promise((wake) => {
        const until = now + milliseconds;
        const place = sleepers.findLastIndex((one) => one.until <= until);
        sleepers.splice(place + 1, 0, { until, wake });
        if (isRunning) return;
        isRunning = true;
        setImmediate(() => setImmediate(wakeNext));
      }),
  };
}
