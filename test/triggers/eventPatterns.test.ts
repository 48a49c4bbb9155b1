import { describe, expect, it } from "vitest";
import { fieldsOf } from "../../lib/triggers/fields.ts";
import { families } from "../../lib/triggers/families.ts";
import { parseEvent } from "../../lib/triggers/parse.ts";
import { eventPatterns } from "../../lib/triggers/eventPatterns.ts";
import { sample, sampleNames } from "./samples.ts";
import { matches } from "../../sandbox/events/patterns.ts";

const patterns = eventPatterns(["arn:aws:iam::123456789012:role/elb-only-enforce"]);

const matching = (event: unknown, among = patterns): readonly string[] =>
  Object.entries(among)
    .filter(([, pattern]) => matches(pattern, event))
    .map(([name]) => name);

/** Which rule each call belongs to, whatever its variant. */
const ruleOf: Readonly<Record<string, string>> = {
  AuthorizeSecurityGroupIngress: "securityGroups",
  RevokeSecurityGroupIngress: "securityGroups",
  ModifySecurityGroupRules: "securityGroups",
  ModifyNetworkInterfaceAttribute: "networkInterfaces",
  ModifyInstanceAttribute: "networkInterfaces",
  AttachNetworkInterface: "networkInterfaces",
  CreateNetworkInterface: "networkInterfaces",
  DetachNetworkInterface: "networkInterfaces",
  DeleteNetworkInterface: "networkInterfaces",
  RunInstances: "networkInterfaces",
  TerminateInstances: "networkInterfaces",
  ModifyManagedPrefixList: "securityGroups",
  RestoreManagedPrefixListVersion: "securityGroups",
  AssociateSecurityGroupVpc: "securityGroups",
  DisassociateSecurityGroupVpc: "securityGroups",
  TagChange: "tagChanges",
  CreateTags: "tags",
  DeleteTags: "tags",
  RegisterInstancesWithLoadBalancer: "classicLoadBalancers",
  DeregisterInstancesFromLoadBalancer: "classicLoadBalancers",
  CreateLoadBalancerListeners: "classicLoadBalancers",
  DeleteLoadBalancerListeners: "classicLoadBalancers",
  ApplySecurityGroupsToLoadBalancer: "classicLoadBalancers",
  ConfigureHealthCheck: "classicLoadBalancers",
  CreateLoadBalancer: "loadBalancers",
  DeleteLoadBalancer: "loadBalancers",
  SetSecurityGroups: "loadBalancers",
  CreateListener: "loadBalancers",
  ModifyListener: "loadBalancers",
  DeleteListener: "loadBalancers",
  CreateRule: "loadBalancers",
  ModifyRule: "loadBalancers",
  DeleteRule: "loadBalancers",
  RegisterTargets: "targetGroups",
  DeregisterTargets: "targetGroups",
  CreateTargetGroup: "targetGroups",
  ModifyTargetGroup: "targetGroups",
  DeleteTargetGroup: "targetGroups",
  AddTags: "loadBalancerTags",
  RemoveTags: "loadBalancerTags",
};

/** Samples of those calls that no rule delivers. */
const undelivered = [
  "aws.ec2.AuthorizeSecurityGroupIngress.denied",
  "aws.ec2.AuthorizeSecurityGroupIngress.dry-run",
  "aws.ec2.AuthorizeSecurityGroupIngress.own-role",
  "aws.ec2.CreateTags.other-keys",
  "aws.elasticloadbalancing.AddTags.v2-other-keys",
  "aws.elasticloadbalancing.RemoveTags.v2-other-keys",
  "aws.tag.TagChange.other-keys",
];

/** Delivered, for a pattern cannot tell; the parser can. */
const deliveredInVain = [
  "aws.ec2.CreateTags.other-resource",
  "aws.ec2.ModifyInstanceAttribute.termination-protection",
  "aws.ec2.ModifyNetworkInterfaceAttribute.description",
  "aws.ec2.RunInstances.launch-template",
  "aws.elasticloadbalancing.AddTags.v2-target-group",
  "aws.tag.TagChange.instance-of-cluster",
];

describe("eventPatterns", () => {
  it.each(sampleNames)("delivers by one rule, or not at all: %s", (name) => {
    const rule = name.startsWith("aws.") ? ruleOf[name.split(".")[2] ?? ""] : undefined;
    expect(matching(sample(name))).toEqual(
      rule === undefined || undelivered.includes(name) ? [] : [rule],
    );
  });

  it("delivers what the parser makes a trigger of, and little else", () => {
    const isOurs = (name: string): boolean => parseEvent(sample(name)).kind === "trigger";
    const delivered = sampleNames.filter((name) => matching(sample(name)).length > 0);
    expect(delivered.filter((name) => !isOurs(name)).sort()).toEqual(deliveredInVain);
    const ours = sampleNames.filter((name) => isOurs(name) && !delivered.includes(name));
    expect(ours).toEqual([
      "aws.ec2.AuthorizeSecurityGroupIngress.own-role",
      "elb-only.drift",
      "elb-only.look",
    ]);
  });

  it("subscribes to the calls that the parser reads", () => {
    const read = families.flatMap(({ service, calls }) =>
      [...calls.keys()].map((call) => `aws.${service} ${call}`),
    );
    const { tagChanges: _, ...ofCalls } = patterns;
    const subscribed = Object.values(ofCalls).flatMap(({ source, detail }) =>
      [detail["eventName"]]
        .flat()
        .filter((call) => typeof call === "string")
        .map((call) => `${source.join()} ${call}`),
    );
    expect(subscribed.sort()).toEqual(read.sort());
  });

  it("asks the same of all families that share a rule", () => {
    const asked = Map.groupBy(families, ({ rule }) => rule);
    for (const some of asked.values())
      expect(
        new Set(some.map(({ service, narrowing }) => JSON.stringify([service, narrowing]))),
      ).toHaveProperty("size", 1);
  });

  it.each(["console", "root", "service"])("hears a caller without an assumed role: %s", (who) => {
    expect(matching(sample(`aws.ec2.AuthorizeSecurityGroupIngress.${who}`))).toEqual([
      "securityGroups",
    ]);
  });

  it("hears other roles, and every caller where no role is left out", () => {
    const own = sample("aws.ec2.AuthorizeSecurityGroupIngress.own-role");
    expect(matching(own, eventPatterns(["arn:aws:iam::123456789012:role/another"]))).toEqual([
      "securityGroups",
    ]);
    expect(matching(own, eventPatterns([]))).toEqual(["securityGroups"]);
    expect(
      matching(
        own,
        eventPatterns([
          "arn:aws:iam::123456789012:role/x",
          "arn:aws:iam::123456789012:role/elb-only-enforce",
        ]),
      ),
    ).toEqual([]);
  });

  it.each(["CreateTags", "DeleteTags", "AddTags", "RemoveTags"])(
    "delivers %s when its request was too large to be recorded",
    (call) => {
      const name = sampleNames.find((other) => other.split(".")[2] === call) ?? "";
      const event = fieldsOf(sample(name));
      for (const requestParameters of [
        null,
        { omitted: true, originalSize: 102401, reason: "requestParameters too large" },
      ]) {
        expect(
          matching({ ...event, detail: { ...fieldsOf(event["detail"]), requestParameters } }),
        ).toEqual([ruleOf[call]]);
      }
    },
  );

  it("fits EventBridge's limit of 2,048 characters with long role names", () => {
    const roles = ["enforce", "verify", "notify"].map(
      (role) => `arn:aws-us-gov:iam::123456789012:role/${role.padEnd(64, "x")}`,
    );
    for (const [name, pattern] of Object.entries(eventPatterns(roles)))
      expect([name, JSON.stringify(pattern).length <= 2048]).toEqual([name, true]);
  });
});
