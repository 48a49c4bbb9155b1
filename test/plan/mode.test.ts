import { describe, expect, it } from "vitest";
import { isClaimed, modeOf } from "../../lib/plan/mode.ts";
import { defaultPolicy, type Mode } from "../../lib/values/policy.ts";
import { application, group, tagged } from "../support/builders.ts";

const web = (mode?: string) =>
  tagged(group("sg-web"), mode === undefined ? {} : { "elb-only": mode });
const balancers = (modes: readonly (string | undefined)[]) =>
  modes.map((mode, index) =>
    application(`alb-${index}`, { tags: mode === undefined ? {} : { "elb-only": mode } }),
  );

describe("modeOf", () => {
  it.each<[string, string | undefined, readonly (string | undefined)[], Mode, Mode]>([
    [
      "its own tag wins over its load balancers'",
      "enforce",
      ["ignore", "audit"],
      "audit",
      "enforce",
    ],
    ["its own tag wins over the default", "audit", [], "enforce", "audit"],
    ["its own tag says to leave it alone", "ignore", ["enforce"], "enforce", "ignore"],
    ["its own tag, written otherwise", " Enforce ", ["audit"], "audit", "enforce"],
    [
      "the most cautious load balancer wins: ignore",
      undefined,
      ["enforce", "ignore", "audit"],
      "enforce",
      "ignore",
    ],
    [
      "the most cautious load balancer wins: audit",
      undefined,
      ["enforce", "audit"],
      "enforce",
      "audit",
    ],
    ["all agree", undefined, ["enforce", "enforce"], "audit", "enforce"],
    [
      "an untagged load balancer counts as the default: audit",
      undefined,
      ["enforce", undefined],
      "audit",
      "audit",
    ],
    [
      "an untagged load balancer counts as the default: enforce",
      undefined,
      ["enforce", undefined],
      "enforce",
      "enforce",
    ],
    ["served by none: the default", undefined, [], "enforce", "enforce"],
    ["its own unreadable tag", "yes", ["enforce"], "enforce", "audit"],
    ["a load balancer's unreadable tag", undefined, ["enforce", "yes"], "enforce", "audit"],
    ["an empty tag", "", ["enforce"], "enforce", "audit"],
  ])("%s", (_, own, theirs, defaultMode, expected) => {
    expect(modeOf(web(own), balancers(theirs), { ...defaultPolicy, defaultMode }).mode).toBe(
      expected,
    );
  });

  it("says which tag it cannot read, and what may be written there", () => {
    const own = modeOf(web("yes"), balancers(["no"]), defaultPolicy).findings;
    expect(own.map(({ code, text }) => [code, text])).toEqual([
      [
        "mode-unreadable",
        'The tag elb-only of sg-web is "yes"; allowed are enforce, audit and ignore.',
      ],
    ]);
    const theirs = modeOf(web(), balancers(["no", "enforce"]), defaultPolicy).findings;
    expect(theirs.map(({ text }) => text)).toEqual([
      'The tag elb-only of alb-0 is "no"; allowed are enforce, audit and ignore.',
    ]);
  });

  it("takes only the group's own tag for its owner's word", () => {
    expect(isClaimed(web("enforce"))).toBe(true);
    expect([web(), web("audit"), web("yes")].map(isClaimed)).toEqual([false, false, false]);
  });
});
