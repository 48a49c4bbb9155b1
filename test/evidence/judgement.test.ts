import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellsOf } from "../../lib/evidence/cells.ts";
import type { Flow } from "../../lib/evidence/flowLog.ts";
import { judgeOf } from "../../lib/evidence/judgement.ts";
import type { Question } from "../../lib/evidence/wayIn.ts";
import { admits } from "../../lib/judge/admits.ts";
import { cidrContains } from "../../lib/values/cidr.ts";
import { group, instance, region, rule } from "../support/builders.ts";
import { snapshotOf } from "../support/region.ts";

const address = fc
  .tuple(fc.constantFrom(9, 10, 11, 203), fc.nat(3), fc.nat(3), fc.nat(255))
  .map((bytes) => bytes.join("."));
const cidr = fc
  .tuple(address, fc.constantFrom(0, 8, 15, 16, 24, 31, 32))
  .map(([start, length]) => `${start}/${length}`);

describe("cellsOf", () => {
  it("puts addresses into one cell only if every range holds both or neither", () => {
    fc.assert(
      fc.property(fc.array(cidr, { maxLength: 6 }), address, address, (cidrs, one, other) => {
        const cellOf = cellsOf(cidrs);
        fc.pre(cellOf(one) === cellOf(other));
        for (const range of cidrs)
          expect(cidrContains(range, `${one}/32`)).toBe(cidrContains(range, `${other}/32`));
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps every IPv6 address apart", () => {
    const cellOf = cellsOf(["::/0"]);
    expect(cellOf("2001:db8::1")).not.toBe(cellOf("2001:db8::2"));
  });
});

const here = instance("i-here", ["sg-a", "sg-b"], { address: "10.0.0.1" });
const neighbour = instance("i-near", ["sg-near"], { address: "10.1.1.7" });

/** sg-a and sg-b before, and after the rules of `closed` have gone from sg-a. */
function question(a: readonly string[], b: readonly string[], closed: readonly number[]): Question {
  const world = (rules: readonly string[]) =>
    snapshotOf(
      region({
        groups: [group("sg-a", ...rules), group("sg-b", ...b), group("sg-near")],
        interfaces: [here, neighbour],
      }),
      ["sg-a", "sg-near"],
    );
  const before = world(a);
  const rules = before.groups.get("sg-a")?.rules ?? [];
  return {
    before,
    after: world(a.filter((_, place) => !closed.includes(place))),
    waysIn: closed.flatMap((place) => {
      const one = rules[place];
      return one === undefined ? [] : [{ group: "sg-a", rule: one }];
    }),
  };
}

const flowFrom = (from: string, port = 80, extra: Partial<Flow> = {}): Flow => ({
  interface: "eni-here",
  from,
  to: "10.0.0.1",
  protocol: "tcp",
  port,
  bytes: 1,
  start: 1,
  end: 2,
  ...extra,
});

describe("judgeOf", () => {
  it.each([
    ["came in by it alone", ["tcp 80 0.0.0.0/0"], [], flowFrom("203.0.113.9"), [0]],
    [
      "comes in by what stays in the same group",
      ["tcp 80 0.0.0.0/0", "tcp 80 203.0.113.0/24"],
      [],
      flowFrom("203.0.113.9"),
      [],
    ],
    [
      "comes in by another group of the interface",
      ["tcp 80 0.0.0.0/0"],
      ["tcp 80 203.0.113.0/24"],
      flowFrom("203.0.113.9"),
      [],
    ],
    [
      "is let in by its own group",
      ["tcp 80 0.0.0.0/0"],
      ["tcp 80 sg-near"],
      flowFrom("10.1.1.7"),
      [],
    ],
    ["goes to another port", ["tcp 80 0.0.0.0/0"], [], flowFrom("203.0.113.9", 81), []],
    [
      "is at another interface",
      ["tcp 80 0.0.0.0/0"],
      [],
      flowFrom("203.0.113.9", 80, { interface: "eni-near" }),
      [],
    ],
    ["was sent by the interface itself", ["tcp 80 0.0.0.0/0"], [], flowFrom("10.0.0.1"), []],
    [
      "has another protocol",
      ["tcp 80 0.0.0.0/0"],
      [],
      flowFrom("203.0.113.9", 80, { protocol: "udp" }),
      [],
    ],
    ["came in by IPv6", ["tcp 80 ::/0"], [], flowFrom("2001:db8::9"), [0]],
  ])("a flow that %s", (_, a, b, flow, ways) => {
    expect(judgeOf(question(a, b, [0]))(flow)).toEqual(ways);
  });

  it("counts a flow for each of the closed ways by which it came", () => {
    const judge = judgeOf(question(["tcp 80 0.0.0.0/0", "tcp 80 203.0.0.0/8"], [], [0, 1]));
    expect(judge(flowFrom("203.0.113.9"))).toEqual([0, 1]);
    expect(judge(flowFrom("9.9.9.9"))).toEqual([0]);
  });

  it("answers as the judge does, asked for every single flow", () => {
    const ruleText = fc
      .tuple(fc.constantFrom("tcp 80", "tcp 79-81", "tcp 0-65535", "-1"), cidr)
      .map((words) => words.join(" "));
    const rules = fc.array(ruleText, { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(ruleText, { minLength: 1, maxLength: 4 }),
        rules,
        fc.array(fc.tuple(address, fc.constantFrom(79, 80, 443)), { minLength: 1, maxLength: 12 }),
        (a, b, packets) => {
          const distinct = [...new Map(a.map((one) => [JSON.stringify(rule(one)), one])).values()];
          const asked = question(distinct, b, [0, 1]);
          const judge = judgeOf(asked);
          for (const [from, port] of packets) {
            const packet = { protocol: "tcp", port, from: { address: from, groups: [] } };
            const staying = ["sg-a", "sg-b"].flatMap(
              (id) => asked.after.groups.get(id)?.rules ?? [],
            );
            const ways = admits(staying, packet)
              ? []
              : asked.waysIn.flatMap((way, place) => (admits([way.rule], packet) ? [place] : []));
            expect(judge(flowFrom(from, port))).toEqual(from === "10.0.0.1" ? [] : ways);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
