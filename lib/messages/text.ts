/** Control characters (line breaks among them) and invisible format characters: in text from outside they could forge a line of a message. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** Text as one line of at most `most` characters. */
export function inOneLine(text: string, most = 200): string {
  const line = text.replaceAll(unprintable, " ").trim();
  return line.length > most ? `${line.slice(0, most - 3)}...` : line;
}

/** What mail programs and chats make a link of: "evil.example", with or without a path. */
const hostName = /(?<![\p{L}\p{N}_.-])((?:[\p{L}\p{N}_-]+\.)+)(\p{L}{2,})(?![\p{L}\p{N}_-])/gu;

/** Nobody but AWS has such a name: "autoscaling.amazonaws.com", "Target.Timeout", "InvalidGroup.NotFound". */
const isAws = (name: string): boolean =>
  /^(?:[a-z0-9-]+\.amazonaws\.com|(?:Target|Elb)\.[A-Z][A-Za-z]+|Invalid\w+\.(?:NotFound|Duplicate|Malformed))$/.test(
    name,
  );

/** Text from outside (a name, a description, a tag, a user agent) as one line in which nothing can be clicked, and no markup begins. */
export const oneLine = (text: string, most = 200): string =>
  inOneLine(text, most)
    .replaceAll("://", "[:]//")
    .replaceAll("<", "(")
    .replaceAll(/(?<!-)>/g, ")")
    .replaceAll(hostName, (name, labels: string, last: string) =>
      isAws(name) ? name : `${labels.slice(0, -1)}[.]${last}`,
    );

/** A text's beginning, cut between two words where there is such a place in its second half. */
export function cutAtWord(text: string, most: number): string {
  if (text.length <= most) return text;
  const space = text.lastIndexOf(" ", most - 3);
  return `${text.slice(0, space > most / 2 ? space : most - 3).replace(/[\s,;:.(]+$/, "")}...`;
}

/** "a", "a and b", "a, b and c", "a, b and 4 more". */
export function listed(items: readonly string[], most = 3): string {
  const shown =
    items.length > most ? [...items.slice(0, most - 1), `${items.length - most + 1} more`] : items;
  return shown.length < 2
    ? (shown[0] ?? "")
    : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

/** "41 s", "12 min", "5 h", "3 days": never more exact than a person needs. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800
    ? `${Math.round(seconds / 3600)} h`
    : `${Math.round(seconds / 86_400)} days`;
}

/** Rows with their columns aligned, each indented by two. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const width = (column: number): number =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const widths = (rows[0] ?? []).map((_, column) => width(column));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
}

/** The first `most` lines, and how many are left out. */
export const atMost = (most: number, lines: readonly string[], what = "more"): readonly string[] =>
  lines.length > most ? [...lines.slice(0, most), `  and ${lines.length - most} ${what}`] : lines;
