/** The one error that parsing throws: what was wrong and what was found there; never the event's body. */
export function unreadable(problem: string, found: unknown): Error {
  const error = new Error(`Unreadable event: ${problem}; found ${inWords(found)}`);
  error.name = "UnreadableEvent";
  return error;
}

export const isUnreadable = (error: unknown): error is Error =>
  error instanceof Error && error.name === "UnreadableEvent";

function inWords(found: unknown): string {
  if (found === undefined || found === null) return "nothing";
  if (typeof found === "string")
    return found.length > 80 ? `"${found.slice(0, 80)}..."` : `"${found}"`;
  if (Array.isArray(found)) return found.length === 0 ? "an empty list" : "a list";
  return typeof found === "object" ? "an object" : `a ${typeof found}`;
}
