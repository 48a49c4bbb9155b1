/** Text from outside as one line: what could move a terminal's cursor, or forge a line, is a space. */
export const plain = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, " ").trim();

/** "1 rule", "2 rules". */
export const counted = (count: number, one: string, several = `${one}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : several}`;

/** "a, b, c and 4 more". */
export const someOf = (items: readonly string[], most = 6): string =>
  items.length > most + 1
    ? `${items.slice(0, most).join(", ")} and ${items.length - most} more`
    : items.join(", ");

/** "2026-11-25 09:10 UTC". */
export const timeText = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;
