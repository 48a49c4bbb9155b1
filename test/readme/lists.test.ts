import { describe, expect, it } from "vitest";
import { measured } from "../../functions/runtime/measures.ts";
import { document, read } from "./documents.ts";
import { generatedIn } from "./generated.ts";
import { variablesTable } from "./settingsTables.ts";

/** The names in code type in the first column of the tables under a heading. */
const named = (text: string, heading: string): readonly string[] => {
  const [section = ""] = text.slice(text.indexOf(heading)).split(/\n(?=## )/);
  return [...section.matchAll(/^\| (`[^|]*)\|/gm)]
    .flatMap(([, cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name))
    .sort();
};

describe("docs/configuration.md", () => {
  it("lists every setting of the functions (`npm run docs` writes it anew)", () => {
    const path = document("docs/configuration.md");
    expect(generatedIn(path, "variables", variablesTable())).toBe(variablesTable());
  });
});

describe("docs/operations.md", () => {
  it("lists every metric, and no other", () => {
    expect(named(read("docs/operations.md"), "## Metrics")).toEqual([...measured].sort());
  });
});

describe("docs/dependencies.md", () => {
  it("lists every dependency, and no other", () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
      read("package.json"),
    ) as Readonly<
      Record<
        "dependencies" | "devDependencies" | "optionalDependencies",
        Readonly<Record<string, string>>
      >
    >;
    const text = read("docs/dependencies.md");
    const bundled = ["## In the functions", "## In the command line tool"];
    expect(bundled.flatMap((part) => named(text, part)).sort()).toEqual(
      Object.keys(dependencies).sort(),
    );
    expect(named(text, "## For building")).toEqual(
      Object.keys({ ...devDependencies, ...optionalDependencies }).sort(),
    );
  });
});
