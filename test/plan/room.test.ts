import { describe, expect, it } from "vitest";
import { ruleText } from "../../lib/values/rule.ts";
import {
  application,
  front,
  group,
  instance,
  prefixList,
  rule,
  tagged,
  target,
} from "../support/builders.ts";
import { codes, deeds, planned, type Setting, texts } from "./planned.ts";

const alb = application("alb", { groups: ["sg-lb"], targets: [target("i-a", 80)] });

/** A group that a load balancer serves on tcp/80, in an account with that quota. */
const setting = (
  rules: readonly Parameters<typeof group>[1][],
  policy: Setting["policy"],
): Setting => ({
  groups: [group("sg-web", ...rules), group("sg-lb")],
  interfaces: [instance("i-a", ["sg-web"]), front("eni-lb", ["sg-lb"], "10.0.9.1")],
  loadBalancers: [alb],
  prefixLists: [
    prefixList("pl-office", "10.0.0.0/8"),
    prefixList("pl-partner", "198.51.100.0/24"),
    { ...prefixList("pl-big", "10.0.0.0/8"), maxEntries: 20 },
  ],
  policy: { spareRules: 0, ...policy },
});

const noRoom = ({ noRoom: { add, remove } }: ReturnType<typeof planned>) => ({
  add: texts(add),
  remove: texts(remove),
});

describe("what is closed first where there is room for one", () => {
  /** Each takes one rule more for the moment; there is room for one. */
  it.each<[string, string, string]>([
    [
      "the internet, before a private range however wide",
      "80-81 198.51.100.7/32",
      "80-81 10.0.0.0/8",
    ],
    ["the internet over IPv6, too", "80-81 2001:db8::/32", "80-81 fd00::/8"],
    ["the wider of two ranges", "80-81 198.51.100.0/24", "80-81 192.0.2.7/32"],
    ["a range, before a security group", "80-81 10.1.2.3/32", "80-81 sg-other"],
    ["a prefix list by what it holds", "80-81 pl-partner", "80-81 10.0.0.0/8"],
    ["a private prefix list by its range, before a group", "80-81 pl-office", "80-81 sg-other"],
  ])("%s", (_, first, second) => {
    for (const pair of [
      [first, second],
      [second, first],
    ]) {
      const rules = [...pair.map((text) => `tcp ${text}`), "tcp 80 sg-lb"];
      const isSix = first.includes(":");
      const others = ["tcp 22 sg-other"].slice(isSix ? 1 : 0);
      const weight = rules.length + others.length;
      const todo = planned(setting([...rules, ...others], { rulesPerGroup: weight + 1 }));
      expect(todo.waiting.map(ruleText)).toEqual([ruleText(rule(`tcp ${first}`))]);
      expect(noRoom(todo).remove).toEqual([ruleText(rule(`tcp ${second}`))]);
    }
  });
});

describe("what there is room for", () => {
  it("is all that a closing needs, or nothing of it", () => {
    const todo = planned(setting(["tcp 20-90 0.0.0.0/0"], { rulesPerGroup: 3 }));
    expect(deeds(todo)).toEqual({ admissions: [], remainders: [], removals: [], waiting: [] });
    expect(noRoom(todo)).toEqual({
      add: ["tcp/80 from sg-lb"],
      remove: ["tcp/20-90 from 0.0.0.0/0"],
    });
    expect(deeds(planned(setting(["tcp 20-90 0.0.0.0/0"], { rulesPerGroup: 4 })))).toMatchObject({
      admissions: ["tcp/80 from sg-lb"],
      remainders: ["tcp/20-79 from 0.0.0.0/0", "tcp/81-90 from 0.0.0.0/0"],
    });
  });

  it("counts IPv4 and IPv6 apart", () => {
    const rules = ["tcp 20-90 ::/0", "tcp 80 sg-lb", "tcp 22 10.0.0.0/8", "tcp 23 10.0.0.0/8"];
    expect(deeds(planned(setting(rules, { rulesPerGroup: 4 }))).remainders).toHaveLength(2);
  });

  it("counts a prefix list with its maximum size, once for each rule that stays of it", () => {
    const rules = ["tcp 20-90 pl-big", "tcp 80 sg-lb"];
    expect(deeds(planned(setting(rules, { rulesPerGroup: 60 }))).waiting).toEqual([]);
    expect(deeds(planned(setting(rules, { rulesPerGroup: 61 }))).remainders).toHaveLength(2);
  });

  it("leaves spare rules to people, unless the group is left no fuller than it was", () => {
    const spare = { spareRules: 2, rulesPerGroup: 5 };
    expect(
      deeds(planned(setting(["tcp 20-90 0.0.0.0/0", "tcp 80 sg-lb"], spare))).remainders,
    ).toHaveLength(2);
    const fuller = ["tcp 20-90 0.0.0.0/0", "tcp 80 sg-lb", "tcp 22 10.0.0.0/8"];
    expect(noRoom(planned(setting(fuller, spare))).remove).toHaveLength(1);
    const even = ["tcp 80-90 0.0.0.0/0", "tcp 80 sg-lb", "tcp 22 10.0.0.0/8", "tcp 23 10.0.0.0/8"];
    expect(deeds(planned(setting(even, spare))).remainders).toHaveLength(1);
  });

  it("is what the group holds already, where that is more than the quota that we were told", () => {
    const rules = ["tcp 80-90 0.0.0.0/0", "tcp 22 10.0.0.0/8", "tcp 80 sg-lb"];
    const todo = planned(setting(rules, { rulesPerGroup: 2 }));
    expect(noRoom(todo).remove).toEqual(["tcp/80-90 from 0.0.0.0/0"]);
    expect(todo.findings.find(({ code }) => code === "rule-quota")?.text).toContain(
      "0 of 3 are free",
    );
  });

  it("in another group, too, where the load balancer's way in belongs there", () => {
    const two: Setting = {
      ...setting([], { rulesPerGroup: 3 }),
      groups: [
        group("sg-a", "tcp 22 10.0.0.0/8", "tcp 23 10.0.0.0/8", "tcp 24 10.0.0.0/8"),
        tagged(group("sg-web", "tcp 80 0.0.0.0/0"), { "elb-only": "enforce" }),
        group("sg-lb"),
      ],
      interfaces: [
        instance("i-a", ["sg-a", "sg-web"]),
        instance("i-b", ["sg-web"]),
        front("eni-lb", ["sg-lb"], "10.0.9.1"),
      ],
    };
    const todo = planned(two);
    expect(noRoom(todo).remove).toEqual(["tcp/80 from 0.0.0.0/0"]);
    expect(codes(todo)).toContain("rule-quota");
    expect(codes(planned(two, "sg-a"))).toContain("rule-quota");
  });
});
