import {
  DescribeTrailsCommand,
  type DescribeTrailsCommandOutput,
  GetEventSelectorsCommand,
  type GetEventSelectorsCommandOutput,
  GetTrailStatusCommand,
} from "@aws-sdk/client-cloudtrail";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { cloudTrail as cloudTrailClient } from "../../lib/aws/clients.ts";
import { whyNoTrail } from "../../lib/aws/trails.ts";

const client = cloudTrailClient({ region: "eu-west-1" });
const cloudTrail = mockClient(client);

beforeEach(() => {
  cloudTrail.reset();
  cloudTrail.on(GetTrailStatusCommand).resolves({ IsLogging: true });
});

type Trails = NonNullable<DescribeTrailsCommandOutput["trailList"]>;
const arn = (name: string) => `arn:aws:cloudtrail:eu-west-1:123456789012:trail/${name}`;
const trail = (Name: string, more: Trails[number] = {}) => ({ Name, TrailARN: arn(Name), ...more });
const trails = (...trailList: Trails) =>
  cloudTrail.on(DescribeTrailsCommand, { includeShadowTrails: true }).resolves({ trailList });

describe("whyNoTrail", () => {
  it("finds nothing wrong where a trail logs all management events", async () => {
    trails(trail("all", { HasCustomEventSelectors: false }));
    expect(await whyNoTrail(client)).toBeUndefined();
    expect(cloudTrail.commandCalls(GetTrailStatusCommand)[0]?.args[0].input).toEqual({
      Name: arn("all"),
    });
    expect(cloudTrail.commandCalls(GetEventSelectorsCommand)).toHaveLength(0);
  });

  it("is content with one of several", async () => {
    trails(trail("stopped"), trail("all"));
    cloudTrail.on(GetTrailStatusCommand, { Name: arn("stopped") }).resolves({ IsLogging: false });
    expect(await whyNoTrail(client)).toBeUndefined();
  });

  it("says that there is none", async () => {
    cloudTrail.on(DescribeTrailsCommand).resolves({});
    expect(await whyNoTrail(client)).toMatch(/^No CloudTrail trail covers this region\./);
  });

  it("says of each what is wrong with it", async () => {
    trails(trail("stopped"), trail("data", { HasCustomEventSelectors: true }));
    cloudTrail.on(GetTrailStatusCommand, { Name: arn("stopped") }).resolves({ IsLogging: false });
    cloudTrail
      .on(GetEventSelectorsCommand)
      .resolves({ EventSelectors: [{ IncludeManagementEvents: false }] });
    expect(await whyNoTrail(client)).toMatch(
      /^The trail stopped is not logging\..* The trail data logs no management events that write of ec2\.amazonaws\.com and elasticloadbalancing\.amazonaws\.com/,
    );
  });

  const field = (Field: string, ...Equals: string[]) => ({ Field, Equals });
  it.each<[boolean, Omit<GetEventSelectorsCommandOutput, "$metadata">]>([
    [true, { EventSelectors: [{ ReadWriteType: "All", IncludeManagementEvents: true }] }],
    [true, { EventSelectors: [{ ReadWriteType: "WriteOnly" }] }],
    [true, { EventSelectors: [{ IncludeManagementEvents: false }, {}] }],
    [false, { EventSelectors: [{ ReadWriteType: "ReadOnly", IncludeManagementEvents: true }] }],
    [false, { EventSelectors: [{ ReadWriteType: "All", IncludeManagementEvents: false }] }],
    [
      true,
      { AdvancedEventSelectors: [{ FieldSelectors: [field("eventCategory", "Management")] }] },
    ],
    [
      true,
      {
        AdvancedEventSelectors: [
          { FieldSelectors: [field("eventCategory", "Management"), field("readOnly", "false")] },
        ],
      },
    ],
    [
      false,
      {
        AdvancedEventSelectors: [
          { FieldSelectors: [field("eventCategory", "Management"), field("readOnly", "true")] },
        ],
      },
    ],
    [false, { AdvancedEventSelectors: [{ FieldSelectors: [field("eventCategory", "Data")] }] }],
    [
      true,
      {
        AdvancedEventSelectors: [
          {
            FieldSelectors: [
              field("eventCategory", "Management"),
              { Field: "eventSource", NotEquals: ["kms.amazonaws.com"] },
            ],
          },
        ],
      },
    ],
    ...[
      { NotEquals: ["ec2.amazonaws.com"] },
      { Equals: ["ec2.amazonaws.com"] },
      { NotStartsWith: ["elastic"] },
      { EndsWith: ["kms.amazonaws.com"] },
    ].map((eventSource): [boolean, Omit<GetEventSelectorsCommandOutput, "$metadata">] => [
      false,
      {
        AdvancedEventSelectors: [
          {
            FieldSelectors: [
              field("eventCategory", "Management"),
              { Field: "eventSource", ...eventSource },
            ],
          },
        ],
      },
    ]),
    [
      false,
      {
        AdvancedEventSelectors: [
          { FieldSelectors: [field("eventCategory", "Management"), field("eventName", "X")] },
        ],
      },
    ],
    [
      false,
      {
        EventSelectors: [{ ExcludeManagementEventSources: ["elasticloadbalancing.amazonaws.com"] }],
      },
    ],
    [true, { EventSelectors: [{ ExcludeManagementEventSources: ["kms.amazonaws.com"] }] }],
    [false, {}],
  ])("knows whether calls that write are shown (%s) with %j", async (isShown, selectors) => {
    trails(trail("some", { HasCustomEventSelectors: true }));
    cloudTrail.on(GetEventSelectorsCommand, { TrailName: arn("some") }).resolves(selectors);
    expect((await whyNoTrail(client)) === undefined).toBe(isShown);
  });

  it("is content with two that show one service each", async () => {
    trails(
      trail("one", { HasCustomEventSelectors: true }),
      trail("two", { HasCustomEventSelectors: true }),
    );
    const without = (source: string) => ({
      EventSelectors: [{ ExcludeManagementEventSources: [source] }],
    });
    cloudTrail
      .on(GetEventSelectorsCommand, { TrailName: arn("one") })
      .resolves(without("ec2.amazonaws.com"))
      .on(GetEventSelectorsCommand, { TrailName: arn("two") })
      .resolves(without("elasticloadbalancing.amazonaws.com"));
    expect(await whyNoTrail(client)).toBeUndefined();
  });

  it("throws what CloudTrail refuses, naming the permission", async () => {
    cloudTrail
      .on(DescribeTrailsCommand)
      .rejects(Object.assign(new Error("no"), { name: "AccessDeniedException" }));
    await expect(whyNoTrail(client)).rejects.toThrow(
      "cloudtrail:DescribeTrails: AccessDeniedException: no",
    );
  });
});
