import type { Cloud } from "../state/cloud.ts";
import { account, service as serviceCaller } from "../identities.ts";
import type { Caller } from "../state/sts.ts";
import { put } from "../events/bus.ts";
import { wholeSeconds } from "../events/events.ts";
import type { Consequence } from "../operation.ts";
import { isList, isTree, type Tree, type Value } from "../wire/tree.ts";

/** What CloudTrail knows of a call that changed something, or tried to. */
export interface Recorded {
  readonly service: "ec2" | "elasticloadbalancing" | "cloudtrail" | "events";
  readonly apiVersion?: string;
  readonly action: string;
  readonly caller: Caller;
  readonly userAgent: string;
  readonly requestId: string;
  readonly at: Date;
  readonly request: Tree;
  readonly result:
    | { readonly answer: Tree }
    | { readonly errorCode: string; readonly errorMessage: string };
}

/** Keeps the call in the event history, and puts it on the bus as EventBridge gets it, if the trail was logging. */
export function record(cloud: Cloud, call: Recorded, isLogging = cloud.trail.logging): void {
  const time = wholeSeconds(call.at);
  const shown = detail(cloud, call, time);
  cloud.history.push({
    id: String(shown["eventID"]),
    name: call.action,
    source: String(shown["eventSource"]),
    at: call.at,
    user: call.caller.name,
    accessKey: call.caller.accessKey,
    record: shown,
  });
  if (!isLogging) return;
  put(cloud.bus, {
    version: "0",
    id: cloud.ids.uuid(),
    "detail-type": "AWS API Call via CloudTrail",
    source: `aws.${call.service}`,
    account,
    time,
    region: cloud.region,
    resources: [],
    detail: shown,
  });
}

function detail(
  cloud: Cloud,
  call: Recorded,
  eventTime: string,
): Readonly<Record<string, unknown>> {
  const { result } = call;
  return JSON.parse(
    JSON.stringify({
      eventVersion: "1.09",
      userIdentity: call.caller.userIdentity,
      eventTime,
      eventSource: `${call.service}.amazonaws.com`,
      eventName: call.action,
      awsRegion: cloud.region,
      sourceIPAddress: call.caller.sourceAddress,
      userAgent: call.userAgent,
      ...("answer" in result ? {} : result),
      requestParameters: call.request,
      responseElements: "answer" in result ? responseOf(call, result.answer) : null,
      requestID: call.requestId,
      eventID: cloud.ids.uuid(),
      readOnly: false,
      eventType: "AwsApiCall",
      apiVersion: call.apiVersion,
      managementEvent: true,
      recipientAccountId: account,
      eventCategory: "Management",
    }),
  ) as Record<string, unknown>;
}

/** Calls that a service made for itself. */
export function recordConsequence(
  cloud: Cloud,
  { by, action, request, answer }: Consequence,
  at: Date,
): void {
  record(cloud, {
    service: "ec2",
    action,
    caller: serviceCaller(by, "AWSServiceRoleForElasticLoadBalancing"),
    userAgent: by,
    requestId: cloud.ids.uuid(),
    at,
    request,
    result: { answer },
  });
}

function responseOf(call: Recorded, answer: Tree): unknown {
  if (call.service !== "ec2") return Object.keys(answer).length === 0 ? null : elbShown(answer);
  if (`${call.action}Request` in call.request) {
    return {
      [`${call.action}Response`]: {
        xmlns: "http://ec2.amazonaws.com/doc/2016-11-15/",
        requestId: call.requestId,
        ...answer,
      },
    };
  }
  const { return: done, ...rest } = answer;
  return {
    requestId: call.requestId,
    ...(done === undefined ? {} : { _return: done }),
    ...(ec2Shown(rest) as object),
  };
}

/** EC2's lists are `{items: [...]}`, empty ones `{}`, and of private addresses `{item: [...]}`; times are milliseconds. */
function ec2Shown(value: Value, name = ""): unknown {
  if (value instanceof Date) return value.getTime();
  if (isList(value))
    return value.length === 0
      ? {}
      : {
          [name === "privateIpAddressesSet" ? "item" : "items"]: value.map((entry) =>
            ec2Shown(entry),
          ),
        };
  return isTree(value)
    ? Object.fromEntries(
        Object.entries(value).map(([name, entry]) => [name, ec2Shown(entry, name)]),
      )
    : value;
}

const elbTime = new Intl.DateTimeFormat("en-US", {
  dateStyle: "medium",
  timeStyle: "medium",
  timeZone: "UTC",
});

/** ELB's lists are plain, names in lower camel case, times like "Mar 17, 2021 8:37:10 AM". */
function elbShown(value: Value): unknown {
  if (value instanceof Date)
    return elbTime
      .format(value)
      .replace(/,( \d+:)/, "$1")
      .replaceAll("\u202f", " ");
  if (isList(value)) return value.map(elbShown);
  if (!isTree(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      elbShown(entry),
    ]),
  );
}
