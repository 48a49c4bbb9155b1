import { describe, expect, it } from "vitest";
import { modeOf } from "../../lib/plan/mode.ts";
import { asksForLess, closesAllPorts, isClaimed } from "../../lib/values/ownTags.ts";
import { defaultPolicy, type Mode } from "../../lib/values/policy.ts";
import { application, group, tagged } from "../support/builders.ts";

const web = (mode?: string) =>
  tagged(group("sg-web"), mode === undefined ? {} : { "elb-only": mode });

describe("modeOf", () => {
  it.each<[string, string | undefined, Mode, Mode]>([
    ["its own tag wins over the default", "enforce", "audit", "enforce"],
    ["its own tag asks for less than the default", "audit", "enforce", "audit"],
    ["its own tag says to leave it alone", "ignore", "enforce", "ignore"],
    ["its own tag, written otherwise", " Enforce ", "audit", "enforce"],
    ["no tag: the default", undefined, "enforce", "enforce"],
    ["its own unreadable tag", "yes", "enforce", "audit"],
    ["an empty tag", "", "enforce", "audit"],
  ])("%s", (_, own, defaultMode, expected) => {
    expect(modeOf(web(own), { ...defaultPolicy, defaultMode }).mode).toBe(expected);
  });

  it("says which tag it cannot read, and what may be written there", () => {
    expect(
      modeOf(web("yes"), defaultPolicy).findings.map(({ code, text }) => [code, text]),
    ).toEqual([
      [
        "mode-unreadable",
        'The tag elb-only of sg-web is "yes"; allowed are enforce, audit and ignore.',
      ],
    ]);
  });
});

describe("tags", () => {
  it("of the group alone are its owner's word", () => {
    expect(isClaimed(web("enforce"))).toBe(true);
    expect([web(), web("audit"), web("yes")].map(isClaimed)).toEqual([false, false, false]);
  });

  it("of a load balancer can only ask for less: what cannot be read does", () => {
    const asks = (tags: Readonly<Record<string, string>>): boolean =>
      asksForLess(application("alb", { tags }));
    expect([{}, { "elb-only": "enforce" }].map(asks)).toEqual([false, false]);
    expect(["audit", "ignore", "yes", ""].map((mode) => asks({ "elb-only": mode }))).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it("close all ports only beside the owner's elb-only=enforce", () => {
    const all = { "elb-only:ports": "all" };
    expect(closesAllPorts(tagged(web("enforce"), all))).toBe(true);
    expect([web(), web("audit")].map((one) => closesAllPorts(tagged(one, all)))).toEqual([
      false,
      false,
    ]);
  });
});
