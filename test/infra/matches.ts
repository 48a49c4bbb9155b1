import type { EventPattern, PatternFields } from "../../infra/event-patterns.ts";

/** Does EventBridge deliver the event? Arrays on the way to a field are looked through. */
export const matches = (pattern: EventPattern, event: unknown): boolean => matchesFields(pattern, [event]);

function matchesFields(pattern: EventPattern | PatternFields, places: readonly unknown[]): boolean {
  return Object.entries(pattern).every(([field, wanted]: [string, PatternFields | readonly unknown[]]) => {
    const found = places.flatMap((place) => inside(place, field));
    if (!Array.isArray(wanted)) return matchesFields(wanted as PatternFields, found);
    const leaves = found.filter((value) => typeof value !== "object" || value === null);
    return wanted.some((alternative) => matchesLeaf(alternative, leaves));
  });
}

function inside(place: unknown, field: string): readonly unknown[] {
  if (typeof place !== "object" || place === null || !Object.hasOwn(place, field)) return [];
  return [(place as Record<string, unknown>)[field]].flat(Infinity);
}

function matchesLeaf(alternative: unknown, leaves: readonly unknown[]): boolean {
  if (typeof alternative === "string") return leaves.includes(alternative);
  const { exists, prefix, "anything-but": others } = alternative as { exists?: boolean; prefix?: string; "anything-but"?: readonly unknown[] };
  if (exists !== undefined) return leaves.length > 0 === exists;
  if (prefix !== undefined) return leaves.some((leaf) => typeof leaf === "string" && leaf.startsWith(prefix));
  return leaves.some((leaf) => others?.includes(leaf) === false);
}
