import { describe, expect, it } from "vitest";
import type { FindingCode } from "../../lib/values/finding.ts";
import { plan } from "../../lib/plan/plan.ts";
import { defaultPolicy } from "../../lib/values/policy.ts";
import { type Rule, ruleText } from "../../lib/values/rule.ts";
import {
  fail,
  hearAdded,
  hearRemoved,
  newRun,
  object,
  type Run,
  see,
  timesStale,
  workOf,
} from "../../lib/remediation/remediation.ts";
import { application, group, instance, region, rule, target } from "../support/builders.ts";
import { snapshotOf } from "../support/region.ts";

const policy = { ...defaultPolicy, defaultMode: "enforce" as const };

/** A run that has seen `sg-web` with these rules, served on tcp 80. */
function seen(rules: readonly (Rule | string)[], run: Run = newRun("sg-web", [])): Run {
  const snapshot = snapshotOf(
    region({
      groups: [group("sg-web", ...rules), group("sg-lb")],
      interfaces: [instance("i-1", ["sg-web"])],
      loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] })],
    }),
    ["sg-web"],
  );
  see(run, snapshot, plan(snapshot, policy));
  return run;
}

const codes = ({ findings }: Run): readonly FindingCode[] => findings.map(({ code }) => code);
const wide = rule("tcp 80-90 0.0.0.0/0");
const rest = rule("tcp 81-90 0.0.0.0/0");

describe("workOf", () => {
  it("is nothing before a look, after a failure, in audit, and when all is settled", () => {
    expect(workOf(newRun("sg-web", []))).toBeUndefined();
    expect(workOf(fail(seen([wide]), new Error("denied")))).toBeUndefined();
    expect(workOf(seen(["tcp 80 sg-lb"]))).toBeUndefined();
    const run = seen([wide]);
    if (run.plan !== undefined) run.plan = { ...run.plan, mode: "audit" };
    expect(workOf(run)).toBeUndefined();
  });

  it("leaves out what was given up, and all that belongs to it", () => {
    const run = seen([wide, "tcp 80 ::/0", "tcp 80 sg-lb"]);
    hearAdded(run, rest, { kind: "full" }, { rule: rest, of: wide });
    const work = workOf(run);
    expect(work?.remainders).toEqual([]);
    expect(work?.removals.map(ruleText)).toEqual(["tcp/80 from ::/0"]);
  });

  it("takes back a remainder of this run only when nothing else is to be done, and only under its wide rule", () => {
    const run = seen([wide, rest, "tcp 80 ::/0", "tcp 80 sg-lb"]);
    run.remainders.push({ rule: rest, of: wide });
    object(run, wide, "for the test");
    expect(workOf(run)?.takeBack).toEqual([]);
    expect(workOf(seen([wide, rest, "tcp 80 sg-lb"], run))?.takeBack.map(ruleText)).toEqual([
      "tcp/81-90 from 0.0.0.0/0",
    ]);
    expect(workOf(seen([rest, "tcp 80 sg-lb"], run))).toBeUndefined();
  });

  it("never takes back a rule that this run has not added", () => {
    const run = seen([wide, rest, "tcp 80 sg-lb"]);
    object(run, wide, "for the test");
    expect(workOf(run)).toBeUndefined();
  });
});

describe("see", () => {
  it("keeps the first look, counts all, and forgets the plan of a group that went away", () => {
    const run = seen([wide]);
    seen(["tcp 80 sg-lb"], run);
    expect([run.looks, run.first?.groups.get("sg-web")?.rules.map(ruleText)]).toEqual([
      2,
      ["tcp/80-90 from 0.0.0.0/0"],
    ]);
    see(run, snapshotOf(region({}), ["sg-web"]), { groups: new Map() });
    expect(run.plan).toBeUndefined();
  });

  it.each<[string, readonly (Rule | string)[], boolean, boolean]>([
    ["its wide rule still stands", [wide, rest], false, false],
    ["we removed the wide rule", [rest], true, false],
    ["the remainder went as well", [], false, false],
    ["the wide rule vanished, and not by us", [rest], false, true],
  ])("of a remainder of ours, where %s", (_, rules, isOurs, isResurrected) => {
    const run = newRun("sg-web", []);
    hearAdded(run, rest, { kind: "done" }, { rule: rest, of: wide });
    if (isOurs) hearRemoved(run, wide, { kind: "done" });
    seen(rules, run);
    expect(codes(run).includes("resurrected")).toBe(isResurrected);
  });
});

describe("hearing what became of a rule", () => {
  it("counts what was done, once, however often it has to be", () => {
    const run = newRun("sg-web", []);
    hearAdded(run, rest, { kind: "done" });
    hearAdded(run, rest, { kind: "done" });
    hearRemoved(run, { ...wide, id: "sgr-1" }, { kind: "done" });
    hearRemoved(run, { ...wide, id: "sgr-1" }, { kind: "done" });
    expect([run.done, run.added.length, run.removed.length]).toEqual([2, 1, 1]);
    hearRemoved(run, { ...wide, id: "sgr-2" }, { kind: "done" });
    expect([run.done, run.removed.length]).toEqual([3, 2]);
  });

  it("counts what this run added and took back as neither added nor removed", () => {
    const run = newRun("sg-web", []);
    hearAdded(run, rest, { kind: "done" });
    hearRemoved(run, { ...rest, id: "sgr-new" }, { kind: "done" });
    expect([run.added, run.removed]).toEqual([[], []]);
  });

  it("says nothing of what is stale, and looks again", () => {
    const run = newRun("sg-web", []);
    hearAdded(run, rest, { kind: "stale" });
    hearRemoved(run, { ...wide, id: "sgr-1" }, { kind: "stale" });
    expect([run.done, run.findings, run.givenUp.size]).toEqual([0, [], 0]);
  });

  it("gives up what is refused, and says why, once", () => {
    const run = newRun("sg-web", []);
    for (const _ of [1, 2])
      hearRemoved(run, wide, { kind: "refused", why: "OperationNotPermitted" });
    expect(run.findings.map(({ text }) => text)).toEqual([
      "tcp/80-90 from 0.0.0.0/0: OperationNotPermitted",
    ]);
  });
});

describe("timesStale", () => {
  const read = { ...rule("tcp 80 0.0.0.0/0", { description: "web" }), id: "sgr-1" };
  it.each<[string, Rule, number]>([
    ["the very same", read, 2],
    ["with other ports", { ...read, toPort: 81 }, 0],
    ["with another description", { ...read, description: "app" }, 0],
    ["with another id", { ...read, id: "sgr-2" }, 0],
    ["without an id", rule("tcp 80 0.0.0.0/0", { description: "web" }), 0],
  ])("a rule that was stale twice, read again %s: %s", (_, again, expected) => {
    const run = newRun("sg-web", []);
    expect(timesStale(run, again)).toBe(0);
    hearRemoved(run, read, { kind: "stale" });
    hearRemoved(run, read, { kind: "stale" });
    expect(timesStale(run, again)).toBe(expected);
  });

  it("counts from the start when somebody wrote the rule anew", () => {
    const run = newRun("sg-web", []);
    hearRemoved(run, { ...read, description: "app" }, { kind: "stale" });
    hearRemoved(run, read, { kind: "stale" });
    expect(timesStale(run, read)).toBe(1);
  });
});

describe("fail", () => {
  it.each<[string, unknown, { kind: string; text: string }]>([
    [
      "an error that says of what kind it is",
      Object.assign(new Error("no"), { failure: { kind: "denied", text: "ec2:X" } }),
      { kind: "denied", text: "ec2:X" },
    ],
    ["any other error", new Error("boom"), { kind: "other", text: "boom" }],
    ["what is no error", "boom", { kind: "other", text: "boom" }],
  ])("takes %s", (_, error, failure) => {
    expect(fail(newRun("sg-web", []), error).failure).toEqual(failure);
  });
});
