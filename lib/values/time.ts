const day = 86_400_000;

/** Milliseconds since 1970 of an ISO 8601 time. */
export const millis = (iso: string): number => Date.parse(iso);

/** Whole and broken seconds from one ISO time to a later one; never below 0. */
export const secondsBetween = (from: string, to: string): number =>
  Math.max(0, (millis(to) - millis(from)) / 1000);

/** The end of a day written YYYY-MM-DD, in UTC, as milliseconds; undefined for what is no day of the calendar. */
export function endOfDay(date: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined;
  const start = millis(`${date}T00:00:00Z`);
  // Parsing takes 31 February for 3 March.
  const isReal = !Number.isNaN(start) && new Date(start).getUTCDate() === Number(date.slice(8));
  return isReal ? start + day : undefined;
}

export const days = (count: number): number => count * day;
