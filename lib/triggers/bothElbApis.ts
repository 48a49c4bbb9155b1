import type { Touched } from "../values/trigger.ts";
import { notOurs, touches, type Call, type Family, type Reading } from "./call.ts";
import { classicLoadBalancer } from "./classicLoadBalancers.ts";
import { fieldsOf, listOf } from "./fields.ts";
import { identifier, is, loadBalancerArn, loadBalancerName } from "./identifiers.ts";
import { createdLoadBalancer, deletedLoadBalancer } from "./loadBalancers.ts";
import { namesOwnTag, ownKeys } from "./marks.ts";
import { unreadable } from "./unreadable.ts";

/** The names that the Classic and the second ELB API share, under one event source. */
export const bothElbApis: Family = {
  rule: "loadBalancers",
  service: "elasticloadbalancing",
  calls: new Map([
    [
      "CreateLoadBalancer",
      (call: Call) => (isClassic(call) ? classicLoadBalancer(call) : createdLoadBalancer(call)),
    ],
    [
      "DeleteLoadBalancer",
      (call: Call) => (isClassic(call) ? classicLoadBalancer(call) : deletedLoadBalancer(call)),
    ],
  ]),
};

/** Tags of load balancers: both APIs' calls, too. */
export const loadBalancerTags: Family = {
  rule: "loadBalancerTags",
  service: "elasticloadbalancing",
  calls: new Map([
    ["AddTags", tagged],
    ["RemoveTags", tagged],
  ]),
  // Keys are in `tags`, or in `tagKeys` where the second API removes them: never in both.
  narrowing: { tags: { key: ownKeys }, tagKeys: ownKeys },
};

/** Told by the API's version; where an event has none, by what each API alone calls its load balancers. */
function isClassic(call: Call): boolean {
  if (call.apiVersion === "2012-06-01") return true;
  if (call.apiVersion === "2015-12-01") return false;
  if (["loadBalancerName", "loadBalancerNames"].some((field) => Object.hasOwn(call.request, field)))
    return true;
  if (
    ["name", "loadBalancerArn", "resourceArns"].some((field) => Object.hasOwn(call.request, field))
  )
    return false;
  throw unreadable(
    `${call.event} must name a load balancer (loadBalancerName, name, loadBalancerArn)`,
    undefined,
  );
}

/** Load balancers' tags carry a mode. Keys are in `tags` (`{ key }`), or in `tagKeys` where the second API removes them. */
function tagged(call: Call): Reading {
  const field = isClassic(call) ? "loadBalancerNames" : "resourceArns";
  const resources = listOf(call.request[field]);
  if (resources.length === 0)
    throw unreadable(
      `requestParameters.${field} of ${call.event} must list what was tagged`,
      call.request[field],
    );
  const keys = [
    ...listOf(call.request["tags"]).map((tag) => fieldsOf(tag)["key"]),
    ...listOf(call.request["tagKeys"]),
  ];
  if (!namesOwnTag(keys)) return notOurs("none of the tags is ours");
  const touched: readonly Touched[] = isClassic(call)
    ? resources.map((name) => ({
        kind: "classicLoadBalancer",
        name: identifier(loadBalancerName, name, `requestParameters.${field} of ${call.event}`),
      }))
    : resources
        .filter((arn) => is(loadBalancerArn, arn))
        .map((arn) => ({ kind: "loadBalancer", arn }));
  return touched.length > 0 ? touches(touched) : notOurs("tags of nothing that we read tags of");
}
