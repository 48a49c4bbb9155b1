import { describe, expect, it } from "vitest";
import { application, group, instance, region, target } from "../support/builders.ts";
import { codes, enforcing, frontDoor, frontGroup, rules, settling } from "./scene.ts";

/** A group that is attached to instances of two VPCs, each with ranges of its own; a load balancer serves the first. */
const twoVpcs = (...open: readonly string[]) =>
  region({
    groups: [group("sg-web", ...open.map((source) => `tcp 80 ${source}`)), frontGroup],
    interfaces: [
      instance("i-a", ["sg-web"]),
      { ...instance("i-b", ["sg-web"]), vpc: "vpc-2" },
      frontDoor,
    ],
    loadBalancers: [
      application("site", { groups: ["sg-lb"], targets: [target("i-a", 80)] }),
      application("far", { vpc: "vpc-2", groups: ["sg-far"], targets: [target("i-b", 81)] }),
    ],
    vpcRanges: new Map([
      ["vpc-1", ["11.1.0.0/16", "2600:1f00:1::/56"]],
      ["vpc-2", ["11.2.0.0/16", "2600:1f00:2::/56"]],
    ]),
  });

const own = ["11.1.7.0/24", "11.2.0.0/16", "2600:1f00:1::/56", "2600:1f00:2:0:1::/80"];

describe("where public addresses alone are closed", () => {
  it("the ranges of all VPCs in which a group is attached to interfaces are private", async () => {
    const run = await settling(twoVpcs(...own), { ...enforcing, close: "public" });
    expect(rules(run)).toEqual(
      [
        ...own.map((one) => `tcp/80 from ${one}`),
        "tcp/80 from sg-lb",
        "tcp/81 from sg-far",
      ].toSorted(),
    );
    expect(codes(run)).not.toContain("allowed-public");
  });

  it("a neighbour's range that holds more than the VPC is public, and so is another VPC's", async () => {
    const run = await settling(twoVpcs("11.0.0.0/8", "11.3.0.0/16", "2600:1f00:3::/56"), {
      ...enforcing,
      close: "public",
    });
    expect(rules(run)).toEqual(["tcp/80 from sg-lb", "tcp/81 from sg-far"]);
  });
});
