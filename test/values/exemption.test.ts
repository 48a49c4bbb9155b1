import { describe, expect, it } from "vitest";
import { allowedBy, isKept, keepOf } from "../../lib/values/exemption.ts";
import { endOfDay, millis, secondsBetween } from "../../lib/values/time.ts";
import { rule } from "../support/builders.ts";

const noon = "2026-11-22T12:00:00Z";
const feed = "tcp/80 203.0.113.7/32 partner feed";
const one = (keep: string | undefined, until?: string, text = "tcp 80 203.0.113.7/32") =>
  rule(text, {
    tags: {
      ...(keep === undefined ? {} : { "elb-only:keep": keep }),
      ...(until === undefined ? {} : { "elb-only:keep-until": until }),
    },
  });

describe("keepOf", () => {
  it.each<[string, Parameters<typeof one>, string, string]>([
    ["no tag", [undefined], noon, "none"],
    ["a date alone, which keeps nothing", [undefined, "2027-01-01"], noon, "unreadable"],
    ["a reason alone, which does not say what is kept", ["monitoring"], noon, "unreadable"],
    ["an empty tag", [""], noon, "unreadable"],
    ["ports alone", ["tcp/80 monitoring"], noon, "unreadable"],
    ["ports and source", [feed], noon, "granted"],
    ["ports that no protocol has", ["tcp/70000 203.0.113.7/32"], noon, "unreadable"],
    ["a wider tag", ["tcp/1-100 203.0.113.0/24"], noon, "granted"],
    ["all ports", ["all 203.0.113.7/32"], noon, "granted"],
    ["a far date", [feed, "2027-01-01"], noon, "granted"],
    ["a date with spaces about it", [feed, " 2027-01-01 "], noon, "granted"],
    ["its last second", [feed, "2026-11-22"], "2026-11-22T23:59:59Z", "granted"],
    [
      "its last second, told in another zone",
      [feed, "2026-11-22"],
      "2026-11-23T01:59:59+02:00",
      "granted",
    ],
    ["the end of its day in UTC", [feed, "2026-11-22"], "2026-11-23T00:00:00Z", "expired"],
    ["yesterday", [feed, "2026-11-21"], noon, "expired"],
    ["31 February", [feed, "2027-02-31"], noon, "unreadable"],
    ["29 February of a common year", [feed, "2027-02-29"], noon, "unreadable"],
    ["29 February of a leap year", [feed, "2028-02-29"], noon, "granted"],
    ["a date in another order", [feed, "01.02.2027"], noon, "unreadable"],
    ["a word", [feed, "forever"], noon, "unreadable"],
    ["no date at all", [feed, ""], noon, "unreadable"],
    ["a rule whose source was widened", [feed, undefined, "tcp 80 0.0.0.0/0"], noon, "outgrown"],
    [
      "a rule whose ports were widened",
      [feed, undefined, "tcp 80-81 203.0.113.7/32"],
      noon,
      "outgrown",
    ],
    ["a rule of another protocol", [feed, undefined, "udp 80 203.0.113.7/32"], noon, "outgrown"],
    ["a rule for all protocols", [feed, undefined, "-1 203.0.113.7/32"], noon, "outgrown"],
    [
      "a rule for all protocols, of which all ports are kept",
      ["all 203.0.113.7/32", undefined, "-1 203.0.113.7/32"],
      noon,
      "granted",
    ],
    ["a group", ["tcp/80 sg-app", undefined, "tcp 80 sg-app"], noon, "granted"],
    ["another group", ["tcp/80 sg-app", undefined, "tcp 80 sg-dev"], noon, "outgrown"],
    ["a prefix list", ["tcp/80 pl-office feed", undefined, "tcp 80 pl-office"], noon, "granted"],
  ])("%s", (_, tagged, at, expected) => {
    expect(keepOf(one(...tagged), at).kind).toBe(expected);
    expect(isKept(one(...tagged), at)).toBe(expected === "granted");
  });

  it("says why, and how long", () => {
    expect(keepOf(one(feed, "2026-11-24"), noon)).toMatchObject({
      until: "2026-11-24",
      daysLeft: 2.5,
      why: "partner feed",
    });
    expect(keepOf(one(feed), noon)).toMatchObject({ daysLeft: Infinity });
  });
});

describe("allowedBy", () => {
  const said = (value: string) => allowedBy({ "elb-only:allow": value }, noon);

  it("reads ports, sources and a last day, in any order and with commas or spaces", () => {
    const traffic = {
      tcp: [
        { from: 80, to: 80 },
        { from: 443, to: 443 },
      ],
      udp: [],
      sources: ["10.0.0.0/8", "sg-app"],
    };
    expect(said("tcp/80,tcp/443 10.0.0.0/8 sg-app 2026-12-31")).toMatchObject({ traffic });
    expect(said("2026-12-31 10.0.0.0/8 tcp/80 tcp/443, sg-app")).toMatchObject({ traffic });
  });

  it.each([
    ["", "unreadable"],
    ["tcp/80 10.0.0.0/8", "unreadable"],
    ["tcp/80 10.0.0.0/8 forever", "unreadable"],
    ["tcp/80 10.0.0.0/33 2026-12-31", "unreadable"],
    ["10.0.0.0/8 2026-12-31", "unreadable"],
    ["tcp/80 2026-12-31", "unreadable"],
    ["tcp/80 10.0.0.0/8 2026-02-30", "unreadable"],
    ["tcp/80 10.0.0.0/8 2026-11-21", "expired"],
    ["tcp/80 10.0.0.0/8 2026-11-22", "granted"],
  ])('takes "%s" for %s', (value, expected) => {
    expect(said(value).kind).toBe(expected);
  });

  it("finds nothing where nothing is said", () => {
    expect(allowedBy({}, noon)).toEqual({ kind: "none" });
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
