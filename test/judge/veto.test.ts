import { describe, expect, it } from "vitest";
import { veto } from "../../lib/judge/veto.ts";
import type { Rule } from "../../lib/values/rule.ts";
import type { Interface } from "../../lib/values/snapshot.ts";
import {
  application,
  group,
  instance,
  prefixList,
  rule,
  tagged,
  target,
} from "../support/builders.ts";
import { policyOf, sceneIn, type Setting } from "../plan/planned.ts";

const alb = application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] });
const served: readonly Interface[] = [instance("i-1", ["sg-web"])];

/** What the judge says of removing the first rule (or the first `count`) of `sg-web`. */
function said(
  rules: readonly (Rule | string)[],
  more: Setting & { readonly count?: number; readonly tags?: Rule["tags"] } = {},
): string | undefined {
  const web = tagged(group("sg-web", ...rules), more.tags ?? {});
  const groups = [web, group("sg-other", "tcp 22 0.0.0.0/0", "tcp 80 sg-lb"), group("sg-lb")];
  const { snapshot } = sceneIn({ groups, interfaces: served, loadBalancers: [alb], ...more });
  const removals = (snapshot.groups.get("sg-web")?.rules ?? []).slice(0, more.count ?? 1);
  const [first] = removals;
  if (first === undefined) throw new Error("no rule to remove");
  return veto(first, removals, "sg-web", snapshot, policyOf(more.policy));
}

const twoGroups: readonly Interface[] = [instance("i-1", ["sg-web", "sg-other"])];

describe("objection agrees", () => {
  it.each<[string, Parameters<typeof said>[0], Parameters<typeof said>[1]]>([
    ["where the load balancer has a way in of its own", ["tcp 80 0.0.0.0/0", "tcp 80 sg-lb"], {}],
    [
      "where it has one in another group of the interface",
      ["tcp 80 0.0.0.0/0"],
      { interfaces: twoGroups },
    ],
    ["where the remainder stands", ["tcp 22-80 ::/0", "tcp 22-79 ::/0", "tcp 80 sg-lb"], {}],
    [
      "where the remainder of all protocols stands",
      [
        "-1 ::/0",
        "icmpv6 ::/0",
        "tcp 0-79 ::/0",
        "tcp 81-65535 ::/0",
        "udp 0-65535 ::/0",
        "tcp 80 sg-lb",
      ],
      {},
    ],
    [
      "where the allowed part stands",
      ["tcp 80 0.0.0.0/0", "tcp 80 10.0.0.0/8", "tcp 80 sg-lb"],
      { policy: { allowedSources: ["10.0.0.0/8"] } },
    ],
    [
      "to every port where the owner wants all closed",
      ["tcp 8080 0.0.0.0/0", "tcp 80 sg-lb"],
      { tags: { "elb-only:ports": "all" } },
    ],
    [
      "to an admission of ours for a group that no load balancer wears",
      [rule("tcp 8080 sg-old", { tags: { "elb-only:load-balancer": "old" } })],
      {},
    ],
  ])("%s", (_, rules, more) => {
    expect(said(rules, more)).toBeUndefined();
  });
});

describe("objection refuses to", () => {
  it.each<[string, Parameters<typeof said>[0], Parameters<typeof said>[1], string]>([
    ["cut a load balancer off", ["tcp 80 0.0.0.0/0"], {}, "alb would lose tcp/80 at eni-1"],
    ["remove the load balancer's own rule", ["tcp 80 sg-lb"], {}, "alb would lose tcp/80 at eni-1"],
    [
      "count on a rule that goes with it",
      ["tcp 80 0.0.0.0/0", "tcp 80 sg-lb"],
      { count: 2 },
      "alb would lose tcp/80 at eni-1",
    ],
    [
      "close a port that nobody serves",
      ["tcp 80-81 0.0.0.0/0", "tcp 80 sg-lb"],
      {},
      "it would close tcp/81, which no load balancer serves or which is protected",
    ],
    [
      "close port 0",
      ["tcp 0-80 0.0.0.0/0", "tcp 1-79 0.0.0.0/0", "tcp 80 sg-lb"],
      {},
      "it would close tcp/0, which no load balancer serves or which is protected",
    ],
    [
      "close a protected port, served or not",
      ["tcp 22 0.0.0.0/0", "tcp 22 sg-lb"],
      { loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("i-1", 22)] })] },
      "it would close tcp/22, which no load balancer serves or which is protected",
    ],
    [
      "leave a hole in a remainder, far from any port of interest",
      ["tcp 80-9000 0.0.0.0/0", "tcp 81-4999 0.0.0.0/0", "tcp 5001-9000 0.0.0.0/0", "tcp 80 sg-lb"],
      {},
      "it would close tcp/5000, which no load balancer serves or which is protected",
    ],
    [
      "lose half of a source",
      ["tcp 22-80 0.0.0.0/0", "tcp 22-79 0.0.0.0/1", "tcp 80 sg-lb"],
      {},
      "it would close tcp/22, which no load balancer serves or which is protected",
    ],
    [
      "count on a prefix list that could not be read",
      ["tcp 22-80 10.0.0.0/8", "tcp 22-79 pl-hidden", "tcp 80 sg-lb"],
      {},
      "it would close tcp/22, which no load balancer serves or which is protected",
    ],
    [
      "lose an entry of a prefix list",
      ["tcp 79-80 pl-two", "tcp 79 10.0.0.0/8", "tcp 80 sg-lb"],
      { prefixLists: [prefixList("pl-two", "10.0.0.0/8", "192.0.2.0/24")] },
      "it would close tcp/79, which no load balancer serves or which is protected",
    ],
    [
      "close ICMP",
      ["-1 0.0.0.0/0", "tcp 0-65535 0.0.0.0/0", "udp 0-65535 0.0.0.0/0", "tcp 80 sg-lb"],
      {},
      "it would close icmp/8, which no load balancer serves or which is protected",
    ],
    [
      "shut out an allowed source",
      ["tcp 80 0.0.0.0/0", "tcp 80 sg-lb"],
      { policy: { allowedSources: ["10.0.0.0/8"] } },
      "an allowed source would lose tcp/80",
    ],
  ])("%s", (_, rules, more, expected) => {
    expect(said(rules, more)).toBe(expected);
  });

  it("judge a group that was not read", () => {
    expect(veto(rule("tcp 80 0.0.0.0/0"), [], "sg-web", sceneIn({}).snapshot, policyOf())).toBe(
      "sg-web was not read",
    );
  });
});
