import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pageAssets } from "../../infra/pageAssets.ts";
import { document, read } from "./documents.ts";

const path = "lib/report/pageAssets.ts";

describe("what runs in a report's browser", () => {
  it("is made of its source (`npm run docs` writes it anew)", async () => {
    const made = await pageAssets();
    if (process.env["README_WRITE"] === "yes") writeFileSync(document(path), made);
    expect(read(path)).toBe(made);
  });

  it("does not end its own element", async () => {
    expect(await pageAssets()).not.toMatch(/<\/(?:script|style)|<!--/i);
  });
});
