import { describe, expect, it } from "vitest";
import { atMost, duration, listed, oneLine, table } from "../../lib/messages/text.ts";

describe("oneLine", () => {
  it.each([
    ["plain text", "plain text"],
    [" a\r\n\tb ", "a b"],
    ["a\u2028b\u2029c\u0085d\u001b[31me", "a b c d [31me"],
    ["left\u202Eright\u200B", "left right"],
    ["grüße 日本 😀", "grüße 日本 😀"],
  ])("makes one visible line of %j", (text, line) => {
    expect(oneLine(text)).toBe(line);
  });

  it("cuts what is too long", () => {
    expect(oneLine("x".repeat(300))).toBe(`${"x".repeat(197)}...`);
  });
});

describe("listed", () => {
  it.each([
    [[], ""],
    [["a"], "a"],
    [["a", "b"], "a and b"],
    [["a", "b", "c"], "a, b and c"],
    [["a", "b", "c", "d"], "a, b and 2 more"],
  ])("says %j as %j", (items, text) => {
    expect(listed(items)).toBe(text);
  });
});

describe("duration", () => {
  it.each([
    [0, "0 s"],
    [41, "41 s"],
    [119, "119 s"],
    [120, "2 min"],
    [7199, "120 min"],
    [7200, "2 h"],
    [172_799, "48 h"],
    [172_800, "2 days"],
  ])("says %d seconds as %j", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

describe("table", () => {
  it("aligns columns and leaves no blanks at the end", () => {
    expect(
      table([
        ["a", "bbb", ""],
        ["aa", "b", "c"],
      ]),
    ).toEqual(["  a   bbb", "  aa  b    c"]);
  });

  it("has no rows where there are none", () => {
    expect(table([])).toEqual([]);
  });
});

describe("atMost", () => {
  it("says how many it leaves out", () => {
    expect(atMost(2, ["a", "b", "c", "d"])).toEqual(["a", "b", "  and 2 more"]);
    expect(atMost(4, ["a", "b", "c", "d"])).toEqual(["a", "b", "c", "d"]);
  });
});
