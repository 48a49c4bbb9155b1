import type { Outcome } from "../../lib/values/outcome.ts";
import { describe, expect, it } from "vitest";
import { measured, ofRemediation, ofSweep } from "../../functions/runtime/measures.ts";
import { metrics } from "../../infra/metrics.ts";
import { outcome, rule } from "../messages/outcome.ts";

describe("ofRemediation", () => {
  it("counts rules and groups, and keeps each exposure that is known", () => {
    const http = rule("tcp/80 from 0.0.0.0/0");
    const outcomes = [
      outcome({
        result: "changed",
        removed: [http, rule("tcp/80 from ::/0")],
        added: [rule("tcp/80 from sg-1")],
        exposedSeconds: 41,
      }),
      outcome({ result: "changed", removed: [http] }),
      outcome({ result: "changed", removed: [http], exposedSeconds: 0 }),
      outcome({ result: "incomplete" }),
      outcome({ result: "failed" }),
    ];
    expect(ofRemediation(outcomes)).toEqual({
      RulesAdded: 1,
      RulesRemoved: 4,
      ExposureSeconds: [41, 0],
      DriftLeft: 1,
      GroupsRefused: 1,
    });
  });
});

describe("ofSweep", () => {
  it.each<[string, Partial<Outcome>]>([
    ["GroupsProtected", { result: "unchanged", mode: "enforce", reach: "govern" }],
    ["GroupsRefused", { result: "unchanged", mode: "enforce", reach: "admitOnly" }],
    ["GroupsRefused", { result: "unchanged", mode: "enforce", reach: "handsOff" }],
    ["GroupsDrifted", { result: "incomplete", mode: "enforce" }],
    ["GroupsDrifted", { result: "drift", mode: "enforce" }],
    ["GroupsAudit", { result: "drift", mode: "audit" }],
    ["GroupsAudit", { result: "unchanged", mode: "audit" }],
    ["GroupsRefused", { result: "failed", mode: "audit" }],
    ["GroupsIgnored", { result: "unchanged", mode: "ignore", reach: "handsOff" }],
    ["nothing", { result: "gone" }],
  ])("counts as %s a group with %j", (state, more) => {
    const none = {
      GroupsProtected: 0,
      GroupsAudit: 0,
      GroupsDrifted: 0,
      GroupsRefused: 0,
      GroupsIgnored: 0,
      ServedPortsOpen: 0,
      RulesKept: 0,
    };
    expect(ofSweep([outcome(more)], 0)).toEqual(
      state === "nothing" ? none : { ...none, [state]: 1 },
    );
  });

  it("counts no group as protected that the internet gets in to, by whichever group; each port once", () => {
    const ports = { protocol: "tcp", from: 80, to: 80 } as const;
    const one = {
      interfaces: ["eni-1", "eni-2"],
      ports,
      group: "sg-other",
      rule: rule("tcp/80 from 0.0.0.0/0"),
      isPublic: true,
      because: { kind: "ignored" },
    } as const;
    const governed = { result: "unchanged", mode: "enforce", reach: "govern" } as const;
    const twice = [
      outcome({ ...governed, open: [one] }),
      outcome({ result: "unchanged", mode: "ignore", reach: "handsOff", open: [one] }),
    ];
    expect(ofSweep(twice, 0)).toMatchObject({
      GroupsProtected: 0,
      GroupsRefused: 1,
      ServedPortsOpen: 2,
    });
    const office = { ...one, rule: rule("tcp/80 from 10.0.0.0/8"), isPublic: false };
    expect(ofSweep([outcome({ ...governed, open: [office] })], 0)).toMatchObject({
      GroupsProtected: 1,
      ServedPortsOpen: 0,
    });
  });

  it("counts each rule once that is kept and lets somebody in, through whichever groups it is seen", () => {
    const kept = (group: string, ports: number) => ({
      interfaces: ["eni-1"],
      ports: { protocol: "tcp", from: ports, to: ports } as const,
      group,
      rule: rule("tcp/80-90 from 203.0.113.7/32"),
      isPublic: false,
      because: { kind: "kept", why: "partner" } as const,
    });
    const seen = [
      outcome({ open: [kept("sg-1", 80), kept("sg-1", 81)] }),
      outcome({ open: [kept("sg-1", 80), kept("sg-2", 80)] }),
      outcome({ open: [{ ...kept("sg-3", 80), because: { kind: "audit" } }] }),
    ];
    expect(ofSweep(seen, 0)).toMatchObject({ RulesKept: 2 });
  });

  it("counts as refused what was not looked at", () => {
    expect(ofSweep([], 3)).toMatchObject({ GroupsProtected: 0, GroupsRefused: 3 });
  });
});

describe("the names of metrics", () => {
  it("are those on which alarms and dashboard are", () => {
    expect([...measured].sort()).toEqual(Object.values(metrics).sort());
  });
});
