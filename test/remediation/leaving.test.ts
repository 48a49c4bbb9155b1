import { describe, expect, it } from "vitest";
import { leavingFrom } from "../../lib/remediation/leaving.ts";
import { admissionText } from "../../lib/values/ownAdmission.ts";
import { ruleText } from "../../lib/values/rule.ts";
import { application, group, instance, region, rule, target } from "../support/builders.ts";
import { snapshotOf } from "../support/region.ts";

const alb = application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] });
const ours = rule("tcp 80 sg-lb", {
  description: admissionText("alb", "tcp", { from: 80, to: 80 }, "sg-lb"),
  tags: { "elb-only:load-balancer": alb.id },
});

const leaving = (a: readonly (typeof ours)[], b: readonly (typeof ours)[]) =>
  leavingFrom(
    snapshotOf(
      region({
        groups: [group("sg-a", ...a), group("sg-b", ...b), group("sg-lb")],
        interfaces: [instance("i-1", ["sg-a", "sg-b"])],
        loadBalancers: [alb],
      }),
      ["sg-a", "sg-b"],
    ),
  ).map(({ group: id, free, needed }) => [
    id,
    free.map(ruleText),
    needed.map((one) => one.loadBalancer),
  ]);

describe("leavingFrom", () => {
  it("keeps a load balancer's only way in", () => {
    expect(leaving([ours], [])).toEqual([["sg-a", [], ["alb"]]]);
  });

  it("lets go what another rule, in whichever group, does as well", () => {
    expect(leaving([ours], [rule("tcp 79-81 sg-lb")])).toEqual([
      ["sg-a", ["tcp/80 from sg-lb"], []],
    ]);
  });

  it("keeps one of two that stand for each other", () => {
    expect(leaving([ours], [ours])).toEqual([
      ["sg-a", ["tcp/80 from sg-lb"], []],
      ["sg-b", [], ["alb"]],
    ]);
  });

  it("is nothing to rules that are not ours", () => {
    expect(leaving([rule("tcp 80 sg-lb")], [])).toEqual([]);
  });
});
