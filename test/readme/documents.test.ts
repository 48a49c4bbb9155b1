import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { document, documents, read } from "./documents.ts";

const fenced = /^```.*\n[\s\S]*?^```/gm;

const isThere = (path: string): boolean => existsSync(document(path));

/** The anchors that GitHub gives a document's headings. */
const anchorsOf = (path: string): readonly string[] =>
  [
    ...read(path)
      .replaceAll(fenced, "")
      .matchAll(/^#+ (.*)$/gm),
  ].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );

/** Links that lead nowhere: no such file, or no such heading in it. */
const brokenLinks = (path: string): readonly string[] =>
  [
    ...read(path)
      .replaceAll(fenced, "")
      .matchAll(/\]\((?!https?:)([^)\s]+)\)/g),
  ]
    .map(([, link = ""]) => link)
    .filter((link) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? path : join(dirname(path), file);
      return !isThere(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });

/** The paths in a document's folder trees: blocks of which the first line begins with a folder. */
const treePaths = (path: string): readonly string[] =>
  [...read(path).matchAll(/^```text\n([\w-]+\/ [\s\S]*?)^```/gm)].flatMap(([, tree = ""]) => {
    const above: string[] = [];
    return tree
      .trimEnd()
      .split("\n")
      .map((line) => {
        const [, indent = "", name = ""] = /^( *)(\S+)/.exec(line) ?? [];
        above.splice(indent.length / 2, above.length, name);
        return above.join("");
      });
  });

/** Files and folders of ours that a document names in running text. */
const namedPaths = (path: string): readonly string[] =>
  [
    ...read(path)
      .replaceAll(fenced, "")
      .matchAll(
        /`((?:lib|functions|cli|demo|infra|events|sandbox|test|docs|bench|\.ci)\/[\w./-]*)`/g,
      ),
  ].map(([, name = ""]) => name);

const scripts = Object.keys(
  (JSON.parse(read("package.json")) as { scripts: Readonly<Record<string, string>> }).scripts,
);

describe.each(documents)("%s", (path) => {
  it("links only to what is there", () => {
    expect(brokenLinks(path)).toEqual([]);
  });

  it("names only files and folders that are there", () => {
    expect([...treePaths(path), ...namedPaths(path)].filter((name) => !isThere(name))).toEqual([]);
  });

  it("names only npm scripts that are there", () => {
    const named = [...read(path).matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });
});

describe("the documents", () => {
  it("are found, with their links and trees", () => {
    expect(documents).toEqual(expect.arrayContaining(["README.md", "docs/architecture.md"]));
    expect(treePaths("README.md").length).toBeGreaterThan(8);
    expect(treePaths("docs/architecture.md").length).toBeGreaterThan(40);
  });

  it("can all be reached from the README", () => {
    const linked = [...read("README.md").matchAll(/\]\(([^)#]+\.md)/g)].map(([, link]) => link);
    expect(["README.md", "events/README.md", ...linked]).toEqual(
      expect.arrayContaining([...documents]),
    );
  });

  it("begin with a README that is read in five minutes", () => {
    expect(read("README.md").length).toBeLessThan(8500);
  });
});
