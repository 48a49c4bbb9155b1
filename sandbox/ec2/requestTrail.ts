import type { Params } from "../wire/params.ts";
import type { Tree, Value } from "../wire/tree.ts";

const numbers = new Set(["CurrentVersion", "MaxEntries", "PreviousVersion"]);

/** A request to one of EC2's younger actions, as CloudTrail shows it: in PascalCase; `tag` numbers a list; one item is no list. */
export const requestTrail =
  (action: string) =>
  (params: Params): Tree => ({
    [`${action}Request`]: shown(params),
  });

const shown = (params: Params): Tree =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, shownValue(name, value)]),
  );

function shownValue(name: string, value: unknown): Value {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, index) =>
      typeof item === "object" && item !== null
        ? { ...shown(item as Params), tag: index + 1 }
        : { content: String(item), tag: index + 1 },
    );
    return items.length === 1 ? items[0] : items;
  }
  if (typeof value === "object" && value !== null) return shown(value as Params);
  return numbers.has(name) ? Number(value) : String(value);
}
