import { describe, expect, it } from "vitest";
import { measured } from "../../functions/runtime/measures.ts";
import { read } from "./documents.ts";

const all = (text: string, pattern: RegExp): readonly string[] =>
  [...new Set([...text.matchAll(pattern)].map(([found]) => found))].sort();

/** The names in code type in the first column of the tables under a heading. */
const named = (text: string, heading: string): readonly string[] => {
  const [section = ""] = text.slice(text.indexOf(heading)).split(/\n(?=## )/);
  return [...section.matchAll(/^\| (`[^|]*)\|/gm)]
    .flatMap(([, cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name))
    .sort();
};

describe("docs/configuration.md", () => {
  it("lists every setting of the functions, and no other", () => {
    const setting = /ELB_ONLY_[A-Z_]+[A-Z]/g;
    expect(all(read("docs/configuration.md"), setting)).toEqual(
      all(read("functions/runtime/config.ts"), setting),
    );
  });
});

describe("docs/operations.md", () => {
  it("lists every metric, and no other", () => {
    expect(named(read("docs/operations.md"), "## Metrics")).toEqual([...measured].sort());
  });
});

describe("docs/dependencies.md", () => {
  it("lists every dependency, and no other", () => {
    const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Readonly<
      Record<"dependencies" | "devDependencies", Readonly<Record<string, string>>>
    >;
    const text = read("docs/dependencies.md");
    expect(named(text, "## In the functions")).toEqual(Object.keys(dependencies).sort());
    expect(named(text, "## For building")).toEqual(Object.keys(devDependencies).sort());
  });
});
