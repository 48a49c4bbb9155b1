import { describe, expect, it } from "vitest";
import { canonicalRule, type Source } from "../../lib/values/rule.ts";
import { check, internet, judge, reaches, somebody, ssh, type Wanted } from "../../demo/judge.ts";

const tcp = (port: number, source: Source) =>
  canonicalRule({ protocol: "tcp", fromPort: port, toPort: port, source });
const world: Source = { kind: "ipv4", cidr: "0.0.0.0/0" };
const loadBalancer: Source = { kind: "group", group: "sg-lb" };

const senders = [
  { address: "172.31.0.4", groups: ["sg-lb"] },
  { address: "172.31.64.4", groups: ["sg-lb"] },
];
const open = [tcp(22, world), tcp(80, world)];
const closed = [tcp(22, world), tcp(80, loadBalancer)];
const questions = [reaches("web", senders, 80, "yes"), ...internet(80, "no"), ssh("as before")];

const held = (before: typeof open, after: typeof open) =>
  judge(questions, before, after).map(({ holds }) => holds);

describe("judge", () => {
  it("agrees where only the load balancer is let in, and says what it was before", () => {
    expect(judge(questions, open, closed)).toEqual([
      { says: "web reaches tcp/80", before: "yes", now: "yes", wanted: "yes", holds: true },
      {
        says: "the internet (IPv4) reaches tcp/80",
        before: "yes",
        now: "no",
        wanted: "no",
        holds: true,
      },
      {
        says: "the internet (IPv6) reaches tcp/80",
        before: "no",
        now: "no",
        wanted: "no",
        holds: true,
      },
      {
        says: "SSH from the internet reaches tcp/22",
        before: "yes",
        now: "yes",
        wanted: "as before",
        holds: true,
      },
    ]);
  });

  it.each([
    ["nothing was closed", open, [true, false, true, true]],
    [
      "IPv6 was forgotten",
      [...closed, tcp(80, { kind: "ipv6", cidr: "::/0" })],
      [true, true, false, true],
    ],
    ["the load balancer was cut off", [tcp(22, world)], [false, true, true, true]],
    [
      "another group was let in instead",
      [tcp(22, world), tcp(80, { kind: "group", group: "sg-other" })],
      [false, true, true, true],
    ],
    ["people lost SSH", [tcp(80, loadBalancer)], [true, true, true, false]],
  ])("objects where %s", (_, after, answers) => {
    expect(held(open, after)).toEqual(answers);
  });

  it("objects where only some of the senders are let in", () => {
    const [first] = judge(questions, open, [tcp(80, { kind: "ipv4", cidr: "172.31.0.0/18" })]);
    expect(first).toMatchObject({ now: "some", holds: false });
  });

  it.each<Wanted>(["yes", "no", "as before"])(
    "proves nothing where there is nobody to ask, wanted %s",
    (wanted) => {
      expect(judge([reaches("web", [], 80, wanted)], open, open)).toMatchObject([
        { now: "nobody to ask", holds: false },
      ]);
    },
  );

  it("objects to a port that was opened, where it should be as before", () => {
    expect(
      judge([somebody("a stranger", "198.51.100.1", 443, "as before")], open, [
        ...open,
        tcp(443, world),
      ]),
    ).toMatchObject([{ holds: false }]);
  });
});

describe("check", () => {
  it("holds what was counted against what it should be", () => {
    expect(check("writes", 0, 0)).toEqual({ says: "writes", now: "0", wanted: "0", holds: true });
    expect(check("writes", 2, 0)).toEqual({ says: "writes", now: "2", wanted: "0", holds: false });
    expect(check("named", "0", 0).holds).toBe(false);
  });
});
