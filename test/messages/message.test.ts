import type { Outcome } from "../../lib/values/outcome.ts";
import { describe, expect, it } from "vitest";
import { message } from "../../lib/messages/message.ts";
import { admission, finding, outcome, rule, sweep, trigger } from "./outcome.ts";

const world = rule("tcp/80 from 0.0.0.0/0", { description: "temporary" });
const world6 = rule("tcp/80 from ::/0");
const ssh = rule("tcp/22 from 198.51.100.0/24", { description: "office" });
const letIn = admission("tcp/80 from sg-0e1f2a3b");

const alice = trigger({
  actor: {
    principal: "arn:aws:sts::123456789012:assumed-role/admin/alice",
    session: "alice",
    sourceAddress: "203.0.113.17",
    userAgent: "aws-cli/2.15.0",
    invokedBy: "cloudformation.amazonaws.com",
  },
  rules: [rule("tcp/80 from 0.0.0.0/0")],
});

const myLoadBalancer = {
  kind: "loadBalancer",
  id: "MyLoadBalancer",
  name: "MyLoadBalancer",
} as const;
const tcp80 = { protocol: "tcp", from: 80, to: 80 } as const;

const closed = outcome({
  result: "changed",
  triggers: [alice],
  before: [world, world6, ssh],
  after: [ssh, letIn],
  added: [letIn],
  removed: [world, world6],
  exposedSeconds: 41,
  proof: [
    { who: myLoadBalancer, ports: tcp80, before: true, after: true, holds: true },
    {
      who: { kind: "internet", family: "ipv4" },
      ports: tcp80,
      before: true,
      after: false,
      holds: true,
    },
  ],
  findings: [
    finding({
      code: "kept",
      severity: "info",
      text: "tcp/81 from 10.0.0.0/8 is kept.",
      next: "Look at it again.",
    }),
    finding({
      code: "source-group-shared",
      text: "sg-0e1f2a3b is also attached to 2 others.",
      next: "Give the load balancer a group of its own.",
    }),
  ],
  interfaces: [
    { interface: "eni-1a", what: "instance i-1", served: true },
    { interface: "eni-2b3c", what: "instance i-2", served: false },
  ],
  looks: 3,
  writes: 2,
});

const textOf = (of: Outcome & { readonly cut?: readonly string[] }): string => message(of).text;

/** The lines below a title. */
function section(text: string, title: string): readonly string[] {
  const block = text.split("\n\n").find((one) => one.startsWith(title));
  return block === undefined ? [] : block.trimEnd().split("\n").slice(1);
}

describe("message", () => {
  it("says who opened it, what changed, why, how far it reaches, what proves it and what to do next", () => {
    expect(textOf(closed)).toMatchInlineSnapshot(`
      "closed tcp/80 to the internet on web (sg-9cd8a3f4) after 41 s

      account 123456789012, us-east-1, vpc-1a2b3c4d, mode enforce, result changed, 2026-11-22T10:00:41Z

      Who opened it, as the event says
        principal       arn:aws:sts::123456789012:assumed-role/admin/alice
        session         alice
        source address  203.0.113.17
        user agent      aws-cli/2.15.0
        invoked by      cloudformation.amazonaws.com
        call            AuthorizeSecurityGroupIngress at 2026-11-22T10:00:00Z
        event           11111111-2222-3333-4444-555555555555

      Inbound rules: - went, + came
           tcp/22  198.51.100.0/24  office
        -  tcp/80  0.0.0.0/0        temporary
        -  tcp/80  ::/0
        +  tcp/80  sg-0e1f2a3b      elb-only: admits MyLoadBalancer on tcp/80 from sg-0e1f2a3b

      Findings
        high: source-group-shared: sg-0e1f2a3b is also attached to 2 others.
          Next: Give the load balancer a group of its own.
        info: kept: tcp/81 from 10.0.0.0/8 is kept.
          Next: Look at it again.

      Why
        Only load balancers, and what is left alone (kept), may enter tcp/80 here.

      Load balancers
        MyLoadBalancer

      Proof: who gets in, by the rules before -> after
        MyLoadBalancer       tcp/80  yes -> yes
        the internet (IPv4)  tcp/80  yes -> no

      Network interfaces that the group is attached to: 2, 1 served
        eni-1a    instance i-1  served
        eni-2b3c  instance i-2  not served

      To undo it without the tool; by its tags it stays open until the end of 2026-11-23 UTC
        aws ec2 authorize-security-group-ingress --region us-east-1 --group-id sg-9cd8a3f4 --ip-permissions '[{"IpProtocol":"tcp","FromPort":80,"ToPort":80,"IpRanges":[{"CidrIp":"0.0.0.0/0","Description":"temporary"}]}]' --tag-specifications '[{"ResourceType":"security-group-rule","Tags":[{"Key":"elb-only:keep","Value":"tcp/80 0.0.0.0/0 undone by hand"},{"Key":"elb-only:keep-until","Value":"2026-11-23"}]}]'
        aws ec2 authorize-security-group-ingress --region us-east-1 --group-id sg-9cd8a3f4 --ip-permissions '[{"IpProtocol":"tcp","FromPort":80,"ToPort":80,"Ipv6Ranges":[{"CidrIpv6":"::/0"}]}]' --tag-specifications '[{"ResourceType":"security-group-rule","Tags":[{"Key":"elb-only:keep","Value":"tcp/80 ::/0 undone by hand"},{"Key":"elb-only:keep-until","Value":"2026-11-23"}]}]'

      Looks: 3, writes: 2.
      https://us-east-1.console.aws.amazon.com/ec2/home?region=us-east-1#SecurityGroup:groupId=sg-9cd8a3f4
      "
    `);
  });

  it("says in audit what would be done, and how to have it done", () => {
    const drift = outcome({
      result: "drift",
      mode: "audit",
      triggers: [sweep],
      before: [world, ssh],
      after: [world, ssh],
      remaining: { add: [letIn], remove: [world] },
    });
    expect(textOf(drift)).toMatchInlineSnapshot(`
      "tcp/80 of web (sg-9cd8a3f4) is open to the internet (audit)

      account 123456789012, us-east-1, vpc-1a2b3c4d, mode audit, result drift, 2026-11-22T10:00:41Z

      What made us look
        A sweep found it. How long it has been open is not known: no event told of it.

      Inbound rules: - would go, + would come; nothing was changed
           tcp/22  198.51.100.0/24  office
        -  tcp/80  0.0.0.0/0        temporary
        +  tcp/80  sg-0e1f2a3b      elb-only: admits MyLoadBalancer on tcp/80 from sg-0e1f2a3b

      Why
        Only load balancers may enter tcp/80 here.
        Nothing was changed: the mode is audit.
        To have it done, make enforce the default mode, or tag this group elb-only=enforce.
        The group's tag goes before the default mode. With elb-only=enforce there, its ports are closed even where the group is
        attached to something that no load balancer serves (a public server, a database).

      Load balancers
        MyLoadBalancer

      Looks: 1, writes: 0.
      https://us-east-1.console.aws.amazon.com/ec2/home?region=us-east-1#SecurityGroup:groupId=sg-9cd8a3f4
      "
    `);
  });

  it("says what was done and what could not be", () => {
    const left = outcome({
      result: "incomplete",
      triggers: [trigger({ event: "RegisterInstancesWithLoadBalancer" })],
      before: [world, world6],
      after: [world],
      removed: [world6],
      remaining: { add: [letIn], remove: [world] },
      findings: [finding()],
    });
    expect(textOf(left)).toMatchInlineSnapshot(`
      "tcp/80 of web (sg-9cd8a3f4) stays open to the internet: rule-quota

      account 123456789012, us-east-1, vpc-1a2b3c4d, mode enforce, result incomplete, 2026-11-22T10:00:41Z

      What made us look
        RegisterInstancesWithLoadBalancer by arn:aws:iam::123456789012:user/alice at 2026-11-22T10:00:00Z
        None of these calls opened it. Who did is not known.

      Inbound rules: - went, + came
           tcp/80  0.0.0.0/0  temporary
        -  tcp/80  ::/0

      Still to do: - should go, + should come
        -  tcp/80  0.0.0.0/0    temporary
        +  tcp/80  sg-0e1f2a3b  elb-only: admits MyLoadBalancer on tcp/80 from sg-0e1f2a3b

      Findings
        high: rule-quota: The group has no room for tcp/20-79 from 0.0.0.0/0.
          Next: Remove rules that are not needed.

      Why
        Only load balancers may enter tcp/80 here.

      Load balancers
        MyLoadBalancer

      To undo it without the tool; by its tags it stays open until the end of 2026-11-23 UTC
        aws ec2 authorize-security-group-ingress --region us-east-1 --group-id sg-9cd8a3f4 --ip-permissions '[{"IpProtocol":"tcp","FromPort":80,"ToPort":80,"Ipv6Ranges":[{"CidrIpv6":"::/0"}]}]' --tag-specifications '[{"ResourceType":"security-group-rule","Tags":[{"Key":"elb-only:keep","Value":"tcp/80 ::/0 undone by hand"},{"Key":"elb-only:keep-until","Value":"2026-11-23"}]}]'

      Looks: 1, writes: 0.
      https://us-east-1.console.aws.amazon.com/ec2/home?region=us-east-1#SecurityGroup:groupId=sg-9cd8a3f4
      "
    `);
  });

  it("carries what people filter by", () => {
    expect(message(closed).attributes).toEqual({
      kind: "outcome",
      severity: "high",
      result: "changed",
      group: "sg-9cd8a3f4",
      account: "123456789012",
      region: "us-east-1",
      mode: "enforce",
      loadBalancer: ["MyLoadBalancer"],
    });
  });

  it("has no load balancer to filter by where none is concerned: an attribute must not be empty", () => {
    expect(message(outcome({ loadBalancers: [] })).attributes).not.toHaveProperty("loadBalancer");
  });

  it.each([
    [
      "aws",
      "eu-west-1",
      "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#SecurityGroup:groupId=sg-9cd8a3f4",
    ],
    [
      "aws-cn",
      "cn-north-1",
      "https://cn-north-1.console.amazonaws.cn/ec2/home?region=cn-north-1#SecurityGroup:groupId=sg-9cd8a3f4",
    ],
    [
      "aws-us-gov",
      "us-gov-west-1",
      "https://us-gov-west-1.console.amazonaws-us-gov.com/ec2/home?region=us-gov-west-1#SecurityGroup:groupId=sg-9cd8a3f4",
    ],
  ])("links to the console of the partition %s", (partition, region, link) => {
    expect(
      textOf({ ...closed, region, partition })
        .trimEnd()
        .split("\n")
        .at(-1),
    ).toBe(link);
  });

  it("says nothing of an exposure that nobody can tell", () => {
    const { exposedSeconds: _, ...unknown } = closed;
    expect(message(unknown).subject).toBe("closed tcp/80 to the internet on web (sg-9cd8a3f4)");
    expect(textOf(unknown)).not.toMatch(/after \d/);
  });

  it("marks a proof that does not hold", () => {
    const proof = [{ who: myLoadBalancer, ports: tcp80, before: true, after: false, holds: false }];
    expect(section(textOf({ ...closed, proof }), "Proof")).toEqual([
      "  MyLoadBalancer  tcp/80  yes -> no  NOT AS IT SHOULD BE",
    ]);
  });

  it("takes a load balancer that is called people for a load balancer, and people for people", () => {
    const ssh = rule("tcp/22 from 198.51.100.0/24");
    const people = { ...myLoadBalancer, name: "people" };
    const text = textOf(
      outcome({
        reach: "admitOnly",
        loadBalancers: ["people"],
        triggers: [trigger({ rules: [ssh] })],
        after: [ssh],
        proof: [
          { who: people, ports: tcp80, before: true, after: true, holds: true },
          {
            who: { kind: "people" },
            ports: { protocol: "tcp", from: 22, to: 22 },
            before: true,
            after: true,
            holds: true,
          },
        ],
      }),
    );
    expect(text).not.toContain("Who opened it");
    expect(section(text, "What made us look")).toHaveLength(1);
  });

  it("lists at most 20 interfaces and load balancers", () => {
    const interfaces = Array.from({ length: 25 }, (_, n) => ({
      interface: `eni-${n}`,
      what: "ecs task",
      served: true,
    }));
    const text = textOf({
      ...closed,
      interfaces,
      loadBalancers: interfaces.map((_, n) => `lb-${n}`),
    });
    expect(
      section(text, "Network interfaces that the group is attached to: 25, 25 served"),
    ).toHaveLength(21);
    expect(section(text, "Network interfaces").at(-1)).toBe("  and 5 more");
    expect(section(text, "Load balancers").at(-1)).toBe("  and 5 more");
  });

  it("sorts rules by port, and each change next to what it changes", () => {
    const remainder = rule("tcp/81-90 from 0.0.0.0/0");
    const text = textOf(
      outcome({
        result: "changed",
        before: [rule("tcp/443 from sg-1"), rule("tcp/80-90 from 0.0.0.0/0")],
        after: [remainder, rule("tcp/443 from sg-1")],
        added: [remainder],
        removed: [rule("tcp/80-90 from 0.0.0.0/0")],
      }),
    );
    expect(section(text, "Inbound rules: - went, + came")).toEqual([
      "  -  tcp/80-90  0.0.0.0/0",
      "  +  tcp/81-90  0.0.0.0/0",
      "     tcp/443    sg-1",
    ]);
  });

  it("tells what others changed meanwhile from what was done, and nothing of what was added and taken back", () => {
    const [theirs, gone, orphan] = [
      rule("tcp/443 from 10.0.0.0/8"),
      rule("tcp/22 from 10.0.0.0/8"),
      rule("tcp/81-90 from ::/0"),
    ];
    const text = textOf(
      outcome({
        result: "changed",
        before: [world, gone],
        after: [theirs, letIn],
        added: [letIn, orphan],
        removed: [world, orphan, world],
      }),
    );
    expect(section(text, "Inbound rules: - went, + came")).toEqual([
      "  -  tcp/80  0.0.0.0/0    temporary",
      "  +  tcp/80  sg-0e1f2a3b  elb-only: admits MyLoadBalancer on tcp/80 from sg-0e1f2a3b",
    ]);
    expect(section(text, "Changed by others meanwhile")).toEqual([
      "  -  tcp/22   10.0.0.0/8",
      "  +  tcp/443  10.0.0.0/8",
    ]);
  });

  it("does not take others' changes for its own where it did nothing", () => {
    const text = textOf(outcome({ before: [world, ssh], after: [ssh] }));
    expect(text).toContain("Inbound rules, unchanged\n     tcp/22");
    expect(section(text, "Changed by others meanwhile")).toEqual([
      "  -  tcp/80  0.0.0.0/0  temporary",
    ]);
  });

  it.each<[string, Partial<Outcome>]>([
    ["load balancers", { after: [letIn, ssh] }],
    ["load balancers", { after: [world], remaining: { add: [], remove: [world] } }],
    [
      "load balancers, and what is left alone (allowed),",
      { after: [rule("tcp/0-100 from 10.0.0.0/8")] },
    ],
    ["load balancers, and what is left alone (allowed),", { after: [rule("-1 from pl-1")] }],
    [
      "load balancers, and what is left alone (kept),",
      { after: [world], findings: [finding({ code: "kept", rule: world })] },
    ],
    [
      "load balancers, and what is left alone (the group itself, groups that cannot be judged, unreadable prefix lists, kept),",
      {
        findings: (
          [
            "self-reference",
            "foreign-source",
            "prefix-list-unreadable",
            "keep-expiring",
            "kept",
          ] as const
        ).map((code) => finding({ code })),
      },
    ],
  ])("says who may enter: %s", (who, more) => {
    expect(section(textOf(outcome(more)), "Why")).toEqual([`  Only ${who} may enter tcp/80 here.`]);
  });

  it("advises no tag on load balancers: it could only ask for less", () => {
    const drift = outcome({
      result: "drift",
      mode: "audit",
      remaining: { add: [], remove: [letIn] },
    });
    expect(section(textOf(drift), "Why")).toContain(
      "  To have it done, make enforce the default mode, or tag this group elb-only=enforce.",
    );
  });

  it("shows what was done and what is still to do where a part is held", () => {
    const held = outcome({
      result: "drift",
      mode: "enforce",
      added: [letIn],
      after: [letIn, world],
      remaining: { add: [], remove: [world] },
      findings: [finding({ code: "held" })],
    });
    expect(section(textOf(held), "Inbound rules: - went, + came").join()).toContain("+  tcp/80");
    expect(section(textOf(held), "Still to do: - should go, + should come")).toHaveLength(1);
    expect(textOf(held)).not.toContain("the mode is audit");
  });

  it("lists every change, and of a great many rules that stay the first 50", () => {
    const staying = Array.from({ length: 300 }, (_, n) => rule(`tcp/${n + 1000} from 10.0.0.0/8`));
    const lines = section(
      textOf(
        outcome({
          result: "changed",
          before: [...staying, world],
          after: staying,
          removed: [world],
        }),
      ),
      "Inbound rules",
    );
    expect(lines).toHaveLength(52);
    expect(lines[0]).toBe("  -  tcp/80    0.0.0.0/0   temporary");
    expect(lines.at(-1)).toBe("  and 250 more");
  });

  it("says of an outcome that was cut what is missing, and still what changed", () => {
    const text = textOf({ ...closed, before: [], after: [], cut: ["before", "after"] });
    expect(section(text, "Inbound rules")).toEqual([
      "  -  tcp/80  0.0.0.0/0    temporary",
      "  -  tcp/80  ::/0",
      "  +  tcp/80  sg-0e1f2a3b  elb-only: admits MyLoadBalancer on tcp/80 from sg-0e1f2a3b",
      "  Too many to show: the rules that stay are left out.",
    ]);
    expect(text).toContain("Cut to fit: before, after.");
  });

  it("says that a group is only added to, or not written to at all", () => {
    expect(section(textOf({ ...closed, reach: "admitOnly" }), "Why")).toContain(
      "  Nothing is removed from this group, only added. The findings say why.",
    );
    expect(section(textOf({ ...closed, reach: "handsOff" }), "Why")).toContain(
      "  Nothing is written to this group. The findings say why.",
    );
  });

  it("lets no text from outside forge a line", () => {
    const forged = rule("tcp/80 from 0.0.0.0/0", { description: "x\n  +  tcp/80  sg-good" });
    const actor = {
      principal: "arn:aws:iam::1:user/x",
      userAgent: "curl\r\nWho opened it\u2028  nobody",
    };
    const text = textOf({
      ...closed,
      before: [forged],
      after: [],
      added: [],
      removed: [forged],
      triggers: [{ ...alice, actor }],
    });
    expect(section(text, "Inbound rules")).toEqual([
      "  -  tcp/80  0.0.0.0/0  x   +  tcp/80  sg-good",
    ]);
    expect(text.match(/^Who opened it/gm)).toHaveLength(1);
  });

  it("lets no text from outside be clicked or change what is seen, wherever it comes from", () => {
    const evil = (where: string): string =>
      `${where} https://evil.example/x\u202e www.evil.example\n<b>@here</b>`;
    const hostile = rule("tcp/80 from 0.0.0.0/0", { description: evil("description") });
    const outcomes: readonly Partial<Outcome>[] = [
      {
        ...closed,
        name: evil("name"),
        removed: [hostile],
        before: [hostile],
        loadBalancers: [evil("balancer")],
        interfaces: [{ interface: "eni-1", what: evil("what"), served: true }],
        findings: [finding({ text: evil("finding"), next: evil("next") })],
        triggers: [
          trigger({
            rules: [hostile],
            actor: {
              principal: evil("principal"),
              session: evil("session"),
              sourceAddress: evil("address"),
              userAgent: evil("agent"),
              invokedBy: evil("service"),
            },
          }),
        ],
      },
      {
        result: "unchanged",
        name: evil("name"),
        open: [
          {
            interfaces: ["eni-1"],
            ports: { protocol: "tcp", from: 80, to: 80 },
            group: "sg-1",
            rule: hostile,
            isPublic: true,
            because: { kind: "kept", why: evil("why"), until: evil("until") },
          },
        ],
      },
      {
        result: "changed",
        added: [rule("tcp/80 from sg-1", { tags: { "elb-only:load-balancer": evil("tag") } })],
        proof: [
          {
            who: { kind: "loadBalancer", id: "x", name: evil("proof") },
            ports: { protocol: "tcp", from: 80, to: 80 },
            before: false,
            after: true,
            holds: true,
          },
        ],
      },
    ];
    for (const format of ["text", "chat"] as const)
      for (const one of outcomes) {
        const { subject, text } = message(outcome(one), { format });
        const ours = text.replaceAll(/https:\/\/[\w.-]+\.console\.aws\.amazon\.com\S*/g, "");
        for (const told of [subject, ours]) {
          expect(told).not.toMatch(/:\/\/|evil\.example|\u202e|<b/);
          expect(told).not.toMatch(/^(<b|@here)/m);
        }
      }
  });

  it("fits into an SNS message, attributes and all, and says where it was cut", () => {
    const findings = Array.from({ length: 1000 }, () => finding({ text: "é".repeat(900) }));
    const { subject, text, attributes } = message({
      ...closed,
      findings,
      loadBalancers: Array.from({ length: 1000 }, () => "l".repeat(32)),
    });
    expect(
      Buffer.byteLength(text) + subject.length + JSON.stringify(attributes).length,
    ).toBeLessThan(262_144);
    expect(text).toMatch(/\n\n\[Cut here: the message was too long\.\]\n$/);
  });
});

describe("who", () => {
  const madeIt = (eventId: string, at: string) => trigger({ eventId, at, rules: [world] });
  const whoOf = (of: Partial<Outcome>) => textOf({ ...closed, ...of }).split("\n\n")[2];

  it("is the last of those who made the rule", () => {
    const triggers = [
      madeIt("second", "2026-11-22T10:00:09Z"),
      madeIt("first", "2026-11-22T10:00:01Z"),
    ];
    expect(whoOf({ triggers })).toMatch(/^Who opened it, as the event says\n[^]*event +second$/);
  });

  it("is found by the rule's id where the event tells no more of it", () => {
    const modified = trigger({
      event: "ModifySecurityGroupRules",
      rules: [rule("tcp/0-65535 from 10.0.0.0/8", { id: "sgr-1" })],
    });
    expect(
      whoOf({ triggers: [modified], removed: [rule("tcp/80 from 0.0.0.0/0", { id: "sgr-1" })] }),
    ).toMatch(/^Who opened it/);
  });

  it("is whoever made what audit would remove, too", () => {
    expect(
      whoOf({
        result: "drift",
        mode: "audit",
        removed: [],
        remaining: { add: [], remove: [world] },
      }),
    ).toMatch(/^Who opened it/);
  });

  it("is not who made another rule, or none: that is only what made us look", () => {
    const triggers = [
      trigger({ rules: [rule("tcp/80 from sg-0e1f2a3b")] }),
      trigger({
        event: "RegisterTargets",
        actor: {
          principal: "arn:aws:iam::1:user/bob",
          sourceAddress: "ecs.amazonaws.com",
          userAgent: "ecs.amazonaws.com",
          invokedBy: "ecs.amazonaws.com",
        },
      }),
    ];
    expect(whoOf({ triggers })).toBe(
      [
        "What made us look",
        "  AuthorizeSecurityGroupIngress by arn:aws:iam::123456789012:user/alice at 2026-11-22T10:00:00Z",
        "  RegisterTargets by arn:aws:iam::1:user/bob from ecs.amazonaws.com with ecs.amazonaws.com through ecs.amazonaws.com at 2026-11-22T10:00:00Z",
        "  None of these calls opened it. Who did is not known.",
      ].join("\n"),
    );
  });

  it("is whoever opened what is open still where nothing is removed, with the reason", () => {
    const left = {
      reach: "admitOnly",
      governed: [],
      removed: [],
      triggers: [madeIt("opened", "2026-11-22T10:00:09Z")],
      findings: [finding({ code: "unserved-interface" })],
    } as const;
    const open = whoOf({ ...left, after: [world, ssh, letIn] });
    expect(open).toMatch(
      /^Who opened it, as the event says\n[^]*event +opened\n {2}It is still open: nothing is removed from this group \(unserved-interface\)\.$/,
    );
    expect(whoOf({ ...left, after: [ssh, letIn] })).toMatch(/^What made us look/);
    expect(whoOf({ ...left, after: [ssh], triggers: [trigger({ rules: [ssh] })] })).toMatch(
      /^What made us look/,
    );
    expect(whoOf({ ...left, reach: "govern", after: [world] })).toMatch(/^What made us look/);
  });

  it("is named though the rule bears the tag of a load balancer's way in: anybody may write that", () => {
    const spoof = rule("tcp/80 from 0.0.0.0/0", {
      tags: { "elb-only:load-balancer": "x" },
      description: "elb-only: admits x on tcp/80",
    });
    expect(
      whoOf({ triggers: [madeIt("spoof", "2026-11-22T10:00:09Z")], removed: [spoof] }),
    ).toMatch(/^Who opened it/);
  });

  it("has a user agent of 120 characters at most", () => {
    const actor = { principal: "p", userAgent: "a".repeat(500) };
    const [made, other] = [trigger({ actor, rules: [world] }), trigger({ actor })];
    expect(whoOf({ triggers: [made] })).toMatch(/user agent +a{117}\.\.\.\n/);
    expect(whoOf({ triggers: [other] })).toMatch(/ with a{117}\.\.\. at /);
  });

  it("accuses nobody where nothing was open", () => {
    const triggers = [trigger({ event: "RevokeSecurityGroupIngress" })];
    expect(whoOf({ triggers, removed: [], before: [] })).toBe(
      "What made us look\n  RevokeSecurityGroupIngress by arn:aws:iam::123456789012:user/alice at 2026-11-22T10:00:00Z",
    );
  });

  it("names five of many calls", () => {
    const triggers = Array.from({ length: 8 }, (_, n) =>
      trigger({ event: "RegisterTargets", eventId: `${n}` }),
    );
    expect(whoOf({ triggers })).toContain("\n  and 3 more calls\n");
  });

  it("claims nothing of since when it was open what a sweep found: the first sweep has none before it", () => {
    expect(whoOf({ triggers: [sweep] })).toBe(
      "What made us look\n  A sweep found it. How long it has been open is not known: no event told of it.",
    );
    expect(whoOf({ triggers: [sweep], removed: [] })).toBe(
      "What made us look\n  A sweep found it.",
    );
  });

  it("knows a person at the command line", () => {
    expect(whoOf({ triggers: [] })).toBe(
      "What made us look\n  A person who looked found it. Who opened it is not known.",
    );
  });
});
