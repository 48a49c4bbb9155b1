import { awsError } from "../errors.ts";
import { account } from "../identities.ts";
import type { Operations } from "../operation.ts";
import type { Cloud } from "../state/cloud.ts";
import type { LogEvent, LogGroup, LogStream } from "../state/logs.ts";
import { flag, integer, structures, text, texts, type Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { filterPattern } from "./filterPattern.ts";

const invalid = (message: string) => awsError("InvalidParameterException", message);

function needed(params: Params, name: string): string {
  const value = text(params, name);
  if (value === undefined)
    throw invalid(
      `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
    );
  return value;
}

const arnOf = (cloud: Cloud, group: string): string =>
  `arn:aws:logs:${cloud.region}:${account}:log-group:${group}`;

/** By name, or by the ARN that stands for it. */
function groupOf(cloud: Cloud, params: Params): LogGroup {
  const asked = text(params, "logGroupIdentifier") ?? needed(params, "logGroupName");
  const group = cloud.logGroups.get(asked.split(":log-group:").at(-1) ?? "");
  if (group === undefined)
    throw awsError("ResourceNotFoundException", "The specified log group does not exist.");
  return group;
}

function streamOf(group: LogGroup, params: Params): LogStream {
  const stream = group.streams.get(needed(params, "logStreamName"));
  if (stream === undefined)
    throw awsError("ResourceNotFoundException", "The specified log stream does not exist.");
  return stream;
}

const inRange = (params: Params, { timestamp }: LogEvent, isEndIncluded: boolean): boolean => {
  const [start, end] = [integer(params, "startTime") ?? 0, integer(params, "endTime") ?? Infinity];
  return timestamp >= start && (isEndIncluded ? timestamp <= end : timestamp < end);
};

/** The items from a token on, and the token of the rest. */
function tokenPage<Item>(items: readonly Item[], params: Params, size: number) {
  const token = text(params, "nextToken");
  const start = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString());
  if (!Number.isInteger(start)) throw invalid("The specified nextToken is invalid.");
  const end = start + size;
  return {
    items: items.slice(start, end),
    next: end < items.length ? Buffer.from(String(end)).toString("base64url") : undefined,
  };
}

const groupShape = (cloud: Cloud, group: LogGroup): Tree => ({
  logGroupName: group.name,
  creationTime: group.created.getTime(),
  retentionInDays: group.retentionDays,
  metricFilterCount: 0,
  arn: `${arnOf(cloud, group.name)}:*`,
  logGroupArn: arnOf(cloud, group.name),
  storedBytes: 0,
  logGroupClass: "STANDARD",
});

const streamShape = (cloud: Cloud, group: LogGroup, stream: LogStream): Tree => ({
  logStreamName: stream.name,
  creationTime: stream.created.getTime(),
  firstEventTimestamp: stream.events[0]?.timestamp,
  lastEventTimestamp: stream.events.at(-1)?.timestamp,
  lastIngestionTime: stream.events.at(-1)?.ingested,
  arn: `${arnOf(cloud, group.name)}:log-stream:${stream.name}`,
  storedBytes: 0,
});

/** Writes a line, and makes the group and the stream where they are not there: as a function's own lines get in. */
export function writeLog(cloud: Cloud, groupName: string, streamName: string, line: string): void {
  const now = cloud.now();
  const group = cloud.logGroups.get(groupName) ?? {
    name: groupName,
    created: now,
    streams: new Map<string, LogStream>(),
  };
  cloud.logGroups.set(groupName, group);
  const stream = group.streams.get(streamName) ?? { name: streamName, created: now, events: [] };
  group.streams.set(streamName, stream);
  append(cloud, stream, now.getTime(), line);
}

function append(cloud: Cloud, stream: LogStream, timestamp: number, message: string): void {
  stream.events.push({
    id: cloud.ids.hex(56),
    timestamp,
    ingested: cloud.now().getTime(),
    message,
  });
}

/** CloudWatch Logs, in AWS JSON 1.1. The functions' lines are in groups of their own, as Lambda writes them. */
export const logOperations: Operations = {
  CreateLogGroup: {
    run: (cloud, params) => {
      const name = needed(params, "logGroupName");
      if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name))
        throw invalid(`'${name}' is no log group name.`);
      if (cloud.logGroups.has(name))
        throw awsError("ResourceAlreadyExistsException", "The specified log group already exists");
      cloud.logGroups.set(name, { name, created: cloud.now(), streams: new Map() });
      return {};
    },
  },

  DeleteLogGroup: {
    run: (cloud, params) => {
      cloud.logGroups.delete(groupOf(cloud, params).name);
      return {};
    },
  },

  DescribeLogGroups: {
    run: (cloud, params) => {
      const [prefix, pattern] = [
        text(params, "logGroupNamePrefix") ?? "",
        text(params, "logGroupNamePattern") ?? "",
      ];
      const found = [...cloud.logGroups.values()]
        .filter(({ name }) => name.startsWith(prefix) && name.includes(pattern))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const { items, next } = tokenPage(found, params, integer(params, "limit") ?? 50);
      return { logGroups: items.map((group) => groupShape(cloud, group)), nextToken: next };
    },
  },

  PutRetentionPolicy: {
    run: (cloud, params) => {
      const group = groupOf(cloud, params);
      cloud.logGroups.set(group.name, {
        ...group,
        retentionDays: Number(needed(params, "retentionInDays")),
      });
      return {};
    },
  },

  CreateLogStream: {
    run: (cloud, params) => {
      const [group, name] = [groupOf(cloud, params), needed(params, "logStreamName")];
      if (group.streams.has(name))
        throw awsError("ResourceAlreadyExistsException", "The specified log stream already exists");
      group.streams.set(name, { name, created: cloud.now(), events: [] });
      return {};
    },
  },

  DescribeLogStreams: {
    run: (cloud, params) => {
      const group = groupOf(cloud, params);
      const prefix = text(params, "logStreamNamePrefix") ?? "";
      const last = ({ events, created }: LogStream) =>
        events.at(-1)?.timestamp ?? created.getTime();
      const found = [...group.streams.values()]
        .filter(({ name }) => name.startsWith(prefix))
        .sort((a, b) =>
          text(params, "orderBy") === "LastEventTime"
            ? last(a) - last(b)
            : a.name < b.name
              ? -1
              : 1,
        );
      const ordered = flag(params, "descending") ? found.toReversed() : found;
      const { items, next } = tokenPage(ordered, params, integer(params, "limit") ?? 50);
      return {
        logStreams: items.map((stream) => streamShape(cloud, group, stream)),
        nextToken: next,
      };
    },
  },

  PutLogEvents: {
    run: (cloud, params) => {
      const stream = streamOf(groupOf(cloud, params), params);
      const events = structures(params, "logEvents");
      if (events.length === 0) throw invalid("Log events are missing.");
      for (const event of events)
        append(cloud, stream, integer(event, "timestamp") ?? 0, text(event, "message") ?? "");
      return { nextSequenceToken: cloud.ids.hex(56) };
    },
  },

  /** The newest page first, unless `startFromHead`; a page's tokens lead both ways and never end, as in AWS. */
  GetLogEvents: {
    run: (cloud, params) => {
      const all = streamOf(groupOf(cloud, params), params).events.filter((event) =>
        inRange(params, event, false),
      );
      const size = integer(params, "limit") ?? 10_000;
      const [, way, at] = /^([fb])\/(\d+)$/.exec(text(params, "nextToken") ?? "") ?? [];
      const first = flag(params, "startFromHead") ? 0 : Math.max(0, all.length - size);
      const start =
        way === undefined ? first : way === "f" ? Number(at) : Math.max(0, Number(at) - size);
      const end = way === "b" ? Number(at) : Math.min(all.length, start + size);
      return {
        events: all.slice(start, end).map(({ timestamp, message, ingested }) => ({
          timestamp,
          message,
          ingestionTime: ingested,
        })),
        nextForwardToken: `f/${end}`,
        nextBackwardToken: `b/${start}`,
      };
    },
  },

  FilterLogEvents: {
    run: (cloud, params) => {
      const group = groupOf(cloud, params);
      const [names, prefix] = [
        texts(params, "logStreamNames"),
        text(params, "logStreamNamePrefix") ?? "",
      ];
      const matches = filterPattern(text(params, "filterPattern") ?? "");
      const found = [...group.streams.values()]
        .filter(
          ({ name }) => (names.length === 0 || names.includes(name)) && name.startsWith(prefix),
        )
        .flatMap(({ name, events }) => events.map((event) => ({ ...event, stream: name })))
        .filter((event) => inRange(params, event, true) && matches(event.message))
        .sort((a, b) => a.timestamp - b.timestamp);
      const { items, next } = tokenPage(found, params, integer(params, "limit") ?? 10_000);
      return {
        events: items.map(({ id, stream, timestamp, ingested, message }) => ({
          logStreamName: stream,
          timestamp,
          message,
          ingestionTime: ingested,
          eventId: id,
        })),
        searchedLogStreams: [],
        nextToken: next,
      };
    },
  },
};
