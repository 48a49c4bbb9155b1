/** "20261129-174512-3fa9c1": when a change was begun, in UTC, and six digits that tell it from the others of that second. */
export type ChangeId = string;

const pattern = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-[0-9a-f]{6}$/;

/** The id of a change that is begun at a time (ISO 8601, UTC); `digits` is any hexadecimal text of at least six. */
export function changeIdOf(begun: string, digits: string): ChangeId {
  const [date = "", time = ""] = begun.split(/[T.Z]/);
  return [date.replaceAll("-", ""), time.replaceAll(":", ""), digits.slice(0, 6)].join("-");
}

/** The second in which a change was begun: "2026-11-29T17:45:12Z"; undefined: it is no change's id. */
export function begunAt(change: ChangeId): string | undefined {
  const [, year, month, day, hour, minute, second] = pattern.exec(change) ?? [];
  return second === undefined ? undefined : `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}
