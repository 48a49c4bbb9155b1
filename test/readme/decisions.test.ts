import { describe, expect, it } from "vitest";
import { cases, decide, decisionTable, isAsExpected } from "./decisions.ts";
import { document } from "./documents.ts";
import { generatedIn } from "./generated.ts";

describe("docs/decisions.md", () => {
  it("is what the code does (`npm run docs` writes it anew)", async () => {
    const table = await decisionTable();
    expect(generatedIn(document("docs/decisions.md"), "decisions", table)).toBe(table);
  });

  it.each(cases)("$section: $rule $unless", async (one) => {
    const { becomes } = await decide(one);
    expect({ becomes, as: isAsExpected(one.section, becomes) }).toEqual({ becomes, as: true });
  });
});
