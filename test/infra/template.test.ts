import { describe, expect, it } from "vitest";
import { deploymentSettings, parameterNames } from "../../infra/settings.ts";
import { deployed, templated, templateOf } from "./deployed.ts";
import { resolved } from "./resolved.ts";

const template = templateOf(templated());
const json = template.toJSON() as {
  readonly Parameters: Readonly<
    Record<string, { readonly AllowedPattern?: string; readonly AllowedValues?: readonly string[] }>
  >;
};
const text = JSON.stringify(json);
const parameterOf = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

const pseudo = {
  "AWS::Partition": "aws",
  "AWS::Region": "eu-west-1",
  "AWS::AccountId": "123456789012",
  "AWS::StackName": "elb-only",
};

const key = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const topic = "arn:aws:sns:eu-west-1:123456789012:alerts";

describe("the template", () => {
  it("needs no bootstrapped account: no version to look up, no bucket or role of the CDK's, no metadata of it", () => {
    expect(text).not.toMatch(
      /bootstrap|cdk-hnb659fds|cdk-[a-z0-9]+-assets|aws:cdk:path|AWS::CDK::Metadata/i,
    );
    expect(json).not.toHaveProperty("Rules");
    expect(Object.keys(json.Parameters).sort()).toEqual(
      [...parameterNames.map(parameterOf), "CodeBucket", "CodePrefix"].sort(),
    );
  });

  it("has no condition that nothing asks for, which cfn-lint would warn of", () => {
    const conditions = Object.keys(template.findConditions("*"));
    expect(conditions.length).toBeGreaterThan(3);
    expect(
      conditions.filter(
        (name) => !text.includes(`"Fn::If":["${name}"`) && !text.includes(`"Condition":"${name}"`),
      ),
    ).toEqual([]);
  });

  it("is small enough for CloudFormation to read it from a bucket: 1 MB", () => {
    expect(text.length).toBeLessThan(1_000_000);
  });

  it("finds the functions' code where its parameters say", () => {
    const { Resources } = resolved(template, {
      ...pseudo,
      CodeBucket: "our-code",
      CodePrefix: "v1/",
    });
    for (const name of ["enforce", "verify", "notify"])
      expect(Resources[`${parameterOf(name)}Function`]).toMatchObject({
        Properties: { Code: { S3Bucket: "our-code", S3Key: `v1/${name}-1.zip` } },
      });
  });

  it.each<Readonly<Record<string, string>>>([
    {},
    {
      defaultMode: "enforce",
      close: "addresses",
      protectedPorts: "none",
      allowedSources: "10.0.0.0/8",
      keepSelf: "false",
      eventBus: "audit",
    },
    {
      strict: "true",
      tracing: "true",
      architecture: "x86_64",
      logRetentionDays: "30",
      sweepInterval: "4h",
    },
    { permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/team/boundary" },
    { alertEmail: "ops@example.com" },
    { alarmEmail: "boss@example.com" },
    { alertTopicArn: topic },
    { alertEmail: "ops@example.com", alertTopicArn: topic, alarmTopicArn: topic, kmsKeyArn: key },
  ])("deploys what the CDK app deploys with the same settings: %j", (settings) => {
    const parameters = Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [parameterOf(name), value]),
    );
    const asTemplate = resolved(template, {
      ...pseudo,
      ...parameters,
      CodeBucket: "code",
      CodePrefix: "",
    });
    const asApp = resolved(deployed(settings), pseudo);
    expect(withoutCode(asTemplate)).toEqual(withoutCode(asApp));
  });

  it.each(Object.entries(json.Parameters).filter(([name]) => !name.startsWith("Code")))(
    "lets CloudFormation itself check %s",
    (name, parameter) => {
      const [, setting] =
        Object.entries(deploymentSettings).find(([one]) => parameterOf(one) === name) ?? [];
      if ("AllowedValues" in parameter) expect(parameter.AllowedValues).toContain(setting?.default);
      else expect(setting?.default).toMatch(new RegExp(`^(?:${parameter.AllowedPattern})$`));
    },
  );
});

describe("every partition", () => {
  it.each([
    ["aws", "eu-west-1", "console.aws.amazon.com"],
    ["aws-cn", "cn-north-1", "console.amazonaws.cn"],
    ["aws-us-gov", "us-gov-west-1", "console.amazonaws-us-gov.com"],
  ])("has its own ARNs and its own console: %s", (partition, region, console) => {
    const made = resolved(template, {
      ...pseudo,
      "AWS::Partition": partition,
      "AWS::Region": region,
    });
    const arns = [...JSON.stringify(made).matchAll(/arn:[\w-]*:[\w-]+:[\w-]*/g)].map(
      ([arn]) => arn,
    );
    expect(new Set(arns)).toEqual(
      new Set(
        ["cloudwatch", "ec2", "events", "lambda"].map(
          (service) => `arn:${partition}:${service}:${region}`,
        ),
      ),
    );
    expect(JSON.stringify(made.Outputs["DashboardUrl"])).toContain(
      `https://${console}/cloudwatch/home?region=${region}#dashboards:name=`,
    );
  });
});

/** The code's place differs, and a number may be a text in a template. */
function withoutCode({ Resources, Outputs }: ReturnType<typeof resolved>): unknown {
  const alike = JSON.stringify({ Resources, Outputs }, (name, value: unknown) =>
    typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : name === "Code"
        ? undefined
        : value,
  );
  return JSON.parse(alike);
}
