import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalRule } from "../../lib/values/rule.ts";
import type { Parsed } from "../../lib/values/trigger.ts";
import { families } from "../../lib/triggers/families.ts";
import { parseEvent } from "../../lib/triggers/parse.ts";
import { sample, sampleNames } from "./samples.ts";
import { touchedText } from "./touched-text.ts";

const identifiers =
  /^(group sg-|joined sg-|rule sgr-|instance i-|interface eni-|attachment eni-attach-|prefixList pl-|(loadBalancer|targetGroup) arn:)[\w:/-]+$|^classicLoadBalancer [\w-]+$|^address [\da-f.:%]+$|^groupName .|^(everything|detached)$/is;

/** A trigger that whoever looks can use, a reason, or the one error. */
function expectSound(event: unknown): void {
  let parsed: Parsed;
  try {
    parsed = parseEvent(event);
  } catch (error) {
    expect(error).toMatchObject({
      name: "UnreadableEvent",
      message: expect.stringMatching(/^Unreadable event: .+; found /s),
    });
    return;
  }
  if (parsed.kind === "notOurs") {
    expect(parsed.why).not.toBe("");
    return;
  }
  if (parsed.kind === "canary") return;
  if (parsed.kind === "check") {
    const { group, eventId, removed, healthy } = parsed.check;
    expect(group).toMatch(/^sg-[\w-]+$/);
    expect(healthy.length).toBeGreaterThan(0);
    for (const { interface: id, at, by } of healthy) {
      expect(id).toMatch(/^eni-[\w-]+$/);
      expect([at, by.name]).not.toContain("");
      expect(by.kind === "classicLoadBalancer" || Number.isFinite(by.port)).toBe(true);
    }
    for (const list of [removed, [eventId]])
      expect(list.length > 0 && !list.includes("")).toBe(true);
    return;
  }
  const { trigger } = parsed;
  expect(trigger.eventId).not.toBe("");
  expect(trigger.actor.principal).not.toBe("");
  if (parsed.unreadable !== undefined) {
    expect(parsed.unreadable).toMatch(/^Unreadable event: .+; found /s);
    expect(trigger.touched).toEqual([{ kind: "everything" }]);
  }
  expect(trigger.touched.length).toBeGreaterThan(0);
  for (const touched of trigger.touched) expect(touchedText(touched)).toMatch(identifiers);
  for (const rule of trigger.rules) {
    expect(canonicalRule(rule)).toEqual(rule);
    for (const port of [rule.fromPort, rule.toPort])
      expect(Number.isInteger(port) && port >= -1 && port <= 65535).toBe(true);
  }
}

/** What belongs in an event, in places where it may not belong. */
const scraps = fc.oneof(
  { weight: 2, arbitrary: fc.jsonValue() },
  fc.constantFrom(
    "sg-1",
    "sgr-1",
    "i-1",
    "0.0.0.0/0",
    "1/0",
    "::/129",
    "::ffff:1.2.3.4/96",
    "2012-06-01",
    "-1",
    "tcp",
    -1,
    65536,
    0.5,
    "__proto__",
    "elb-only",
  ),
  fc.constantFrom(
    { items: {} },
    { items: [null] },
    { items: [{ groupId: "sg-1" }] },
    { omitted: true },
    [{ key: "elb-only" }],
    ["elb-only"],
    {
      items: [[]],
    },
  ),
);

/** Every place in a value, as the keys that lead there. */
function places(value: unknown): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([key, member]) =>
      places(member).map((place) => [key, ...place]),
    ),
  ];
}

function put(value: unknown, [key, ...rest]: readonly string[], scrap: unknown): unknown {
  if (key === undefined || typeof value !== "object" || value === null) return scrap;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? [...value]
    : { ...value };
  return Object.assign(copy, { [key]: put((value as Record<string, unknown>)[key], rest, scrap) });
}

describe("parseEvent, whatever it is given", () => {
  it("makes sense of any JSON or says that it cannot", () => {
    fc.assert(fc.property(fc.jsonValue(), expectSound), { numRuns: 500 });
  });

  it("makes sense of any request of any call of ours or says that it cannot", () => {
    const calls = families.flatMap(({ service, calls: known }) =>
      [...known.keys()].map((eventName) => ({ source: `aws.${service}`, eventName })),
    );
    const part = fc.oneof(
      fc.dictionary(
        fc.constantFrom(
          "groupId",
          "ipPermissions",
          "loadBalancerName",
          "tagSet",
          "resourcesSet",
          "instances",
          "instancesSet",
          "networkInterface",
          "attachmentId",
          "AssociateSecurityGroupVpcRequest",
          "PrefixListId",
          "x",
        ),
        scraps,
      ),
      scraps,
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...calls),
        part,
        part,
        scraps,
        ({ source, eventName }, requestParameters, responseElements, userIdentity) => {
          const detail = {
            eventName,
            eventID: "e-1",
            requestParameters,
            responseElements,
            userIdentity,
          };
          expectSound({ source, "detail-type": "AWS API Call via CloudTrail", detail });
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("makes sense of a real shape with a part torn out or replaced, or says that it cannot", () => {
    const torn = fc.constantFrom(...sampleNames).chain((name) => {
      const event = sample(name);
      return fc
        .tuple(fc.constantFrom(...places(event)), fc.option(scraps, { nil: undefined }))
        .map(([place, scrap]) => put(event, place, scrap));
    });
    fc.assert(fc.property(torn, expectSound), { numRuns: 1500 });
  });
});
