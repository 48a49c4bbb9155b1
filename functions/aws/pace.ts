/** Waits for one's turn. Turns come at once for the first `burst`, and `perSecond` after that; unused ones come back at the same rate. */
export function turns(burst: number, perSecond: number): () => Promise<void> {
  const gap = 1000 / perSecond;
  let taken = 0; // until when, in milliseconds, turns are given away
  return async () => {
    const now = Date.now();
    taken = Math.max(now, taken) + gap;
    const wait = taken - now - burst * gap;
    if (wait > 0) await sleep(wait);
  };
}

export const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
