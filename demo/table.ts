import Table from "cli-table3";
import { isIn, portsText, type Rule, sourceKey } from "../lib/values/rule.ts";
import type { Proof } from "./judge.ts";
import type { Paper } from "./paper.ts";

type Paint = (text: string) => string;

interface Row {
  readonly cells: readonly string[];
  /** Of all cells, or one each. */
  readonly paint?: Paint | readonly Paint[];
}

const plain: Paint = (text) => text;

const bare = [
  "top",
  "top-mid",
  "top-left",
  "top-right",
  "bottom",
  "bottom-mid",
  "bottom-left",
  "bottom-right",
] as const;
const inner = ["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"] as const;
const noLines = Object.fromEntries([...bare, ...inner].map((name) => [name, ""]));

/** Aligned columns without lines, at most `width` wide: the last column gives way, down to its longest word. */
export function columns(rows: readonly Row[], width: number): readonly string[] {
  const widths = (rows[0]?.cells ?? []).map(
    (_, column) => Math.max(...rows.map(({ cells }) => cells[column]?.length ?? 0)) + 2,
  );
  const others = widths.slice(0, -1).reduce((sum, one) => sum + one, 0);
  const longestWord = Math.max(
    ...rows.flatMap(({ cells }) => (cells.at(-1) ?? "").split(/\s/).map(({ length }) => length)),
  );
  const colWidths = widths.map((one, column) =>
    column === widths.length - 1 ? Math.max(longestWord + 2, Math.min(one, width - others)) : one,
  );
  const table = new Table({
    chars: noLines,
    colWidths,
    wordWrap: true,
    wrapOnWordBoundary: true,
    style: { "padding-left": 0, "padding-right": 2, head: [], border: [], compact: true },
  });
  for (const { cells, paint = plain } of rows) {
    table.push(
      cells.map((cell, column) =>
        cell === "" ? cell : (typeof paint === "function" ? paint : (paint[column] ?? plain))(cell),
      ),
    );
  }
  return rows.length === 0
    ? []
    : table
        .toString()
        .split("\n")
        .map((line) => line.trimEnd());
}

interface Marked {
  readonly mark: "-" | "+" | " ";
  readonly rule: Rule;
}

/** The rules before and after as one list, by ports: "-" went, "+" came. */
export function markedRules(before: readonly Rule[], after: readonly Rule[]): readonly Marked[] {
  const gone = before
    .filter((rule) => !isIn(after, rule))
    .map((rule): Marked => ({ mark: "-", rule }));
  const now = after.map((rule): Marked => ({ mark: isIn(before, rule) ? " " : "+", rule }));
  return [...gone, ...now].sort(
    (a, b) =>
      a.rule.fromPort - b.rule.fromPort ||
      a.rule.toPort - b.rule.toPort ||
      sourceKey(a.rule.source).localeCompare(sourceKey(b.rule.source)),
  );
}

/** The group's rules; `nameOf` gives a group's name. */
export function ruleTable(
  before: readonly Rule[],
  after: readonly Rule[],
  nameOf: (group: string) => string,
  { colour }: Paper,
  width: number,
): readonly string[] {
  const paints: Readonly<Record<Marked["mark"], Paint>> = {
    "-": colour.red,
    "+": colour.green,
    " ": plain,
  };
  const rows = markedRules(before, after).map(({ mark, rule }) => ({
    cells: [
      mark,
      portsText(rule),
      rule.source.kind === "group" ? nameOf(rule.source.group) : sourceKey(rule.source),
      rule.description ?? "",
    ],
    paint: paints[mark],
  }));
  return columns(
    [{ cells: ["", "rule", "source", "description"], paint: colour.dim }, ...rows],
    width,
  );
}

export function proofTable(
  proofs: readonly Proof[],
  { colour }: Paper,
  width: number,
): readonly string[] {
  const rows = proofs.map(({ says, before = "", now, wanted, holds }) => ({
    cells: [holds ? "ok" : "FAILED", says, before, now, wanted],
    paint: holds ? [colour.green] : (text: string) => colour.bold(colour.red(text)),
  }));
  return columns(
    [{ cells: ["", "", "before", "now", "wanted"], paint: colour.dim }, ...rows],
    width,
  );
}
