/** A JSON object of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value as an object; an empty one where it is none. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

/** The value as text; nothing where it is none, or empty. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** CloudTrail writes a list as a plain array (ELB), as `{ items: [...] }` (EC2; `{}` when empty), or as its only member (EC2's PascalCase). */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!isFields(value) || Object.keys(value).length === 0) return [];
  return Array.isArray(value["items"]) ? value["items"] : [value];
}

/** The value as an ISO 8601 time in UTC; nothing where it is none. */
export const timeOf = (value: unknown): string | undefined =>
  typeof value === "string" &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) &&
  !Number.isNaN(Date.parse(value))
    ? value
    : undefined;
