import { describe, expect, it } from "vitest";
import type { Tags } from "../../lib/values/rule.ts";
import {
  classic,
  group,
  hiddenPrefixList,
  instance,
  prefixList,
  region,
  rule,
  tagged,
  target,
} from "../support/builders.ts";
import { type Region, rulesOf, withRules } from "../support/region.ts";
import {
  codes,
  enforcing,
  frontDoor,
  frontGroup,
  outcomeOf,
  played,
  result,
  rules,
  settling,
  site,
} from "./scene.ts";

const open = [
  "tcp 80 0.0.0.0/0",
  "tcp 80 ::/0",
  "tcp 80 10.0.0.0/8",
  rule("tcp 20-90 0.0.0.0/0", { description: "everything we use", tags: { team: "web" } }),
  "tcp 80 sg-lb",
] as const;

describe("closing what is open beside the load balancer", () => {
  it("closes port 80 on both families, and keeps SSH, the load balancer and the other ports with description and tags", async () => {
    const run = await settling(site(...open));
    expect(rules(run)).toEqual([
      "tcp/20-79 from 0.0.0.0/0",
      "tcp/80 from sg-lb",
      "tcp/81-90 from 0.0.0.0/0",
    ]);
    const remainders = rulesOf(run.where.now, "sg-web").filter(
      ({ source }) => source.kind === "ipv4",
    );
    const copied = {
      description: "everything we use",
      tags: { team: "web", "elb-only:remainder-of": "sgr-web-3" },
    };
    expect(remainders.map(({ description, tags }) => ({ description, tags }))).toEqual([
      copied,
      copied,
    ]);
    expect(result(run)).toBe("changed");
  });

  it("keeps the complement of an all-traffic rule on tcp, udp and icmp, and says that other protocols fall away", async () => {
    const run = await settling(site(...open, "-1 0.0.0.0/0"));
    expect(rules(run)).toEqual([
      "icmp from 0.0.0.0/0",
      "tcp/0-79 from 0.0.0.0/0",
      "tcp/20-79 from 0.0.0.0/0",
      "tcp/80 from sg-lb",
      "tcp/81-65535 from 0.0.0.0/0",
      "tcp/81-90 from 0.0.0.0/0",
      "udp/0-65535 from 0.0.0.0/0",
    ]);
    expect(codes(run)).toContain("other-protocols-lost");
  });

  it("rewrites an all-traffic rule for IPv6 with icmpv6", async () => {
    const run = await settling(site("-1 ::/0", "tcp 80 sg-lb"));
    expect(rules(run)).toEqual([
      "icmpv6 from ::/0",
      "tcp/0-79 from ::/0",
      "tcp/80 from sg-lb",
      "tcp/81-65535 from ::/0",
      "udp/0-65535 from ::/0",
    ]);
  });

  describe("of an all-traffic rule from neighbours", () => {
    const nodes = (tags: Tags, ...sources: readonly string[]): Region => {
      const before = site("-1 sg-lb", ...sources.map((one) => `-1 ${one}`), "tcp 80 0.0.0.0/0");
      const [web = frontGroup, ...others] = before.groups;
      return { ...before, groups: [tagged(web, tags), ...others] };
    };

    it.each(["sg-app", "10.0.0.0/8", "fd00::/8"])(
      "from %s leaves all, since it may carry what nobody can see, and says so",
      async (source) => {
        const run = await settling(nodes({}, source));
        expect(rules(run)).toEqual(
          [`all protocols from ${source}`, "all protocols from sg-lb"].toSorted(),
        );
        expect(
          outcomeOf(run).findings.filter(({ code }) => code === "all-protocols"),
        ).toMatchObject([
          {
            severity: "high",
            text: `all protocols from ${source} lets in others than load balancers, and is left whole: its group is not tagged elb-only=enforce.`,
          },
        ]);
      },
    );

    it("divides it where the group's own tag says enforce, and keeps the protocols of overlay networks and tunnels", async () => {
      const run = await settling(nodes({ "elb-only": "enforce" }, "sg-app"));
      expect(rules(run)).toEqual(
        [
          "all protocols from sg-lb",
          ...["4", "47", "50", "51", "89", "112", "132"].map((one) => `${one} from sg-app`),
          "icmp from sg-app",
          "icmpv6 from sg-app",
          "tcp/0-79 from sg-app",
          "tcp/81-65535 from sg-app",
          "udp/0-65535 from sg-app",
        ].toSorted(),
      );
      expect(
        outcomeOf(run).findings.filter(({ code }) => code === "other-protocols-lost"),
      ).toMatchObject([{ severity: "high" }]);
    });
  });

  it("tells the sources of one port apart: the company's range goes or stays by policy, the world goes, the load balancer stays", async () => {
    const grouped = site("tcp 80 203.0.113.0/24", "tcp 80 0.0.0.0/0", "tcp 80 sg-lb");
    expect(rules(await settling(grouped))).toEqual(["tcp/80 from sg-lb"]);
    expect(
      rules(await settling(grouped, { ...enforcing, allowedSources: ["203.0.113.0/24"] })),
    ).toEqual(["tcp/80 from 203.0.113.0/24", "tcp/80 from sg-lb"]);
  });

  it("admits two served ports by two exact rules, never by the range between them", async () => {
    const both = classic("MyLoadBalancer", {
      groups: ["sg-lb"],
      targets: [target("i-a", 80, 443)],
    });
    const run = await settling({ ...site("tcp 80-443 0.0.0.0/0"), loadBalancers: [both] });
    expect(rules(run)).toEqual([
      "tcp/443 from sg-lb",
      "tcp/80 from sg-lb",
      "tcp/81-442 from 0.0.0.0/0",
    ]);
  });

  it("takes port 0 for a port like any other", async () => {
    const zero = classic("MyLoadBalancer", { groups: ["sg-lb"], targets: [target("i-a", 0)] });
    expect(rules(await settling(site("tcp 0-65535 0.0.0.0/0")))).toEqual([
      "tcp/0-79 from 0.0.0.0/0",
      "tcp/80 from sg-lb",
      "tcp/81-65535 from 0.0.0.0/0",
    ]);
    expect(
      rules(
        await settling({ ...site("tcp 0 0.0.0.0/0", "tcp 0-65535 ::/0"), loadBalancers: [zero] }),
      ),
    ).toEqual(["tcp/0 from sg-lb", "tcp/1-65535 from ::/0"]);
  });

  it.each([
    ["0.0.0.0/1 and 128.0.0.0/1", ["tcp 80 0.0.0.0/1", "tcp 80 128.0.0.0/1"]],
    ["a /8", ["tcp 80 10.0.0.0/8"]],
    ["the VPC", ["tcp 80 10.0.0.0/16"]],
    ["half of IPv6", ["tcp 80 8000::/1"]],
    ["one address", ["tcp 80 192.0.2.7/32"]],
    ["a prefix list", ["tcp 80 pl-office"]],
  ])("closes %s as it closes 0.0.0.0/0", async (_, sources) => {
    const run = await settling({
      ...site(...sources, "tcp 80 sg-lb"),
      prefixLists: [prefixList("pl-office", "203.0.113.0/24")],
    });
    expect(rules(run)).toEqual(["tcp/80 from sg-lb"]);
  });

  it("closes only what holds a public address, and that whole, where the policy says public", async () => {
    const lists = [
      prefixList("pl-inside", "10.0.0.0/16"),
      prefixList("pl-mixed", "10.0.0.0/16", "203.0.113.0/24"),
    ];
    const before = site(
      "tcp 80 10.0.0.0/8",
      "tcp 80 0.0.0.0/0",
      "tcp 80 2600:1f00:1::/64",
      "tcp 80 pl-inside",
      "tcp 80 pl-mixed",
      "tcp 80 sg-app",
    );
    const run = await settling(
      { ...before, prefixLists: lists, vpcRanges: new Map([["vpc-1", ["2600:1f00:1::/56"]]]) },
      { ...enforcing, close: "public" },
    );
    expect(rules(run)).toEqual([
      "tcp/80 from 10.0.0.0/8",
      "tcp/80 from 2600:1f00:1::/64",
      "tcp/80 from pl-inside",
      "tcp/80 from sg-app",
      "tcp/80 from sg-lb",
    ]);
  });

  it("leaves a prefix list that cannot be read, and says so", async () => {
    const run = await settling({
      ...site("tcp 80 pl-hidden"),
      prefixLists: [hiddenPrefixList("pl-hidden")],
    });
    expect(rules(run)).toEqual(["tcp/80 from pl-hidden", "tcp/80 from sg-lb"]);
    expect(codes(run)).toContain("prefix-list-unreadable");
  });

  it("leaves an allowed range its part of a wider rule", async () => {
    const run = await settling(site("tcp 80-81 0.0.0.0/0"), {
      ...enforcing,
      allowedSources: ["10.0.0.0/8"],
    });
    expect(rules(run)).toEqual([
      "tcp/80 from 10.0.0.0/8",
      "tcp/80 from sg-lb",
      "tcp/81 from 0.0.0.0/0",
    ]);
  });

  it("writes one remainder for two wide rules that shrink to the same, and both parents go", async () => {
    const twoPorts = classic("MyLoadBalancer", {
      groups: ["sg-lb"],
      targets: [target("i-a", 80, 82)],
    });
    const run = await settling({
      ...site("tcp 80-81 0.0.0.0/0", "tcp 81-82 0.0.0.0/0", "tcp 80-82 0.0.0.0/0"),
      loadBalancers: [twoPorts],
    });
    expect(rules(run)).toEqual(["tcp/80 from sg-lb", "tcp/81 from 0.0.0.0/0", "tcp/82 from sg-lb"]);
  });

  it("narrows a compliant rule that somebody widens", async () => {
    const first = await played(site("tcp 81 0.0.0.0/0", "tcp 80 sg-lb"));
    expect(first.calls).toEqual([]);
    const widened = withRules(first.where.now, "sg-web", (some) =>
      some.map((one) => (one.fromPort === 81 ? { ...one, fromPort: 0, toPort: 65535 } : one)),
    );
    expect(rules(await settling(widened))).toEqual([
      "tcp/0-79 from 0.0.0.0/0",
      "tcp/80 from sg-lb",
      "tcp/81-65535 from 0.0.0.0/0",
    ]);
  });

  it("closes a rule that CloudFormation made, says where to change it, and writes its remainder without AWS's tags", async () => {
    const made = rule("tcp 80-81 0.0.0.0/0", {
      tags: { "aws:cloudformation:stack-name": "site", team: "web" },
    });
    const run = await settling(site(made));
    expect(rules(run)).toEqual(["tcp/80 from sg-lb", "tcp/81 from 0.0.0.0/0"]);
    expect(rulesOf(run.where.now, "sg-web").find(({ fromPort }) => fromPort === 81)?.tags).toEqual({
      team: "web",
      "elb-only:remainder-of": "sgr-web-0",
    });
    expect(codes(run)).toContain("managed-elsewhere");
  });

  it("only says what it would do in audit", async () => {
    const run = await settling(site("tcp 80 0.0.0.0/0"), { ...enforcing, defaultMode: "audit" });
    expect(run.calls).toEqual([]);
    expect(result(run)).toBe("drift");
  });

  it("closes nothing in a group that no load balancer serves", async () => {
    const unserved = region({
      groups: [group("sg-web", "tcp 80 0.0.0.0/0"), frontGroup],
      interfaces: [instance("i-a", ["sg-web"]), frontDoor],
    });
    expect((await settling(unserved)).calls).toEqual([]);
  });
});
