import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { catalogue, type Finding, type FindingCode } from "../../lib/values/finding.ts";
import type { Trigger } from "../../lib/values/trigger.ts";
import { remediate as remediateIn } from "../../lib/remediation/remediate.ts";
import { freeHand, remediate } from "../support/remediate.ts";
import { newRemediation, recordVeto } from "../../lib/remediation/remediation.ts";
import {
  application,
  database,
  front,
  group,
  hiddenPrefixList,
  instance,
  network,
  otherAccount,
  port,
  region,
  rule,
  secondary,
  tagged,
  target,
} from "../support/builders.ts";
import { change, type Cloud, cloud, fakeWorld, type Moods } from "../support/fakeWorld.ts";
import { type Region, withRules } from "../support/region.ts";
import { planned, policyOf, type Setting } from "./planned.ts";

const alb = application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] });
const world = "tcp 80 0.0.0.0/0";
const front443 = group("sg-lb", "tcp 443 0.0.0.0/0");

/** A served `sg-web` that is as it should be, but for what is said. */
const site = (web: Parameters<typeof group>[1][], more: Setting = {}): Setting => ({
  groups: [group("sg-web", "tcp 80 sg-lb", ...web), front443],
  interfaces: [instance("i-1", ["sg-web"])],
  loadBalancers: [alb],
  ...more,
});

const webTagged = (
  tags: Readonly<Record<string, string>>,
  ...rules: Parameters<typeof group>[1][]
) => [tagged(group("sg-web", "tcp 80 sg-lb", ...rules), tags), front443];

const keep = (until: string) =>
  rule(world, {
    tags: { "elb-only:keep": "tcp/80 0.0.0.0/0 monitoring", "elb-only:keep-until": until },
  });

/** Each finding of the plan, by the least that makes it; its text. */
const ofThePlan: readonly (readonly [FindingCode, Setting, string])[] = [
  [
    "mode-unreadable",
    site([], { groups: webTagged({ "elb-only": "on" }) }),
    'The tag elb-only of sg-web is "on"; allowed are enforce, audit and ignore.',
  ],
  [
    "managed-group",
    site([], { groups: webTagged({ "elbv2.k8s.aws/cluster": "prod" }) }),
    "sg-web (web) is managed by the AWS Load Balancer Controller.",
  ],
  [
    "cluster-group",
    site([], { groups: webTagged({ KubernetesCluster: "prod" }) }),
    "Nothing in sg-web (web) is closed: it belongs to the cluster prod.",
  ],
  [
    "foreign-group",
    site([], { groups: [{ ...group("sg-web"), owner: otherAccount }, front443] }),
    "sg-web (web) belongs to account 222222222222.",
  ],
  [
    "shared-with-load-balancer",
    site([], { interfaces: [instance("i-1", ["sg-web"]), front("eni-f", ["sg-web"], "10.0.9.1")] }),
    "Nothing in sg-web (web) is closed: it is also attached to a load balancer, whose own way in that would be.",
  ],
  [
    "unserved-interface",
    site([], { interfaces: [instance("i-1", ["sg-web"]), instance("i-lone", ["sg-web"])] }),
    "Nothing in sg-web (web) is closed: it is also attached to i-lone, which no load balancer serves.",
  ],
  [
    "foreign-interface",
    site([], {
      interfaces: [instance("i-1", ["sg-web"]), database("eni-db", ["sg-web"], "10.0.0.9")],
    }),
    "Nothing in sg-web (web) is closed: it is also attached to RDS database eni-db, which no load balancer serves.",
  ],
  [
    "not-a-back-end",
    site([], {
      interfaces: [database("eni-db", ["sg-web"], "10.0.0.9")],
      loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("10.0.0.9", 80)] })],
    }),
    "RDS database eni-db is registered as a target, but is neither an instance nor an ECS task: it is not opened, and nothing in sg-web (web) is closed.",
  ],
  [
    "incomplete-picture",
    site([], { gaps: ["ec2:DescribeInstances was throttled"] }),
    "Nothing in sg-web (web) is closed, since not all could be read: ec2:DescribeInstances was throttled.",
  ],
  [
    "load-balancer-without-group",
    site([], { loadBalancers: [network("nlb", { targets: [target("i-1", 80, "udp 80")] })] }),
    "Nothing is closed on tcp/80, udp/80 of sg-web: nlb (network) has no security group.",
  ],
  [
    "shared-group",
    site([world], { interfaces: [instance("i-1", ["sg-web"]), secondary("i-1", ["sg-web"])] }),
    "i-1 loses ports on which nothing serves it, being attached to sg-web, too.",
  ],
  [
    "protected-port-served",
    site([], {
      loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("i-1", 22)] })],
    }),
    "alb serves tcp/22, which is protected: it is not let in there, and nobody is closed out.",
  ],
  [
    "dynamic-ports",
    site([], {
      loadBalancers: [
        application("alb", {
          groups: ["sg-lb"],
          targets: [target("i-1", port("tcp 32768-65535"))],
        }),
      ],
    }),
    "alb serves changing ports: it is let in to tcp/32768-65535, and nobody is closed out.",
  ],
  [
    "source-group-shared",
    site([], { interfaces: [instance("i-1", ["sg-web"]), instance("i-lone", ["sg-lb"])] }),
    "i-lone gets in to tcp/80 of sg-web beside the load balancer, being attached to sg-lb, too.",
  ],
  [
    "keep-expired",
    site([keep("2026-11-21")]),
    "tcp/80 from 0.0.0.0/0 was exempt until 2026-11-21.",
  ],
  [
    "keep-unreadable",
    site([keep("2027-02-31")]),
    'tcp/80 from 0.0.0.0/0 is not exempt: "2027-02-31" is no date.',
  ],
  [
    "keep-expiring",
    site([keep("2026-11-25")]),
    "tcp/80 from 0.0.0.0/0 is exempt until 2026-11-25 (monitoring).",
  ],
  [
    "kept",
    site([keep("2026-12-25")]),
    "tcp/80 from 0.0.0.0/0 is exempt until 2026-12-25 (monitoring).",
  ],
  [
    "keep-long",
    site([keep("2027-11-25")]),
    "tcp/80 from 0.0.0.0/0 is exempt until 2027-11-25; 90 days are the longest meant.",
  ],
  [
    "keep-outgrown",
    site([rule(world, { tags: { "elb-only:keep": "tcp/80 203.0.113.7/32 feed" } })]),
    'tcp/80 from 0.0.0.0/0 is kept no longer: elb-only:keep names "tcp/80 203.0.113.7/32 feed", and the rule lets in more than that.',
  ],
  [
    "allowed-public",
    site(["tcp 80 203.0.113.0/24"], { policy: { allowedSources: ["203.0.113.0/24"] } }),
    "tcp/80 from 203.0.113.0/24 lets in public addresses, which are allowed.",
  ],
  [
    "load-balancer-asks-less",
    site([], { loadBalancers: [tagged(alb, { "elb-only": "audit" })] }),
    "Nothing is closed on tcp/80 of sg-web: alb, which serves it, is tagged elb-only=audit.",
  ],
  [
    "admission-refused",
    site([], {
      groups: [group("sg-web"), front443],
      interfaces: [instance("i-1", ["sg-web"]), instance("i-lone", ["sg-lb"])],
    }),
    "alb is not let in to tcp/80 of sg-web, and nothing is closed there: whoever is attached to sg-lb would get in with it: i-lone.",
  ],
  [
    "served-and-open",
    site([], { groups: webTagged({ "elb-only": "ignore" }, "tcp 80 10.0.0.0/8") }),
    "tcp/80 from 10.0.0.0/8 lets others than load balancers in to sg-web (web), to which nothing is written.",
  ],
  [
    "self-reference",
    site(["tcp 80 sg-web"]),
    "tcp/80 from sg-web lets the group's interfaces in to each other.",
  ],
  [
    "foreign-source",
    site(["tcp 80 sg-far@222222222222"]),
    "tcp/80 from sg-far lets in a group that is not ours to judge.",
  ],
  [
    "prefix-list-unreadable",
    site(["tcp 80 pl-hidden"], { prefixLists: [hiddenPrefixList("pl-hidden")] }),
    "tcp/80 from pl-hidden lets in a prefix list whose entries could not be read.",
  ],
  [
    "handed-over",
    site([], {
      groups: webTagged(
        { "elb-only:adopt": "" },
        rule("tcp 8080 sg-old", {
          description: "elb-only: admits old on tcp/8080 from sg-old",
          tags: { "elb-only:load-balancer": "old" },
        }),
      ),
    }),
    "tcp/8080 from sg-old stays, and is ours no more.",
  ],
  [
    "all-protocols",
    site(["-1 10.0.0.0/8"]),
    "all protocols from 10.0.0.0/8 lets in others than load balancers, and is left whole: its group is not tagged elb-only=enforce.",
  ],
  [
    "other-protocols-lost",
    site(["-1 0.0.0.0/0"]),
    "all protocols from 0.0.0.0/0 becomes tcp, udp and icmp; other protocols fall away.",
  ],
  [
    "untracked-connections",
    site([], {
      groups: webTagged({ "elb-only": "enforce", "elb-only:ports": "all" }, "tcp 8080 0.0.0.0/0"),
    }),
    "Every port of sg-web but the protected ones is being closed.",
  ],
  [
    "managed-elsewhere",
    site([], { groups: webTagged({ "aws:cloudformation:stack-name": "site" }, world) }),
    "tcp/80 from 0.0.0.0/0 belongs to the CloudFormation stack site; write its source as sg-lb there.",
  ],
  [
    "load-balancer-egress",
    site([], {
      groups: [
        group("sg-web", "tcp 80 sg-lb"),
        { ...front443, egress: [rule("tcp 443 0.0.0.0/0")] },
      ],
    }),
    "alb cannot reach tcp/80: no outbound rule of sg-lb lets it out.",
  ],
  [
    "private-link-unenforced",
    site([], {
      loadBalancers: [
        network("nlb", {
          groups: ["sg-lb"],
          targets: [target("i-1", 80)],
          privateLinkUnenforced: true,
        }),
      ],
    }),
    "nlb lets traffic from PrivateLink past its security groups.",
  ],
  [
    "unused-admission",
    site([
      rule("tcp 81 sg-old", {
        description: "elb-only: admits old on tcp/81 from sg-old",
        tags: { "elb-only:load-balancer": "old" },
      }),
    ]),
    "No load balancer reaches anybody here by tcp/81 from sg-old any more.",
  ],
];

const doorGroup = group("sg-door", world);
const sideDoor = site([], {
  groups: [group("sg-web", "tcp 80 sg-lb"), front443, doorGroup],
  interfaces: [instance("i-1", ["sg-web"]), secondary("i-1", ["sg-door"])],
});

const webSite = (rules: Parameters<typeof group>[1][], quota = 60): Region =>
  region({
    groups: [group("sg-web", ...rules), front443, group("sg-gone")],
    interfaces: [instance("i-1", ["sg-web"])],
    loadBalancers: [alb],
    gone: ["sg-gone"],
    quota,
  });

const run = async (where: Cloud, moods: Moods = {}): Promise<readonly Finding[]> =>
  (await remediate(new Map([["sg-web", []]]), policyOf(), fakeWorld(where, moods))).flatMap(
    ({ findings }) => findings,
  );

/** Somebody revokes the wide rule while we write its remainder. */
function revokedMeanwhile(): Promise<readonly Finding[]> {
  const where = cloud(webSite(["tcp 80-81 0.0.0.0/0", "tcp 80 sg-lb"]));
  const revoke = () =>
    change(
      where,
      withRules(where.now, "sg-web", (rules) =>
        rules.filter((one) => one.fromPort !== 80 || one.toPort !== 81),
      ),
    );
  return run(where, { afterCall: (number) => (number === 1 ? revoke() : undefined) });
}

function refusedByTheJudge(): Promise<readonly Finding[]> {
  const one = newRemediation("sg-web", []);
  recordVeto(one, rule(world), "alb would lose tcp/80 at eni-1");
  return Promise.resolve(one.findings);
}

/** The state table is not there. */
async function withoutState(): Promise<readonly Finding[]> {
  const broken = { ...freeHand, whyAddOnly: () => "dynamodb:PutItem: AccessDenied" };
  const affected = new Map([["sg-web", []]]);
  const outcomes = await remediateIn(
    affected,
    policyOf(),
    fakeWorld(cloud(webSite([world]))),
    broken,
  );
  return outcomes.flatMap(({ findings }) => findings);
}

/** Each finding that only doing makes. */
const ofTheRun: readonly (readonly [FindingCode, () => Promise<readonly Finding[]>, string])[] = [
  [
    "rule-quota",
    () => run(cloud(webSite(["tcp 80-81 0.0.0.0/0", "tcp 80 sg-lb"], 2))),
    "tcp/80-81 from 0.0.0.0/0 stays open: to close it takes 1 more rule in sg-web (web), where 0 of 2 are free.",
  ],
  [
    "refused",
    () => run(cloud(webSite(["tcp 80-81 sg-gone", "tcp 80 sg-lb"]))),
    "tcp/81 from sg-gone: InvalidGroup.NotFound",
  ],
  ["denied", () => run(cloud(webSite([world])), { denied: ["sg-web"] }), "UnauthorizedOperation"],
  [
    "failed",
    () =>
      run(cloud(webSite([world])), {
        beforeLook: () => {
          throw new Error("no answer from ec2:DescribeSecurityGroups");
        },
      }),
    "no answer from ec2:DescribeSecurityGroups",
  ],
  [
    "could-not-admit",
    () => run(cloud(webSite([])), { behind: () => 1 }),
    "tcp/80 from sg-lb is still missing.",
  ],
  [
    "could-not-remove",
    () => run(cloud(webSite([world, "tcp 80 sg-lb"])), { behind: () => 1 }),
    "tcp/80 from 0.0.0.0/0 is still there.",
  ],
  [
    "resurrected",
    revokedMeanwhile,
    "tcp/80-81 from 0.0.0.0/0 vanished while its remainder tcp/81 from 0.0.0.0/0 was being written.",
  ],
  ["no-state", withoutState, "Nothing was removed: dynamodb:PutItem: AccessDenied"],
  ["unproven", refusedByTheJudge, "tcp/80 from 0.0.0.0/0 stays: alb would lose tcp/80 at eni-1."],
];

describe("findings of the plan", () => {
  it.each(ofThePlan)("%s", (code, setting, text) => {
    const found = planned(setting).findings.find((one) => one.code === code);
    expect(found?.text).toBe(text);
    expect(found).toMatchObject({
      severity: catalogue[code].severity,
      next: catalogue[code].next,
      group: "sg-web",
    });
  });
});

describe("findings of the run", () => {
  it.each(ofTheRun)("%s", async (code, made, text) => {
    const found = (await made()).find((one) => one.code === code);
    expect(found?.text).toBe(text);
    expect(found).toMatchObject({
      severity: catalogue[code].severity,
      next: catalogue[code].next,
      group: "sg-web",
    });
  });
});

describe("side-door", () => {
  it("is said of the secondary interface's group, and the group is left as it is", () => {
    const { findings, removals } = planned(sideDoor, "sg-door");
    expect(findings.map(({ code, text }) => [code, text])).toEqual([
      [
        "side-door",
        "tcp/80 from 0.0.0.0/0 opens eni-1-2, a secondary interface of i-1, past its load balancer.",
      ],
    ]);
    expect(removals).toEqual([]);
  });

  it.each([
    ["it opens another port", "tcp 22 0.0.0.0/0"],
    ["it lets the load balancer in alone", "tcp 80 sg-lb"],
  ])("is not said where %s", (_, text) => {
    const groups = [group("sg-web", "tcp 80 sg-lb"), front443, group("sg-door", text)];
    expect(planned({ ...sideDoor, groups }, "sg-door").findings).toEqual([]);
  });
});

describe("managed-elsewhere", () => {
  it("is said of a rule that belongs to a stack, in a group that does not", () => {
    const owned = rule(world, { tags: { "aws:cloudformation:stack-name": "edge" } });
    expect(planned(site([owned, "tcp 80 ::/0"])).findings.map(({ text }) => text)).toEqual([
      "tcp/80 from 0.0.0.0/0 belongs to the CloudFormation stack edge; write its source as sg-lb there.",
    ]);
  });

  it("is said of a rule that Terraform wrote, by the call's user agent, with whose run it was", async () => {
    const trigger: Trigger = {
      event: "AuthorizeSecurityGroupIngress",
      eventId: "e-1",
      at: "2026-11-22T11:59:00Z",
      actor: {
        principal: "arn:aws:sts::111111111111:assumed-role/deploy/ci",
        userAgent: "APN/1.0 HashiCorp/1.0 Terraform/1.9.0",
      },
      touched: [],
      rules: [rule(world)],
    };
    const world1 = fakeWorld(cloud(webSite([world, "tcp 80 sg-lb"])));
    const [outcome] = await remediate(new Map([["sg-web", [trigger]]]), policyOf(), world1);
    expect(outcome).toMatchObject({ result: "changed", exposedSeconds: 60 });
    expect(outcome?.findings.map(({ code, text }) => [code, text])).toEqual([
      [
        "managed-elsewhere",
        "tcp/80 from 0.0.0.0/0 was written by Terraform, run by arn:aws:sts::111111111111:assumed-role/deploy/ci.",
      ],
    ]);
  });
});

describe("shared-group", () => {
  it("lists who loses a port that only another interface is served on", () => {
    const two = application("two", { groups: ["sg-lb"], targets: [target("i-2", 81)] });
    const groups = [
      group("sg-web", "tcp 80-81 0.0.0.0/0", "tcp 80 sg-lb", "tcp 81 sg-lb"),
      front443,
    ];
    const interfaces = [instance("i-1", ["sg-web"]), instance("i-2", ["sg-web"])];
    expect(
      planned({ groups, interfaces, loadBalancers: [alb, two] }).findings.map(({ text }) => text),
    ).toEqual(["i-1, i-2 lose ports on which nothing serves them, being attached to sg-web, too."]);
  });

  it("is not said where all interfaces are served alike", () => {
    const both = application("alb", {
      groups: ["sg-lb"],
      targets: [target("i-1", 80, 81), target("i-2", 80, 81)],
    });
    const groups = [
      group("sg-web", "tcp 80-81 0.0.0.0/0", "tcp 80 sg-lb", "tcp 81 sg-lb"),
      front443,
    ];
    expect(
      planned({
        groups,
        interfaces: [instance("i-1", ["sg-web"]), instance("i-2", ["sg-web"])],
        loadBalancers: [both],
      }).findings,
    ).toEqual([]);
  });
});

/** Codes that are made outside of the core. */
const elsewhere: readonly FindingCode[] = [
  "target-health",
  "open-elsewhere",
  "loosened",
  "held",
  "breaker",
  "contested",
  "undone",
  "restored",
  "grace",
];

/** Every source file of the library, but for the catalogue itself. */
const sources = globSync("lib/**/*.ts").filter((file) => !file.endsWith("values/finding.ts"));

describe("the catalogue", () => {
  it("holds no finding of the core that nobody makes", () => {
    const made = [
      ...ofThePlan.map(([code]) => code),
      ...ofTheRun.map(([code]) => code),
      "side-door",
      ...elsewhere,
    ];
    expect(made.sort()).toEqual(Object.keys(catalogue).sort());
  });

  it.each(elsewhere)("holds %s, which a module outside of the core makes", (code) => {
    expect(sources.some((file) => readFileSync(file, "utf8").includes(`"${code}"`))).toBe(true);
  });
});

describe("no finding is made of a group that is as it should be", () => {
  it("whatever else is open on ports that nobody serves", () => {
    expect(
      planned(site(["tcp 22 0.0.0.0/0", "udp 80 0.0.0.0/0", "tcp 8080 10.0.0.0/8"])).findings,
    ).toEqual([]);
  });
});
