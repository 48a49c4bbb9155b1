import { awsError } from "../errors.ts";
import type { Operation } from "../operation.ts";
import type { HistoryEvent } from "../state/cloudtrail.ts";
import { integer, structures, text, type Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";

/** The event history, newest first. It is of ninety days in AWS, and of everything here. */
export const lookupEvents: Operation = {
  run: (cloud, params) => {
    const size = integer(params, "MaxResults") ?? 50;
    if (size < 1 || size > 50)
      throw awsError("InvalidMaxResultsException", "The maximum number of results is 1 to 50.");
    const [from, to] = [seconds(params, "StartTime") ?? 0, seconds(params, "EndTime") ?? Infinity];
    if (from > to)
      throw awsError("InvalidTimeRangeException", "The start time is after the end time.");
    const attributes = structures(params, "LookupAttributes");
    const found = cloud.history
      .filter(({ at }) => from <= at.getTime() / 1000 && at.getTime() / 1000 <= to)
      .filter((event) => attributes.every((attribute) => has(event, attribute)))
      .toReversed();
    const start = decode(text(params, "NextToken"));
    const end = start + size;
    return {
      Events: found.slice(start, end).map(shape),
      NextToken: end < found.length ? Buffer.from(String(end)).toString("base64url") : undefined,
    };
  },
};

/** Times in JSON are seconds since 1970, with decimals. */
function seconds(params: Params, name: string): number | undefined {
  const value = text(params, name);
  return value === undefined ? undefined : Number(value);
}

function decode(token: string | undefined): number {
  const start = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString());
  if (!Number.isInteger(start))
    throw awsError("InvalidNextTokenException", "The token is invalid.");
  return start;
}

/** What an event has of each attribute that it can be looked up by. */
const reads: Readonly<Record<string, (event: HistoryEvent) => readonly string[]>> = {
  EventName: ({ name }) => [name],
  EventSource: ({ source }) => [source],
  EventId: ({ id }) => [id],
  Username: ({ user }) => [user],
  AccessKeyId: ({ accessKey }) => [accessKey],
  ReadOnly: () => ["false"],
  ResourceName: (event) => resourcesOf(event).map(({ ResourceName }) => ResourceName),
  ResourceType: (event) => resourcesOf(event).map(({ ResourceType }) => ResourceType),
};

function has(event: HistoryEvent, attribute: Params): boolean {
  const read = reads[text(attribute, "AttributeKey") ?? ""];
  if (read === undefined)
    throw awsError("InvalidLookupAttributesException", "The lookup attribute is invalid.");
  return read(event).includes(text(attribute, "AttributeValue") ?? "");
}

const types: Readonly<Record<string, string>> = {
  groupId: "AWS::EC2::SecurityGroup",
  instanceId: "AWS::EC2::Instance",
  networkInterfaceId: "AWS::EC2::NetworkInterface",
  prefixListId: "AWS::EC2::PrefixList",
  loadBalancerName: "AWS::ElasticLoadBalancing::LoadBalancer",
  loadBalancerArn: "AWS::ElasticLoadBalancingV2::LoadBalancer",
  targetGroupArn: "AWS::ElasticLoadBalancingV2::TargetGroup",
};

interface Resource {
  readonly ResourceType: string;
  readonly ResourceName: string;
}

/** What a call names, wherever in its request or its answer. */
function resourcesOf({ record }: HistoryEvent): readonly Resource[] {
  const found = new Map<string, Resource>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, entry] of Object.entries(value)) {
      const ResourceType = types[`${name.charAt(0).toLowerCase()}${name.slice(1)}`];
      if (ResourceType !== undefined && typeof entry === "string")
        found.set(`${ResourceType} ${entry}`, { ResourceType, ResourceName: entry });
      visit(entry);
    }
  };
  visit(record["requestParameters"]);
  visit(record["responseElements"]);
  return [...found.values()];
}

const shape = (event: HistoryEvent): Tree => ({
  EventId: event.id,
  EventName: event.name,
  ReadOnly: "false",
  AccessKeyId: event.accessKey,
  EventTime: Math.floor(event.at.getTime() / 1000),
  EventSource: event.source,
  Username: event.user,
  Resources: resourcesOf(event).map((resource) => ({ ...resource })),
  CloudTrailEvent: JSON.stringify(event.record),
});
