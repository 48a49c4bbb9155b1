import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  allPorts,
  covers,
  intersection,
  overlap,
  type PortSet,
  portSet,
  rangeText,
  type Range,
  subtract,
} from "../../lib/values/portRange.ts";

/** Ranges around a few edges, so that they touch, meet and hold each other. */
const edge = fc.constantFrom(0, 1, 21, 22, 23, 79, 80, 81, 443, 65534, 65535);
const range: fc.Arbitrary<Range> = fc
  .tuple(edge, edge)
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const ranges = fc.array(range, { maxLength: 5 });
const ports = ranges.map(portSet);

/** A set of ports by the book: one by one. */
const naive = (set: readonly Range[]): ReadonlySet<number> =>
  new Set(
    set.flatMap(({ from, to }) =>
      Array.from({ length: to - from + 1 }, (_, index) => from + index),
    ),
  );

/** The ports at which anything can change, and their neighbours. */
const edges = [0, 1, 2, 20, 21, 22, 23, 24, 78, 79, 80, 81, 82, 442, 443, 444, 65533, 65534, 65535];
const at = (set: readonly Range[]): readonly number[] =>
  edges.filter((port) => set.some(({ from, to }) => from <= port && port <= to));

const isCanonical = (set: PortSet): boolean =>
  set.every(
    (one, index) =>
      one.from <= one.to && (index === 0 || one.from > (set[index - 1]?.to ?? Number.NaN) + 1),
  );

describe("portSet", () => {
  it("spells any ranges in one way: sorted, apart, never adjacent, with the same ports in them", () => {
    fc.assert(
      fc.property(ranges, (some) => {
        const set = portSet(some);
        expect(isCanonical(set)).toBe(true);
        expect(at(set)).toEqual(at(some));
        expect(portSet(set)).toEqual(set);
        expect(portSet(some.toReversed())).toEqual(set);
      }),
    );
  });

  it("holds the very ports of its ranges, one by one", () => {
    const some = [
      { from: 100, to: 120 },
      { from: 20, to: 25 },
      { from: 26, to: 30 },
      { from: 110, to: 130 },
      { from: 9, to: 8 },
    ];
    expect(portSet(some)).toEqual([
      { from: 20, to: 30 },
      { from: 100, to: 130 },
    ]);
    expect(naive(portSet(some))).toEqual(naive(some));
  });
});

describe("the algebra of ports", () => {
  it("adds, subtracts and intersects as sets do", () => {
    fc.assert(
      fc.property(ports, ports, (a, b) => {
        const [inA, inB] = [at(a), at(b)];
        expect(at(portSet([...a, ...b]))).toEqual(
          edges.filter((port) => inA.includes(port) || inB.includes(port)),
        );
        expect(at(subtract(a, b))).toEqual(inA.filter((port) => !inB.includes(port)));
        expect(at(intersection(a, b))).toEqual(inA.filter((port) => inB.includes(port)));
        expect(covers(a, b)).toBe(subtract(b, a).length === 0);
        for (const set of [portSet([...a, ...b]), subtract(a, b), intersection(a, b)])
          expect(isCanonical(set)).toBe(true);
      }),
    );
  });

  it("splits and joins again without loss", () => {
    fc.assert(
      fc.property(ports, ports, (a, b) => {
        expect(portSet([...subtract(a, b), ...intersection(a, b)])).toEqual(a);
        expect(subtract(allPorts, subtract(allPorts, a))).toEqual(a);
      }),
    );
  });

  it.each<[string, PortSet, PortSet, PortSet]>([
    [
      "a hole in the middle",
      [{ from: 20, to: 90 }],
      [{ from: 80, to: 80 }],
      [
        { from: 20, to: 79 },
        { from: 81, to: 90 },
      ],
    ],
    ["port 0", [{ from: 0, to: 65535 }], [{ from: 0, to: 0 }], [{ from: 1, to: 65535 }]],
    [
      "port 65535",
      [{ from: 0, to: 65535 }],
      [{ from: 65535, to: 65535 }],
      [{ from: 0, to: 65534 }],
    ],
    ["everything", [{ from: 80, to: 80 }], allPorts, []],
    ["nothing", [{ from: 80, to: 80 }], [], [{ from: 80, to: 80 }]],
  ])("subtracts %s", (_, a, b, expected) => {
    expect(subtract(a, b)).toEqual(expected);
  });

  it("knows that neighbours do not overlap", () => {
    expect(overlap({ from: 1, to: 2 }, { from: 3, to: 4 })).toBe(false);
    expect(overlap({ from: 1, to: 3 }, { from: 3, to: 4 })).toBe(true);
  });

  it("writes one port as itself and several as a range", () => {
    expect([rangeText({ from: 80, to: 80 }), rangeText({ from: 20, to: 79 })]).toEqual([
      "80",
      "20-79",
    ]);
  });
});
