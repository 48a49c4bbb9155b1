import { describe, expect, it } from "vitest";
import type { FindingCode } from "../../lib/values/finding.ts";
import { plan } from "../../lib/plan/plan.ts";
import { defaultPolicy } from "../../lib/values/policy.ts";
import { type Rule, ruleText } from "../../lib/values/rule.ts";
import {
  newRemediation,
  recordAdded,
  recordCall,
  recordFailure,
  recordLook,
  recordRemoved,
  recordVeto,
  type Remediation,
} from "../../lib/remediation/remediation.ts";
import { isUnseen, workOf } from "../../lib/remediation/work.ts";
import { application, group, instance, region, rule, target } from "../support/builders.ts";
import { snapshotOf } from "../support/region.ts";

const policy = { ...defaultPolicy, defaultMode: "enforce" as const };

/** A remediation that has seen `sg-web` with these rules, served on tcp 80. */
function seen(
  rules: readonly (Rule | string)[],
  remediation: Remediation = newRemediation("sg-web", []),
): Remediation {
  const snapshot = snapshotOf(
    region({
      groups: [group("sg-web", ...rules), group("sg-lb")],
      interfaces: [instance("i-1", ["sg-web"])],
      loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] })],
    }),
    ["sg-web"],
  );
  recordLook(remediation, snapshot, plan(snapshot, policy));
  return remediation;
}

const codes = ({ findings }: Remediation): readonly FindingCode[] =>
  findings.map(({ code }) => code);
const wide = rule("tcp 80-90 0.0.0.0/0");
const rest = rule("tcp 81-90 0.0.0.0/0");

describe("workOf", () => {
  it("is nothing before a look, after a failure, in audit, and when all is settled", () => {
    expect(workOf(newRemediation("sg-web", []))).toBeUndefined();
    expect(workOf(recordFailure(seen([wide]), new Error("denied")))).toBeUndefined();
    expect(workOf(seen(["tcp 80 sg-lb"]))).toBeUndefined();
    const remediation = seen([wide]);
    if (remediation.plan !== undefined) remediation.plan = { ...remediation.plan, mode: "audit" };
    expect(workOf(remediation)).toBeUndefined();
  });

  it("leaves out what was given up, and all that belongs to it", () => {
    const remediation = seen([wide, "tcp 80 ::/0", "tcp 80 sg-lb"]);
    recordAdded(
      remediation,
      { rule: rest, answer: { kind: "refused", why: "not so" } },
      { rule: rest, of: wide },
    );
    const work = workOf(remediation);
    expect(work?.remainders).toEqual([]);
    expect(work?.removals.map(ruleText)).toEqual(["tcp/80 from ::/0"]);
  });

  it("takes back a remainder of this remediation only when nothing else is to be done, and only under its wide rule", () => {
    const remediation = seen([wide, rest, "tcp 80 ::/0", "tcp 80 sg-lb"]);
    remediation.remainders.push({ rule: rest, of: wide });
    recordVeto(remediation, wide, "for the test");
    expect(workOf(remediation)?.takeBack).toEqual([]);
    expect(workOf(seen([wide, rest, "tcp 80 sg-lb"], remediation))?.takeBack.map(ruleText)).toEqual(
      ["tcp/81-90 from 0.0.0.0/0"],
    );
    expect(workOf(seen([rest, "tcp 80 sg-lb"], remediation))).toBeUndefined();
  });

  it("never takes back a rule that this remediation has not added", () => {
    const remediation = seen([wide, rest, "tcp 80 sg-lb"]);
    recordVeto(remediation, wide, "for the test");
    expect(workOf(remediation)).toBeUndefined();
  });
});

describe("recordLook", () => {
  it("keeps the first look, counts all, and forgets the plan of a group that went away", () => {
    const remediation = seen([wide]);
    seen(["tcp 80 sg-lb"], remediation);
    expect([
      remediation.looks,
      remediation.first?.groups.get("sg-web")?.rules.map(ruleText),
    ]).toEqual([2, ["tcp/80-90 from 0.0.0.0/0"]]);
    recordLook(remediation, snapshotOf(region({}), ["sg-web"]), { groups: new Map() });
    expect(remediation.plan).toBeUndefined();
  });

  it.each<[string, readonly (Rule | string)[], boolean, boolean]>([
    ["its wide rule still stands", [wide, rest], false, false],
    ["we removed the wide rule", [rest], true, false],
    ["the remainder went as well", [], false, false],
    ["the wide rule vanished, and not by us", [rest], false, true],
  ])("of a remainder of ours, where %s", (_, rules, isOurs, isResurrected) => {
    const remediation = newRemediation("sg-web", []);
    recordAdded(remediation, { rule: rest, answer: { kind: "done" } }, { rule: rest, of: wide });
    if (isOurs) recordRemoved(remediation, { rule: wide, answer: { kind: "done" } });
    seen(rules, remediation);
    expect(codes(remediation).includes("resurrected")).toBe(isResurrected);
  });
});

describe("isUnseen", () => {
  const written = (): Remediation => {
    const remediation = newRemediation("sg-web", []);
    recordAdded(remediation, { rule: rest, answer: { kind: "done" } });
    return remediation;
  };
  const takenBack = (): Remediation => {
    const remediation = written();
    recordRemoved(remediation, { rule: { ...rest, id: "sgr-new" }, answer: { kind: "done" } });
    return remediation;
  };

  it.each<[string, () => Remediation, readonly Rule[], boolean]>([
    ["does not show what was added", written, [wide], true],
    ["shows what was added", written, [wide, rest], false],
    [
      "shows what was added and taken back: whoever believes it removes the rest",
      takenBack,
      [wide, rest],
      true,
    ],
    ["shows no more what was taken back", takenBack, [wide], false],
  ])("of a look that %s", (_, remediation, rules, expected) => {
    expect(isUnseen(seen(rules, remediation()))).toBe(expected);
  });
});

describe("recordAdded and recordRemoved", () => {
  it("counts what was done, once, however often it has to be", () => {
    const remediation = newRemediation("sg-web", []);
    recordAdded(remediation, { rule: rest, answer: { kind: "done" } });
    recordAdded(remediation, { rule: rest, answer: { kind: "done" } });
    recordRemoved(remediation, { rule: { ...wide, id: "sgr-1" }, answer: { kind: "done" } });
    recordRemoved(remediation, { rule: { ...wide, id: "sgr-1" }, answer: { kind: "done" } });
    expect([remediation.progress, remediation.added.length, remediation.removed.length]).toEqual([
      2, 1, 1,
    ]);
    recordRemoved(remediation, { rule: { ...wide, id: "sgr-2" }, answer: { kind: "done" } });
    expect([remediation.progress, remediation.removed.length]).toEqual([3, 2]);
  });

  it("counts what this remediation added and took back as neither added nor removed", () => {
    const remediation = newRemediation("sg-web", []);
    recordAdded(remediation, { rule: rest, answer: { kind: "done" } });
    recordRemoved(remediation, { rule: { ...rest, id: "sgr-new" }, answer: { kind: "done" } });
    expect([remediation.added, remediation.removed]).toEqual([[], []]);
  });

  it("says nothing of what is stale, and looks again", () => {
    const remediation = newRemediation("sg-web", []);
    recordAdded(remediation, { rule: rest, answer: { kind: "stale" } });
    recordRemoved(remediation, { rule: { ...wide, id: "sgr-1" }, answer: { kind: "stale" } });
    expect([remediation.progress, remediation.findings, remediation.givenUp.size]).toEqual([
      0,
      [],
      0,
    ]);
  });

  it("that a rule came or went already may be the doing of an earlier call, whose answer was lost", () => {
    const remediation = seen([wide]);
    const [came, went] = [rest, { ...wide, id: "sgr-1" }];
    for (const kind of ["unsure", "stale"] as const) {
      recordCall(remediation, { added: [{ rule: came }], removed: [went] });
      recordAdded(remediation, { rule: came, answer: { kind } });
      recordRemoved(remediation, { rule: went, answer: { kind } });
      // A look that is older than the calls.
      seen([went], remediation);
    }
    expect([remediation.added, remediation.removed]).toEqual([[], []]);
    seen([came], remediation);
    expect([remediation.added, remediation.removed]).toEqual([[came], [went]]);
  });

  it("gives up what is refused, and says why, once", () => {
    const remediation = newRemediation("sg-web", []);
    for (const _ of [1, 2])
      recordRemoved(remediation, {
        rule: wide,
        answer: { kind: "refused", why: "OperationNotPermitted" },
      });
    expect(remediation.findings.map(({ text }) => text)).toEqual([
      "tcp/80-90 from 0.0.0.0/0: OperationNotPermitted",
    ]);
  });
});

describe("recordFailure", () => {
  it.each<[string, unknown, { kind: string; text: string }]>([
    [
      "an error that says of what kind it is",
      Object.assign(new Error("no"), { failure: { kind: "denied", text: "ec2:X" } }),
      { kind: "denied", text: "ec2:X" },
    ],
    ["any other error", new Error("boom"), { kind: "other", text: "boom" }],
    ["what is no error", "boom", { kind: "other", text: "boom" }],
  ])("takes %s", (_, error, failure) => {
    expect(recordFailure(newRemediation("sg-web", []), error).failure).toEqual(failure);
  });
});
