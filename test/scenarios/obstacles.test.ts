import { describe, expect, it } from "vitest";
import { classic, group, instance, region, rule, tagged, target } from "../support/builders.ts";
import { cloud } from "../support/fakeWorld.ts";
import {
  codes,
  enforcing,
  frontDoor,
  frontGroup,
  outcomeOf,
  played,
  result,
  rules,
  settling,
  site,
} from "./scene.ts";

describe("what stands in the way", () => {
  it("makes the other rules where one names a deleted group, and says which one it could not make", async () => {
    const before = site("tcp 80-81 sg-gone", "tcp 80-82 0.0.0.0/0");
    const run = await played({ ...before, gone: ["sg-gone"] });
    expect(rules(run)).toEqual([
      "tcp/80 from sg-lb",
      "tcp/80-81 from sg-gone",
      "tcp/81-82 from 0.0.0.0/0",
    ]);
    expect(codes(run)).toContain("refused");
    expect(result(run)).toBe("incomplete");
  });

  it("takes back what it added where the group is full, loses nothing, says so, and removes what needs no addition", async () => {
    const before = site(
      "tcp 80-90 0.0.0.0/0",
      "tcp 70-80 0.0.0.0/0",
      "tcp 80 192.0.2.7/32",
      "tcp 20-100 10.0.0.0/8",
      "tcp 80 sg-lb",
    );
    const run = await played({ ...before, quota: 5 });
    expect(codes(run)).toContain("rule-quota");
    expect(rules(run)).not.toContain("tcp/80 from 192.0.2.7/32");
    expect(result(run)).toBe("incomplete");
    const settled = await settling({ ...run.where.now, quota: 60 });
    expect(rules(settled)).toEqual([
      "tcp/20-79 from 10.0.0.0/8",
      "tcp/70-79 from 0.0.0.0/0",
      "tcp/80 from sg-lb",
      "tcp/81-100 from 10.0.0.0/8",
      "tcp/81-90 from 0.0.0.0/0",
    ]);
  });

  it("leaves a full group's wide rule whole, and no half of its remainder beside it", async () => {
    const run = await played({ ...site("tcp 79-81 0.0.0.0/0", "tcp 80 sg-lb"), quota: 3 });
    expect(rules(run)).toEqual(["tcp/79-81 from 0.0.0.0/0", "tcp/80 from sg-lb"]);
    expect(codes(run)).toContain("rule-quota");
  });

  it("goes on with other groups where one is full", async () => {
    const run = await played({
      ...region({
        groups: [
          group("sg-full", "tcp 79-81 0.0.0.0/0", "tcp 80 sg-lb"),
          group("sg-web", "tcp 80 0.0.0.0/0", "tcp 80 sg-lb"),
          frontGroup,
        ],
        interfaces: [instance("i-a", ["sg-web"]), instance("i-b", ["sg-full"]), frontDoor],
        loadBalancers: [
          classic("MyLoadBalancer", {
            groups: ["sg-lb"],
            targets: [target("i-a", 80), target("i-b", 80)],
          }),
        ],
      }),
      quota: 3,
    });
    expect([result(run, "sg-full"), result(run)]).toEqual(["incomplete", "changed"]);
  });

  it("fails only the group in which it may not write", async () => {
    const two = region({
      groups: [group("sg-a", "tcp 80 0.0.0.0/0"), group("sg-b", "tcp 80 0.0.0.0/0"), frontGroup],
      interfaces: [instance("i-a", ["sg-a"]), instance("i-b", ["sg-b"]), frontDoor],
      loadBalancers: [
        classic("MyLoadBalancer", {
          groups: ["sg-lb"],
          targets: [target("i-a", 80), target("i-b", 80)],
        }),
      ],
    });
    const run = await played(two, enforcing, { denied: ["sg-a"] });
    expect([result(run, "sg-a"), result(run, "sg-b")]).toEqual(["failed", "changed"]);
    expect(codes(run, "sg-a")).toContain("denied");
    expect(rules(run, "sg-a")).toEqual(["tcp/80 from 0.0.0.0/0"]);
    expect(rules(run, "sg-b")).toEqual(["tcp/80 from sg-lb"]);
  });

  it("removes nothing where a page failed, admits all the same, and finishes once it sees everything", async () => {
    const before = site("tcp 80-90 0.0.0.0/0");
    const where = cloud({
      ...before,
      groups: before.groups.map((one) =>
        one.id === "sg-web" ? tagged(one, { "elb-only": "enforce" }) : one,
      ),
    });
    const half = await played(where, enforcing, {
      partial: (snapshot) => ({ ...snapshot, gaps: ["the second page of interfaces"] }),
    });
    expect(rules(half)).toEqual(["tcp/80 from sg-lb", "tcp/80-90 from 0.0.0.0/0"]);
    expect(codes(half)).toContain("incomplete-picture");
    expect(outcomeOf(half).reach).toBe("admitOnly");
    expect(rules(await settling(where.now))).toEqual([
      "tcp/80 from sg-lb",
      "tcp/81-90 from 0.0.0.0/0",
    ]);
  });

  it("writes nothing at all in an untagged group of which not all could be read", async () => {
    const run = await played(site("tcp 80-90 0.0.0.0/0"), enforcing, {
      partial: (snapshot) => ({ ...snapshot, gaps: ["the tags of MyLoadBalancer"] }),
    });
    expect(run.calls).toEqual([]);
    expect(codes(run)).toContain("incomplete-picture");
  });

  it("says that a group does not exist", async () => {
    const run = await played(cloud(site()), enforcing, {
      partial: (snapshot) => ({
        ...snapshot,
        inQuestion: snapshot.inQuestion.filter((id) => id !== "sg-web"),
        groups: new Map([...snapshot.groups].filter(([id]) => id !== "sg-web")),
      }),
    });
    expect(result(run)).toBe("gone");
    expect(run.calls).toEqual([]);
  });
});

describe("rules that are kept", () => {
  const kept = (until?: string) =>
    rule("tcp 80-81 203.0.113.0/24", {
      tags: {
        "elb-only:keep": "tcp/80-81 203.0.113.0/24 monitoring",
        ...(until === undefined ? {} : { "elb-only:keep-until": until }),
      },
    });

  it.each<[string, string | undefined, readonly string[]]>([
    ["without an end", undefined, ["kept", "keep-long"]],
    ["to the end of its last day", "2026-11-22", ["keep-expiring"]],
    ["for another seven days", "2026-11-28", ["keep-expiring"]],
    ["for some months", "2027-01-22", ["kept"]],
    ["for long", "2027-11-22", ["kept", "keep-long"]],
  ])("keeps a rule %s", async (_, until, expected) => {
    const run = await settling(site(kept(until), "tcp 80 sg-lb"));
    expect(run.calls).toEqual([]);
    expect(codes(run)).toEqual(expected);
  });

  it.each([
    ["that expired yesterday", "2026-11-21", "keep-expired"],
    ["whose end cannot be read", "next month", "keep-unreadable"],
    ["whose end is no day", "2026-02-30", "keep-unreadable"],
    ["whose end is empty", "", "keep-unreadable"],
  ])(
    "does not keep a rule %s, says so, and does not keep its remainder either",
    async (_, until, expected) => {
      const run = await settling(site(kept(until), "tcp 80 sg-lb"));
      expect(rules(run)).toEqual(["tcp/80 from sg-lb", "tcp/81 from 203.0.113.0/24"]);
      expect(codes(run)).toContain(expected);
      expect(
        run.where.now.groups.flatMap((one) => one.rules).flatMap(({ tags }) => Object.keys(tags)),
      ).toEqual(["elb-only:remainder-of"]);
    },
  );

  it("keeps no rule that lets in more than its tag names: who may only change rules cannot widen what is kept", async () => {
    const keep = { "elb-only:keep": "tcp/80 203.0.113.7/32 partner feed" };
    const narrow = rule("tcp 80 203.0.113.7/32", { tags: keep });
    expect((await settling(site(narrow, "tcp 80 sg-lb"))).calls).toEqual([]);
    const widened = { ...narrow, source: { kind: "ipv4", cidr: "0.0.0.0/0" } as const };
    const run = await settling(site(widened, "tcp 80 sg-lb"));
    expect(rules(run)).toEqual(["tcp/80 from sg-lb"]);
    expect(outcomeOf(run).findings.find(({ code }) => code === "keep-outgrown")?.severity).toBe(
      "high",
    );
  });

  it("keeps nothing by a date or a reason alone, and says so", async () => {
    for (const tags of [
      { "elb-only:keep-until": "2027-01-01" },
      { "elb-only:keep": "monitoring" },
    ]) {
      const run = await settling(site(rule("tcp 80 203.0.113.0/24", { tags }), "tcp 80 sg-lb"));
      expect(rules(run)).toEqual(["tcp/80 from sg-lb"]);
      expect(codes(run)).toContain("keep-unreadable");
    }
  });

  it("keeps a rule through its last second, and not a second longer", async () => {
    const last = { ...site(kept("2026-11-22"), "tcp 80 sg-lb"), at: "2026-11-22T23:59:59Z" };
    expect((await settling(last)).calls).toEqual([]);
    expect(rules(await settling({ ...last, at: "2026-11-23T00:00:00Z" }))).toEqual([
      "tcp/80 from sg-lb",
      "tcp/81 from 203.0.113.0/24",
    ]);
  });
});
