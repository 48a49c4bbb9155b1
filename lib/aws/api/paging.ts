import { call, failedCall } from "./errors.ts";

interface Page {
  readonly NextToken?: string | undefined;
  readonly NextMarker?: string | undefined;
}

/** Reads every page, or throws: half a list looks just like a whole one. `ask` is given the token of the page to read. */
export async function everyPage<Answer extends Page, Item>(
  name: string,
  ask: (token: string | undefined) => Promise<Answer>,
  itemsOf: (answer: Answer) => readonly Item[] | undefined,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  const tokens = new Set<string>();
  let token: string | undefined;
  do {
    const answer: Answer = await call(name, ask(token));
    for (const item of itemsOf(answer) ?? []) items.push(item);
    token = answer.NextToken || answer.NextMarker || undefined;
    if (token !== undefined && tokens.has(token))
      throw failedCall(name, new Error("The list does not end: a page's token came twice."));
    if (token !== undefined) tokens.add(token);
  } while (token !== undefined);
  return items;
}

/** EC2 takes at most this many values in a filter. */
const filterValues = 200;

/** The distinct ones, in lots of at most `size`. */
export function inLots<Item>(items: Iterable<Item>, size: number): readonly (readonly Item[])[] {
  const distinct = [...new Set(items)];
  return Array.from({ length: Math.ceil(distinct.length / size) }, (_, lot) =>
    distinct.slice(lot * size, (lot + 1) * size),
  );
}

/** Runs `read` on every item, at most `width` at a time; answers in the order of the items. The first failure is thrown, and no more are begun. */
export async function sideBySide<Item, Answer>(
  items: readonly Item[],
  width: number,
  read: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const queue = items.entries();
  let failed = false;
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (failed) return;
      try {
        answers[index] = await read(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, work));
  return answers;
}

/** Reads whatever a filter finds for any of `values`, 200 values a call. */
export async function filtered<Item>(
  values: Iterable<string>,
  read: (values: string[]) => Promise<readonly Item[]>,
): Promise<readonly Item[]> {
  return (await sideBySide(inLots(values, filterValues), 4, (lot) => read([...lot]))).flat();
}
