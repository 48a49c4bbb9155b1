import { describe, expect, it } from "vitest";
import { admissionText } from "../../lib/values/ownAdmission.ts";
import { application, group, instance, region, rule, target } from "../support/builders.ts";
import { snapshotOf } from "../support/region.ts";
import { elbOnly, shopFolder } from "./scene.ts";

const standing = rule("tcp 80 sg-lb", {
  description: admissionText("alb", "tcp", { from: 80, to: 80 }, "sg-lb"),
  tags: { "elb-only:load-balancer": application("alb", { groups: [], targets: [] }).id },
});
const ours = { ...standing, id: "sgr-0a1b2c3d" };
const theirs = { ...rule("tcp 81 sg-lb", { description: "by hand" }), id: "sgr-theirs" };
const folder = () =>
  shopFolder([
    {
      region: "us-east-1",
      snapshot: snapshotOf(
        region({
          groups: [group("sg-web", ours, theirs, "tcp 22 10.0.0.0/8"), group("sg-lb")],
          interfaces: [instance("i-1", ["sg-web"])],
          loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] })],
        }),
        ["sg-web"],
      ),
    },
  ]);
const adopt = (...more: readonly string[]) =>
  elbOnly(["adopt", "--from", "snapshot.json", ...more], folder());

describe("elb-only adopt", () => {
  it("prints the rules of ours, and no others, as Terraform with the import", async () => {
    const { code, out, err } = await adopt("sg-web");
    expect(code).toBe(0);
    expect(out).toContain(
      'resource "aws_vpc_security_group_ingress_rule" "elb_only_sg_web_tcp_80_sg_lb" {',
    );
    expect(out).toContain(
      "terraform import aws_vpc_security_group_ingress_rule.elb_only_sg_web_tcp_80_sg_lb sgr-0a1b2c3d\n",
    );
    expect(out).not.toContain("sgr-theirs");
    expect(err).toMatch(
      /1 rule in 1 group\. Afterwards: aws ec2 create-tags --resources sg-web --tags Key=elb-only:adopt,Value=yes\n$/,
    );
  });

  it("prints them as CloudFormation, and as JSON, of all groups where none is named", async () => {
    expect((await adopt("--as", "cloudformation")).out).toContain(
      '# to import: {"Id": "sgr-0a1b2c3d"}',
    );
    expect(JSON.parse((await adopt("--json")).out)).toMatchObject({
      kind: "elb-only adopt",
      rules: [
        { account: "111111111111", region: "us-east-1", group: "sg-web", rule: "sgr-0a1b2c3d" },
      ],
    });
  });

  it("says so where there is nothing of ours, and where the group is none", async () => {
    const { code, out, err } = await elbOnly(["adopt", "--from", "snapshot.json"], shopFolder());
    expect({ code, out }).toEqual({ code: 0, out: "" });
    expect(err).toMatch(/elb-only made no rules there\.\n$/);
    const unknown = await adopt("sg-nowhere");
    expect(unknown.code).toBe(1);
    expect(unknown.err).toContain("sg-nowhere");
  });
});
