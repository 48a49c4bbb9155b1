import {
  AuthorizeSecurityGroupIngressCommand,
  type AuthorizeSecurityGroupIngressCommandInput,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupIngressCommand,
  type RevokeSecurityGroupIngressCommandInput,
  type RevokeSecurityGroupIngressResult,
} from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "vitest";
import type { RuleAnswer } from "../../lib/remediation/ports.ts";
import { addRules, removeRules } from "../../lib/aws/write/changes.ts";
import type { Rule, Source } from "../../lib/values/rule.ts";
import { mockClient } from "aws-sdk-client-mock";
import { ec2 as ec2Client } from "../../lib/aws/clients.ts";
import { awsError } from "./account.ts";

const ec2 = ec2Client({ region: "eu-west-1" });
const ec2Mock = mockClient(ec2);

const everybody: Source = { kind: "ipv4", cidr: "0.0.0.0/0" };
const ruleFor = (port: number, more: Partial<Rule> = {}): Rule => ({
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  source: everybody,
  description: `for ${port}`,
  tags: {},
  id: `sgr-${port}`,
  ...more,
});
/** The answers that came back with the rules, by the rules' ports. */
const answersOf = async (
  making: Promise<readonly RuleAnswer[]>,
): Promise<readonly RuleAnswer["answer"][]> =>
  (await making).toSorted((a, b) => a.rule.fromPort - b.rule.fromPort).map(({ answer }) => answer);
const done = { kind: "done" };
const stale = { kind: "stale" };
const unsure = { kind: "unsure" };
/** EC2 was asked before, and its answer never came. */
const askedAgain = { $metadata: { attempts: 2 } };

const portsIn = ({ IpPermissions = [] }: RevokeSecurityGroupIngressCommandInput): number[] =>
  IpPermissions.map(({ FromPort }) => FromPort ?? -1);

/** What was written, as the ports of the rules in each call. */
const calls = (): number[][] =>
  ec2Mock
    .calls()
    .filter(({ args: [{ constructor }] }) => constructor !== DescribeSecurityGroupsCommand)
    .map(({ args: [command] }) => portsIn(command.input as RevokeSecurityGroupIngressCommandInput));

/** Calls fail that hold one of these ports. */
const authorizeRefuses = (ports: Readonly<Record<number, Error>>): void => {
  ec2Mock
    .on(AuthorizeSecurityGroupIngressCommand)
    .callsFake(async (input: AuthorizeSecurityGroupIngressCommandInput) => {
      const bad = portsIn(input).find((port) => ports[port] !== undefined);
      if (bad !== undefined) throw ports[bad] as Error;
      return { Return: true };
    });
};

const revokeAnswers = (
  answer: (input: RevokeSecurityGroupIngressCommandInput) => RevokeSecurityGroupIngressResult,
): void => {
  ec2Mock
    .on(RevokeSecurityGroupIngressCommand)
    .callsFake(async (input: RevokeSecurityGroupIngressCommandInput) => answer(input));
};

const group = (exists: boolean): void => {
  ec2Mock
    .on(DescribeSecurityGroupsCommand)
    .resolves({ SecurityGroups: exists ? [{ GroupId: "sg-1" }] : [] });
};

beforeEach(() => ec2Mock.reset());

describe("addRules", () => {
  it("authorizes rules that are tagged alike in one call, in whatever order the tags are", async () => {
    authorizeRefuses({});
    const answers = await answersOf(
      addRules(ec2, "sg-1", [
        ruleFor(80, { tags: { a: "1", b: "2" } }),
        ruleFor(81),
        ruleFor(82, { tags: { b: "2", a: "1" } }),
        ruleFor(83, { tags: { a: "1" } }),
      ]),
    );
    expect(answers).toEqual([done, done, done, done]);
    expect(calls()).toEqual([[80, 82], [81], [83]]);
    const inputs = ec2Mock
      .commandCalls(AuthorizeSecurityGroupIngressCommand)
      .map(({ args: [command] }) => command.input);
    expect(inputs[0]).toEqual({
      GroupId: "sg-1",
      IpPermissions: [80, 82].map((port) => ({
        IpProtocol: "tcp",
        FromPort: port,
        ToPort: port,
        IpRanges: [{ CidrIp: "0.0.0.0/0", Description: `for ${port}` }],
      })),
      TagSpecifications: [
        {
          ResourceType: "security-group-rule",
          Tags: [
            { Key: "a", Value: "1" },
            { Key: "b", Value: "2" },
          ],
        },
      ],
    });
    expect(inputs[1]).not.toHaveProperty("TagSpecifications");
  });

  it("writes EC2-Classic's source by owner and name", async () => {
    authorizeRefuses({});
    await answersOf(
      addRules(ec2, "sg-1", [
        ruleFor(80, { source: { kind: "groupName", owner: "amazon-elb", name: "amazon-elb-sg" } }),
      ]),
    );
    const [call] = ec2Mock.commandCalls(AuthorizeSecurityGroupIngressCommand);
    expect(call?.args[0].input.IpPermissions?.[0]?.UserIdGroupPairs).toEqual([
      { UserId: "amazon-elb", GroupName: "amazon-elb-sg", Description: "for 80" },
    ]);
  });

  it.each<[string, object]>([
    ["InvalidPermission.Duplicate", stale],
    [
      "InvalidParameterValue",
      { kind: "refused", why: "ec2:AuthorizeSecurityGroupIngress: InvalidParameterValue: words" },
    ],
    [
      "InvalidGroupId.Malformed",
      {
        kind: "refused",
        why: "ec2:AuthorizeSecurityGroupIngress: InvalidGroupId.Malformed: words",
      },
    ],
    [
      "InvalidPermission.Malformed",
      {
        kind: "refused",
        why: "ec2:AuthorizeSecurityGroupIngress: InvalidPermission.Malformed: words",
      },
    ],
    [
      "MissingParameter",
      { kind: "refused", why: "ec2:AuthorizeSecurityGroupIngress: MissingParameter: words" },
    ],
    [
      "InvalidPrefixListId.NotFound",
      {
        kind: "refused",
        why: "ec2:AuthorizeSecurityGroupIngress: InvalidPrefixListId.NotFound: words",
      },
    ],
    [
      "OperationNotPermitted",
      { kind: "refused", why: "ec2:AuthorizeSecurityGroupIngress: OperationNotPermitted: words" },
    ],
  ])(
    "makes one call a rule when %s stops a batch, and the others are done",
    async (code, answer) => {
      authorizeRefuses({ 81: awsError(code, "words") });
      expect(
        await answersOf(addRules(ec2, "sg-1", [ruleFor(80), ruleFor(81), ruleFor(82)])),
      ).toEqual([done, answer, done]);
      expect(calls()).toEqual([[80, 81, 82], [80], [81], [82]]);
    },
  );

  it("adds nothing of a call that there is no room for: half of what stays of a rule is of no use", async () => {
    authorizeRefuses({ 81: awsError("RulesPerSecurityGroupLimitExceeded") });
    const full = { kind: "full" };
    expect(await answersOf(addRules(ec2, "sg-1", [ruleFor(80), ruleFor(81)]))).toEqual([
      full,
      full,
    ]);
    expect(calls()).toEqual([[80, 81]]);
  });

  it("does not repeat the call where the rule was alone", async () => {
    authorizeRefuses({ 80: awsError("InvalidPermission.Duplicate") });
    expect(await answersOf(addRules(ec2, "sg-1", [ruleFor(80)]))).toEqual([stale]);
    expect(calls()).toEqual([[80]]);
  });

  it("answers refused where a group that a rule refers to is not there", async () => {
    group(true);
    authorizeRefuses({
      81: awsError("InvalidGroup.NotFound", "The security group 'sg-2' does not exist"),
    });
    const answers = await answersOf(
      addRules(ec2, "sg-1", [
        ruleFor(80),
        ruleFor(81, { source: { kind: "group", group: "sg-2" } }),
      ]),
    );
    expect(answers).toEqual([
      done,
      { kind: "refused", why: expect.stringContaining("'sg-2' does not exist") },
    ]);
  });

  it("answers stale where the group is there and no rule refers to another: it is too new for EC2 to know everywhere", async () => {
    group(true);
    authorizeRefuses({ 80: awsError("InvalidGroup.NotFound") });
    expect(await answersOf(addRules(ec2, "sg-1", [ruleFor(80)]))).toEqual([stale]);
  });

  it.each<[string, Source]>([
    ["a range", everybody],
    ["a group", { kind: "group", group: "sg-2" }],
  ])(
    "throws that the group is gone where it is the one to write to, whether the source is %s",
    async (_, source) => {
      group(false);
      authorizeRefuses({ 80: awsError("InvalidGroup.NotFound") });
      await expect(addRules(ec2, "sg-1", [ruleFor(80, { source })])).rejects.toMatchObject({
        failure: { kind: "gone" },
      });
      expect(calls()).toEqual([[80]]);
    },
  );

  it.each([
    ["UnauthorizedOperation", "denied"],
    ["RequestLimitExceeded", "throttled"],
    ["InternalError", "other"],
    ["TimeoutError", "other"],
    ["InvalidClientTokenId", "denied"],
  ])("throws %s, and tries no rule alone", async (code, kind) => {
    authorizeRefuses({ 81: awsError(code) });
    await expect(addRules(ec2, "sg-1", [ruleFor(80), ruleFor(81)])).rejects.toMatchObject({
      failure: { kind, text: `ec2:AuthorizeSecurityGroupIngress: ${code}: no` },
      cause: { name: code },
    });
    expect(calls()).toEqual([[80, 81]]);
  });

  it("makes no call for no rules", async () => {
    expect(await answersOf(addRules(ec2, "sg-1", []))).toEqual([]);
    expect(calls()).toEqual([]);
  });
});

describe("removeRules", () => {
  it("names what to revoke exactly as it was read, in one call", async () => {
    revokeAnswers(() => ({ Return: true }));
    const { description: _, ...plain } = ruleFor(81);
    expect(
      await answersOf(
        removeRules(ec2, "sg-1", [
          ruleFor(80, { source: { kind: "ipv4", cidr: "10.1.2.3/8" } }),
          plain,
        ]),
      ),
    ).toEqual([done, done]);
    expect(ec2Mock.commandCalls(RevokeSecurityGroupIngressCommand)[0]?.args[0].input).toEqual({
      GroupId: "sg-1",
      IpPermissions: [
        {
          IpProtocol: "tcp",
          FromPort: 80,
          ToPort: 80,
          IpRanges: [{ CidrIp: "10.1.2.3/8", Description: "for 80" }],
        },
        { IpProtocol: "tcp", FromPort: 81, ToPort: 81, IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
      ],
    });
  });

  it("answers stale for what a default VPC lists as unknown, however it groups that", async () => {
    const unknown = {
      IpProtocol: "tcp",
      FromPort: 80,
      ToPort: 80,
      IpRanges: [{ CidrIp: "0.0.0.0/0" }],
      Ipv6Ranges: [{ CidrIpv6: "::/0" }],
    };
    revokeAnswers(() => ({ Return: true, UnknownIpPermissions: [unknown] }));
    const rules = [
      ruleFor(80),
      ruleFor(80, { source: { kind: "ipv6", cidr: "::/0" } }),
      ruleFor(81),
    ];
    expect(await answersOf(removeRules(ec2, "sg-1", rules))).toEqual([stale, stale, done]);
  });

  it.each<[string, RevokeSecurityGroupIngressResult]>([
    [
      "it is none of these rules",
      {
        UnknownIpPermissions: [
          { IpProtocol: "tcp", FromPort: 9, ToPort: 9, IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
        ],
      },
    ],
    [
      "it names no source",
      { UnknownIpPermissions: [{ IpProtocol: "tcp", FromPort: 80, ToPort: 80 }] },
    ],
    ["EC2 says that nothing was done", { Return: false }],
  ])("takes nothing for done when what is unknown cannot be told: %s", async (_, answer) => {
    revokeAnswers(() => ({ Return: true, ...answer }));
    expect(await answersOf(removeRules(ec2, "sg-1", [ruleFor(80), ruleFor(81)]))).toEqual([
      stale,
      stale,
    ]);
  });

  it("makes one call a rule where another VPC refuses all because of one", async () => {
    revokeAnswers((input) => {
      if (portsIn(input).includes(81)) throw awsError("InvalidPermission.NotFound");
      return { Return: true };
    });
    expect(
      await answersOf(removeRules(ec2, "sg-1", [ruleFor(80), ruleFor(81), ruleFor(82)])),
    ).toEqual([done, stale, done]);
    expect(calls()).toEqual([[80, 81, 82], [80], [81], [82]]);
  });

  it("throws a denied permission", async () => {
    revokeAnswers(() => {
      throw awsError("UnauthorizedOperation");
    });
    await expect(removeRules(ec2, "sg-1", [ruleFor(80)])).rejects.toMatchObject({
      failure: { kind: "denied" },
    });
  });
});

describe("an answer that comes only the second time EC2 is asked", () => {
  const again = (code: string): Error => Object.assign(awsError(code), askedAgain);

  it.each([[[80]], [[80, 81]]])(
    "that rules are there already, may be about us: %j",
    async (ports) => {
      ec2Mock
        .on(AuthorizeSecurityGroupIngressCommand)
        .rejectsOnce(again("InvalidPermission.Duplicate"))
        .rejects(awsError("InvalidPermission.Duplicate"));
      expect(
        await answersOf(
          addRules(
            ec2,
            "sg-1",
            ports.map((port) => ruleFor(port)),
          ),
        ),
      ).toEqual(ports.map(() => unsure));
    },
  );

  it.each([[[80]], [[80, 81]]])("that rules are not there, may be about us: %j", async (ports) => {
    ec2Mock
      .on(RevokeSecurityGroupIngressCommand)
      .rejectsOnce(again("InvalidPermission.NotFound"))
      .rejects(awsError("InvalidPermission.NotFound"));
    expect(
      await answersOf(
        removeRules(
          ec2,
          "sg-1",
          ports.map((port) => ruleFor(port)),
        ),
      ),
    ).toEqual(ports.map(() => unsure));
  });

  it("that lists a rule as unknown, may be about us; of the others it is an answer", async () => {
    revokeAnswers(() => ({
      ...askedAgain,
      UnknownIpPermissions: [
        { IpProtocol: "tcp", FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
      ],
    }));
    expect(await answersOf(removeRules(ec2, "sg-1", [ruleFor(80), ruleFor(81)]))).toEqual([
      unsure,
      done,
    ]);
  });

  it("that it is done, is an answer", async () => {
    revokeAnswers(() => ({ ...askedAgain, Return: true }));
    expect(await answersOf(removeRules(ec2, "sg-1", [ruleFor(80)]))).toEqual([done]);
  });
});
