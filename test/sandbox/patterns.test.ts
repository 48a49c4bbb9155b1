import { describe, expect, it } from "vitest";
import { matches } from "../../sandbox/events/patterns.ts";
import type { Pattern } from "../../sandbox/state/events.ts";

const event = {
  source: "aws.ec2",
  detail: {
    eventName: "AuthorizeSecurityGroupIngress",
    port: 80,
    ok: true,
    nothing: null,
    none: [],
    userIdentity: {
      sessionContext: { sessionIssuer: { arn: "arn:aws:iam::123456789012:role/people" } },
    },
    tags: {
      items: [
        { key: "Name", value: "web" },
        { key: "elb-only", value: "audit" },
      ],
    },
    protocols: ["tcp", "udp"],
  },
};

describe("matches", () => {
  it.each<[string, Pattern]>([
    ["a value", { source: ["aws.ec2"] }],
    ["one of several values", { source: ["aws.elasticloadbalancing", "aws.ec2"] }],
    ["a nested value", { detail: { eventName: ["AuthorizeSecurityGroupIngress"] } }],
    ["numbers, booleans and null", { detail: { port: [80], ok: [true], nothing: [null] } }],
    ["a field that exists", { detail: { eventName: [{ exists: true }] } }],
    ["a field that does not exist", { detail: { errorCode: [{ exists: false }] } }],
    [
      "a field that does not exist because its parent does not",
      { detail: { responseElements: { code: [{ exists: false }] } } },
    ],
    [
      "a field that does not exist because its list is empty",
      { detail: { none: { key: [{ exists: false }] } } },
    ],
    [
      "an object, which is no value and so does not exist",
      { detail: { userIdentity: [{ exists: false }] } },
    ],
    ["a prefix", { detail: { eventName: [{ prefix: "Authorize" }] } }],
    [
      "a prefix in any case",
      { detail: { eventName: [{ prefix: { "equals-ignore-case": "AUTHORIZE" } }] } },
    ],
    ["a suffix", { detail: { eventName: [{ suffix: "Ingress" }] } }],
    ["any case", { source: [{ "equals-ignore-case": "AWS.EC2" }] }],
    ["a wildcard", { detail: { eventName: [{ wildcard: "*SecurityGroup*" }] } }],
    ["anything but a value", { source: [{ "anything-but": "aws.s3" }] }],
    ["anything but a list", { source: [{ "anything-but": ["aws.s3", "aws.sns"] }] }],
    ["anything but a prefix", { source: [{ "anything-but": { prefix: ["elb-", "custom"] } }] }],
    [
      "absent, or anything but ours",
      {
        detail: {
          userIdentity: {
            sessionContext: {
              sessionIssuer: { arn: [{ exists: false }, { "anything-but": ["arn:ours"] }] },
            },
          },
        },
      },
    ],
    ["a number in a range", { detail: { port: [{ numeric: [">=", 80, "<", 443] }] } }],
    ["any element of a list", { detail: { protocols: ["udp"] } }],
    ["any object of a list", { detail: { tags: { items: { key: [{ prefix: "elb-only" }] } } } }],
    [
      "one object of a list that has it all",
      { detail: { tags: { items: { key: ["elb-only"], value: ["audit"] } } } },
    ],
    ["one of several patterns", { $or: [{ source: ["aws.s3"] }, { detail: { port: [80] } }] }],
  ])("matches %s", (_, pattern) => expect(matches(pattern, event)).toBe(true));

  it.each<[string, Pattern]>([
    ["another value", { source: ["aws.s3"] }],
    ["a number as text", { detail: { port: ["80"] } }],
    [
      "if one of the fields does not",
      { source: ["aws.ec2"], detail: { eventName: ["RevokeSecurityGroupIngress"] } },
    ],
    ["a field that is missing", { detail: { errorCode: ["Client.Anything"] } }],
    [
      "a missing field by what it is not",
      { detail: { errorCode: [{ "anything-but": ["Client.Anything"] }] } },
    ],
    ["an object as a field that exists", { detail: { userIdentity: [{ exists: true }] } }],
    ["a field that exists as one that does not", { detail: { eventName: [{ exists: false }] } }],
    ["what it is not to be", { source: [{ "anything-but": ["aws.ec2"] }] }],
    ["what begins as it is not to", { source: [{ "anything-but": { prefix: "aws." } }] }],
    [
      "values of two objects of a list together",
      { detail: { tags: { items: { key: ["Name"], value: ["audit"] } } } },
    ],
    ["a number out of range", { detail: { port: [{ numeric: [">", 80] }] } }],
    ["a value under a plain value", { source: { name: ["aws.ec2"] } }],
    ["none of several patterns", { $or: [{ source: ["aws.s3"] }, { detail: { port: [81] } }] }],
  ])("does not match %s", (_, pattern) => expect(matches(pattern, event)).toBe(false));

  it("refuses operators that it does not know", () => {
    expect(() => matches({ source: [{ resembles: "aws" }] }, event)).toThrow('"resembles"');
    expect(() => matches({ source: "aws.ec2" }, event)).toThrow('"source"');
  });
});
