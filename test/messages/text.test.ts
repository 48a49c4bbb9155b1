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

  it.each([
    ["https://evil.example/x?y", "https[:]//evil[.]example/x?y"],
    ["see www.evil.co.uk, now", "see www.evil.co[.]uk, now"],
    ["evil.example", "evil[.]example"],
    ["mail@evil.example", "mail@evil[.]example"],
    ["javascript://%0aalert(1)", "javascript[:]//%0aalert(1)"],
    ["b\u00fccher.example", "b\u00fccher[.]example"],
    ["</script><img onerror=x>", "(/script)(img onerror=x)"],
    ["<https://evil.example|click>", "(https[:]//evil[.]example|click)"],
    ["bucket.s3.amazonaws.com", "bucket.s3.amazonaws[.]com"],
  ])("lets nothing be clicked, and no markup begin: %j", (text, line) => {
    expect(oneLine(text)).toBe(line);
  });

  it.each([
    "tcp/80 from 203.0.113.7/32",
    "HashiCorp Terraform/1.9.2",
    "autoscaling.amazonaws.com",
    "i-1 (Target.Timeout)",
    "InvalidPermission.NotFound: no such rule",
    "yes -> no",
    "arn:aws:sts::123456789012:assumed-role/deploy/run-1",
  ])("leaves alone what nobody can click: %j", (text) => {
    expect(oneLine(text)).toBe(text);
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
