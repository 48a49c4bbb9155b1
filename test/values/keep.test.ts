import { describe, expect, it } from "vitest";
import { isKept, type Keep, keepOf } from "../../lib/values/keep.ts";
import { endOfDay, millis, secondsBetween } from "../../lib/values/time.ts";

const kept = (until?: string) => ({
  "elb-only:keep": "monitoring",
  ...(until === undefined ? {} : { "elb-only:keep-until": until }),
});

describe("keepOf", () => {
  it.each<[string, Readonly<Record<string, string>>, string, Keep]>([
    ["no tag", {}, "2026-11-22T12:00:00Z", "none"],
    [
      "a date alone, which says to keep nothing",
      { "elb-only:keep-until": "2027-01-01" },
      "2026-11-22T12:00:00Z",
      "none",
    ],
    ["a reason alone", kept(), "2026-11-22T12:00:00Z", "kept"],
    ["an empty reason", { "elb-only:keep": "" }, "2026-11-22T12:00:00Z", "kept"],
    ["a far date", kept("2027-01-01"), "2026-11-22T12:00:00Z", "kept"],
    ["a date with spaces about it", kept(" 2027-01-01 "), "2026-11-22T12:00:00Z", "kept"],
    ["more than seven days left", kept("2026-11-29"), "2026-11-22T23:59:59Z", "kept"],
    ["seven days left", kept("2026-11-29"), "2026-11-23T00:00:00Z", "expiring"],
    ["its last second", kept("2026-11-22"), "2026-11-22T23:59:59Z", "expiring"],
    [
      "its last second, told in another zone",
      kept("2026-11-22"),
      "2026-11-23T01:59:59+02:00",
      "expiring",
    ],
    ["the end of its day in UTC", kept("2026-11-22"), "2026-11-23T00:00:00Z", "expired"],
    ["yesterday", kept("2026-11-21"), "2026-11-22T12:00:00Z", "expired"],
    ["31 February", kept("2027-02-31"), "2026-11-22T12:00:00Z", "unreadable"],
    ["29 February of a common year", kept("2027-02-29"), "2026-11-22T12:00:00Z", "unreadable"],
    ["29 February of a leap year", kept("2028-02-29"), "2026-11-22T12:00:00Z", "kept"],
    ["month 13", kept("2027-13-01"), "2026-11-22T12:00:00Z", "unreadable"],
    ["a date in another order", kept("01.02.2027"), "2026-11-22T12:00:00Z", "unreadable"],
    ["a word", kept("forever"), "2026-11-22T12:00:00Z", "unreadable"],
    ["no date at all", kept(""), "2026-11-22T12:00:00Z", "unreadable"],
  ])("%s", (_, tags, at, expected) => {
    expect(keepOf(tags, at)).toBe(expected);
    expect(isKept(tags, at)).toBe(expected === "kept" || expected === "expiring");
  });
});

describe("times", () => {
  it("ends a day where the next begins, in UTC", () => {
    expect(endOfDay("2026-12-31")).toBe(millis("2027-01-01T00:00:00Z"));
    expect(endOfDay("2026-02-30")).toBeUndefined();
  });

  it("counts seconds, never below none", () => {
    expect(secondsBetween("2026-11-22T12:00:00Z", "2026-11-22T12:00:01.500Z")).toBe(1.5);
    expect(secondsBetween("2026-11-22T12:00:01Z", "2026-11-22T12:00:00Z")).toBe(0);
  });
});
