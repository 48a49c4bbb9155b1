import type { Clock } from "../../remediation/ports.ts";
import type { FailedCall } from "./errors.ts";

/** Milliseconds. A wait that would leave less than this of an invocation is none: what is known by then must still be used and told. */
const inHand = 15_000;

/**
 * A token bucket: lets the first `burst` calls go at once and `perSecond` after that; unused tokens come back at the same rate. Throws, and takes
 * no token, where the time that remains is too short to wait for it.
 */
export function rateLimiter(
  burst: number,
  perSecond: number,
  clock: Clock,
): (remainingMs: () => number) => Promise<void> {
  const gap = 1000 / perSecond;
  let taken = 0; // until when, in milliseconds, tokens are given away
  return async (remainingMs) => {
    const now = clock.now();
    const until = Math.max(now, taken) + gap;
    const wait = until - now - burst * gap;
    if (wait > 0 && remainingMs() - wait < inHand) throw timeIsOver(perSecond);
    taken = until;
    if (wait > 0) await clock.sleep(wait);
  };
}

/** The same words for everything that is left: whoever collects failures says it once. */
function timeIsOver(perSecond: number): FailedCall {
  const text = `There are more target groups than there is time for: ELB is asked about ${perSecond} a second, so that others in the account can ask, too.`;
  return Object.assign(new Error(text), { failure: { kind: "throttled", text } as const });
}
