import { awsError } from "../errors.ts";
import { account } from "../identities.ts";
import type { Operation, Operations } from "../operation.ts";
import type { Cloud } from "../state/cloud.ts";
import { text, texts, type Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { lookupEvents } from "./lookupEvents.ts";

const name = "management-events";
const arnOf = ({ region }: Cloud): string =>
  `arn:aws:cloudtrail:${region}:${account}:trail/${name}`;

const shape = (cloud: Cloud): Tree => ({
  Name: name,
  TrailARN: arnOf(cloud),
  S3BucketName: `${name}-${account}`,
  HomeRegion: cloud.region,
  IsMultiRegionTrail: true,
  IncludeGlobalServiceEvents: true,
  IsOrganizationTrail: false,
  HasCustomEventSelectors: cloud.trail.selectors !== undefined,
});

/** The one trail, by name or ARN. */
function refuseOther(cloud: Cloud, params: Params, parameter: string): void {
  const asked = text(params, parameter);
  if (asked !== name && asked !== arnOf(cloud))
    throw awsError("TrailNotFoundException", `Unknown trail: ${asked ?? ""}`);
}

/** Starts or stops the trail. */
const logging = (on: boolean): Operation => ({
  run: (cloud, params) => {
    refuseOther(cloud, params, "Name");
    cloud.trail.logging = on;
    return {};
  },
  trail: (params) => ({ name: text(params, "Name") }),
});

/** CloudTrail, in AWS JSON 1.1: one trail of every region's management events. */
export const trailOperations: Operations = {
  LookupEvents: lookupEvents,
  StartLogging: logging(true),
  StopLogging: logging(false),

  DescribeTrails: {
    run: (cloud, params) => {
      const asked = texts(params, "trailNameList");
      const isAsked = asked.length === 0 || asked.includes(name) || asked.includes(arnOf(cloud));
      return { trailList: isAsked ? [shape(cloud)] : [] };
    },
  },

  ListTrails: {
    run: (cloud) => ({
      Trails: [{ Name: name, TrailARN: arnOf(cloud), HomeRegion: cloud.region }],
    }),
  },

  GetTrail: {
    run: (cloud, params) => {
      refuseOther(cloud, params, "Name");
      return { Trail: shape(cloud) };
    },
  },

  GetTrailStatus: {
    run: (cloud, params) => {
      refuseOther(cloud, params, "Name");
      return { IsLogging: cloud.trail.logging };
    },
  },

  GetEventSelectors: {
    run: (cloud, params) => {
      refuseOther(cloud, params, "TrailName");
      return {
        TrailARN: arnOf(cloud),
        ...(cloud.trail.selectors ?? {
          EventSelectors: [
            { ReadWriteType: "All", IncludeManagementEvents: true, DataResources: [] },
          ],
        }),
      };
    },
  },

  /** They are kept and shown; the trail goes on telling of everything. */
  PutEventSelectors: {
    run: (cloud, params) => {
      refuseOther(cloud, params, "TrailName");
      const { TrailName: _, ...selectors } = params;
      cloud.trail.selectors = selectors as Tree;
      return { TrailARN: arnOf(cloud), ...cloud.trail.selectors };
    },
    trail: (params) => ({ trailName: text(params, "TrailName") }),
  },
};
