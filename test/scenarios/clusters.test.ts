import { describe, expect, it } from "vitest";
import type { Tags } from "../../lib/values/rule.ts";
import { application, group, instance, region, tagged, target } from "../support/builders.ts";
import type { Region } from "../support/region.ts";
import { codes, frontDoor, frontGroup, outcomeOf, rules, settling } from "./scene.ts";

const nodeRules = [
  "tcp 443 sg-control",
  "tcp 8443 sg-control",
  "tcp 10250 sg-control",
  "tcp 8443 0.0.0.0/0",
];

/** A node of a cluster: a load balancer reaches a pod on 8443, and so do the webhooks' callers. */
const cluster = (tags: Tags): Region =>
  region({
    groups: [
      tagged(group("sg-web", ...nodeRules), tags),
      tagged(group("sg-control"), { KubernetesCluster: "demo" }),
      frontGroup,
    ],
    interfaces: [instance("i-a", ["sg-web"]), frontDoor],
    loadBalancers: [application("site", { groups: ["sg-lb"], targets: [target("i-a", 8443)] })],
  });

const before = [
  "tcp/10250 from sg-control",
  "tcp/443 from sg-control",
  "tcp/8443 from 0.0.0.0/0",
  "tcp/8443 from sg-control",
];

describe("a group that a Kubernetes cluster owns", () => {
  it.each(["kubernetes.io/cluster/demo", "KubernetesCluster", "aws:eks:cluster-name"])(
    "by the mark %s admits its load balancers, and nothing in it is closed",
    async (mark) => {
      const run = await settling(cluster({ [mark]: "demo" }));
      expect(rules(run)).toEqual([...before, "tcp/8443 from sg-lb"]);
      expect(outcomeOf(run).findings.find(({ code }) => code === "cluster-group")).toMatchObject({
        severity: "high",
        text: "Nothing in sg-web (web) is closed: it belongs to the cluster demo, which comes in by tcp/443 from sg-control, tcp/8443 from sg-control, tcp/10250 from sg-control.",
      });
      expect(outcomeOf(run).open?.map(({ because }) => because)).toContainEqual({
        kind: "admitOnly",
        obstacles: ["cluster-group"],
      });
    },
  );

  it("is closed where its own tag says enforce, and what the cluster loses is said", async () => {
    const run = await settling(cluster({ KubernetesCluster: "demo", "elb-only": "enforce" }));
    expect(rules(run)).toEqual([
      "tcp/10250 from sg-control",
      "tcp/443 from sg-control",
      "tcp/8443 from sg-lb",
    ]);
    expect(
      outcomeOf(run)
        .findings.filter(({ code }) => code === "cluster-group")
        .map(({ text }) => text),
    ).toEqual([
      "tcp/8443 from sg-control is a way in of the cluster demo itself, and is being closed on the ports that load balancers serve.",
    ]);
  });

  it("names no other cluster's group as its own", async () => {
    const run = await settling(cluster({ KubernetesCluster: "other" }));
    expect(codes(run)).toContain("cluster-group");
    expect(outcomeOf(run).findings.find(({ code }) => code === "cluster-group")?.text).toBe(
      "Nothing in sg-web (web) is closed: it belongs to the cluster other.",
    );
  });
});
