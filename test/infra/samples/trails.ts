import type { Service } from "./service.ts";

const arn = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/all";

export const cloudTrail: Service = {
  client: "CloudTrailClient",
  error: JSON.stringify({ __type: "TrailNotFoundException", message: "no trail" }),
  operations: {
    DescribeTrails: {
      input: { trailNameList: [arn], includeShadowTrails: true },
      answer: {
        trailList: [
          {
            Name: "all",
            TrailARN: arn,
            HomeRegion: "eu-west-1",
            IsMultiRegionTrail: true,
            HasCustomEventSelectors: true,
          },
        ],
      },
    },
    LookupEvents: {
      input: { LookupAttributes: [{ AttributeKey: "EventId", AttributeValue: "e-1" }] },
      answer: { Events: [{ EventId: "e-1", CloudTrailEvent: "{}" }] },
    },
    GetTrailStatus: {
      input: { Name: arn },
      answer: { IsLogging: true, LatestDeliveryError: "AccessDenied" },
    },
    GetEventSelectors: {
      input: { TrailName: arn },
      answer: {
        TrailARN: arn,
        EventSelectors: [{ ReadWriteType: "WriteOnly", IncludeManagementEvents: true }],
        AdvancedEventSelectors: [
          { Name: "writes", FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] },
        ],
      },
    },
  },
};
