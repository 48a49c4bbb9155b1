import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { bundleOptions, type FunctionName, functionNames } from "../../infra/bundle.ts";
import { decided, type PolicyStatement } from "../support/iam.ts";
import { located } from "./located.ts";
import { actionsOf, deployed, resourcesOf, type Statement, statementsOf } from "./deployed.ts";

const root = join(import.meta.dirname, "../..");
const template = deployed();
const roleOf = { enforce: "EnforceRole", verify: "VerifyRole", notify: "NotifyRole" } as const;

/** IAM's name of the service that a client of the SDK calls. */
const services: Readonly<Record<string, string>> = {
  cloudtrail: "cloudtrail",
  dynamodb: "dynamodb",
  ec2: "ec2",
  "elastic-load-balancing": "elasticloadbalancing",
  "elastic-load-balancing-v2": "elasticloadbalancing",
  eventbridge: "events",
  lambda: "lambda",
  sns: "sns",
  sqs: "sqs",
};

/** Operations whose permission has another name. */
const renamed: Readonly<Record<string, string>> = { "sqs:SendMessageBatch": "sqs:SendMessage" };

const logs = ["logs:CreateLogStream", "logs:PutLogEvents"];
const receive = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];

/** What needs permission without being a call in the code: what Lambda does for a function, and the tags of new rules. */
const implied: Readonly<Record<FunctionName, readonly string[]>> = {
  enforce: [...logs, ...receive, "ec2:CreateTags"],
  verify: logs,
  notify: [...logs, ...receive],
};

const writes = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"];

/**
 * In a bundle, and never to be allowed: verifying only looks, and what it looks with can write, too; DynamoDB's client can discover
 * endpoints, and does not unless it is told to.
 */
const carriedAlong: Readonly<Record<FunctionName, readonly string[]>> = {
  enforce: ["dynamodb:DescribeEndpoints"],
  verify: ["dynamodb:DescribeEndpoints", ...writes],
  notify: ["dynamodb:DescribeEndpoints"],
};

/** The permissions for what is left of the SDK's operations in a function's bundle: what its code cannot reach has fallen away. */
async function bundledCalls(name: FunctionName): Promise<readonly string[]> {
  const options = bundleOptions(
    join(root, "functions", `${name}.ts`),
    join(root, "dist/never-written.mjs"),
  );
  const { metafile } = await build({
    ...options,
    metafile: true,
    absWorkingDir: root,
    write: false,
  });
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return inputs.flatMap(([file, { bytesInOutput }]) => {
    const [, client, operation] =
      /@aws-sdk\/client-([\w-]+)\/.*\/commands\/(\w+)Command\.js$/.exec(file) ?? [];
    if (client === undefined || operation === undefined || bytesInOutput === 0) return [];
    const action = `${services[client] ?? `the unknown service ${client}`}:${operation}`;
    return renamed[action] ?? action;
  });
}

/** A role's policy as it is deployed in the sandbox. */
function policyOf(role: string): readonly PolicyStatement[] {
  const { Policies } = located()[role]?.Properties ?? {};
  return (
    Policies as readonly {
      readonly PolicyDocument: { readonly Statement: readonly PolicyStatement[] };
    }[]
  ).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

const flat = (value: unknown): string => JSON.stringify(value);

describe("a function's role", () => {
  const calls = new Map<FunctionName, readonly string[]>();

  beforeAll(async () => {
    for (const name of functionNames) calls.set(name, await bundledCalls(name));
  }, 30_000);

  it.each(functionNames)("allows %s the calls in its code, and no other", (name) => {
    const needed = [...(calls.get(name) ?? []), ...implied[name]].filter(
      (action) => !carriedAlong[name].includes(action),
    );
    expect(actionsOf(template, roleOf[name])).toEqual([...new Set(needed)].sort());
  });

  it.each(functionNames)("is not told of calls that %s does not carry along", (name) => {
    expect(calls.get(name)).toEqual(expect.arrayContaining([...carriedAlong[name]]));
  });

  it("lets verify change nothing but state, queues, the bus and the tag of one prefix list", () => {
    const others = actionsOf(template, "VerifyRole").filter(
      (action) => !/^\w+:(Describe|Get|List)/.test(action) && !logs.includes(action),
    );
    expect(others).toEqual([
      "dynamodb:DeleteItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "ec2:CreateTags",
      "events:PutEvents",
      "sqs:SendMessage",
    ]);
    const tagging = statementsOf(template, "VerifyRole").filter(({ Action }) =>
      Action.includes("ec2:CreateTags"),
    );
    expect(tagging).toEqual([
      {
        Effect: "Allow",
        Action: ["ec2:CreateTags"],
        Resource: [{ "Fn::GetAtt": ["Canary", "Arn"] }],
        Condition: { "ForAllValues:StringEquals": { "aws:TagKeys": ["elb-only:canary"] } },
      },
    ]);
  });

  it("is one for each function and one for the schedule, without managed policies", () => {
    const roles = Object.entries(resourcesOf(template)).filter(
      ([, { Type }]) => Type === "AWS::IAM::Role",
    );
    expect(roles.map(([id]) => id).sort()).toEqual([
      "EnforceRole",
      "NotifyRole",
      "ScheduleRole",
      "VerifyRole",
    ]);
    expect(roles.filter(([, { Properties }]) => "ManagedPolicyArns" in Properties)).toEqual([]);
    for (const name of functionNames)
      expect(
        resourcesOf(template)[`${name.charAt(0).toUpperCase()}${name.slice(1)}Function`]
          ?.Properties["Role"],
      ).toEqual({
        "Fn::GetAtt": [roleOf[name], "Arn"],
      });
  });

  it("has no wildcard in an action", () => {
    for (const role of Object.values(roleOf))
      expect(flat(actionsOf(template, role))).not.toContain("*");
  });

  it.each(Object.values(roleOf))("names its resources, but for what takes none: %s", (role) => {
    const everywhere = statementsOf(template, role).filter(({ Resource }) =>
      Resource.includes("*"),
    );
    for (const { Action } of everywhere)
      expect(
        Action.filter(
          (action) =>
            !/^(ec2|elasticloadbalancing|cloudtrail):(Describe|Get)|^cloudtrail:LookupEvents$|^events:ListRules$|^lambda:ListEventSourceMappings$/.test(
              action,
            ),
        ),
      ).toEqual([]);
  });
});

describe("writing to security groups", () => {
  const about = (action: string, context = {}): readonly Statement[] =>
    statementsOf(deployed(context), "EnforceRole").filter(({ Action }) => Action.includes(action));
  const arn = (kind: string) => ({
    "Fn::Join": [
      "",
      [
        "arn:",
        { Ref: "AWS::Partition" },
        ":ec2:",
        { Ref: "AWS::Region" },
        ":",
        { Ref: "AWS::AccountId" },
        `:${kind}/*`,
      ],
    ],
  });

  const byCode = {
    ArnEquals: {
      "lambda:SourceFunctionArn": {
        "Fn::Join": [
          "",
          [
            "arn:",
            { Ref: "AWS::Partition" },
            ":lambda:",
            { Ref: "AWS::Region" },
            ":",
            { Ref: "AWS::AccountId" },
            ":function:",
            { Ref: "AWS::StackName" },
            "-enforce",
          ],
        ],
      },
    },
  };

  it("tags rules only as they are made", () => {
    expect(about("ec2:CreateTags")).toEqual([
      {
        Effect: "Allow",
        Action: ["ec2:CreateTags"],
        Resource: [arn("security-group-rule")],
        Condition: {
          ...byCode,
          StringEquals: { "ec2:CreateAction": "AuthorizeSecurityGroupIngress" },
        },
      },
    ]);
  });

  const onRules = {
    Effect: "Allow",
    Action: writes,
    Resource: [arn("security-group-rule")],
    Condition: byCode,
  };

  it.each(writes)(
    "is for the groups of this account and region, whatever their tags, unless strict: %s",
    (action) => {
      expect(about(action)).toEqual([
        { Effect: "Allow", Action: writes, Resource: [arn("security-group")], Condition: byCode },
        onRules,
      ]);
    },
  );

  it.each(writes)("is for groups tagged elb-only=enforce where strict: %s", (action) => {
    const tagged = {
      Effect: "Allow",
      Action: writes,
      Resource: [arn("security-group")],
      Condition: { ...byCode, StringEquals: { "aws:ResourceTag/elb-only": "enforce" } },
    };
    expect(about(action, { strict: true })).toEqual([tagged, onRules]);
  });

  it.each([...writes, "ec2:CreateTags"])(
    "is for enforce's own code, and not for another function that was given its role: %s",
    (action) => {
      const from = (functionArn: string | undefined) =>
        decided(policyOf("EnforceRole"), {
          action,
          resource: "arn:aws:ec2:us-east-1:123456789012:security-group-rule/sgr-1",
          principal: "",
          context: {
            "ec2:CreateAction": "AuthorizeSecurityGroupIngress",
            ...(functionArn === undefined ? {} : { "lambda:SourceFunctionArn": functionArn }),
          },
        });
      const functionsOf = "arn:aws:lambda:us-east-1:123456789012:function:";
      expect(from(`${functionsOf}elb-only-enforce`)).toBe("allowed");
      expect(from(`${functionsOf}mallory`)).toBe("neither");
      expect(from(undefined)).toBe("neither");
    },
  );
});

describe("sending messages", () => {
  it.each([
    ["EnforceRole", ["EnforceQueue", "NotifyQueue"]],
    ["VerifyRole", ["EnforceQueue", "NotifyQueue", "SweepDeadLetters"]],
    ["ScheduleRole", ["SweepDeadLetters"]],
    ["NotifyRole", []],
  ])("is for certain queues: %s", (role, queues) => {
    const sending = statementsOf(template, role).filter(({ Action }) =>
      Action.includes("sqs:SendMessage"),
    );
    expect(sending.flatMap(({ Resource }) => Resource)).toEqual(
      queues.map((queue) => ({ "Fn::GetAtt": [queue, "Arn"] })),
    );
  });

  it.each([
    ["EnforceRole", "EnforceQueue"],
    ["NotifyRole", "NotifyQueue"],
  ])("is apart from receiving them: %s", (role, queue) => {
    const receiving = statementsOf(template, role).filter(({ Action }) =>
      Action.includes("sqs:ReceiveMessage"),
    );
    expect(receiving).toEqual([
      { Effect: "Allow", Action: receive, Resource: [{ "Fn::GetAtt": [queue, "Arn"] }] },
    ]);
  });
});

describe("copies of outcomes", () => {
  it.each(["default", "security-events"])("go to the one event bus: %s", (eventBus) => {
    for (const role of ["EnforceRole", "VerifyRole"]) {
      const put = statementsOf(deployed({ eventBus }), role).filter(({ Action }) =>
        Action.includes("events:PutEvents"),
      );
      expect(
        put.map(({ Resource }) => flat(Resource).endsWith(`:event-bus/${eventBus}"]]}]`)),
      ).toEqual([true]);
    }
  });
});

describe("putting events on the bus", () => {
  const may = (source: string, detailType: string): boolean =>
    decided(policyOf("EnforceRole"), {
      action: "events:PutEvents",
      resource: "arn:aws:events:us-east-1:123456789012:event-bus/default",
      principal: "",
      context: { "events:source": [source], "events:detail-type": [detailType] },
    }) === "allowed";

  it("is for outcomes in our own name alone", () => {
    expect(may("elb-only", "elb-only outcome")).toBe(true);
    expect(may("com.example.payments", "elb-only outcome")).toBe(false);
    expect(may("elb-only", "elb-only drift")).toBe(false);
  });
});

describe("what settings add to the roles", () => {
  it("is the use of the one KMS key", () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const withKey = deployed({ kmsKeyArn });
    for (const role of [...Object.values(roleOf), "ScheduleRole"]) {
      const statements = statementsOf(withKey, role).filter(({ Action }) =>
        flat(Action).includes("kms:"),
      );
      expect(statements).toEqual([
        { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: [kmsKeyArn] },
      ]);
    }
  });

  it("is a boundary, for every one of them", () => {
    const permissionsBoundaryArn = "arn:aws:iam::123456789012:policy/team/boundary";
    const boundaries = (context: Readonly<Record<string, string>>): readonly unknown[] =>
      Object.values(resourcesOf(deployed(context)))
        .filter(({ Type }) => Type === "AWS::IAM::Role")
        .map(({ Properties }) => Properties["PermissionsBoundary"]);
    expect(boundaries({ permissionsBoundaryArn })).toEqual(
      Array.from({ length: 4 }, () => permissionsBoundaryArn),
    );
    expect(boundaries({})).toEqual(Array.from({ length: 4 }, () => ({ Ref: "AWS::NoValue" })));
  });

  it("is sending traces", () => {
    const traced = deployed({ tracing: true });
    for (const [name, role] of Object.entries(roleOf)) {
      const added = actionsOf(traced, role).filter(
        (action) => !actionsOf(template, role).includes(action),
      );
      expect([name, added]).toEqual([name, ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]]);
    }
  });
});
