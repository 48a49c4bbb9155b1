import { describe, expect, it } from "vitest";
import type { OpenPort, StaysBecause } from "../../lib/values/openPort.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import {
  loosenedBetween,
  type Posture,
  postureIn,
  postureOf,
  remembered,
  unusedFor,
} from "../../lib/values/posture.ts";
import { finding, outcome, rule } from "../messages/outcome.ts";

const open = (text: string, because: StaysBecause, more: Partial<OpenPort> = {}): OpenPort => ({
  interfaces: ["eni-1"],
  ports: { protocol: "tcp", from: 80, to: 80 },
  group: outcome().group,
  rule: rule(text),
  isPublic: false,
  because,
  ...more,
});

const posture = (more: Partial<Outcome> = {}): Posture => {
  const made = postureOf(outcome({ open: [], ...more }));
  if (made === undefined) throw new Error("no posture");
  return made;
};

const partner = "tcp/80 from 203.0.113.7/32";
const kept = (until?: string): StaysBecause => ({
  kind: "kept",
  why: "partner",
  ...(until === undefined ? {} : { until }),
});
const obstacle = (code: "unserved-interface" | "managed-group" | "cluster-group") =>
  finding({ code, text: code });

/** Between the two: what is said, and what is said the other way round, or of what looks alike. */
describe("loosenedBetween", () => {
  it.each<[string, Partial<Outcome>, Partial<Outcome>, string]>([
    ["a mode", {}, { mode: "audit" }, "it was enforced and is only audited"],
    ["a mode", { mode: "audit" }, { mode: "ignore" }, "it was only audited and is ignored"],
    [
      "a new unserved interface",
      {},
      { reach: "admitOnly", findings: [obstacle("unserved-interface")] },
      "excess in it was closed, and load balancers are only let in now (unserved-interface)",
    ],
    [
      "a managed mark",
      { reach: "admitOnly", findings: [obstacle("cluster-group")] },
      { reach: "handsOff", findings: [obstacle("managed-group"), obstacle("cluster-group")] },
      "load balancers were let in to it, and nothing is written to it any more (managed-group)",
    ],
    [
      "an exemption",
      {},
      { open: [open(partner, kept("2026-12-31"))] },
      "tcp/80 by tcp/80 from 203.0.113.7/32 stays open: it is kept by its tag, until 2026-12-31",
    ],
    [
      "an exemption that lasts longer",
      { open: [open(partner, kept("2026-12-31"))] },
      { open: [open(partner, kept("2027-01-31"))] },
      "tcp/80 by tcp/80 from 203.0.113.7/32 stays open longer: until 2027-01-31, not 2026-12-31",
    ],
    [
      "an exemption that has no end any more",
      { open: [open(partner, kept("2026-12-31"))] },
      { open: [open(partner, kept())] },
      "tcp/80 by tcp/80 from 203.0.113.7/32 stays open longer: until for ever, not 2026-12-31",
    ],
    [
      "an allowed list that holds the internet now",
      { open: [open("tcp/80 from pl-1", { kind: "allowed" })] },
      { open: [open("tcp/80 from pl-1", { kind: "allowed" }, { isPublic: true })] },
      "tcp/80 by tcp/80 from pl-1 lets the internet in now",
    ],
    [
      "a port that is governed no more",
      {},
      { open: [open("tcp/80 from 0.0.0.0/0", { kind: "notGoverned" }, { isPublic: true })] },
      "tcp/80 by tcp/80 from 0.0.0.0/0, from the internet stays open: it is on a port that is not governed",
    ],
  ])("says %s, once, and nothing the other way round", (_, before, now, text) => {
    expect(loosenedBetween(posture(before), posture(now))).toEqual([text]);
    expect(loosenedBetween(posture(now), posture(before))).toEqual([]);
    expect(loosenedBetween(posture(now), posture(now))).toEqual([]);
  });

  it.each<[string, Partial<Outcome>, Partial<Outcome>]>([
    ["a rule that is about to be closed", {}, { open: [open(partner, { kind: "toClose" })] }],
    [
      "a rule of another group of the interfaces",
      {},
      { open: [open(partner, kept(), { group: "sg-other" })] },
    ],
    [
      "the same exemption on one more interface",
      { open: [open(partner, kept())] },
      { open: [open(partner, kept(), { interfaces: ["eni-1", "eni-2"] })] },
    ],
    [
      "a kept rule that has another id",
      { open: [open(partner, kept())] },
      { open: [{ ...open(partner, kept()), rule: rule(partner, { id: "sgr-2" }) }] },
    ],
    [
      "one more obstacle where there was one",
      { reach: "admitOnly", findings: [obstacle("cluster-group")] },
      {
        reach: "admitOnly",
        findings: [obstacle("cluster-group"), obstacle("unserved-interface")],
      },
    ],
    ["any other finding", {}, { findings: [finding()] }],
  ])("says nothing of %s", (_, before, now) => {
    expect(loosenedBetween(posture(before), posture(now))).toEqual([]);
  });

  it("says of an ignored group that it is, and not what that means for how far we go", () => {
    const now = posture({ mode: "ignore", reach: "handsOff" });
    expect(loosenedBetween(posture(), now)).toEqual(["it was enforced and is ignored"]);
  });
});

describe("postureOf", () => {
  it.each<[string, Partial<Outcome>]>([
    ["no look succeeded", {}],
    ["the group is gone", { open: [], result: "gone" }],
    [
      "not everything could be read",
      { open: [], findings: [finding({ code: "incomplete-picture" })] },
    ],
  ])("is nothing where %s", (_, more) => {
    expect(postureOf(outcome(more))).toBeUndefined();
  });
});

describe("an admission that nobody uses", () => {
  const unused = (at: string, ...ids: readonly string[]): Posture =>
    posture({
      at,
      findings: ids.map((id) =>
        finding({
          code: "unused-admission",
          severity: "info",
          text: id,
          rule: rule("tcp/80 from sg-1", { id }),
        }),
      ),
    });
  const [noon, one, two, later] = ["12", "13", "14", "15"].map((h) => `2026-11-22T${h}:00:00Z`);
  const hour = 3_600_000;

  it("is remembered since it was first seen, and forgotten as soon as somebody uses it again", () => {
    const first = remembered(posture(), unused(noon!, "sgr-1"), undefined, undefined);
    const second = remembered(first, unused(one!, "sgr-1", "sgr-2"), undefined, undefined);
    expect(second.unused).toEqual({ "sgr-1": noon, "sgr-2": one });
    expect(unusedFor(second, 2 * hour, two!)).toEqual(["sgr-1"]);
    expect(unusedFor(second, 2 * hour, one!)).toEqual([]);
    const third = remembered(second, unused(two!, "sgr-2"), undefined, undefined);
    const fourth = remembered(third, unused(later!, "sgr-1"), undefined, undefined);
    expect(fourth.unused).toEqual({ "sgr-1": later });
  });

  it("is no loosening", () => {
    expect(loosenedBetween(posture(), unused(noon!, "sgr-1"))).toEqual([]);
  });
});

describe("what is remembered of a posture", () => {
  const now = posture({ open: [open(partner, kept("2026-12-31"))] });

  it("is since when an exemption stands and by whom, of those that are new", () => {
    const first = remembered(posture(), now, "2026-11-22T10:00:00Z", "alice");
    expect(first.exempt).toMatchObject([{ since: "2026-11-22T10:00:00Z", by: "alice" }]);
    expect(remembered(first, now, "2026-11-23T10:00:00Z", "bob")).toEqual(first);
  });

  it("is not who made the first look of all", () => {
    expect(remembered(undefined, now, "2026-11-22T10:00:00Z", "alice")).toEqual(now);
  });

  it("reads as it was written, and nothing else does", () => {
    const kept = remembered(posture(), now, "2026-11-22T10:00:00Z", "alice");
    const read = postureIn(JSON.parse(JSON.stringify({ ...kept, at: "2026-11-22T10:00:00Z" })));
    expect(JSON.stringify(read)).toBe(JSON.stringify(kept));
    for (const none of [undefined, null, 7, {}, { ...kept, mode: "off" }, { ...kept, exempt: [7] }])
      expect(postureIn(none)).toBeUndefined();
  });
});
