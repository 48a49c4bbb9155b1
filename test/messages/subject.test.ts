import type { Outcome } from "../../lib/values/outcome.ts";
import { describe, expect, it } from "vitest";
import { subject } from "../../lib/messages/subject.ts";
import { admission, finding, outcome, rule, trigger } from "./outcome.ts";

const world = rule("tcp/80 from 0.0.0.0/0");
const closed = (...removed: Outcome["removed"]) => outcome({ result: "changed", removed });
const albArn =
  "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/my-alb/50dc6c495c0c9188";

describe("subject", () => {
  it.each<[string, Outcome]>([
    ["closed tcp/80 to the internet on web (sg-9cd8a3f4)", closed(world)],
    [
      "closed tcp/80 to the internet on web (sg-9cd8a3f4) after 41 s",
      { ...closed(world), exposedSeconds: 41 },
    ],
    ["closed tcp/80 to the internet on web (sg-9cd8a3f4)", { ...closed(world), exposedSeconds: 0 }],
    ["closed tcp/80 to the internet on web (sg-9cd8a3f4)", { ...closed(world), exposedSeconds: 1 }],
    [
      "closed tcp/80 to the internet on web (sg-9cd8a3f4) after 2 s",
      { ...closed(world), exposedSeconds: 2 },
    ],
    [
      "closed tcp/80 to the internet on web (sg-9cd8a3f4) after 15 min",
      { ...closed(world), exposedSeconds: 900 },
    ],
    ["closed tcp/80 to the internet on web (sg-9cd8a3f4)", closed(rule("tcp/80 from ::/0"))],
    [
      "closed tcp/80 to the internet on web (sg-9cd8a3f4)",
      closed(rule("tcp/80 from 0.0.0.0/1"), rule("tcp/80 from 128.0.0.0/1")),
    ],
    [
      "closed tcp/80 to the internet on web (sg-9cd8a3f4)",
      closed(rule("tcp/80 from 10.0.0.0/8"), world),
    ],
    [
      "closed tcp/80 to the internet on web (sg-9cd8a3f4)",
      closed(
        ...["12", "13", "14"].map((byte) => rule(`tcp/80 from ${byte}.0.0.0/8`)),
        rule("tcp/80 from sg-0a"),
      ),
    ],
    ["closed tcp/80 to 12.0.0.0/8 on web (sg-9cd8a3f4)", closed(rule("tcp/80 from 12.0.0.0/8"))],
    ["closed tcp/80 to 10.0.0.0/7 on web (sg-9cd8a3f4)", closed(rule("tcp/80 from 10.0.0.0/7"))],
    [
      "closed tcp/80 to 203.0.113.0/24 on web (sg-9cd8a3f4)",
      closed(rule("tcp/80 from 203.0.113.0/24")),
    ],
    [
      "closed tcp/80 to 10.0.0.0/8 and sg-0a on web (sg-9cd8a3f4)",
      closed(rule("tcp/80 from 10.0.0.0/8"), rule("tcp/80 from sg-0a")),
    ],
    [
      "closed tcp/80 to 10.0.0.0/8, 172.16.0.0/12 and 2 more on web (sg-9cd8a3f4)",
      closed(
        ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "pl-1234"].map((source) =>
          rule(`tcp/80 from ${source}`),
        ),
      ),
    ],
    ["closed tcp/80 to fc00::/7 on web (sg-9cd8a3f4)", closed(rule("tcp/80 from fc00::/7"))],
    ["closed tcp/80 to itself on web (sg-9cd8a3f4)", closed(rule("tcp/80 from sg-9cd8a3f4"))],
  ])("says to whom it was closed: %s", (text, of) => {
    expect(subject(of)).toBe(text);
  });

  it("names the governed ports of a wide rule alone, since the rest of it stays", () => {
    const governed = [
      { protocol: "tcp", from: 80, to: 80 },
      { protocol: "tcp", from: 443, to: 443 },
      { protocol: "udp", from: 443, to: 443 },
    ] as const;
    expect(subject({ ...closed(rule("tcp/20-90 from 0.0.0.0/0")), governed })).toBe(
      "closed tcp/80 to the internet on web (sg-9cd8a3f4)",
    );
    expect(subject({ ...closed(rule("-1 from 0.0.0.0/0")), governed })).toBe(
      "closed tcp/80, tcp/443 and udp/443 to the internet on web (sg-9cd8a3f4)",
    );
    expect(subject({ ...closed(rule("udp/0-65535 from 0.0.0.0/0")), governed })).toBe(
      "closed udp/443 to the internet on web (sg-9cd8a3f4)",
    );
  });

  it("names a rule's own ports where none of them is governed any more", () => {
    expect(subject({ ...closed(rule("tcp/8080-8090 from 0.0.0.0/0")), governed: [] })).toBe(
      "closed tcp/8080-8090 to the internet on web (sg-9cd8a3f4)",
    );
  });

  it("calls an admission that somebody edited closed, whoever found it: it is ours no more", () => {
    const edited = { ...admission("tcp/80 from sg-1b"), fromPort: 9100, toPort: 9100 };
    const governed = [{ protocol: "tcp", from: 9100, to: 9100 }] as const;
    expect(subject({ ...closed(edited), governed, triggers: [] })).toMatch(/^closed tcp\/9100 to /);
  });

  it("says who was let in again when somebody had revoked the rule, and for the first time otherwise", () => {
    const letIn = outcome({ result: "changed", added: [admission("tcp/80 from sg-1b", albArn)] });
    expect(
      subject({ ...letIn, triggers: [trigger({ event: "RevokeSecurityGroupIngress" })] }),
    ).toBe("restored my-alb's way in to tcp/80 on web (sg-9cd8a3f4)");
    expect(subject({ ...letIn, triggers: [trigger({ event: "RegisterTargets" })] })).toBe(
      "let my-alb in to tcp/80 on web (sg-9cd8a3f4)",
    );
    expect(
      subject({
        ...letIn,
        added: [admission("tcp/80 from sg-1b", "a"), admission("tcp/81 from sg-1c", "b")],
      }),
    ).toBe("let a and b in to tcp/80 and tcp/81 on web (sg-9cd8a3f4)");
  });

  it("puts what was closed before who was let in", () => {
    expect(subject({ ...closed(world), added: [admission("tcp/80 from sg-1b")] })).toBe(
      "closed tcp/80 to the internet on web (sg-9cd8a3f4)",
    );
  });

  it("says which unused way in was taken away", () => {
    expect(subject(closed(admission("tcp/80 from sg-1b")))).toBe(
      "removed MyLoadBalancer's unused way in to tcp/80 on web (sg-9cd8a3f4)",
    );
  });

  it.each<[string, Parameters<typeof rule>[1]]>([
    ["a tag", { tags: { "elb-only:load-balancer": "x" } }],
    [
      "a tag and a description",
      { tags: { "elb-only:load-balancer": "x" }, description: "elb-only: admits x on tcp/80" },
    ],
  ])(
    "does not take a way in from the internet for a load balancer's, whatever %s says",
    (_, more) => {
      expect(subject(closed(rule("tcp/80 from 0.0.0.0/0", more)))).toBe(
        "closed tcp/80 to the internet on web (sg-9cd8a3f4)",
      );
    },
  );

  it("does not take for ours what somebody's call made, whatever it says of itself", () => {
    const dressed = admission("tcp/80 from sg-1b");
    expect(subject({ ...closed(dressed), triggers: [trigger({ rules: [dressed] })] })).toBe(
      "closed tcp/80 to sg-1b on web (sg-9cd8a3f4)",
    );
  });

  it("does not take a group's rule that has only the tag for a load balancer's way in", () => {
    expect(
      subject(closed(rule("tcp/80 from sg-1b", { tags: { "elb-only:load-balancer": "x" } }))),
    ).toBe("closed tcp/80 to sg-1b on web (sg-9cd8a3f4)");
  });

  it("says how long it was open only where the call that is named is the one from which that is counted", () => {
    const [first, second] = [
      trigger({ at: "2026-11-22T09:00:00Z", rules: [world] }),
      trigger({ at: "2026-11-22T10:00:00Z", rules: [world] }),
    ];
    const shown = (...triggers: Outcome["triggers"]) =>
      subject({ ...closed(world), exposedSeconds: 41, triggers });
    expect(shown(first)).toBe("closed tcp/80 to the internet on web (sg-9cd8a3f4) after 41 s");
    expect(shown(second, first)).toBe("closed tcp/80 to the internet on web (sg-9cd8a3f4)");
  });

  it("says that a group is only added to, and why", () => {
    const findings = [finding({ code: "unserved-interface", severity: "medium" })];
    const letIn = admission("tcp/80 from sg-1b");
    expect(
      subject(outcome({ result: "changed", reach: "admitOnly", added: [letIn], findings })),
    ).toBe("let MyLoadBalancer in to tcp/80 on web (sg-9cd8a3f4), admit only: unserved-interface");
    expect(
      subject(
        outcome({
          result: "drift",
          mode: "audit",
          reach: "admitOnly",
          remaining: { add: [letIn], remove: [] },
          findings,
        }),
      ),
    ).toBe(
      "would let MyLoadBalancer in to tcp/80 on web (sg-9cd8a3f4) (audit, admit only: unserved-interface)",
    );
  });

  it("says that somebody undid a change, not what that closed or opened", () => {
    const undone = finding({
      code: "undone",
      severity: "medium",
      text: "sg-9cd8a3f4: alice undid the change 20261122-100000-3fa9c1; put back: tcp/80 from ::/0",
    });
    const remainder = rule("tcp/20-79 from 0.0.0.0/0");
    expect(subject({ ...closed(remainder), added: [world], findings: [undone] })).toMatch(
      /^undone: .*: alice undid the change/,
    );
  });

  it("says that what is to be closed is held, not that it is audited", () => {
    const findings = [finding(), finding({ code: "held", severity: "medium" })];
    const remaining = { add: [], remove: [world] };
    expect(subject(outcome({ result: "drift", mode: "enforce", remaining, findings }))).toBe(
      "tcp/80 of web (sg-9cd8a3f4) is open to the internet (held)",
    );
  });

  it("says before what was closed that something was opened again, unless that was taken back", () => {
    const remainder = rule("tcp/20-79 from 0.0.0.0/0");
    const resurrected = finding({ code: "resurrected", severity: "medium", rule: remainder });
    const of = { ...closed(world), added: [remainder], findings: [resurrected] };
    expect(subject(of)).toBe(
      "re-opened tcp/20-79 to the internet on web (sg-9cd8a3f4): its rule was revoked meanwhile",
    );
    expect(subject({ ...of, removed: [world, remainder] })).toBe(
      "closed tcp/80 to the internet on web (sg-9cd8a3f4)",
    );
    expect(subject({ ...of, removed: [remainder] })).toBe("changed rules on web (sg-9cd8a3f4)");
  });

  it("names the group once where a finding names it", () => {
    const text = "i-1: served by no load balancer, attached to sg-9cd8a3f4 (web).";
    expect(subject(outcome({ findings: [finding({ code: "unserved-interface", text })] }))).toBe(
      "unserved-interface: i-1: served by no load balancer, attached to web (sg-9cd8a3f4).",
    );
    expect(subject(outcome({ findings: [finding({ text: "sg-9cd8a3f4 is full." })] }))).toBe(
      "rule-quota: web (sg-9cd8a3f4) is full.",
    );
  });

  it("says that rules changed where only a remainder came", () => {
    expect(subject(outcome({ result: "changed", added: [rule("tcp/20-79 from 0.0.0.0/0")] }))).toBe(
      "changed rules on web (sg-9cd8a3f4)",
    );
  });

  it.each<[string, Outcome["remaining"]]>([
    [
      "tcp/80 of web (sg-9cd8a3f4) is open to the internet (audit)",
      { add: [admission("tcp/80 from sg-1b")], remove: [world] },
    ],
    [
      "would let MyLoadBalancer in to tcp/80 on web (sg-9cd8a3f4) (audit)",
      { add: [admission("tcp/80 from sg-1b")], remove: [] },
    ],
    [
      "would remove MyLoadBalancer's unused way in to tcp/80 on web (sg-9cd8a3f4) (audit)",
      { add: [], remove: [admission("tcp/80 from sg-1b")] },
    ],
    [
      "would change rules on web (sg-9cd8a3f4) (audit)",
      { add: [rule("tcp/20-79 from 0.0.0.0/0")], remove: [] },
    ],
  ])("says in audit what it would do: %s", (text, remaining) => {
    expect(subject(outcome({ result: "drift", mode: "audit", remaining }))).toBe(text);
  });

  it("says to each source what is open to it, the internet first", () => {
    const remaining = {
      add: [],
      remove: [rule("tcp/8080 from 10.0.0.0/16"), world],
    };
    expect(subject(outcome({ result: "drift", mode: "audit", remaining }))).toBe(
      "tcp/80 of web (sg-9cd8a3f4) is open to the internet, tcp/8080 to 10.0.0.0/16 (audit)",
    );
  });

  it("says what it could not do, and the worst reason", () => {
    const left = outcome({
      result: "incomplete",
      remaining: { add: [], remove: [world] },
      findings: [finding({ code: "kept", severity: "info" }), finding()],
    });
    expect(subject(left)).toBe(
      "tcp/80 of web (sg-9cd8a3f4) stays open to the internet: rule-quota",
    );
    expect(
      subject({ ...left, remaining: { add: [admission("tcp/80 from sg-1b")], remove: [] } }),
    ).toBe("could not let MyLoadBalancer in to tcp/80 on web (sg-9cd8a3f4): rule-quota");
    expect(subject(outcome({ result: "incomplete" }))).toBe(
      "could not finish on web (sg-9cd8a3f4)",
    );
  });

  it("says that a group failed, and why", () => {
    const denied = finding({
      code: "denied",
      text: "ec2:DescribeSecurityGroups: UnauthorizedOperation",
    });
    expect(subject(outcome({ result: "failed", findings: [denied] }))).toBe(
      "could not remediate web (sg-9cd8a3f4): denied",
    );
    expect(
      subject(
        outcome({ result: "failed", findings: [denied], remaining: { add: [], remove: [world] } }),
      ),
    ).toBe("tcp/80 of web (sg-9cd8a3f4) stays open to the internet: denied");
    expect(subject(outcome({ result: "failed", name: "" }))).toBe(
      "could not remediate sg-9cd8a3f4",
    );
  });

  it("says the worst finding where nothing was to be done", () => {
    const findings = [
      finding({ code: "dynamic-ports", severity: "low" }),
      finding({ code: "load-balancer-egress", severity: "medium", text: "No way out." }),
    ];
    expect(subject(outcome({ findings }))).toBe(
      "load-balancer-egress on web (sg-9cd8a3f4): No way out.",
    );
    expect(
      subject(
        outcome({ result: "gone", findings: [finding({ code: "unused-admission", text: "x" })] }),
      ),
    ).toBe("unused-admission on web (sg-9cd8a3f4): x");
  });

  it("says before all else that targets do not answer any more", () => {
    const lost = finding({ code: "target-health", text: "No answer from eni-1." });
    const open = { add: [], remove: [world] };
    for (const result of ["unchanged", "incomplete", "drift", "failed"] as const)
      expect(subject(outcome({ result, findings: [finding(), lost], remaining: open }))).toBe(
        "target-health on web (sg-9cd8a3f4): No answer from eni-1.",
      );
  });

  it("gives up the group's name, then the end, to stay below SNS's 100 characters", () => {
    const long = { ...closed(world), name: "n".repeat(255), exposedSeconds: 41 };
    expect(subject(long)).toBe("closed tcp/80 to the internet on sg-9cd8a3f4 after 41 s");
    const text = subject(outcome({ findings: [finding({ text: "word ".repeat(100) })] }));
    expect(text.length).toBeLessThan(100);
    expect(text).toMatch(/^rule-quota on sg-9cd8a3f4: (word )+word\.\.\.$/);
    expect(subject(outcome({ findings: [finding({ text: "w".repeat(200) })] }))).toMatch(
      /^rule-quota on sg-9cd8a3f4: w{69}\.\.\.$/,
    );
  });

  it("is one line of printable ASCII, whatever the group is called", () => {
    expect(subject({ ...closed(world), name: "wéb\r\nBcc: me\u202E" })).toBe(
      "closed tcp/80 to the internet on w?b Bcc: me  (sg-9cd8a3f4)",
    );
  });
});
