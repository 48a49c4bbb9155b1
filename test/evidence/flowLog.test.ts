import { describe, expect, it } from "vitest";
import { defaultFields, isHeader, type Line, readerFor } from "../../lib/evidence/flowLog.ts";
import { logReader } from "../../lib/evidence/logReader.ts";

const accepted =
  "2 111111111111 eni-1 203.0.113.9 10.0.0.1 40000 8080 6 10 840 1763000000 1763000060 ACCEPT OK";

const flow = {
  interface: "eni-1",
  from: "203.0.113.9",
  to: "10.0.0.1",
  protocol: "tcp",
  port: 8080,
  bytes: 840,
  start: 1763000000,
  end: 1763000060,
};

describe("readerFor", () => {
  const read = readerFor(defaultFields);

  it.each<[string, string, Line]>([
    ["an accepted flow", accepted, { kind: "flow", flow }],
    [
      "a refused one",
      accepted.replace("ACCEPT", "REJECT"),
      { kind: "rejected", interface: "eni-1" },
    ],
    [
      "an interval without traffic",
      "2 111111111111 eni-1 - - - - - - - 1763000000 1763000060 - NODATA",
      { kind: "noData", interface: "eni-1" },
    ],
    [
      "an interval that AWS skipped",
      "2 111111111111 eni-1 - - - - - - - 1763000000 1763000060 - SKIPDATA",
      { kind: "skipped", interface: "eni-1" },
    ],
    [
      "IPv6",
      accepted.replace("203.0.113.9", "2001:db8::9").replace("10.0.0.1 ", "fd00::1 "),
      { kind: "flow", flow: { ...flow, from: "2001:db8::9", to: "fd00::1" } },
    ],
    ["too few fields", "2 111111111111 eni-1", { kind: "unreadable" }],
    ["no address", accepted.replace("203.0.113.9", "x"), { kind: "unreadable" }],
    ["no port", accepted.replace(" 8080 ", " http "), { kind: "unreadable" }],
  ])("reads %s", (_, line, says) => {
    expect(read(line)).toEqual(says);
  });

  it("takes the fields of a custom format in whatever order", () => {
    const custom = readerFor(
      "${action} ${dstport} ${protocol} ${srcaddr} ${dstaddr} ${interface-id}",
    );
    expect(custom("ACCEPT 8080 6 203.0.113.9 10.0.0.1 eni-1")).toEqual({
      kind: "flow",
      flow: { ...flow, bytes: 0, start: 0, end: 0 },
    });
  });

  it.each([
    ["went out", "flow-direction", "egress", "outbound"],
    ["came in", "flow-direction", "ingress", "flow"],
    ["answers a connection that was opened from inside", "tcp-flags", "18", "answer"],
    ["answers and ends it", "tcp-flags", "19", "answer"],
    ["opened a connection", "tcp-flags", "2", "flow"],
    ["opened and ended one", "tcp-flags", "3", "flow"],
  ])("knows by the format's other fields what %s", (_, field, value, kind) => {
    const read = readerFor(`${defaultFields} ${field}`);
    expect(read(`${accepted} ${value}`).kind).toBe(kind);
  });

  it("says what a format lacks", () => {
    expect(() => readerFor("srcaddr dstaddr bytes")).toThrow(
      /lacks interface-id, dstport, protocol, action/,
    );
  });
});

describe("isHeader", () => {
  it.each([
    [defaultFields, true],
    ["${srcaddr} ${dstaddr}", true],
    ["interface_id srcaddr", true],
    [accepted, false],
  ])("%s: %s", (line, is) => {
    expect(isHeader(line)).toBe(is);
  });
});

describe("logReader", () => {
  const kindsIn = (text: string, format?: string, size = 7): readonly string[] => {
    const kinds: string[] = [];
    const reader = logReader("the log", format, ({ kind }) => kinds.push(kind));
    for (let at = 0; at < text.length; at += size) reader.push(text.slice(at, at + size));
    reader.end();
    return kinds;
  };
  const rejected = accepted.replace("ACCEPT", "REJECT");

  it.each([
    ["with a header", `${defaultFields}\n${accepted}\n${rejected}\n`],
    ["in the default format, without one", `${accepted}\n${rejected}\n`],
    ["whose last line does not end", `${accepted}\n${rejected}`],
    ["with Windows' line ends", `${defaultFields}\r\n${accepted}\r\n${rejected}\r\n`],
    [
      "that CloudWatch Logs exported",
      `2026-11-25T09:00:00.000Z ${accepted}\n2026-11-25T09:01:00.000Z ${rejected}\n`,
    ],
    [
      "with another header in the middle",
      `${defaultFields}\n${accepted}\naction interface-id srcaddr dstaddr dstport protocol\nREJECT eni-1 - - - -\n`,
    ],
  ])("reads a log %s, wherever it is cut", (_, text) => {
    for (const size of [1, 7, 100, 10_000])
      expect(kindsIn(text, undefined, size)).toEqual(["flow", "rejected"]);
  });

  it("takes a format that is said", () => {
    const format = "action interface-id srcaddr dstaddr dstport protocol";
    expect(kindsIn("ACCEPT eni-1 203.0.113.9 10.0.0.1 80 6\n", format)).toEqual(["flow"]);
  });

  it("asks for the format of a log that has none", () => {
    expect(() => kindsIn("ACCEPT eni-1 203.0.113.9\n")).toThrow(
      /the log has no header, and is not in the default format.*--flow-log-format/,
    );
  });
});
