import { describe, expect, it } from "vitest";
import { veto } from "../../lib/judge/veto.ts";
import type { Rule } from "../../lib/values/rule.ts";
import type { Interface } from "../../lib/values/snapshot.ts";
import {
  application,
  group,
  instance,
  network,
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

const closing = (what: string): string =>
  `it would close ${what}, which no load balancer serves or which may not be closed`;

/** A rule as we would have made it for a load balancer, unless said for one named old. */
function admission(ports: string, from: string, of = { id: "old", name: "old" }): Rule {
  return rule(`${ports.replace("/", " ")} ${from}`, {
    description: `elb-only: admits ${of.name} on ${ports} from ${from}`,
    tags: { "elb-only:load-balancer": of.id },
  });
}

describe("veto agrees", () => {
  it.each<[string, Parameters<typeof said>[0], Parameters<typeof said>[1]]>([
    [
      "where a load balancer that is there still reaches nobody on the port of its admission",
      [admission("tcp/8080", "sg-lb", alb), "tcp 80 sg-lb"],
      {},
    ],
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
      "where the owner wants all protocols from neighbours divided, and those that networks use stand",
      [
        "-1 sg-app",
        ...["4", "47", "50", "51", "89", "112", "132"].map((one) => `${one} sg-app`),
        "icmp sg-app",
        "icmpv6 sg-app",
        "tcp 0-79 sg-app",
        "tcp 81-65535 sg-app",
        "udp 0-65535 sg-app",
        "tcp 80 sg-lb",
      ],
      { tags: { "elb-only": "enforce" } },
    ],
    [
      "where the allowed part stands",
      ["tcp 80 0.0.0.0/0", "tcp 80 10.0.0.0/8", "tcp 80 sg-lb"],
      { policy: { allowedSources: ["10.0.0.0/8"] } },
    ],
    [
      "to every port where the owner wants all closed",
      ["tcp 8080 0.0.0.0/0", "tcp 80 sg-lb"],
      { tags: { "elb-only": "enforce", "elb-only:ports": "all" } },
    ],
    ["to an admission of ours whose load balancer is gone", [admission("tcp/8080", "sg-old")], {}],
  ])("%s", (_, rules, more) => {
    expect(said(rules, more)).toBeUndefined();
  });
});

describe("veto refuses to", () => {
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
      closing("tcp/81 from 0.0.0.0/0"),
    ],
    [
      "divide all protocols from neighbours where nobody asked for it",
      ["-1 10.0.0.0/8", "tcp 0-79 10.0.0.0/8", "tcp 81-65535 10.0.0.0/8", "tcp 80 sg-lb"],
      {},
      "it lets neighbours in to everything, and the owner of sg-web did not ask to have that divided",
    ],
    [
      "take an overlay network's protocol away",
      [
        "-1 sg-app",
        ...["4", "47", "50", "51", "89", "132"].map((one) => `${one} sg-app`),
        "icmp sg-app",
        "icmpv6 sg-app",
        "tcp 0-79 sg-app",
        "tcp 81-65535 sg-app",
        "udp 0-65535 sg-app",
        "tcp 80 sg-lb",
      ],
      { tags: { "elb-only": "enforce" } },
      closing("protocol 90-131 from sg-app"),
    ],
    [
      "close port 0",
      ["tcp 0-80 0.0.0.0/0", "tcp 1-79 0.0.0.0/0", "tcp 80 sg-lb"],
      {},
      closing("tcp/0 from 0.0.0.0/0"),
    ],
    [
      "close a protected port, served or not",
      ["tcp 22 0.0.0.0/0", "tcp 22 sg-lb"],
      { loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("i-1", 22)] })] },
      "it would close tcp/22 from 0.0.0.0/0, some of it protected",
    ],
    [
      "leave a hole in a remainder, far from any port of interest",
      ["tcp 80-9000 0.0.0.0/0", "tcp 81-4999 0.0.0.0/0", "tcp 5001-9000 0.0.0.0/0", "tcp 80 sg-lb"],
      {},
      closing("tcp/5000 from 0.0.0.0/0"),
    ],
    [
      "lose half of a source",
      ["tcp 23-80 0.0.0.0/0", "tcp 23-79 0.0.0.0/1", "tcp 80 sg-lb"],
      {},
      closing("tcp/23-79 from 128.0.0.0/1"),
    ],
    [
      "count on a prefix list that could not be read",
      ["tcp 23-80 10.0.0.0/8", "tcp 23-79 pl-hidden", "tcp 80 sg-lb"],
      {},
      closing("tcp/23-79 from 10.0.0.0/8"),
    ],
    [
      "lose an entry of a prefix list",
      ["tcp 79-80 pl-two", "tcp 79 10.0.0.0/8", "tcp 80 sg-lb"],
      { prefixLists: [prefixList("pl-two", "10.0.0.0/8", "192.0.2.0/24")] },
      closing("tcp/79 from 192.0.2.0/24"),
    ],
    [
      "close ICMP",
      ["-1 0.0.0.0/0", "tcp 0-65535 0.0.0.0/0", "udp 0-65535 0.0.0.0/0", "tcp 80 sg-lb"],
      {},
      closing("icmp from 0.0.0.0/0"),
    ],
    [
      "close all of ICMP but one type",
      [
        "-1 0.0.0.0/0",
        "icmp 8 0.0.0.0/0",
        "tcp 0-79 0.0.0.0/0",
        "tcp 81-65535 0.0.0.0/0",
        "udp 0-65535 0.0.0.0/0",
        "tcp 80 sg-lb",
      ],
      {},
      closing("icmp type 0-7 from 0.0.0.0/0"),
    ],
    [
      "lose a slice between the ends of a source",
      ["tcp 80-81 10.0.0.0/8", "tcp 81 10.0.0.0/9", "tcp 81 10.192.0.0/10", "tcp 80 sg-lb"],
      {},
      closing("tcp/81 from 10.128.0.0/10"),
    ],
    [
      "close a port for a load balancer that asks for less",
      ["tcp 80 0.0.0.0/0", "tcp 80 sg-lb"],
      {
        loadBalancers: [
          alb,
          tagged(application("b", { groups: ["sg-lb"], targets: [target("i-1", 80)] }), {
            "elb-only": "audit",
          }),
        ],
      },
      closing("tcp/80 from 0.0.0.0/0"),
    ],
    [
      "close a port for a load balancer that no reference can name",
      ["tcp 80 sg-other", "tcp 80 sg-lb"],
      { loadBalancers: [alb, network("nlb", { targets: [target("i-1", 80)] })] },
      closing("tcp/80 from sg-other"),
    ],
    [
      "close every port without the owner's own word",
      ["tcp 8080 0.0.0.0/0", "tcp 80 sg-lb"],
      { tags: { "elb-only:ports": "all" } },
      closing("tcp/8080 from 0.0.0.0/0"),
    ],
    [
      "close changing ports without the owner's own word",
      ["tcp 40000 0.0.0.0/0", "tcp 32768-65535 sg-lb"],
      {
        loadBalancers: [
          application("alb", { groups: ["sg-lb"], targets: [target("i-1", "tcp 32768-65535")] }),
        ],
      },
      closing("tcp/40000 from 0.0.0.0/0"),
    ],
    [
      "remove what is kept",
      [
        rule("tcp 80 10.0.0.0/8", { tags: { "elb-only:keep": "tcp/80 10.0.0.0/8 feed" } }),
        "tcp 80 sg-lb",
      ],
      {},
      "it is kept",
    ],
    [
      "remove an admission of ours on a protected port",
      [admission("tcp/22", "sg-old")],
      {},
      "it would close tcp/22 from sg-old, some of it protected",
    ],
    [
      "remove an admission of ours that somebody has edited",
      [{ ...admission("tcp/8080", "sg-old"), fromPort: 8081, toPort: 8081 }],
      {},
      closing("tcp/8081 from sg-old"),
    ],
    [
      "remove an admission of ours of which its load balancer still serves one port",
      [admission("tcp/80-81", "sg-lb", alb)],
      {},
      closing("tcp/81 from sg-lb"),
    ],
    [
      "remove an admission of ours by which its load balancer still gets in",
      [admission("tcp/80", "sg-lb")],
      {},
      "alb would lose tcp/80 at eni-1",
    ],
    [
      "shut out an entry of an allowed prefix list",
      ["tcp 80 0.0.0.0/0", "tcp 80 sg-lb"],
      {
        policy: { allowedSources: ["pl-two"] },
        prefixLists: [prefixList("pl-two", "192.0.2.0/24")],
      },
      "an allowed source would lose tcp/80",
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
