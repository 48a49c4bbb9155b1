import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalRule } from "../../lib/values/rule.ts";
import { fold, paperFor } from "../../demo/paper.ts";
import { columns, markedRules, proofTable } from "../../demo/table.ts";

const paper = (
  terminal: { readonly isTTY: boolean; readonly columns: number },
  environment: Record<string, string> = {},
  noColor = false,
) => paperFor({ ...terminal, write: () => true }, environment, noColor);

const wide = { isTTY: true, columns: 200 };

describe("paperFor", () => {
  it("colours a terminal, and takes its width as far as lines stay readable", () => {
    expect(paper(wide)).toMatchObject({
      isLive: true,
      width: 100,
      colour: { isColorSupported: true },
    });
    expect(paper({ isTTY: true, columns: 80 }).width).toBe(80);
  });

  it("leaves colours out where NO_COLOR or --no-color asks for it", () => {
    expect(paper(wide, { NO_COLOR: "1" }).colour.isColorSupported).toBe(false);
    expect(paper(wide, {}, true).colour.isColorSupported).toBe(false);
    expect(paper(wide, { NO_COLOR: "" }).colour.isColorSupported).toBe(true);
  });

  it("is plain, of one width and without second thoughts for pipes and dumb terminals", () => {
    const plain = { isLive: false, width: 96, colour: { isColorSupported: false } };
    expect(paper({ isTTY: false, columns: 200 })).toMatchObject(plain);
    expect(paper(wide, { TERM: "dumb" })).toMatchObject(plain);
  });
});

describe("fold", () => {
  it("breaks at spaces, and indents what goes on", () => {
    expect(fold("  one two three\nfour", 11)).toEqual(["  one two", "    three", "four"]);
    expect(fold("one two three", 8, 0)).toEqual(["one two", "three"]);
  });

  it("leaves a word whole that is longer than a line, so that an id can be copied", () => {
    expect(fold("sg-9cd8a3f4", 6)).toEqual(["sg-9cd8a3f4"]);
    expect(fold("on sg-9cd8a3f4 of a", 6)).toEqual(["on", "  sg-9cd8a3f4", "  of a"]);
  });

  it("keeps every word whole, and every line within the width that has more than one", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 200 }),
        fc.integer({ min: 12, max: 40 }),
        (text, width) => {
          fc.pre((/^ */.exec(text)?.[0].length ?? 0) < 8 && !text.includes("\n"));
          const lines = fold(text, width);
          const words = (line: string) => line.split(" ").filter((word) => word !== "");
          expect(lines.flatMap(words)).toEqual(words(text));
          expect(
            lines.filter((line) => line.trimEnd().length > width && words(line).length > 1),
          ).toEqual([]);
        },
      ),
    );
  });
});

describe("columns", () => {
  it("aligns, and lets the last column give way", () => {
    expect(
      columns([{ cells: ["a", "bb", "some longer words"] }, { cells: ["aaa", "", "c"] }], 22),
    ).toEqual(["a    bb  some longer", "         words", "aaa      c"]);
  });

  it("leaves the words of the last column whole, on the narrowest terminal, too", () => {
    const rule = ["-", "tcp/0-65535", "sg-0123456789abcdef0 (MyTestSecurityGroup)"];
    const arn = "app/my-load-balancer/50dc6c495c0c9188";
    expect(columns([{ cells: [...rule, `for ${arn}`] }], 50).join("\n")).toContain(arn);
  });

  it("has nothing to say of no rows", () => {
    expect(columns([], 80)).toEqual([]);
  });
});

describe("markedRules", () => {
  it("shows what went, what came and what stayed, by ports", () => {
    const rule = (fromPort: number, cidr: string, description?: string) =>
      canonicalRule({
        protocol: "tcp",
        fromPort,
        toPort: fromPort,
        source: { kind: "ipv4", cidr },
        description,
      });
    const before = [rule(80, "0.0.0.0/0"), rule(22, "0.0.0.0/0", "old words")];
    const after = [rule(22, "0.0.0.0/0", "new words"), rule(80, "10.0.0.0/8")];
    expect(
      markedRules(before, after).map(({ mark, rule }) => [mark, rule.fromPort, rule.description]),
    ).toEqual([
      [" ", 22, "new words"],
      ["-", 80, undefined],
      ["+", 80, undefined],
    ]);
  });
});

describe("proofTable", () => {
  it("is loud about a proof that does not hold", () => {
    const lines = proofTable(
      [
        {
          says: "the internet reaches tcp/80",
          before: "yes",
          now: "yes",
          wanted: "no",
          holds: false,
        },
      ],
      paper({ isTTY: false, columns: 80 }),
      80,
    );
    expect(lines[1]).toMatch(/^FAILED +the internet reaches tcp\/80 +yes +yes +no$/);
  });
});
