import type { Cloud } from "../state/cloud.ts";
import { awsError, invalidValue } from "../errors.ts";
import { structures, text, texts, type Params } from "../wire/params.ts";

/** A filter's name to what an item has for it. */
export type FilterTable<Item> = Readonly<
  Record<string, (item: Item) => readonly (string | undefined)[]>
>;

/** `*` is any text and `?` any character. */
function pattern(value: string): (candidate: string) => boolean {
  if (!/[*?]/.test(value)) return (candidate) => candidate === value;
  const source = value
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const expression = new RegExp(`^${source}$`, "s");
  return (candidate) => expression.test(candidate);
}

/** Items that pass every filter; a filter passes where one of its values does. */
export function filtered<Item extends { readonly id: string }>(
  items: Iterable<Item>,
  params: Params,
  cloud: Cloud,
  table: FilterTable<Item>,
): readonly Item[] {
  const filters = structures(params, "Filter").map((filter) => {
    const values = texts(filter, "Value");
    if (values.length > 200)
      throw awsError(
        "FilterLimitExceeded",
        "The maximum number of filter values specified on a single call is 200",
      );
    return {
      has: reader(text(filter, "Name") ?? "null", cloud, table),
      values: values.map(pattern),
    };
  });
  return [...items].filter((item) =>
    filters.every(({ has, values }) =>
      has(item).some(
        (candidate) => candidate !== undefined && values.some((matches) => matches(candidate)),
      ),
    ),
  );
}

function reader<Item extends { readonly id: string }>(
  name: string,
  cloud: Cloud,
  table: FilterTable<Item>,
): (item: Item) => readonly (string | undefined)[] {
  if (name.startsWith("tag:")) return (item) => [cloud.tags.get(item.id)?.get(name.slice(4))];
  if (name === "tag-key") return (item) => [...(cloud.tags.get(item.id)?.keys() ?? [])];
  const read = table[name];
  if (read === undefined) throw invalidValue(`The filter '${name}' is invalid`);
  return read;
}
