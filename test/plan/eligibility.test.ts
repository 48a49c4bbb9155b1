import type { Reach } from "../../lib/values/groupPlan.ts";
import { describe, expect, it } from "vitest";
import type { FindingCode } from "../../lib/values/finding.ts";
import type { Interface } from "../../lib/values/snapshot.ts";
import {
  application,
  classic,
  database,
  front,
  group,
  instance,
  otherAccount,
  secondary,
  tagged,
  target,
  task,
} from "../support/builders.ts";
import { codes, type Setting, eligibility } from "./planned.ts";

const alb = application("alb", {
  groups: ["sg-lb"],
  targets: [target("i-1", 80), target("10.0.0.2", 80)],
});
const served = instance("i-1", ["sg-web"]);

const setting = (attached: readonly Interface[], more: Setting = {}): Setting => ({
  groups: [group("sg-web"), group("sg-lb")],
  interfaces: [served, ...attached],
  loadBalancers: [alb],
  ...more,
});

const claimed = { groups: [tagged(group("sg-web"), { "elb-only": "enforce" }), group("sg-lb")] };

describe("standingOf: how far a group is taken", () => {
  it.each<[string, Setting, Reach, readonly FindingCode[]]>([
    ["attached to a served instance", setting([]), "govern", []],
    [
      "attached to served instances and tasks",
      setting([task("eni-t", ["sg-web"], "10.0.0.2")]),
      "govern",
      [],
    ],
    [
      "attached to a served instance's secondary interface",
      setting([secondary("i-1", ["sg-web"])]),
      "govern",
      [],
    ],
    [
      "attached to an unserved instance",
      setting([instance("i-lone", ["sg-web"])]),
      "admitOnly",
      ["unserved-interface"],
    ],
    [
      "attached to an unserved instance of a served one's Auto Scaling group",
      setting([instance("i-new", ["sg-web"], { autoScalingGroup: "asg" })], {
        interfaces: [
          instance("i-1", ["sg-web"], { autoScalingGroup: "asg" }),
          instance("i-new", ["sg-web"], { autoScalingGroup: "asg" }),
        ],
      }),
      "govern",
      [],
    ],
    [
      "attached to an unserved instance of another Auto Scaling group",
      setting([instance("i-new", ["sg-web"], { autoScalingGroup: "other" })]),
      "admitOnly",
      ["unserved-interface"],
    ],
    [
      "attached to a database",
      setting([database("eni-db", ["sg-web"], "10.0.0.9")]),
      "admitOnly",
      ["foreign-interface"],
    ],
    [
      "attached to a task that is not served",
      setting([task("eni-t", ["sg-web"], "10.0.0.9")]),
      "admitOnly",
      ["foreign-interface"],
    ],
    [
      "attached to a database that is registered as a target",
      setting([database("eni-db", ["sg-web"], "10.0.0.2")]),
      "admitOnly",
      ["not-a-back-end"],
    ],
    [
      "attached to a load balancer's interface",
      setting([front("eni-lb", ["sg-web"], "10.0.0.8")]),
      "admitOnly",
      ["shared-with-load-balancer"],
    ],
    [
      "attached to a load balancer of which no interface is seen",
      setting([], { loadBalancers: [alb, classic("other", { groups: ["sg-web"] })] }),
      "admitOnly",
      ["shared-with-load-balancer"],
    ],
    [
      "read in part, so that its mode is not known",
      setting([], { gaps: ["a page of DescribeInstances"] }),
      "handsOff",
      ["incomplete-picture"],
    ],
    [
      "read in part, and tagged",
      setting([], { ...claimed, gaps: ["a page of DescribeInstances"] }),
      "admitOnly",
      ["incomplete-picture"],
    ],
    [
      "with all of it at once",
      setting([
        instance("i-lone", ["sg-web"]),
        database("eni-db", ["sg-web"], "10.0.0.9"),
        front("eni-lb", ["sg-web"], "10.0.0.8"),
      ]),
      "admitOnly",
      ["foreign-interface", "shared-with-load-balancer", "unserved-interface"],
    ],
    [
      "tagged ignore",
      setting([], { groups: [tagged(group("sg-web"), { "elb-only": "ignore" }), group("sg-lb")] }),
      "handsOff",
      [],
    ],
    [
      "served by a load balancer tagged ignore, which decides nothing about the group",
      setting([], { loadBalancers: [tagged(alb, { "elb-only": "ignore" })] }),
      "govern",
      [],
    ],
    [
      "of another account",
      setting([], { groups: [{ ...group("sg-web"), owner: otherAccount }, group("sg-lb")] }),
      "handsOff",
      ["foreign-group"],
    ],
    [
      "an EKS cluster's",
      setting([], {
        groups: [tagged(group("sg-web"), { "aws:eks:cluster-name": "prod" }), group("sg-lb")],
      }),
      "admitOnly",
      ["cluster-group"],
    ],
    [
      "a Kubernetes cluster's",
      setting([], {
        groups: [
          tagged(group("sg-web"), { "kubernetes.io/cluster/prod": "owned" }),
          group("sg-lb"),
        ],
      }),
      "admitOnly",
      ["cluster-group"],
    ],
    [
      "a cluster's by the older mark",
      setting([], {
        groups: [tagged(group("sg-web"), { KubernetesCluster: "prod" }), group("sg-lb")],
      }),
      "admitOnly",
      ["cluster-group"],
    ],
    [
      "of a cluster that no load balancer serves",
      setting([], {
        groups: [tagged(group("sg-web"), { KubernetesCluster: "prod" }), group("sg-lb")],
        loadBalancers: [],
      }),
      "govern",
      [],
    ],
    [
      "the AWS Load Balancer Controller's",
      setting([], {
        groups: [tagged(group("sg-web"), { "elbv2.k8s.aws/cluster": "prod" }), group("sg-lb")],
      }),
      "handsOff",
      ["managed-group"],
    ],
    [
      "Firewall Manager's",
      setting([], {
        groups: [{ ...group("sg-web"), name: "FMManagedSecurityGroup1234" }, group("sg-lb")],
      }),
      "handsOff",
      ["managed-group"],
    ],
    ["served by nobody", setting([], { loadBalancers: [] }), "govern", []],
    [
      "served by nobody that was read",
      setting([], { loadBalancers: [], gaps: ["elasticloadbalancing:DescribeLoadBalancers"] }),
      "handsOff",
      ["incomplete-picture"],
    ],
  ])("%s", (_, given, reach, expected) => {
    const found = eligibility(given);
    expect(found.reach).toBe(reach);
    expect(codes(found)).toEqual(expected);
  });

  it.each<[string, Setting, Reach, readonly FindingCode[]]>([
    ["an unserved instance", setting([instance("i-lone", ["sg-web"])], claimed), "govern", []],
    ["a database", setting([database("eni-db", ["sg-web"], "10.0.0.9")], claimed), "govern", []],
    [
      "a database that is registered as a target",
      setting([database("eni-db", ["sg-web"], "10.0.0.2")], claimed),
      "govern",
      [],
    ],
    [
      "a cluster",
      setting([], {
        groups: [
          tagged(group("sg-web"), { "elb-only": "enforce", "aws:eks:cluster-name": "prod" }),
          group("sg-lb"),
        ],
      }),
      "govern",
      [],
    ],
    [
      "but not a load balancer",
      setting([front("eni-lb", ["sg-web"], "10.0.0.8")], claimed),
      "admitOnly",
      ["shared-with-load-balancer"],
    ],
    [
      "nor half a picture",
      setting([], { ...claimed, gaps: ["a page"] }),
      "admitOnly",
      ["incomplete-picture"],
    ],
    [
      "nor another account's ownership",
      setting([], {
        groups: [
          tagged({ ...group("sg-web"), owner: otherAccount }, { "elb-only": "enforce" }),
          group("sg-lb"),
        ],
      }),
      "handsOff",
      ["foreign-group"],
    ],
    [
      "nor a manager",
      setting([], {
        groups: [
          tagged(group("sg-web"), { "elb-only": "enforce", "elbv2.k8s.aws/cluster": "prod" }),
          group("sg-lb"),
        ],
      }),
      "handsOff",
      ["managed-group"],
    ],
  ])("its own tag elb-only=enforce overrides %s", (_, given, reach, expected) => {
    const found = eligibility(given);
    expect(found.reach).toBe(reach);
    expect(codes(found)).toEqual(expected);
  });

  it("takes enforce on a load balancer for no word of the group's owner", () => {
    expect(
      eligibility(
        setting([database("eni-db", ["sg-web"], "10.0.0.9")], {
          loadBalancers: [tagged(alb, { "elb-only": "enforce" })],
        }),
      ).reach,
    ).toBe("admitOnly");
  });

  it("judges a front door by what EC2 says of the interface: a person's description makes none", () => {
    const pretender: Interface = {
      id: "eni-x",
      groups: ["sg-web"],
      addresses: [],
      use: { kind: "other", what: "unattached interface" },
    };
    expect(codes(eligibility(setting([pretender])))).toEqual(["foreign-interface"]);
  });

  it("names those it stands back for, and counts the rest of many", () => {
    const lone = Array.from({ length: 7 }, (_, index) => instance(`i-lone${index}`, ["sg-web"]));
    const { findings } = eligibility(setting(lone));
    expect(findings[0]?.text).toBe(
      "Nothing in sg-web (web) is closed: it is also attached to i-lone0, i-lone1, i-lone2, i-lone3, i-lone4 and 2 more, which no load balancer serves.",
    );
  });
});
