import { describe, expect, it } from "vitest";
import { assess } from "../../lib/plan/assessment.ts";
import { eligibilityOf } from "../../lib/plan/eligibility.ts";
import type { Reason } from "../../lib/plan/reasons.ts";
import type { Policy } from "../../lib/values/policy.ts";
import type { Rule } from "../../lib/values/rule.ts";
import type { PrefixList } from "../../lib/values/snapshot.ts";
import {
  application,
  classic,
  front,
  group,
  hiddenPrefixList,
  instance,
  otherAccount,
  prefixList,
  rule,
  target,
  vpc,
} from "../support/builders.ts";
import { deeds, planned, policyOf, sceneIn, type Setting } from "./planned.ts";

const lists: readonly PrefixList[] = [
  prefixList("pl-office", "203.0.113.0/24"),
  prefixList("pl-mixed", "10.0.0.0/8", "198.51.100.0/24", "2001:db8::/32"),
  prefixList("pl-inside", "10.0.0.0/16", "192.168.0.0/24"),
  prefixList("pl-empty"),
  hiddenPrefixList("pl-hidden"),
  {
    ...prefixList("pl-lattice", "169.254.171.0/24"),
    name: "com.amazonaws.us-east-1.vpc-lattice",
    owner: "AWS",
  },
  {
    ...prefixList("pl-lattice6", "fd00:ec2:80::/64"),
    name: "com.amazonaws.us-east-1.ipv6.vpc-lattice",
    owner: "AWS",
  },
  {
    ...prefixList("pl-fake", "0.0.0.0/0"),
    name: "com.amazonaws.us-east-1.vpc-lattice",
    owner: otherAccount,
  },
];

const setting = (rules: readonly (Rule | string)[], more: Setting = {}): Setting => ({
  groups: [
    group("sg-web", ...rules),
    group("sg-lb", "tcp 443 0.0.0.0/0"),
    group("sg-app"),
    { ...group("sg-shared"), owner: otherAccount },
  ],
  interfaces: [instance("i-1", ["sg-web"])],
  loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] })],
  prefixLists: lists,
  vpcRanges: new Map([[vpc, ["2600:1f00:1::/56"]]]),
  ...more,
});

const reason = (one: Rule, parts: Partial<Policy>): Reason | "excess" => {
  const topology = sceneIn(setting([one]));
  const policy = policyOf(parts);
  const web = topology.snapshot.groups.get("sg-web") ?? group("sg-web");
  const eligibility = eligibilityOf(web, topology, policy);
  const { rules } = assess(web, eligibility, { topology, policy, eligibilities: new Map() });
  return rules.excess.length > 0 ? "excess" : (rules.leftAlone[0]?.reason ?? "not to close");
};

type Row = readonly [
  source: string,
  everyone: Reason | "excess",
  addresses: Reason | "excess",
  open: Reason | "excess",
];

describe("a rule on governed ports, as `close` says", () => {
  it.each<Row>([
    // source, everyone, addresses, public
    ["0.0.0.0/0", "excess", "excess", "excess"],
    ["::/0", "excess", "excess", "excess"],
    ["0.0.0.0/1", "excess", "excess", "excess"],
    ["203.0.113.7/32", "excess", "excess", "excess"],
    ["10.0.0.0/8", "excess", "excess", "not to close"],
    ["10.0.0.0/7", "excess", "excess", "excess"],
    ["fd00::/8", "excess", "excess", "not to close"],
    ["2600:1f00:1::/56", "excess", "excess", "not to close"],
    ["2600:1f00:1:1::/64", "excess", "excess", "not to close"],
    ["2600:1f00:2::/56", "excess", "excess", "excess"],
    ["pl-office", "excess", "excess", "excess"],
    ["pl-mixed", "excess", "excess", "excess"],
    ["pl-inside", "excess", "excess", "not to close"],
    ["pl-empty", "excess", "excess", "not to close"],
    ["pl-hidden", "unreadable", "unreadable", "unreadable"],
    ["pl-unheard", "unreadable", "unreadable", "unreadable"],
    ["pl-lattice", "Lattice", "Lattice", "Lattice"],
    ["pl-lattice6", "Lattice", "Lattice", "Lattice"],
    ["pl-fake", "excess", "excess", "excess"],
    ["sg-lb", "load balancer", "load balancer", "load balancer"],
    ["sg-app", "excess", "not to close", "not to close"],
    ["sg-web", "self", "self", "self"],
    ["sg-shared@222222222222", "foreign source", "foreign source", "foreign source"],
    ["sg-shared@?", "foreign source", "foreign source", "foreign source"],
    ["sg-lost@?", "foreign source", "foreign source", "foreign source"],
    ["amazon-elb/amazon-elb-sg", "load balancer", "load balancer", "load balancer"],
    ["111111111111/web", "foreign source", "foreign source", "foreign source"],
  ])("%s: everyone %s, addresses %s, public %s", (source, everyone, addresses, open) => {
    const one = rule(`tcp 80 ${source}`);
    expect([
      reason(one, { close: "everyone" }),
      reason(one, { close: "addresses" }),
      reason(one, { close: "public" }),
    ]).toEqual([everyone, addresses, open]);
  });

  it.each<[string, readonly string[], Reason | "excess"]>([
    ["10.0.0.0/8", ["10.0.0.0/8"], "allowed"],
    ["10.1.0.0/16", ["10.0.0.0/8"], "allowed"],
    ["10.1.2.3/16", ["10.1.0.0/16"], "allowed"],
    ["10.0.0.0/7", ["10.0.0.0/8"], "excess"],
    ["2001:db8:1::/48", ["2001:db8::/32"], "allowed"],
    ["::/0", ["0.0.0.0/0"], "excess"],
    ["sg-app", ["sg-app"], "allowed"],
    ["sg-app", ["10.0.0.0/8"], "excess"],
    ["pl-office", ["pl-office"], "allowed"],
    ["pl-hidden", ["pl-hidden"], "allowed"],
    ["pl-office", ["203.0.113.0/24"], "allowed"],
    ["pl-mixed", ["10.0.0.0/8", "198.51.100.0/24", "2001:db8::/32"], "allowed"],
    ["pl-mixed", ["10.0.0.0/8"], "excess"],
    ["pl-empty", ["10.0.0.0/8"], "excess"],
  ])("%s with %j allowed: %s", (source, allowedSources, expected) => {
    expect(reason(rule(`tcp 80 ${source}`), { allowedSources })).toBe(expected);
  });

  it("closes a group's reference to itself only where it is told to, and only with everyone", () => {
    const self = rule("tcp 80 sg-web");
    expect(reason(self, { keepSelf: false })).toBe("excess");
    expect(reason(self, { keepSelf: false, close: "addresses" })).toBe("not to close");
  });

  it.each<[string, Readonly<Record<string, string>>, Reason | "excess"]>([
    ["kept by name", { "elb-only:keep": "tcp/80 0.0.0.0/0 monitoring" }, "kept"],
    ["kept for a reason alone", { "elb-only:keep": "monitoring" }, "excess"],
    ["wider than what is kept", { "elb-only:keep": "tcp/80 203.0.113.7/32 feed" }, "excess"],
    [
      "kept to the end of today",
      { "elb-only:keep": "tcp/80 0.0.0.0/0", "elb-only:keep-until": "2026-11-22" },
      "kept",
    ],
    [
      "kept until yesterday",
      { "elb-only:keep": "tcp/80 0.0.0.0/0", "elb-only:keep-until": "2026-11-21" },
      "excess",
    ],
    [
      "kept until no date",
      { "elb-only:keep": "tcp/80 0.0.0.0/0", "elb-only:keep-until": "soon" },
      "excess",
    ],
  ])("a world-open rule that is %s", (_, tags, expected) => {
    expect(reason(rule("tcp 80 0.0.0.0/0", { tags }), {})).toBe(expected);
  });
});

describe("what becomes of an excess rule", () => {
  const becomes = (text: string | Rule, more: Setting = {}) => {
    const { remainders, removals, waiting } = deeds(planned(setting([text, "tcp 80 sg-lb"], more)));
    return {
      remainders,
      goes: removals.length > 0 ? "now" : waiting.length > 0 ? "later" : "never",
    };
  };
  const own: Setting["policy"] = { allowedSources: ["10.0.0.0/8"] };

  it.each<[string, readonly string[], "now" | "later" | "never"]>([
    ["tcp 80 0.0.0.0/0", [], "now"],
    ["tcp 20-90 0.0.0.0/0", ["tcp/20-79 from 0.0.0.0/0", "tcp/81-90 from 0.0.0.0/0"], "later"],
    ["tcp 80-90 ::/0", ["tcp/81-90 from ::/0"], "later"],
    ["tcp 0-65535 sg-app", ["tcp/0-79 from sg-app", "tcp/81-65535 from sg-app"], "later"],
    ["tcp 0-80 pl-mixed", ["tcp/0-79 from pl-mixed"], "later"],
    [
      "-1 0.0.0.0/0",
      [
        "icmp from 0.0.0.0/0",
        "tcp/0-79 from 0.0.0.0/0",
        "tcp/81-65535 from 0.0.0.0/0",
        "udp/0-65535 from 0.0.0.0/0",
      ],
      "later",
    ],
    [
      "-1 ::/0",
      ["icmpv6 from ::/0", "tcp/0-79 from ::/0", "tcp/81-65535 from ::/0", "udp/0-65535 from ::/0"],
      "later",
    ],
    ["-1 sg-app", [], "never"],
    ["-1 10.0.0.0/8", [], "never"],
    ["-1 pl-inside", [], "never"],
    [
      "-1 pl-mixed",
      [
        "icmp from pl-mixed",
        "icmpv6 from pl-mixed",
        "tcp/0-79 from pl-mixed",
        "tcp/81-65535 from pl-mixed",
        "udp/0-65535 from pl-mixed",
      ],
      "later",
    ],
    [
      "-1 pl-office",
      [
        "icmp from pl-office",
        "tcp/0-79 from pl-office",
        "tcp/81-65535 from pl-office",
        "udp/0-65535 from pl-office",
      ],
      "later",
    ],
    ["tcp 81-65535 0.0.0.0/0", [], "never"],
    ["tcp 22 0.0.0.0/0", [], "never"],
    ["udp 80 0.0.0.0/0", [], "never"],
    ["icmp 0.0.0.0/0", [], "never"],
    ["50 0.0.0.0/0", [], "never"],
    ["-1 sg-lb", [], "never"],
  ])("%s leaves %j and goes %s", (text, remainders, goes) => {
    expect(becomes(text)).toEqual({ remainders, goes });
  });

  it.each<[string, readonly string[]]>([
    ["tcp 80 0.0.0.0/0", ["tcp/80 from 10.0.0.0/8"]],
    ["tcp 80-81 0.0.0.0/0", ["tcp/80 from 10.0.0.0/8", "tcp/81 from 0.0.0.0/0"]],
    ["tcp 80 8.0.0.0/5", ["tcp/80 from 10.0.0.0/8"]],
    ["tcp 80 192.0.2.0/24", []],
    ["tcp 80 ::/0", []],
    ["tcp 80 pl-mixed", ["tcp/80 from 10.0.0.0/8"]],
    ["tcp 80 sg-app", []],
  ])("%s leaves what is allowed of it: %j", (text, remainders) => {
    expect(becomes(text, { policy: own }).remainders).toEqual(remainders);
  });

  it("leaves nested allowed sources once, as the widest", () => {
    const policy = { allowedSources: ["10.1.0.0/16", "10.0.0.0/8", "10.1.2.3/32"] };
    expect(becomes("tcp 80 0.0.0.0/0", { policy }).remainders).toEqual(["tcp/80 from 10.0.0.0/8"]);
  });

  it("leaves a description and a person's tags, and none of AWS's or ours", () => {
    const tags = {
      team: "web",
      "aws:cloudformation:stack-name": "site",
      "elb-only:keep": "was",
      "elb-only:keep-until": "2026-01-01",
      "elb-only-ish": "mine",
    };
    const wide = rule("tcp 80-81 0.0.0.0/0", { description: "from (everybody)", tags });
    const [remainder] = planned(setting([wide, "tcp 80 sg-lb"])).remainders;
    expect(remainder?.rule).toMatchObject({
      description: "from (everybody)",
      tags: { team: "web", "elb-only-ish": "mine" },
    });
    expect(remainder?.rule.tags).toEqual({
      team: "web",
      "elb-only-ish": "mine",
      "elb-only:remainder-of": remainder?.of.id,
    });
  });

  it("does not write again what stands: an equal rule, a wider one that stays, several together", () => {
    expect(
      becomes(
        "tcp 80-81 0.0.0.0/0",
        setting(["tcp 80-81 0.0.0.0/0", "tcp 81 0.0.0.0/0", "tcp 80 sg-lb"]),
      ),
    ).toEqual({
      remainders: [],
      goes: "now",
    });
    const kept = rule("-1 0.0.0.0/0", { tags: { "elb-only:keep": "all 0.0.0.0/0" } });
    expect(
      becomes("tcp 20-81 0.0.0.0/0", setting(["tcp 20-81 0.0.0.0/0", kept, "tcp 80 sg-lb"])),
    ).toEqual({ remainders: [], goes: "now" });
    const pieces = ["tcp 20-40 0.0.0.0/0", "tcp 41-79 0.0.0.0/0"];
    expect(
      becomes("tcp 20-80 0.0.0.0/0", setting(["tcp 20-80 0.0.0.0/0", ...pieces, "tcp 80 sg-lb"])),
    ).toEqual({ remainders: [], goes: "now" });
  });

  it("never counts on another source's rule, nor on one that goes itself", () => {
    expect(
      becomes(
        "tcp 80-81 10.0.0.0/8",
        setting(["tcp 80-81 10.0.0.0/8", "tcp 81 0.0.0.0/0", "tcp 80 sg-lb"]),
      ).remainders,
    ).toEqual(["tcp/81 from 10.0.0.0/8"]);
    expect(
      becomes(
        "tcp 80-81 0.0.0.0/0",
        setting(["tcp 80-81 0.0.0.0/0", "tcp 79-90 0.0.0.0/0", "tcp 80 sg-lb"]),
      ).remainders,
    ).toContain("tcp/81 from 0.0.0.0/0");
  });

  it("writes one remainder for two wide rules of one source that shrink to it", () => {
    const tagged = rule("tcp 80-81 0.0.0.0/0", { description: "one" });
    const { remainders } = planned(
      setting([tagged, "tcp 79-81 0.0.0.0/0", "tcp 80 sg-lb"], {
        policy: { protectedPorts: [{ protocol: "tcp", from: 79, to: 79 }] },
      }),
    );
    expect(remainders.map(({ rule: one }) => `${one.fromPort}-${one.toPort}`).sort()).toEqual([
      "79-79",
      "81-81",
    ]);
  });

  it("waits until every load balancer that the rule may carry has a way in of its own", () => {
    expect(deeds(planned(setting(["tcp 80 0.0.0.0/0"])))).toEqual({
      admissions: ["tcp/80 from sg-lb"],
      remainders: [],
      removals: [],
      waiting: ["tcp/80 from 0.0.0.0/0"],
    });
  });
});

describe("a load balancer's own group", () => {
  const two = (more: Setting = {}): Setting =>
    setting(["tcp 80 sg-lb", "tcp 81 sg-lb2", "tcp 20-90 sg-lb"], {
      loadBalancers: [
        application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] }),
        application("other", { groups: ["sg-lb2"], targets: [target("i-1", 81)] }),
      ],
      ...more,
    });

  it("is spared on the ports that the load balancer serves here, and on no other", () => {
    expect(deeds(planned(two())).remainders).toEqual([
      "tcp/20-80 from sg-lb",
      "tcp/82-90 from sg-lb",
    ]);
  });

  it("is excess where the load balancer serves nobody here", () => {
    const loadBalancers = [
      application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] }),
      application("stranger", { groups: ["sg-app"], targets: [target("i-9", 80)] }),
    ];
    expect(
      deeds(planned(setting(["tcp 80 sg-lb", "tcp 80 sg-app"], { loadBalancers }))).removals,
    ).toEqual(["tcp/80 from sg-app"]);
  });

  it("is excess where others are attached to it and the load balancer has a group of its own", () => {
    const more: Setting = {
      interfaces: [instance("i-1", ["sg-web"]), instance("i-dev", ["sg-app"])],
      loadBalancers: [
        application("alb", { groups: ["sg-lb", "sg-app"], targets: [target("i-1", 80)] }),
      ],
    };
    expect(deeds(planned(setting(["tcp 80 sg-app"], more)))).toMatchObject({
      admissions: ["tcp/80 from sg-lb"],
      waiting: ["tcp/80 from sg-app"],
    });
    expect(deeds(planned(setting(["tcp 80 sg-app", "tcp 80 sg-lb"], more))).removals).toEqual([
      "tcp/80 from sg-app",
    ]);
  });

  it("stays, while EC2 shows a load balancer with groups that ELB lists for none", () => {
    const interfaces = [instance("i-1", ["sg-web"]), front("eni-lb", ["sg-app"], "10.0.9.1")];
    expect(
      deeds(planned(setting(["tcp 80 sg-lb", "tcp 80 sg-app"], { interfaces }))).removals,
    ).toEqual([]);
  });
});

describe("allowed sources", () => {
  const becomes = (text: string, more: Setting) =>
    deeds(planned(setting([text, "tcp 80 sg-lb"], more))).remainders;

  it("that are prefix lists are carried over entry by entry", () => {
    expect(becomes("tcp 80 0.0.0.0/0", { policy: { allowedSources: ["pl-mixed"] } })).toEqual([
      "tcp/80 from 10.0.0.0/8",
      "tcp/80 from 198.51.100.0/24",
    ]);
  });

  it("that are groups are carried over by name, where all who are attached come in by the rule", () => {
    const more = (address: string): Setting => ({
      policy: { allowedSources: ["sg-app"] },
      interfaces: [instance("i-1", ["sg-web"]), instance("i-app", ["sg-app"], { address })],
    });
    expect(becomes("tcp 80 10.0.0.0/16", more("10.0.7.7"))).toEqual(["tcp/80 from sg-app"]);
    expect(becomes("tcp 80 10.0.0.0/16", more("10.1.7.7"))).toEqual([]);
  });
});

describe("elb-only:allow on the group", () => {
  const allowing = (allow: string, ...rules: readonly string[]) => {
    const base = setting(["tcp 80 sg-lb", ...rules]);
    const tags = { "elb-only:allow": allow };
    return planned({
      ...base,
      groups: (base.groups ?? []).map((one) => (one.id === "sg-web" ? { ...one, tags } : one)),
    });
  };

  it("spares its sources on its ports, and carries them over", () => {
    expect(deeds(allowing("tcp/80 10.0.0.0/8 2026-12-31", "tcp 80 10.1.0.0/16"))).toMatchObject({
      remainders: [],
      removals: [],
    });
    expect(deeds(allowing("tcp/80 10.0.0.0/8 2026-12-31", "tcp 80 0.0.0.0/0")).remainders).toEqual([
      "tcp/80 from 10.0.0.0/8",
    ]);
    expect(deeds(allowing("tcp/443 10.0.0.0/8 2026-12-31", "tcp 80 10.0.0.0/8")).removals).toEqual([
      "tcp/80 from 10.0.0.0/8",
    ]);
    expect(deeds(allowing("tcp/80 sg-app 2026-12-31", "tcp 80 sg-app")).removals).toEqual([]);
  });

  it.each([
    ["without an end", "tcp/80 10.0.0.0/8", "keep-unreadable"],
    ["with a word that says nothing", "tcp/80 10.0.0.0/8 please 2026-12-31", "keep-unreadable"],
    ["with two ends", "tcp/80 10.0.0.0/8 2026-12-30 2026-12-31", "keep-unreadable"],
    ["of no port", "10.0.0.0/8 2026-12-31", "keep-unreadable"],
    ["on a day that does not exist", "tcp/80 10.0.0.0/8 2026-11-31", "keep-unreadable"],
    ["of yesterday", "tcp/80 10.0.0.0/8 2026-11-21", "keep-expired"],
  ])("%s exempts nothing, and that is said", (_, allow, code) => {
    const todo = allowing(allow, "tcp 80 10.0.0.0/8");
    expect(deeds(todo).removals).toEqual(["tcp/80 from 10.0.0.0/8"]);
    expect(todo.findings.map((one) => one.code)).toContain(code);
  });
});

describe("cleaning up admissions of ours", () => {
  const admission = (ports: string, from = "sg-old", name = "old-elb"): Rule =>
    rule(`${ports.replace("/", " ")} ${from}`, {
      description: `elb-only: admits ${name} on ${ports} from ${from}`,
      tags: { "elb-only:load-balancer": name },
    });
  const old = admission("tcp/81");
  const withOld = (rules: readonly (Rule | string)[], more: Setting = {}): Setting => {
    const base = setting(["tcp 80 sg-lb", ...rules], more);
    return { ...base, groups: [...(base.groups ?? []), group("sg-old")] };
  };

  it("is a sweep's business where the port is nobody's: until then the admission is left alone, and said", () => {
    const todo = planned(withOld([old]));
    expect(deeds(todo)).toMatchObject({ removals: [], waiting: [] });
    expect(todo.findings.map(({ code }) => code)).toContain("unused-admission");
    expect(deeds(planned(withOld([old], { cleanUp: true }))).removals).toEqual([
      "tcp/81 from sg-old",
    ]);
  });

  it("is done at once on a port that is governed: whoever dresses a rule as ours wins no time", () => {
    expect(deeds(planned(withOld([admission("tcp/80")]))).removals).toEqual(["tcp/80 from sg-old"]);
    const forged = admission("tcp/80", "sg-app", "alb");
    expect(deeds(planned(withOld([forged]))).removals).toEqual(["tcp/80 from sg-app"]);
  });

  it("never touches what somebody has made of a rule of ours: other ports, another source", () => {
    const edited = [
      { ...admission("tcp/81"), fromPort: 8080, toPort: 8080 },
      { ...admission("tcp/81"), source: { kind: "group", group: "sg-bastion" } as const },
    ];
    for (const one of edited)
      expect(deeds(planned(withOld([one], { cleanUp: true }))).removals).toEqual([]);
  });

  it("never takes anything away on a protected port", () => {
    const todo = planned(withOld([admission("tcp/22")], { cleanUp: true }));
    expect(deeds(todo).removals).toEqual([]);
  });

  it("waits for a complete reading", () => {
    expect(
      deeds(
        planned(
          withOld([old], { cleanUp: true, gaps: ["elasticloadbalancing:DescribeLoadBalancers"] }),
        ),
      ).removals,
    ).toEqual([]);
  });

  it("spares that of a load balancer that is there, but serves nobody here now: it may come back", () => {
    const loadBalancers = [
      application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] }),
      classic("old-elb", { groups: ["sg-old"], targets: [] }),
    ];
    for (const one of [old, admission("tcp/80")]) {
      const todo = planned(withOld([one], { cleanUp: true, loadBalancers }));
      expect(deeds(todo).removals).toEqual([]);
      expect(todo.findings.map(({ code }) => code)).toContain("unused-admission");
    }
  });

  it("waits for the way in of a load balancer that gets in by it, though it has a better group", () => {
    const more: Setting = {
      cleanUp: true,
      interfaces: [instance("i-1", ["sg-web"]), instance("i-dev", ["sg-old"])],
      loadBalancers: [
        application("alb", { groups: ["sg-lb", "sg-old"], targets: [target("i-1", 80)] }),
      ],
    };
    const base = withOld([admission("tcp/80")], more);
    const groups = (base.groups ?? []).map((one) =>
      one.id === "sg-web" ? group("sg-web", admission("tcp/80")) : one,
    );
    expect(deeds(planned({ ...base, groups }))).toMatchObject({
      admissions: ["tcp/80 from sg-lb"],
      removals: [],
      waiting: ["tcp/80 from sg-old"],
    });
  });

  it("spares what another load balancer gets in by", () => {
    const loadBalancers = [
      application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] }),
      application("green", { groups: ["sg-old"], targets: [target("i-1", 81)] }),
    ];
    expect(deeds(planned(withOld([old], { cleanUp: true, loadBalancers }))).removals).toEqual([]);
  });

  it("spares a rule that is not ours, and one that somebody keeps or allows", () => {
    const kept = rule("tcp 81 sg-old", {
      ...(old.description === undefined ? {} : { description: old.description }),
      tags: { ...old.tags, "elb-only:keep": "tcp/81 sg-old until the move" },
    });
    expect(deeds(planned(withOld([rule("tcp 8080 sg-old")], { cleanUp: true }))).removals).toEqual(
      [],
    );
    expect(deeds(planned(withOld([kept], { cleanUp: true }))).removals).toEqual([]);
    expect(
      deeds(planned(withOld([old], { cleanUp: true, policy: { allowedSources: ["sg-old"] } })))
        .removals,
    ).toEqual([]);
  });

  it("leaves nothing to count on: what goes in the same plan stands for no remainder", () => {
    const wide = rule("tcp 80-81 sg-old");
    const todo = deeds(planned(withOld([wide, old], { cleanUp: true })));
    expect(todo).toMatchObject({
      remainders: ["tcp/81 from sg-old"],
      removals: ["tcp/81 from sg-old"],
      waiting: ["tcp/80-81 from sg-old"],
    });
  });

  it("is done in a group that nobody serves any more", () => {
    expect(deeds(planned(withOld([old], { cleanUp: true, loadBalancers: [] }))).removals).toEqual([
      "tcp/81 from sg-old",
    ]);
  });
});
