import { describe, expect, it } from "vitest";
import { catalogue } from "../../lib/values/finding.ts";
import { document } from "./documents.ts";
import { generatedIn } from "./generated.ts";

const findingsTable = (): string =>
  [
    "| finding | severity | when | what to do next |",
    "|---|---|---|---|",
    ...Object.entries(catalogue).map(
      ([code, { severity, when, next }]) => `| \`${code}\` | ${severity} | ${when} | ${next} |`,
    ),
  ].join("\n");

describe("docs/findings.md", () => {
  it("lists every finding (`npm run docs` writes it anew)", () => {
    expect(generatedIn(document("docs/findings.md"), "findings", findingsTable())).toBe(
      findingsTable(),
    );
  });
});
