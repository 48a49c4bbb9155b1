const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** As IAM and EventBridge read it: the order of a list says nothing, nor does it matter whether a single value is in one. */
function canonical(value: unknown): string {
  if (Array.isArray(value))
    return value.length === 1 ? canonical(value[0]) : `[${value.map(canonical).sort().join()}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "";
  const fields = Object.entries(value)
    .map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`)
    .sort();
  return `{${fields.join()}}`;
}

/** Do two policies, or two event patterns, say the same? */
export const sameJson = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

/** Where one differs from the other: "detail.eventName". */
export function differingFields(a: unknown, b: unknown, at = ""): readonly string[] {
  if (sameJson(a, b)) return [];
  if (!isObject(a) || !isObject(b)) return [at];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((name) =>
    differingFields(a[name], b[name], at === "" ? name : `${at}.${name}`),
  );
}
