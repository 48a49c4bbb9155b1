import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../lib/values/finding.ts";
import { cases, decide, decisionTable, isAsExpected } from "./decisions.ts";
import { generatedIn } from "./generated.ts";

const root = new URL("../../", import.meta.url);
const path = new URL("README.md", root);
const readme = (): string => readFileSync(path, "utf8");

const generated = (name: string, now: string): string => generatedIn(path, name, now);

const findingsTable = (): string =>
  [
    "| finding | severity | when | what to do next |",
    "|---|---|---|---|",
    ...Object.entries(catalogue).map(
      ([code, { severity, when, next }]) => `| \`${code}\` | ${severity} | ${when} | ${next} |`,
    ),
  ].join("\n");

describe("the README's decision table", () => {
  it("is what the code does (`npm run docs` writes it anew)", async () => {
    const table = await decisionTable();
    expect(generated("decisions", table)).toBe(table);
  });

  it.each(cases)("$section: $rule $unless", async (one) => {
    const { becomes } = await decide(one);
    expect({ becomes, as: isAsExpected(one.section, becomes) }).toEqual({ becomes, as: true });
  });
});

describe("the README", () => {
  it("lists every finding", () => {
    expect(generated("findings", findingsTable())).toBe(findingsTable());
  });

  it("lists every setting of the functions, and no other", () => {
    const settings = (text: string): string[] =>
      [...new Set(text.match(/ELB_ONLY_[A-Z_]+[A-Z]/g))].sort();
    expect(settings(readme())).toEqual(
      settings(readFileSync(new URL("functions/runtime/config.ts", root), "utf8")),
    );
  });

  it("names only files and folders that are there", () => {
    const [, tree = ""] =
      /```text\n([\s\S]*?)```/.exec(readme().slice(readme().indexOf("## The folders"))) ?? [];
    const stack: string[] = [];
    const named = tree.split("\n").flatMap((line) => {
      const [, indent = "", name = ""] = /^( *)(\S+)/.exec(line) ?? [];
      if (name === "") return [];
      stack.splice(indent.length / 2, stack.length, name);
      return [stack.join("")];
    });
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((file) => !existsSync(new URL(file, root)))).toEqual([]);
  });

  it("links only to what is there", () => {
    const links = [...readme().matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(
      ([, link = ""]) => link,
    );
    expect(links.filter((link) => !existsSync(new URL(link, root)))).toEqual([]);
  });
});
