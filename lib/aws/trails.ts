import {
  type CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  type Trail,
} from "@aws-sdk/client-cloudtrail";
import { call } from "./api/errors.ts";
import { sourcesShown, wakingSources } from "./trailSelectors.ts";

/** Why the trails do not show EventBridge the calls of this region that change something in EC2 or ELB; undefined where they do. Throws what CloudTrail refuses. */
export async function whyNoTrail(cloudTrail: CloudTrailClient): Promise<string | undefined> {
  // Those of other regions and of the organization, too, where they cover this region.
  const { trailList = [] } = await call(
    "cloudtrail:DescribeTrails",
    cloudTrail.send(new DescribeTrailsCommand({ includeShadowTrails: true })),
  );
  if (trailList.length === 0)
    return "No CloudTrail trail covers this region. Create one that logs management events: aws cloudtrail create-trail, then start-logging.";
  const shown = new Set<string>();
  const problems: string[] = [];
  for (const trail of trailList) {
    const seen = await read(cloudTrail, trail);
    for (const source of seen.shown) shown.add(source);
    if (wakingSources.every((source) => shown.has(source))) return undefined;
    if (seen.problem !== undefined) problems.push(seen.problem);
  }
  return problems.slice(0, 3).join(" ");
}

interface Read {
  readonly shown: readonly string[];
  readonly problem?: string;
}

/** What a trail shows, and what is wrong with it. Its ARN names it from any region and account. */
async function read(
  cloudTrail: CloudTrailClient,
  { Name = "", TrailARN = Name, HasCustomEventSelectors }: Trail,
): Promise<Read> {
  const { IsLogging } = await call(
    "cloudtrail:GetTrailStatus",
    cloudTrail.send(new GetTrailStatusCommand({ Name: TrailARN })),
  );
  if (IsLogging !== true)
    return {
      shown: [],
      problem: `The trail ${Name} is not logging. Start it: aws cloudtrail start-logging --name ${TrailARN}`,
    };
  if (HasCustomEventSelectors !== true) return { shown: wakingSources };
  const asked = new GetEventSelectorsCommand({ TrailName: TrailARN });
  const shown = sourcesShown(await call("cloudtrail:GetEventSelectors", cloudTrail.send(asked)));
  const missing = wakingSources.filter((source) => !shown.includes(source));
  return missing.length === 0
    ? { shown }
    : {
        shown,
        problem: `The trail ${Name} logs no management events that write of ${missing.join(" and ")}: put that into its event selectors (aws cloudtrail put-event-selectors --trail-name ${TrailARN}).`,
      };
}
