import type { Outcome } from "../../lib/values/outcome.ts";
import { describe, expect, it } from "vitest";
import { message } from "../../lib/messages/message.ts";
import { finding, outcome, rule, trigger } from "./outcome.ts";

interface Notification {
  readonly version: string;
  readonly source: string;
  readonly content: {
    readonly textType: string;
    readonly title: string;
    readonly description: string;
    readonly nextSteps: readonly string[];
  };
  readonly metadata: {
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly relatedResources: readonly string[];
    readonly additionalContext: Readonly<Record<string, string>>;
  };
}

const chat = (of: Outcome): Notification =>
  JSON.parse(message(of, { format: "chat" }).text) as Notification;

const closed = outcome({
  region: "eu-west-1",
  result: "changed",
  removed: [rule("tcp/80 from 0.0.0.0/0")],
  before: [rule("tcp/80 from 0.0.0.0/0")],
  exposedSeconds: 41,
});

describe("a message for a chat", () => {
  it("is a custom notification, whose subject and attributes are those of any other message", () => {
    const { text: _, ...rest } = message(closed, { format: "chat" });
    const { text: __, ...plain } = message(closed);
    expect(rest).toEqual(plain);
    expect(chat(closed)).toMatchObject({
      version: "1.0",
      source: "custom",
      content: {
        textType: "client-markdown",
        title: "closed tcp/80 to the internet on web (sg-9cd8a3f4) after 41 s",
      },
      metadata: {
        eventType: "elb-only outcome",
        additionalContext: {
          severity: "medium",
          result: "changed",
          loadBalancer: "MyLoadBalancer",
        },
      },
    });
  });

  it("is in one thread with the others about its group, and with no other", () => {
    const threadOf = (more: Partial<Outcome>) =>
      chat(outcome({ region: "eu-west-1", findings: [finding()], ...more })).metadata.threadId;
    expect(threadOf({ result: "incomplete" })).toBe(chat(closed).metadata.threadId);
    expect(
      new Set([
        threadOf({}),
        threadOf({ group: "sg-2" }),
        threadOf({ account: "210987654321" }),
        threadOf({ region: "us-east-1" }),
      ]).size,
    ).toBe(4);
  });

  it.each([
    ["aws", "eu-west-1", "arn:aws:ec2:eu-west-1:123456789012:security-group/sg-9cd8a3f4"],
    ["aws-cn", "cn-north-1", "arn:aws-cn:ec2:cn-north-1:123456789012:security-group/sg-9cd8a3f4"],
    [
      "aws-us-gov",
      "us-gov-west-1",
      "arn:aws-us-gov:ec2:us-gov-west-1:123456789012:security-group/sg-9cd8a3f4",
    ],
  ])("names what it is about in the partition %s", (partition, region, arn) => {
    expect(chat({ ...closed, region, partition }).metadata.relatedResources).toEqual([
      arn,
      "MyLoadBalancer",
    ]);
  });

  it("says what to do next, the worst first and once", () => {
    const findings = [
      finding({ severity: "low", next: "Wait." }),
      finding({ code: "denied", next: "Give a permission." }),
      finding({ code: "failed", next: "Give a permission." }),
    ];
    expect(chat({ ...closed, findings }).content.nextSteps).toEqual([
      "Give a permission.",
      "Wait.",
    ]);
  });

  it("lets no text from outside call everybody, make a link or leave its place", () => {
    const hostile = chat({
      ...closed,
      name: "<!channel> [x](http://e.io) `*",
      loadBalancers: ["<https://evil.example|x>"],
      triggers: [
        trigger({
          actor: { principal: "p", userAgent: "``` <!here> [x](http://evil.example)" },
          rules: [rule("tcp/80 from 0.0.0.0/0")],
        }),
      ],
      findings: [finding({ text: "<!everyone>", next: "[x](http://evil.example)" })],
    });
    const { content, metadata } = hostile;
    const fences = content.description.split("```");
    expect(fences).toHaveLength(3);
    expect(fences[1]).toContain("!here");
    for (const text of [
      content.title,
      content.description,
      ...content.nextSteps,
      metadata.summary,
      ...metadata.relatedResources,
    ])
      expect(text).not.toMatch(/[<>[\]]/);
    expect(content.title).toMatch(
      /^closed tcp\/80 to the internet on \(!channel\) .*(sg-9cd8a3f4)/,
    );
  });

  it("is short enough to be shown, and says where it was cut", () => {
    const interfaces = Array.from({ length: 20 }, (_, n) => ({
      interface: `eni-${n}`,
      what: `instance ${"i".repeat(300)}`,
      served: true,
    }));
    const { description } = chat({ ...closed, interfaces }).content;
    expect(description.length).toBeLessThan(3_500);
    expect(description).toMatch(/\n\[Cut here\.\]\n```\n.*\nhttps:\/\/eu-west-1\.console/);
  });
});

describe("a message that nothing is armed", () => {
  const notArmed = {
    version: 1,
    kind: "not-armed",
    account: "123456789012",
    region: "eu-west-1",
    partition: "aws",
    at: "2026-11-22T10:00:00Z",
    problems: ["The trail all is not logging.", "The EventBridge rule r is disabled."],
  } as const;

  it("says what is missing, what that means and what to do", () => {
    expect(message(notArmed)).toEqual({
      subject: "not armed in eu-west-1: The trail all is not logging.",
      attributes: {
        kind: "not-armed",
        severity: "high",
        account: "123456789012",
        region: "eu-west-1",
      },
      text: expect.stringContaining(
        "What that means\n  Somebody may open a way in unnoticed: it stays open until the next sweep finds it.\n\nWhat is missing or changed\n  The trail all is not logging.\n  The EventBridge rule r is disabled.\n\nNext\n  Mend what is named above.",
      ),
    });
  });

  it("has a subject that SNS takes, whatever is missing", () => {
    const { subject } = message({
      ...notArmed,
      problems: [`The trail ü\n${"x".repeat(200)} is not logging.`],
    });
    expect(subject).toMatch(/^not armed in eu-west-1: The trail \? x[\x20-\x7e]{1,70}\.\.\.$/);
    expect(subject.length).toBeLessThan(100);
  });

  it("can be read in a chat, too", () => {
    const { content, metadata } = JSON.parse(
      message(notArmed, { format: "chat" }).text,
    ) as Notification;
    expect(content.title).toBe("not armed in eu-west-1: The trail all is not logging.");
    expect([metadata.eventType, metadata.threadId]).toEqual([
      "elb-only not-armed",
      "elb-only 123456789012 eu-west-1",
    ]);
  });
});
