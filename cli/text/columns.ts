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

/** Aligned columns without lines, at most `width` wide: the last column is folded. */
export function columns(rows: readonly Row[], width: number): readonly string[] {
  const count = Math.max(0, ...rows.map(({ cells }) => cells.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map(({ cells }) => cells[column]?.length ?? 0)),
  );
  const others = widths.slice(0, -1).reduce((sum, one) => sum + one + 2, 0);
  const last = Math.max(16, Math.min(widths.at(-1) ?? 0, width - others));
  return rows.flatMap(({ cells, paint = (text) => text }) => {
    const first = widths
      .slice(0, -1)
      .map((one, column) => `${(cells[column] ?? "").padEnd(one)}  `)
      .join("");
    return fold(cells[count - 1] ?? "", last).map((line, place) =>
      paint(`${place === 0 ? first : " ".repeat(first.length)}${line}`.trimEnd()),
    );
  });
}
