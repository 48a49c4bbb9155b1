import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fieldsOf } from "../../lib/triggers/fields.ts";
import { parseEvent } from "../../lib/triggers/parse.ts";
import { eventPatterns } from "../../lib/triggers/eventPatterns.ts";
import { matches } from "../../sandbox/events/patterns.ts";
import { touchedText } from "./touched-text.ts";

// Real CloudTrail records that others published, kept beside the repository where they are at hand; they are not part of a clone.
const folder = new URL("../../../shared/cloudtrail/", import.meta.url);
const records = existsSync(folder)
  ? readdirSync(folder).filter((file) => file.endsWith(".json"))
  : [];
const patterns = eventPatterns(["arn:aws:iam::123456789012:role/elb-only-enforce"]);

/** What each is to us, and by which rule it is delivered. */
const expected: Readonly<
  Record<string, { readonly reads: readonly string[] | string; readonly rule?: string }>
> = {
  "ec2.AuthorizeSecurityGroupIngress.array-form.json": {
    reads: ["group sg-04cfb7a4712d75b00"],
    rule: "securityGroups",
  },
  "ec2.AuthorizeSecurityGroupIngress.denied.json": {
    reads: "AuthorizeSecurityGroupIngress failed",
  },
  "ec2.AuthorizeSecurityGroupIngress.flat-form.json": {
    reads: ["group sg-003dc7f1f1c686164"],
    rule: "securityGroups",
  },
  "ec2.CreateNetworkInterface.by-service.json": {
    reads: ["joined sg-0a1ae80d31d1e9c86"],
    rule: "networkInterfaces",
  },
  "ec2.CreateSecurityGroup.json": { reads: "CreateSecurityGroup changes nothing that we look at" },
  "ec2.DeleteSecurityGroup.json": { reads: "DeleteSecurityGroup changes nothing that we look at" },
  "ec2.ModifyInstanceAttribute.json": {
    reads: "ModifyInstanceAttribute did not change groups",
    rule: "networkInterfaces",
  },
  "ec2.RevokeSecurityGroupEgress.not-found.json": {
    reads: "RevokeSecurityGroupEgress changes nothing that we look at",
  },
  "ec2.RevokeSecurityGroupIngress.json": {
    reads: ["group sg-04cfb7a4712d75b00"],
    rule: "securityGroups",
  },
  "ec2.RunInstances.by-autoscaling.json": {
    reads: ["joined sg-bd2d87d9"],
    rule: "networkInterfaces",
  },
  "ec2.RunInstances.json": { reads: ["joined sg-06ac05dd4c4a2ecbd"], rule: "networkInterfaces" },
  "elasticloadbalancing.CreateLoadBalancer.classic.by-eks.json": {
    reads: ["classicLoadBalancer ae663f3f8eff243a69e06266cb319154"],
    rule: "loadBalancers",
  },
  "elasticloadbalancing.CreateLoadBalancer.v2.json": {
    reads: [
      "loadBalancer arn:aws:elasticloadbalancing:ap-northeast-1:999999999999:loadbalancer/net/TESTflontback/813270f8ee6fa76a",
    ],
    rule: "loadBalancers",
  },
  "elasticloadbalancing.CreateTargetGroup.json": {
    reads: [
      "targetGroup arn:aws:elasticloadbalancing:ap-northeast-1:999999999999:targetgroup/TESTfontback-tgt/297bf72439f1364c",
    ],
    rule: "targetGroups",
  },
  "elasticloadbalancing.DeleteLoadBalancer.v2.json": {
    reads: [
      "loadBalancer arn:aws:elasticloadbalancing:ap-northeast-1:999999999999:loadbalancer/net/TESTflontback/813270f8ee6fa76a",
      "detached",
    ],
    rule: "loadBalancers",
  },
  "elasticloadbalancing.RegisterInstancesWithLoadBalancer.json": {
    reads: ["classicLoadBalancer misconfiguration-maker", "instance i-abcd"],
    rule: "classicLoadBalancers",
  },
  "envelope.ec2.instance-state-change.json": {
    reads: "EC2 Instance State-change Notification from aws.ec2",
  },
  "envelope.elasticloadbalancing.AddTags.json": { reads: "none of the tags is ours" },
  "partial.ec2.ModifySecurityGroupRules.json": {
    reads: ["group sg-0123456789abcdef0"],
    rule: "securityGroups",
  },
  "partial.elasticloadbalancing.RegisterTargets.json": {
    reads: [
      "targetGroup arn:aws:elasticloadbalancing:ap-northeast-1:975049925458:targetgroup/raisetech-EC2-TG/c6547d6e78fba994",
      "instance i-02c2386650209d5e7",
    ],
    rule: "targetGroups",
  },
};

/** As EventBridge delivers it; `ec2.`, `elasticloadbalancing.` and `partial.` files hold a detail only, partial ones without what every record has. */
function delivered(file: string): unknown {
  const record = fieldsOf(JSON.parse(readFileSync(new URL(file, folder), "utf8")));
  if (file.startsWith("envelope.")) return record;
  const service = file.replace("partial.", "").split(".")[0] ?? "";
  const detail = { eventID: file, eventSource: `${service}.amazonaws.com`, ...record };
  return { source: `aws.${service}`, "detail-type": "AWS API Call via CloudTrail", detail };
}

describe("published records (not part of a clone; not run where they are not at hand)", () => {
  it.runIf(records.length > 0)("are all in the table here", () => {
    expect([...records].sort()).toEqual(Object.keys(expected).sort());
  });

  it.runIf(records.length > 0).each(Object.entries(expected))(
    "are read and delivered as they should be: %s",
    (file, { reads, rule }) => {
      const event = delivered(file);
      const parsed = parseEvent(event);
      expect(
        parsed.kind === "trigger"
          ? parsed.trigger.touched.map(touchedText)
          : parsed.kind === "notOurs" && parsed.why,
      ).toEqual(reads);
      expect(
        Object.keys(patterns).filter(
          (name) => patterns[name] !== undefined && matches(patterns[name], event),
        ),
      ).toEqual(rule === undefined ? [] : [rule]);
    },
  );
});
