import { stripVTControlCharacters } from "node:util";

const widthOf = (text: string): number => stripVTControlCharacters(text).length;

/** A text as lines of at most `width` characters, broken at spaces where there are any. */
export function fold(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    const cut = space > 0 ? space : width;
    lines.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return [...lines, rest];
}

/**
 * A line, coloured or not, as lines of at most `width` characters: broken at spaces, what goes on indented as it began. A word that is longer stays whole,
 * since half an id cannot be copied.
 */
export function wrap(line: string, width: number): readonly string[] {
  const indent = /^ */.exec(stripVTControlCharacters(line))?.[0] ?? "";
  const lines: string[] = [];
  let now = "";
  for (const word of line.split(/(?<=[^ ])(?= )/)) {
    const isFirst = widthOf(now) <= indent.length;
    if (!isFirst && widthOf(now + word) > width) {
      lines.push(now);
      now = indent + word.trimStart();
    } else now += word;
  }
  return [...lines, now];
}

/** A label in the margin, and beside it lines that are folded to what is left of the width. */
export function block(
  label: string,
  lines: readonly string[],
  { margin, width }: { readonly margin: number; readonly width: number },
): readonly string[] {
  return lines
    .flatMap((line) => (widthOf(line) === line.length ? fold(line, width - margin) : [line]))
    .map((line, place) => `${(place === 0 ? label : "").padEnd(margin)}${line}`);
}

export interface Row {
  readonly cells: readonly string[];
  readonly paint?: (text: string) => string;
}

/** No column gets narrower than this. */
const leastWidth = 12;

/** The last column gives way first, then the widest of the others. */
function fitted(natural: readonly number[], width: number): readonly number[] {
  const widths = [...natural];
  const excess = (): number => widths.reduce((sum, one) => sum + one + 2, -2) - width;
  const shrink = (column: number, least: number): void => {
    widths[column] = Math.max(
      Math.min(least, widths[column] ?? 0),
      (widths[column] ?? 0) - excess(),
    );
  };
  if (excess() > 0) shrink(widths.length - 1, leastWidth + 4);
  for (let turn = 0; turn < widths.length && excess() > 0; turn += 1)
    shrink(widths.indexOf(Math.max(...widths)), leastWidth);
  return widths;
}

/** Aligned columns without lines, at most `width` wide: what has no room in its column is folded. */
export function columns(rows: readonly Row[], width: number): readonly string[] {
  const count = Math.max(0, ...rows.map(({ cells }) => cells.length));
  const widths = fitted(
    Array.from({ length: count }, (_, column) =>
      Math.max(...rows.map(({ cells }) => cells[column]?.length ?? 0)),
    ),
    width,
  );
  return rows.flatMap(({ cells, paint = (text) => text }) => {
    const folded = widths.map((one, column) => fold(cells[column] ?? "", Math.max(1, one)));
    return Array.from({ length: Math.max(...folded.map(({ length }) => length)) }, (_, place) =>
      paint(
        folded
          .map((lines, column) => (lines[place] ?? "").padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd(),
      ),
    );
  });
}
