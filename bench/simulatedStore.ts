import type { Clock, Kept, Place, Store } from "../lib/remediation/ports.ts";

/** The state table: each call takes what `latency` says, and is counted. */
export function simulatedStore(
  clock: Clock,
  latency: () => number,
): Store & { readonly calls: () => number } {
  const items = new Map<string, Kept>();
  let calls = 0;
  const keyOf = ({ of, at }: Place): string => `${of}\n${at}`;
  const call = async <Answer>(answer: () => Answer): Promise<Answer> => {
    calls += 1;
    await clock.sleep(latency());
    return answer();
  };
  return {
    calls: () => calls,
    read: (place) => call(() => items.get(keyOf(place))),
    write: (place, body, seen) =>
      call(() => {
        const key = keyOf(place);
        if (seen !== "whatever" && items.get(key)?.version !== seen?.version) return false;
        items.set(key, {
          place,
          body: JSON.parse(JSON.stringify(body)) as unknown,
          version: `${calls}`,
        });
        return true;
      }),
    erase: ({ place, version }) =>
      call(() => items.get(keyOf(place))?.version === version && items.delete(keyOf(place))),
    list: (of, { prefix = "", newestFirst = false, limit } = {}) =>
      call(() => {
        const found = [...items.values()]
          .filter(({ place }) => place.of === of && place.at.startsWith(prefix))
          .sort((a, b) => (a.place.at < b.place.at ? -1 : 1));
        return (newestFirst ? found.toReversed() : found).slice(0, limit);
      }),
  };
}
