import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { document, read } from "./documents.ts";

interface Named {
  readonly test: string;
  readonly file: string;
}

const rows: readonly string[] = read("docs/threat-model.md")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| who "));

/** The test in a row's last column. */
const namedIn = (row: string): readonly Named[] =>
  [...row.matchAll(/\| \[([^\]]+)\]\(\.\.\/(test\/[\w./-]+)\) \|$/g)].map(
    ([, test = "", file = ""]) => ({ test, file }),
  );

/** The names that a file gives its tests, singly or by `each`; what is known to fail (`it.fails`) stops no attack. */
const testsIn = (file: string): readonly string[] =>
  [...read(file).matchAll(/(?:\bit|\))\(\s*"((?:[^"\\]|\\.)*)",\s*(?:async )?\(/g)].map(
    ([, name = ""]) => name,
  );

describe("the threat model", () => {
  it("has a test for each of its rows", () => {
    expect(rows.length).toBeGreaterThan(25);
    expect(rows.filter((row) => namedIn(row).length !== 1)).toEqual([]);
  });

  it.each(rows.flatMap(namedIn))("names a test that is there: $test", ({ test, file }) => {
    expect(testsIn(file)).toContain(test);
  });

  it("has a row for each attack that is played", () => {
    const named = new Set(rows.flatMap(namedIn).map(({ test }) => test));
    const played = globSync("test/attacks/*.test.ts", {
      cwd: fileURLToPath(document(".")),
    }).flatMap(testsIn);
    expect(played.length).toBeGreaterThan(15);
    expect(played.filter((test) => !named.has(test))).toEqual([
      "no attack makes a function fail or leaves a dead letter",
      "finds everything that wakes enforcement as the template deploys it",
    ]);
  });
});
