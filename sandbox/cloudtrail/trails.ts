import { awsError } from "../errors.ts";
import { account } from "../identities.ts";
import type { Cloud } from "../state/cloud.ts";
import type { Operations } from "../operation.ts";
import { text } from "../wire/params.ts";

const name = "management-events";
const arnOf = ({ region }: Cloud): string =>
  `arn:aws:cloudtrail:${region}:${account}:trail/${name}`;

/** CloudTrail, in AWS JSON 1.1: one trail of every region's management events. */
export const trailOperations: Operations = {
  DescribeTrails: {
    run: (cloud) => ({
      trailList: [
        {
          Name: name,
          TrailARN: arnOf(cloud),
          HomeRegion: cloud.region,
          IsMultiRegionTrail: true,
          HasCustomEventSelectors: false,
        },
      ],
    }),
  },
  GetTrailStatus: {
    run: (cloud, params) => {
      const asked = text(params, "Name");
      if (asked !== name && asked !== arnOf(cloud))
        throw awsError("TrailNotFoundException", `Unknown trail: ${asked ?? ""}`);
      return { IsLogging: cloud.trail.logging };
    },
  },
};
