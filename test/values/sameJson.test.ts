import { describe, expect, it } from "vitest";
import { differingFields, sameJson } from "../../lib/values/sameJson.ts";

describe("sameJson", () => {
  it.each([
    [
      { a: 1, b: [2, 3] },
      { b: [3, 2], a: 1 },
    ],
    [{ Action: ["sqs:SendMessage"] }, { Action: "sqs:SendMessage" }],
    [
      [{ exists: false }, "x"],
      ["x", { exists: false }],
    ],
  ])("takes what says the same for the same: %j and %j", (a, b) => {
    expect(sameJson(a, b)).toBe(true);
  });

  it.each([
    [{ a: [1, 2] }, { a: [1] }],
    [{ a: "1" }, { a: 1 }],
    [{ a: ["1,2"] }, { a: ["1", "2"] }],
    [{ a: [] }, {}],
    [{ a: null }, { a: {} }],
  ])("tells apart what does not: %j and %j", (a, b) => {
    expect(sameJson(a, b)).toBe(false);
  });
});

describe("differingFields", () => {
  it("names what differs, is missing, or is more", () => {
    const [a, b] = [
      { source: ["x"], detail: { name: ["A", "B"], same: [1] } },
      { detail: { name: ["A"], same: [1], more: [2] } },
    ];
    expect(differingFields(a, b)).toEqual(["source", "detail.name", "detail.more"]);
    expect(differingFields(a, a)).toEqual([]);
  });
});
