import {
  type AdvancedEventSelector,
  type CloudTrailClient,
  DescribeTrailsCommand,
  type EventSelector,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  type Trail,
} from "@aws-sdk/client-cloudtrail";
import { call } from "./api/errors.ts";

/** Why no trail shows EventBridge the calls of this region that change something; undefined where one does. Throws what CloudTrail refuses. */
export async function whyNoTrail(cloudTrail: CloudTrailClient): Promise<string | undefined> {
  // Those of other regions and of the organization, too, where they cover this region.
  const { trailList = [] } = await call(
    "cloudtrail:DescribeTrails",
    cloudTrail.send(new DescribeTrailsCommand({ includeShadowTrails: true })),
  );
  if (trailList.length === 0) return "No CloudTrail trail covers this region.";
  const problems: string[] = [];
  for (const trail of trailList) {
    const problem = await problemWith(cloudTrail, trail);
    if (problem === undefined) return undefined;
    problems.push(problem);
  }
  return problems.slice(0, 3).join(" ");
}

/** A trail's ARN names it from any region and account. */
async function problemWith(
  cloudTrail: CloudTrailClient,
  { Name = "", TrailARN = Name, HasCustomEventSelectors }: Trail,
): Promise<string | undefined> {
  const { IsLogging } = await call(
    "cloudtrail:GetTrailStatus",
    cloudTrail.send(new GetTrailStatusCommand({ Name: TrailARN })),
  );
  if (IsLogging !== true) return `The trail ${Name} is not logging.`;
  if (HasCustomEventSelectors !== true) return undefined;
  const asked = new GetEventSelectorsCommand({ TrailName: TrailARN });
  const { EventSelectors = [], AdvancedEventSelectors = [] } = await call(
    "cloudtrail:GetEventSelectors",
    cloudTrail.send(asked),
  );
  const isShown =
    EventSelectors.some(showsWrites) || AdvancedEventSelectors.some(showsWritesInDetail);
  return isShown ? undefined : `The trail ${Name} logs no management events that write.`;
}

/** Management events are selected where nothing is said. */
const showsWrites = ({
  IncludeManagementEvents = true,
  ReadWriteType = "All",
}: EventSelector): boolean => IncludeManagementEvents && ReadWriteType !== "ReadOnly";

/** All field selectors must match: management events, and none that leaves out calls that write. */
const showsWritesInDetail = ({ FieldSelectors = [] }: AdvancedEventSelector): boolean =>
  FieldSelectors.some(
    ({ Field, Equals }) => Field === "eventCategory" && Equals?.includes("Management"),
  ) &&
  !FieldSelectors.some(({ Field, Equals }) => Field === "readOnly" && Equals?.includes("true"));
