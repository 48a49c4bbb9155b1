import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { Picture } from "../../lib/survey/picture.ts";
import { elbOnly, shopFolder, shopPicture } from "./scene.ts";

const verify = async (flag: string, pictures?: readonly Picture[], ...more: readonly string[]) =>
  (await elbOnly(["verify", "--from", "snapshot.json", flag, ...more], shopFolder(pictures))).out;

/** A name that would break out of any format that forgets to escape. */
const hostile: Picture = {
  ...shopPicture,
  snapshot: {
    ...shopPicture.snapshot,
    gaps: ['ec2:DescribeVpcs: "no" <such> & thing'],
    groups: new Map(
      [...shopPicture.snapshot.groups].map(([id, one]) => [
        id,
        { ...one, name: `"]]><x a='&'>\u0000\n${"long".repeat(600)}` },
      ]),
    ),
  },
};

describe("verify --sarif", () => {
  const schema = JSON.parse(
    readFileSync(new URL("schemas/sarif-2.1.0.json", import.meta.url), "utf8"),
  ) as object;
  const ajv = new Ajv({ strict: false, unicodeRegExp: false });
  addFormats.default(ajv);
  const isValid = ajv.compile(schema);
  const problemsOf = (text: string): unknown => {
    isValid(JSON.parse(text));
    return isValid.errors;
  };

  it.each([
    ["the shop", undefined],
    ["hostile names", [hostile]],
    ["two regions", [shopPicture, { ...shopPicture, region: "us-gov-west-1" }]],
  ])("is valid SARIF 2.1.0: %s", async (_, pictures) => {
    expect(problemsOf(await verify("--sarif", pictures))).toBeNull();
  });

  it("is told apart from what is not", () => {
    expect(problemsOf('{"version":"2.1.0","runs":[{}]}')).not.toBeNull();
  });

  it("has a result for each problem, with the group's ARN, and every rule once", async () => {
    const { runs } = JSON.parse(await verify("--sarif")) as {
      readonly runs: readonly {
        readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
        readonly results: readonly {
          readonly ruleId: string;
          readonly ruleIndex: number;
          readonly level: string;
          readonly partialFingerprints: Readonly<Record<string, string>>;
        }[];
      }[];
    };
    const [run] = runs;
    expect(run?.results).toHaveLength(7);
    expect(run?.results[0]).toMatchObject({
      ruleId: "open-to-others",
      level: "error",
      locations: [
        {
          logicalLocations: [
            { fullyQualifiedName: "arn:aws:ec2:us-east-1:111111111111:security-group/sg-web" },
          ],
        },
      ],
    });
    const ids = run?.tool.driver.rules.map(({ id }) => id) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
    for (const { ruleId, ruleIndex } of run?.results ?? []) expect(ids[ruleIndex]).toBe(ruleId);
    const prints = run?.results.map((one) => one.partialFingerprints["problem/v1"]);
    expect(new Set(prints).size).toBe(7);
  });
});

describe("verify --junit", () => {
  const list = (name: string): boolean => ["testsuite", "testcase"].includes(name);
  const parser = new XMLParser({ ignoreAttributes: false, isArray: list, attributeNamePrefix: "" });
  interface Suite {
    readonly tests: string;
    readonly failures: string;
    readonly errors: string;
    readonly testcase: readonly {
      readonly name: string;
      readonly classname: string;
      readonly failure?: { readonly message: string; readonly type: string };
      readonly error?: object;
    }[];
  }
  const suitesIn = (xml: string): readonly Suite[] =>
    (parser.parse(xml) as { readonly testsuites: { readonly testsuite: readonly Suite[] } })
      .testsuites.testsuite;

  it.each([
    ["the shop", undefined],
    ["hostile names", [hostile]],
  ])("is well-formed, and its counts are those of its tests: %s", async (_, pictures) => {
    const xml = await verify("--junit", pictures);
    expect(XMLValidator.validate(xml)).toBe(true);
    for (const suite of suitesIn(xml)) {
      expect(Number(suite.tests)).toBe(suite.testcase.length);
      expect(Number(suite.failures)).toBe(
        suite.testcase.filter(({ failure }) => failure !== undefined).length,
      );
      expect(Number(suite.errors)).toBe(
        suite.testcase.filter(({ error }) => error !== undefined).length,
      );
    }
  });

  it("has a test for each group, which fails by the worst of its problems", async () => {
    const [suite] = suitesIn(await verify("--junit"));
    expect(suite?.testcase.map(({ name }) => name)).toEqual([
      "sg-web web",
      "sg-api api",
      "sg-shared shared",
      "sg-old old",
      "sg-nlb-back nlb-back",
    ]);
    expect(suite?.testcase[0]?.failure).toMatchObject({ type: "open-to-others" });
    expect(suite?.testcase[1]?.failure).toBeUndefined();
  });
});

describe("verify --asff", () => {
  const short = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most));
  const arn = v.pipe(v.string(), v.regex(/^arn:aws[\w-]*:[\w-]+:[\w-]*:\d{12}:\S+$/));
  // What Security Hub's BatchImportFindings demands of a finding.
  const findings = v.array(
    v.strictObject({
      SchemaVersion: v.literal("2018-10-08"),
      Id: short(512),
      ProductArn: v.pipe(arn, v.regex(/:product\/(\d{12})\/default$/)),
      ProductName: short(128),
      GeneratorId: short(512),
      AwsAccountId: v.pipe(v.string(), v.regex(/^\d{12}$/)),
      Region: short(16),
      Types: v.pipe(
        v.array(
          v.pipe(
            v.string(),
            v.regex(
              /^(?:Software and Configuration Checks|TTPs|Effects|Unusual Behaviors|Sensitive Data Identifications)(?:\/[^/]+){0,2}$/,
            ),
          ),
        ),
        v.minLength(1),
        v.maxLength(50),
      ),
      CreatedAt: v.pipe(v.string(), v.isoTimestamp()),
      UpdatedAt: v.pipe(v.string(), v.isoTimestamp()),
      Severity: v.strictObject({
        Label: v.picklist(["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"]),
        Original: short(64),
      }),
      Title: short(256),
      Description: short(1024),
      Remediation: v.strictObject({ Recommendation: v.strictObject({ Text: short(512) }) }),
      Resources: v.pipe(
        v.array(
          v.strictObject({
            Type: v.literal("AwsEc2SecurityGroup"),
            Id: arn,
            Partition: v.picklist(["aws", "aws-cn", "aws-us-gov"]),
            Region: short(16),
            Details: v.strictObject({
              AwsEc2SecurityGroup: v.strictObject({
                GroupId: v.string(),
                GroupName: v.string(),
                OwnerId: v.string(),
                VpcId: v.exactOptional(v.string()),
              }),
              Other: v.exactOptional(v.record(v.string(), v.pipe(v.string(), v.maxLength(1024)))),
            }),
          }),
        ),
        v.minLength(1),
        v.maxLength(32),
      ),
      RecordState: v.picklist(["ACTIVE", "ARCHIVED"]),
      Workflow: v.strictObject({
        Status: v.picklist(["NEW", "NOTIFIED", "RESOLVED", "SUPPRESSED"]),
      }),
    }),
  );

  it.each([
    ["the shop", undefined],
    ["hostile names", [hostile]],
    ["GovCloud", [{ ...shopPicture, region: "us-gov-west-1" }]],
  ])("is what Security Hub imports: %s", async (_, pictures) => {
    const read = v.parse(findings, JSON.parse(await verify("--asff", pictures)));
    expect(read.length).toBeGreaterThan(3);
    expect(new Set(read.map(({ Id }) => Id)).size).toBe(read.length);
    for (const one of read) expect(one.ProductArn).toContain(`product/${one.AwsAccountId}/default`);
  });

  it("gives the same problem the same id each time", async () => {
    const ids = async () =>
      v.parse(findings, JSON.parse(await verify("--asff"))).map(({ Id }) => Id);
    expect(await ids()).toEqual(await ids());
  });
});

describe("the formats of verify", () => {
  it("are asked for one at a time", async () => {
    const { code, err } = await elbOnly(
      ["verify", "--from", "snapshot.json", "--sarif", "--junit"],
      shopFolder(),
    );
    expect(code).toBe(1);
    expect(err).toMatch(/'--(sarif|junit)' cannot be used with option '--(sarif|junit)'/);
  });
});
