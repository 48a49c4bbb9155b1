import { describe, expect, it } from "vitest";
import { group, instance, rule } from "../support/builders.ts";
import { codes, frontDoor, frontGroup, outcomeOf, rules, settling, site } from "./scene.ts";

describe("the procedure of the Elastic Load Balancing guide (2012)", () => {
  it("adds the load balancer's source group, verifies it, and removes the less restrictive rules but SSH and RDP", async () => {
    const run = await settling(
      site("tcp 80 0.0.0.0/0", "tcp 22 0.0.0.0/0", "tcp 3389 203.0.113.0/24"),
    );
    expect(rules(run)).toEqual([
      "tcp/22 from 0.0.0.0/0",
      "tcp/3389 from 203.0.113.0/24",
      "tcp/80 from sg-lb",
    ]);
    expect(outcomeOf(run).proof.length).toBeGreaterThan(0);
    expect(outcomeOf(run).proof.every(({ holds }) => holds)).toBe(true);
  });

  it("keeps SSH and RDP that only an all-ports rule carries", async () => {
    const run = await settling(site("tcp 0-65535 0.0.0.0/0"));
    expect(rules(run)).toEqual([
      "tcp/0-79 from 0.0.0.0/0",
      "tcp/80 from sg-lb",
      "tcp/81-65535 from 0.0.0.0/0",
    ]);
  });

  it("reads a source by owner alias and group name, as of EC2-Classic: load balancers' own is left without a word", async () => {
    const run = await settling(site("tcp 80 amazon-elb/amazon-elb-sg", "tcp 80 0.0.0.0/0"));
    expect(rules(run)).toEqual(["tcp/80 from amazon-elb/amazon-elb-sg", "tcp/80 from sg-lb"]);
    expect(codes(run)).toEqual([]);
  });

  it("leaves another's source by owner and group name, since nobody can resolve it, and says so", async () => {
    const run = await settling(site("tcp 80 222222222222/partners", "tcp 80 sg-lb"));
    expect(rules(run)).toEqual(["tcp/80 from 222222222222/partners", "tcp/80 from sg-lb"]);
    expect(codes(run)).toEqual(["foreign-source"]);
  });

  it("reads a group without a VPC", async () => {
    const { vpc: _vpc, ...classicGroup } = group(
      "sg-classic",
      rule("tcp 80 amazon-elb/amazon-elb-sg"),
      "tcp 22 0.0.0.0/0",
    );
    const run = await settling({
      ...site(),
      groups: [classicGroup, group("sg-web"), frontGroup],
      interfaces: [instance("i-a", ["sg-web"]), frontDoor],
    });
    expect(rules(run, "sg-classic")).toEqual([
      "tcp/22 from 0.0.0.0/0",
      "tcp/80 from amazon-elb/amazon-elb-sg",
    ]);
    expect(outcomeOf(run, "sg-classic").result).toBe("unchanged");
  });
});
