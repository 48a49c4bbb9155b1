import { describe, expect, it } from "vitest";
import { plan } from "../../lib/plan/plan.ts";
import type { Visitor } from "../../lib/values/outcome.ts";
import { rangeText } from "../../lib/values/portRange.ts";
import { prove } from "../../lib/judge/proof.ts";
import type { Rule } from "../../lib/values/rule.ts";
import {
  application,
  front,
  group,
  hiddenPrefixList,
  instance,
  network,
  prefixList,
  rule,
  target,
} from "../support/builders.ts";
import { policyOf, sceneIn, type Setting } from "../plan/planned.ts";

type Rules = readonly (Rule | string)[];
const alb = application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] });

const nameOf = (who: Visitor): string => {
  if (who.kind === "loadBalancer") return who.name;
  return who.kind === "people" ? "people" : `the internet (${who.family.replace("ip", "IP")})`;
};

/** The lines of a proof: "alb reaches tcp/80: no -> yes", with a mark where something does not hold. */
function lines(before: Rules, after: Rules, more: Setting = {}): readonly string[] {
  const at = (rules: Rules) =>
    sceneIn({
      groups: [group("sg-web", ...rules), group("sg-lb")],
      interfaces: [instance("i-1", ["sg-web"])],
      loadBalancers: [alb],
      ...more,
    }).snapshot;
  const policy = policyOf(more.policy);
  const todo = plan(at(after), policy).groups.get("sg-web");
  if (todo === undefined) throw new Error("no plan");
  const word = (is: boolean): string => (is ? "yes" : "no");
  return prove(at(before), at(after), todo, policy).map(
    ({ who, ports, before: was, after: is, holds }) =>
      `${nameOf(who)} reaches ${ports.protocol}/${rangeText(ports)}: ${word(was)} -> ${word(is)}${holds ? "" : " (!)"}`,
  );
}

const world: Rules = ["tcp 80 0.0.0.0/0", "tcp 80 ::/0", "tcp 22 0.0.0.0/0"];

describe("prove", () => {
  it("says that the load balancer gets in, the internet does not, and people have what they had", () => {
    expect(lines(world, ["tcp 80 sg-lb", "tcp 22 0.0.0.0/0"])).toEqual([
      "alb reaches tcp/80: no -> yes",
      "the internet (IPv4) reaches tcp/80: yes -> no",
      "the internet (IPv6) reaches tcp/80: yes -> no",
      "people reaches tcp/22: yes -> yes",
    ]);
  });

  it("counts a way in by the load balancer's address, too", () => {
    const interfaces = [instance("i-1", ["sg-web"]), front("eni-lb", ["sg-lb"], "10.0.9.1")];
    expect(lines(world, world, { interfaces })[0]).toBe("alb reaches tcp/80: yes -> yes");
  });

  it.each<[string, Rules, string]>([
    ["the load balancer is not let in", ["tcp 22 0.0.0.0/0"], "alb reaches tcp/80: no -> no (!)"],
    [
      "IPv6 stays open",
      ["tcp 80 sg-lb", "tcp 80 ::/0", "tcp 22 0.0.0.0/0"],
      "the internet (IPv6) reaches tcp/80: yes -> yes (!)",
    ],
    ["people lose SSH", ["tcp 80 sg-lb"], "people reaches tcp/22: yes -> no (!)"],
    [
      "some of the people lose SSH",
      ["tcp 80 sg-lb", "tcp 22 0.0.0.0/1"],
      "people reaches tcp/22: yes -> no (!)",
    ],
  ])("does not hold where %s", (_, after, line) => {
    expect(lines(world, after)).toContain(line);
  });

  it.each<[string, Rule | string, Setting]>([
    [
      "a rule is kept",
      rule("tcp 80 0.0.0.0/0", { tags: { "elb-only:keep": "tcp/80 0.0.0.0/0 status page" } }),
      {},
    ],
    [
      "the internet is an allowed source",
      "tcp 80 0.0.0.0/0",
      { policy: { allowedSources: ["0.0.0.0/0"] } },
    ],
    [
      "the internet is an allowed source in halves",
      "tcp 80 0.0.0.0/0",
      { policy: { allowedSources: ["0.0.0.0/1", "128.0.0.0/1"] } },
    ],
    [
      "a prefix list is an allowed source",
      "tcp 80 pl-1",
      { prefixLists: [prefixList("pl-1", "9.9.9.0/24")], policy: { allowedSources: ["pl-1"] } },
    ],
  ])("holds where the internet is let in because %s", (_, open, more) => {
    expect(lines(["tcp 80 sg-lb", open], ["tcp 80 sg-lb", open], more)).toContain(
      "the internet (IPv4) reaches tcp/80: yes -> yes",
    );
  });

  it.each<[string, string, Setting]>([
    [
      "an allowed source",
      "tcp 80 2001:db8::/32",
      { policy: { allowedSources: ["2001:db8::/32"] } },
    ],
    [
      "a part of an allowed source",
      "tcp 80 203.0.113.0/25",
      { policy: { allowedSources: ["203.0.113.0/24"] } },
    ],
    [
      "what is made up of allowed sources",
      "tcp 80 9.9.8.0/23",
      { policy: { allowedSources: ["9.9.8.0/24", "9.9.9.0/24"] } },
    ],
    ["private addresses", "tcp 80 10.0.0.0/8", {}],
    [
      "the VPC's own IPv6 range",
      "tcp 80 2600:1f00::/56",
      { vpcRanges: new Map([["vpc-1", ["2600:1f00::/56"]]]) },
    ],
    [
      "private addresses in a prefix list",
      "tcp 80 pl-1",
      { prefixLists: [prefixList("pl-1", "10.0.0.0/8", "fd00::/8")] },
    ],
    ["a port that is not served", "tcp 81 0.0.0.0/0", {}],
    ["another protocol", "udp 80 0.0.0.0/0", {}],
  ])("does not take %s for the internet", (_, open, more) => {
    expect(lines(["tcp 80 sg-lb", open], ["tcp 80 sg-lb", open], more).slice(1)).toEqual([
      "the internet (IPv4) reaches tcp/80: no -> no",
      "the internet (IPv6) reaches tcp/80: no -> no",
    ]);
  });

  it.each<[string, string, Setting]>([
    ["IPv4", "tcp 80 0.0.0.0/1", {}],
    ["IPv4", "tcp 80 9.9.9.9/32", {}],
    ["IPv4", "tcp 80 10.0.0.0/7", {}],
    ["IPv4", "-1 128.0.0.0/1", {}],
    ["IPv4", "tcp 0-80 128.0.0.0/1", {}],
    ["IPv6", "tcp 80 2400::/6", {}],
    ["IPv6", "tcp 80 fe00::/7", {}],
    ["IPv4", "tcp 80 pl-1", { prefixLists: [prefixList("pl-1", "10.0.0.0/8", "9.9.9.0/24")] }],
    ["IPv6", "tcp 80 pl-1", { prefixLists: [prefixList("pl-1", "10.0.0.0/8", "2400::/6")] }],
    [
      "IPv4",
      "tcp 80 9.9.8.0/22",
      { policy: { allowedSources: ["9.9.8.0/24", "9.9.9.0/25", "9.9.10.0/24", "9.9.11.0/24"] } },
    ],
  ])("takes a part of it for the internet: %s by %s", (family, open, more) => {
    expect(lines(["tcp 80 sg-lb", open], ["tcp 80 sg-lb"], more)).toContain(
      `the internet (${family}) reaches tcp/80: yes -> no`,
    );
    expect(lines(["tcp 80 sg-lb", open], ["tcp 80 sg-lb", open], more)).toContain(
      `the internet (${family}) reaches tcp/80: yes -> yes (!)`,
    );
  });

  describe("for a range of ports", () => {
    const loadBalancers = [
      application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80, 81, 82)] }),
    ];

    it.each(["tcp 80 0.0.0.0/0", "tcp 81 0.0.0.0/0", "tcp 82 0.0.0.0/0", "tcp 81-9000 0.0.0.0/0"])(
      "asks about every port: %s",
      (open) => {
        expect(lines([open], [], { loadBalancers })).toContain(
          "the internet (IPv4) reaches tcp/80-82: yes -> no",
        );
        expect(lines([open], [open], { loadBalancers })).toContain(
          "the internet (IPv4) reaches tcp/80-82: yes -> yes (!)",
        );
      },
    );

    it("does not let what is kept on one port excuse another", () => {
      const kept = rule("tcp 80 0.0.0.0/0", {
        tags: { "elb-only:keep": "tcp/80 0.0.0.0/0 status page" },
      });
      expect(lines([kept], [kept], { loadBalancers })).toContain(
        "the internet (IPv4) reaches tcp/80-82: yes -> yes",
      );
      expect(lines([kept], [kept, "tcp 81 0.0.0.0/0"], { loadBalancers })).toContain(
        "the internet (IPv4) reaches tcp/80-82: yes -> yes (!)",
      );
    });
  });

  it("says of a group where nothing is closed who gets in on the ports served there, and promises nothing", () => {
    const interfaces = [instance("i-1", ["sg-web"]), instance("i-2", ["sg-web"])];
    const loadBalancers = [
      application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80, 8080, "udp 53")] }),
    ];
    expect(
      lines(["tcp 80 0.0.0.0/0"], ["tcp 80 0.0.0.0/0"], { interfaces, loadBalancers }).filter(
        (line) => !line.startsWith("alb"),
      ),
    ).toEqual([
      "the internet (IPv4) reaches tcp/80: yes -> yes",
      "the internet (IPv6) reaches tcp/80: no -> no",
      "the internet (IPv4) reaches tcp/8080: no -> no",
      "the internet (IPv6) reaches tcp/8080: no -> no",
      "the internet (IPv4) reaches udp/53: no -> no",
      "the internet (IPv6) reaches udp/53: no -> no",
    ]);
  });

  it("does not hold where what lets it in was kept until yesterday", () => {
    const expired = rule("tcp 80 0.0.0.0/0", {
      tags: { "elb-only:keep": "tcp/80 0.0.0.0/0", "elb-only:keep-until": "2026-11-21" },
    });
    expect(lines(["tcp 80 sg-lb", expired], ["tcp 80 sg-lb", expired])).toContain(
      "the internet (IPv4) reaches tcp/80: yes -> yes (!)",
    );
  });

  it("asks nothing of a load balancer that has no group by which it could be told from others", () => {
    expect(
      lines(world, world, { loadBalancers: [network("nlb", { targets: [target("i-1", 80)] })] }),
    ).toEqual(["people reaches tcp/22: yes -> yes"]);
  });

  it("takes a prefix list that could not be read for an open door", () => {
    const hidden = ["tcp 80 pl-hidden", "tcp 80 sg-lb"];
    expect(lines(hidden, hidden, { prefixLists: [hiddenPrefixList("pl-hidden")] })).toEqual([
      "alb reaches tcp/80: yes -> yes",
      "the internet (IPv4) reaches tcp/80: yes -> yes (!)",
      "the internet (IPv6) reaches tcp/80: yes -> yes (!)",
    ]);
  });

  it("tells two load balancers of one name apart", () => {
    const loadBalancers = [
      alb,
      { ...alb, id: "alb", kind: "classic" as const, groups: ["sg-lb2"] },
    ];
    expect(lines(["tcp 80 sg-lb"], ["tcp 80 sg-lb"], { loadBalancers }).slice(0, 2)).toEqual([
      "alb reaches tcp/80: yes -> yes",
      "alb reaches tcp/80: no -> no (!)",
    ]);
  });
});
