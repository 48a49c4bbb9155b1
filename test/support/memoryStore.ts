import type { Clock, Kept, Place, Store } from "../../lib/remediation/ports.ts";

interface Item extends Kept {
  readonly expires: number;
}

const keyOf = ({ of, at }: Place): string => `${of}\n${at}`;

/** A store in memory, as the table's is: `test/aws/store.test.ts` holds both to the same. */
export function memoryStore(clock: Pick<Clock, "now">): Store {
  const items = new Map<string, Item>();
  let written = 0;
  const there = (place: Place): Item | undefined => {
    const item = items.get(keyOf(place));
    return item === undefined || item.expires * 1000 <= clock.now() ? undefined : item;
  };
  const asRead = ({ place, body, version }: Item): Kept => ({
    place,
    body: JSON.parse(JSON.stringify(body)) as unknown,
    version,
  });
  return {
    read: async (place) => {
      const item = there(place);
      return item && asRead(item);
    },
    write: async (place, body, seen, expires = Infinity) => {
      if (seen !== "whatever" && there(place)?.version !== seen?.version) return false;
      written += 1;
      items.set(keyOf(place), { place, body, version: `${written}`, expires });
      return true;
    },
    erase: async ({ place, version }) => {
      if (items.get(keyOf(place))?.version !== version) return false;
      return items.delete(keyOf(place));
    },
    list: async (of, { prefix = "", newestFirst = false, limit } = {}) => {
      const found = [...items.values()]
        .filter(({ place }) => place.of === of && place.at.startsWith(prefix))
        .filter(({ place }) => there(place) !== undefined)
        .sort((a, b) => (a.place.at < b.place.at ? -1 : 1));
      return (newestFirst ? found.toReversed() : found).slice(0, limit).map(asRead);
    },
  };
}
