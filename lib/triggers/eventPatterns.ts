import type { Family } from "./call.ts";
import { families } from "./families.ts";
import { tagChangePattern } from "./tagChanges.ts";
import { absent, type EventPattern, type PatternFields } from "./pattern.ts";

/**
 * The calls that wake the enforce function, by rule name: those that the parser reads. An event matches at most one. Only calls that succeeded, and none by
 * `ownRoleArns` (the roles' IAM ARNs).
 *
 * Two workers can meet on one group, and neither is woken by what the other writes: what one left half done is found by its own read-back,
 * by the queue's redelivery if it stopped, and by the scheduled sweep at the latest.
 */
export const eventPatterns = (
  ownRoleArns: readonly string[],
): Readonly<Record<string, EventPattern>> => ({
  ...Object.fromEntries(
    [...Map.groupBy(families, ({ rule }) => rule)].map(([rule, some]) => [
      rule,
      patternOf(some, ownRoleArns),
    ]),
  ),
  tagChanges: tagChangePattern,
});

function patternOf(some: readonly Family[], ownRoleArns: readonly string[]): EventPattern {
  const services = [...new Set(some.map(({ service }) => service))];
  const [narrowing] = some.map((family) => family.narrowing);
  return {
    source: services.map((service) => `aws.${service}`),
    "detail-type": ["AWS API Call via CloudTrail"],
    detail: {
      eventSource: services.map((service) => `${service}.amazonaws.com`),
      eventName: some.flatMap(({ calls }) => [...calls.keys()]),
      errorCode: [absent],
      ...notBy(ownRoleArns),
      ...(narrowing === undefined ? {} : { requestParameters: narrowing }),
    },
  };
}

/** `anything-but` alone does not match an event without the field, and so would leave out IAM users, root and services: the people it is for. */
function notBy(roleArns: readonly string[]): PatternFields {
  if (roleArns.length === 0) return {};
  return {
    userIdentity: {
      sessionContext: { sessionIssuer: { arn: [absent, { "anything-but": roleArns }] } },
    },
  };
}
