import { describe, expect, it } from "vitest";
import type { Line } from "../../lib/evidence/flowLog.ts";
import { tallyOf } from "../../lib/evidence/tally.ts";
import type { Evidence, Question } from "../../lib/evidence/wayIn.ts";
import { group, instance, region } from "../support/builders.ts";
import { snapshotOf } from "../support/region.ts";

const world = (...rules: readonly string[]) =>
  snapshotOf(
    region({
      groups: [group("sg-a", ...rules)],
      interfaces: [instance("i-1", ["sg-a"]), instance("i-2", ["sg-a"])],
    }),
    ["sg-a"],
  );
const before = world("tcp 80 0.0.0.0/0");
const question: Question = {
  before,
  after: world(),
  waysIn: (before.groups.get("sg-a")?.rules ?? []).map((rule) => ({ group: "sg-a", rule })),
};

const flow = (from: string, end: number, bytes = 100): Line => ({
  kind: "flow",
  flow: {
    interface: "eni-1",
    from,
    to: "10.0.0.1",
    protocol: "tcp",
    port: 80,
    bytes,
    start: end - 60,
    end,
  },
});

function evidenceOf(lines: Iterable<Line>): Evidence {
  const tally = tallyOf(question);
  for (const line of lines) tally.take(line);
  return tally.evidence();
}

describe("tallyOf", () => {
  it("counts flows, sources and bytes, and says when each was last seen", () => {
    const { uses, ...all } = evidenceOf([
      flow("203.0.113.9", 1_763_000_000),
      flow("203.0.113.9", 1_763_000_600),
      flow("198.51.100.1", 1_763_000_300, 5),
      { kind: "skipped", interface: "eni-1" },
      { kind: "unreadable" },
    ]);
    expect(all).toEqual({
      records: 5,
      from: "2025-11-13T02:12:20.000Z",
      to: "2025-11-13T02:23:20.000Z",
      skipped: 1,
      unreadable: 1,
    });
    expect(uses).toMatchObject([
      {
        flows: 3,
        bytes: 205,
        sources: 2,
        isAtLeast: false,
        lastSeen: "2025-11-13T02:23:20.000Z",
        visitors: [
          { address: "203.0.113.9", flows: 2, bytes: 200, lastSeen: "2025-11-13T02:23:20.000Z" },
          { address: "198.51.100.1", flows: 1, bytes: 5 },
        ],
      },
    ]);
  });

  it("tells interfaces that nobody reached from those that the logs do not know", () => {
    const { uses } = evidenceOf([{ kind: "noData", interface: "eni-1" }]);
    expect(uses).toMatchObject([{ flows: 0, logged: ["eni-1"], unlogged: ["eni-2"] }]);
  });

  it("counts no more sources than it can keep, and says so", () => {
    const many = Array.from({ length: 10_500 }, (_, index) =>
      flow(`20.1.${index >> 8}.${index & 255}`, 1_763_000_000),
    );
    expect(evidenceOf(many).uses).toMatchObject([
      { flows: 10_500, sources: 10_000, isAtLeast: true },
    ]);
  });
});
