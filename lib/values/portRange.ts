/** A closed range of ports, 0-65535. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Sorted, apart from each other, never adjacent: the one spelling of a set of ports. */
export type PortSet = readonly Range[];

export const allPorts: PortSet = [{ from: 0, to: 65535 }];

/** The one spelling of any ranges. */
export function portSet(ranges: readonly Range[]): PortSet {
  const sorted = ranges.filter((range) => range.from <= range.to).sort((a, b) => a.from - b.from);
  const merged: Range[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && range.from <= last.to + 1)
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else merged.push({ from: range.from, to: range.to });
  }
  return merged;
}

export function subtract(a: PortSet, b: PortSet): PortSet {
  let rest: readonly Range[] = a;
  for (const hole of b) {
    rest = rest.flatMap((range) =>
      hole.to < range.from || hole.from > range.to
        ? [range]
        : [
            { from: range.from, to: hole.from - 1 },
            { from: hole.to + 1, to: range.to },
          ].filter((part) => part.from <= part.to),
    );
  }
  return rest;
}

export const intersection = (a: PortSet, b: PortSet): PortSet => subtract(a, subtract(allPorts, b));

export const overlap = (a: Range, b: Range): boolean => a.from <= b.to && b.from <= a.to;

/** Is every port of `b` in `a`? */
export const covers = (a: PortSet, b: PortSet): boolean =>
  b.every((range) => a.some((wide) => wide.from <= range.from && range.to <= wide.to));

/** "80" or "20-79". */
export const rangeText = (range: Range): string =>
  range.from === range.to ? `${range.from}` : `${range.from}-${range.to}`;
