import { describe, expect, it } from "vitest";
import { ruleText } from "../../lib/values/rule.ts";
import { families } from "../../lib/triggers/families.ts";
import { parseEvent } from "../../lib/triggers/parse.ts";
import { listedFiles, sample, sampleNames } from "./samples.ts";
import { touchedText } from "./touched-text.ts";

const group = "group sg-9cd8a3f4";
const classic = "classicLoadBalancer MyLoadBalancer";
const arn = (resource: string): string =>
  `arn:aws:elasticloadbalancing:us-east-1:123456789012:${resource}`;
const alb = `loadBalancer ${arn("loadbalancer/app/my-load-balancer/50dc6c495c0c9188")}`;
const targets = `targetGroup ${arn("targetgroup/my-targets/73e2d6bc24d8a067")}`;

type Expected =
  | { readonly check: string }
  | {
      readonly touched: readonly string[];
      readonly rules?: readonly string[];
      readonly leaving?: true;
    }
  | { readonly notOurs: string };

const expected: Readonly<Record<string, Expected>> = {
  "aws.ec2.AttachNetworkInterface": { touched: ["interface eni-06b7a305fe9519d03"] },
  "aws.ec2.AuthorizeSecurityGroupIngress": {
    touched: [group],
    rules: [
      "tcp/80 from 0.0.0.0/0",
      "tcp/80 from 203.0.113.0/24",
      "tcp/80 from ::/0",
      "tcp/80 from pl-63a5400a",
      "tcp/443 from sg-0a1b2c3d4e5f67890",
    ],
  },
  "aws.ec2.AuthorizeSecurityGroupIngress.all-traffic": {
    touched: [group],
    rules: ["all protocols from 0.0.0.0/0"],
  },
  "aws.ec2.AuthorizeSecurityGroupIngress.by-name": {
    touched: ["groupName web"],
    rules: ["tcp/80 from 0.0.0.0/0"],
  },
  "aws.ec2.AuthorizeSecurityGroupIngress.by-name-answered": {
    touched: [group],
    rules: ["tcp/80 from 0.0.0.0/0"],
  },
  "aws.ec2.AuthorizeSecurityGroupIngress.console": {
    touched: [group],
    rules: ["tcp/80 from 0.0.0.0/0"],
  },
  "aws.ec2.AuthorizeSecurityGroupIngress.denied": {
    notOurs: "AuthorizeSecurityGroupIngress failed",
  },
  "aws.ec2.AuthorizeSecurityGroupIngress.dry-run": {
    notOurs: "AuthorizeSecurityGroupIngress failed",
  },
  "aws.ec2.AuthorizeSecurityGroupIngress.flat-form": {
    touched: [group],
    rules: ["tcp/80 from 203.0.113.0/24"],
  },
  "aws.ec2.AuthorizeSecurityGroupIngress.null-request": { touched: ["everything"] },
  "aws.ec2.AuthorizeSecurityGroupIngress.own-role": {
    touched: [group],
    rules: ["tcp/80 from sg-0a1b2c3d4e5f67890"],
  },
  "aws.ec2.AuthorizeSecurityGroupIngress.root": {
    touched: [group],
    rules: ["tcp/80 from 0.0.0.0/0"],
  },
  "aws.ec2.AuthorizeSecurityGroupIngress.service": {
    touched: [group],
    rules: ["tcp/8080 from sg-0a1b2c3d4e5f67890"],
  },
  "aws.ec2.AuthorizeSecurityGroupIngress.source-group-by-name": {
    touched: [group],
    rules: ["tcp/80 from amazon-elb/amazon-elb-sg"],
  },
  "aws.ec2.AuthorizeSecurityGroupIngress.source-group-flat": {
    touched: ["groupName web"],
    rules: [
      "tcp/0-65535 from 123456789012/bastion",
      "udp/0-65535 from 123456789012/bastion",
      "icmp from 123456789012/bastion",
    ],
  },
  "aws.ec2.AuthorizeSecurityGroupIngress.too-large": { touched: ["everything"] },
  "aws.ec2.AssociateSecurityGroupVpc": { touched: [group] },
  "aws.ec2.CreateNetworkInterface": { touched: ["joined sg-9cd8a3f4"] },
  "aws.ec2.CreateTags": { touched: [group] },
  "aws.ec2.CreateTags.instance": { touched: ["instance i-f5ab7988", "instance i-fbab7986"] },
  "aws.ec2.CreateTags.other-keys": { notOurs: "none of the tags is ours" },
  "aws.ec2.CreateTags.other-resource": { notOurs: "tags of nothing that we read tags of" },
  "aws.ec2.CreateTags.managed": { touched: [group] },
  "aws.ec2.CreateTags.rule": { touched: ["rule sgr-00000000000000011"] },
  "aws.ec2.DeleteTags": { touched: [group] },
  "aws.ec2.DeleteTags.all": { touched: [group, "rule sgr-00000000000000011"] },
  "aws.ec2.DeleteNetworkInterface": {
    touched: ["interface eni-06b7a305fe9519d03"],
    leaving: true,
  },
  "aws.ec2.DetachNetworkInterface": {
    touched: ["attachment eni-attach-02aca13293a6fe1b9"],
    leaving: true,
  },
  "aws.ec2.DisassociateSecurityGroupVpc": { touched: [group] },
  "aws.ec2.ModifyInstanceAttribute": { touched: ["instance i-f5ab7988", group] },
  "aws.ec2.ModifyInstanceAttribute.termination-protection": {
    notOurs: "ModifyInstanceAttribute did not change groups",
  },
  "aws.ec2.ModifyManagedPrefixList": { touched: ["prefixList pl-63a5400a"] },
  "aws.ec2.ModifyNetworkInterfaceAttribute": {
    touched: ["interface eni-06b7a305fe9519d03", group, "group sg-0a1b2c3d4e5f67890"],
  },
  "aws.ec2.ModifyNetworkInterfaceAttribute.description": {
    notOurs: "ModifyNetworkInterfaceAttribute did not change groups",
  },
  "aws.ec2.ModifySecurityGroupRules": { touched: [group], rules: ["tcp/20-90 from 0.0.0.0/0"] },
  "aws.ec2.ModifySecurityGroupRules.several": {
    touched: [group],
    rules: [
      "tcp/80 from ::/0",
      "tcp/80-81 from sg-0a1b2c3d4e5f67890",
      "all protocols from pl-63a5400a",
    ],
  },
  "aws.ec2.RestoreManagedPrefixListVersion": { touched: ["prefixList pl-63a5400a"] },
  "aws.ec2.RevokeSecurityGroupIngress": { touched: [group] },
  "aws.ec2.RevokeSecurityGroupIngress.by-rule-id": {
    touched: [group],
    rules: ["tcp/80 from 0.0.0.0/0"],
  },
  "aws.ec2.RevokeSecurityGroupIngress.by-rule-id-alone": {
    touched: ["rule sgr-00000000000000011"],
  },
  "aws.ec2.RunInstances": { touched: ["joined sg-9cd8a3f4", "joined sg-0a1b2c3d4e5f67890"] },
  "aws.ec2.RunInstances.fleet": { touched: ["joined sg-9cd8a3f4"] },
  "aws.ec2.RunInstances.launch-template": {
    notOurs: "RunInstances does not say which groups it concerns",
  },
  "aws.ec2.TerminateInstances": {
    touched: ["instance i-f5ab7988", "instance i-fbab7986"],
    leaving: true,
  },
  "aws.ec2.UpdateSecurityGroupRuleDescriptionsIngress": {
    notOurs: "UpdateSecurityGroupRuleDescriptionsIngress changes nothing that we look at",
  },
  "aws.ec2.instance-state-change": {
    notOurs: "EC2 Instance State-change Notification from aws.ec2",
  },
  "aws.elasticloadbalancing.AddTags.classic": { touched: [classic] },
  "aws.elasticloadbalancing.AddTags.v2": { touched: [alb] },
  "aws.elasticloadbalancing.AddTags.v2-other-keys": { notOurs: "none of the tags is ours" },
  "aws.elasticloadbalancing.AddTags.v2-target-group": {
    notOurs: "tags of nothing that we read tags of",
  },
  "aws.elasticloadbalancing.ApplySecurityGroupsToLoadBalancer": { touched: [classic] },
  "aws.elasticloadbalancing.ConfigureHealthCheck": { touched: [classic] },
  "aws.elasticloadbalancing.CreateListener": { touched: [alb] },
  "aws.elasticloadbalancing.CreateLoadBalancer.classic": { touched: [classic] },
  "aws.elasticloadbalancing.CreateLoadBalancer.v2": { touched: [alb] },
  "aws.elasticloadbalancing.CreateLoadBalancer.v2-response-too-large": { touched: ["everything"] },
  "aws.elasticloadbalancing.CreateLoadBalancer.v2-without-version": {
    touched: [`loadBalancer ${arn("loadbalancer/net/my-network-load-balancer/5d1b75f4f1cee11e")}`],
  },
  "aws.elasticloadbalancing.CreateLoadBalancerListeners": { touched: [classic] },
  "aws.elasticloadbalancing.CreateRule": { touched: [alb] },
  "aws.elasticloadbalancing.CreateTargetGroup": { touched: [targets] },
  "aws.elasticloadbalancing.DeleteListener": { touched: [alb, "detached"] },
  "aws.elasticloadbalancing.DeleteListener.network-govcloud": {
    touched: [
      "loadBalancer arn:aws-us-gov:elasticloadbalancing:us-gov-west-1:123456789012:loadbalancer/net/my-network-load-balancer/5d1b75f4f1cee11e",
      "detached",
    ],
  },
  "aws.elasticloadbalancing.DeleteLoadBalancer.classic": { touched: [classic] },
  "aws.elasticloadbalancing.DeleteLoadBalancer.classic-without-version": { touched: [classic] },
  "aws.elasticloadbalancing.DeleteLoadBalancer.v2": { touched: [alb, "detached"] },
  "aws.elasticloadbalancing.DeleteLoadBalancerListeners": { touched: [classic] },
  "aws.elasticloadbalancing.DeleteRule": { touched: [alb, "detached"] },
  "aws.elasticloadbalancing.DeleteTargetGroup": { touched: [targets] },
  "aws.elasticloadbalancing.DeregisterInstancesFromLoadBalancer": {
    touched: [classic, "instance i-fbab7986"],
  },
  "aws.elasticloadbalancing.DeregisterTargets": { touched: [targets, "instance i-fbab7986"] },
  "aws.elasticloadbalancing.DescribeTargetHealth": {
    notOurs: "DescribeTargetHealth changes nothing that we look at",
  },
  "aws.elasticloadbalancing.ModifyListener": { touched: [alb, "detached"] },
  "aws.elasticloadbalancing.ModifyRule": { touched: [alb, "detached"] },
  "aws.elasticloadbalancing.ModifyTargetGroup": { touched: [targets] },
  "aws.elasticloadbalancing.RegisterInstancesWithLoadBalancer": {
    touched: [classic, "instance i-f5ab7988", "instance i-fbab7986"],
  },
  "aws.elasticloadbalancing.RegisterInstancesWithLoadBalancer.autoscaling": {
    touched: [classic, "instance i-f5ab7988"],
  },
  "aws.elasticloadbalancing.RegisterTargets": {
    touched: [targets, "instance i-f5ab7988", "instance i-fbab7986"],
  },
  "aws.elasticloadbalancing.RegisterTargets.addresses": {
    touched: [targets, "address 10.0.1.10", "address 2001:db8::10", "address 10.1.1.10"],
  },
  "aws.elasticloadbalancing.RemoveTags.classic": { touched: [classic] },
  "aws.elasticloadbalancing.RemoveTags.v2": { touched: [alb] },
  "aws.elasticloadbalancing.RemoveTags.v2-other-keys": { notOurs: "none of the tags is ours" },
  "aws.elasticloadbalancing.SetSecurityGroups": { touched: [alb] },
  "aws.tag.TagChange.classic": { touched: [classic] },
  "aws.tag.TagChange.group": { touched: [group] },
  "aws.tag.TagChange.instance-of-cluster": { notOurs: "tags of nothing that we read tags of" },
  "aws.tag.TagChange.load-balancer": { touched: [alb] },
  "aws.tag.TagChange.managed-group": { touched: [group] },
  "aws.tag.TagChange.other-keys": { notOurs: "none of the tags is ours" },
  "aws.tag.TagChange.rule": { touched: ["rule sgr-00000000000000011"] },
  "elb-only.check": { check: "sg-9cd8a3f4" },
  "elb-only.drift": { touched: [group, "group sg-0a1b2c3d4e5f67890"] },
  "elb-only.look": { touched: [group] },
  "elb-only.outcome": { notOurs: "elb-only outcome from elb-only" },
};

function outcome(name: string): Expected {
  const parsed = parseEvent(sample(name));
  if (parsed.kind === "notOurs") return { notOurs: parsed.why };
  if (parsed.kind === "canary") throw new Error(`${name} is no canary.`);
  if (parsed.kind === "check") return { check: parsed.check.group };
  expect(parsed).not.toHaveProperty("unreadable");
  const { touched, rules, leaving } = parsed.trigger;
  return {
    ...(leaving === undefined ? {} : { leaving }),
    touched: touched.map(touchedText),
    ...(rules.length > 0 ? { rules: rules.map(ruleText) } : {}),
  };
}

describe("events/", () => {
  it("lists every sample in its README, and nothing else", () => {
    expect([...listedFiles].sort()).toEqual(sampleNames.map((name) => `${name}.json`).sort());
  });

  it("has a sample of every call that wakes us", () => {
    const wanted = families.flatMap(({ service, calls }) =>
      [...calls.keys()].map((event) => `aws.${service}.${event}`),
    );
    expect(
      wanted.filter(
        (event) => !sampleNames.some((name) => name === event || name.startsWith(`${event}.`)),
      ),
    ).toEqual([]);
  });

  it("is covered by the table here", () => {
    expect(Object.keys(expected).sort()).toEqual([...sampleNames].sort());
  });
});

describe("parseEvent", () => {
  it.each(Object.entries(expected))("reads %s", (name, want) => {
    expect(outcome(name)).toEqual(want);
  });
});
