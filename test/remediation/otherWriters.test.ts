import { describe, expect, it } from "vitest";
import type { Actor, Trigger } from "../../lib/values/trigger.ts";
import { defaultPolicy } from "../../lib/values/policy.ts";
import type { Rule, Tags } from "../../lib/values/rule.ts";
import { remediate } from "../support/remediate.ts";
import { sameness } from "../../lib/messages/deduplication.ts";
import { message } from "../../lib/messages/message.ts";
import { application, group, instance, region, rule, tagged, target } from "../support/builders.ts";
import { cloud, fakeWorld } from "../support/fakeWorld.ts";

const terraform = "APN/1.0 HashiCorp/1.0 Terraform/1.9.0 (+https://www.terraform.io)";
const principal = "arn:aws:sts::111111111111:assumed-role/deploy/ci";

const call = (event: string, actor: Partial<Actor>): Trigger => ({
  event,
  eventId: "e-1",
  actor: { principal, ...actor },
  touched: [],
  rules: [],
});

const admission = rule("tcp 80 sg-lb", {
  description: "elb-only: admits site on tcp/80 from sg-lb",
  tags: { "elb-only:load-balancer": "site" },
});

async function outcomeOf(
  trigger: Trigger,
  rules: readonly (Rule | string)[] = [],
  tags: Tags = {},
) {
  const where = cloud(
    region({
      groups: [tagged(group("sg-web", ...rules), tags), group("sg-lb")],
      interfaces: [instance("i-a", ["sg-web"])],
      loadBalancers: [application("site", { groups: ["sg-lb"], targets: [target("i-a", 80)] })],
    }),
  );
  const policy = { ...defaultPolicy, defaultMode: "enforce" } as const;
  const [outcome] = await remediate(new Map([["sg-web", [trigger]]]), policy, fakeWorld(where));
  if (outcome === undefined) throw new Error("no outcome");
  const codes = outcome.findings.map(({ code }) => code);
  const pasted = outcome.findings.map(({ paste = "" }) => paste).join("\n");
  return { outcome, codes, pasted };
}

describe("an admission that had to be made again", () => {
  it.each<[string, Partial<Actor>, RegExp]>([
    ["Terraform", { userAgent: terraform }, /after Terraform, run by arn:.*deploy\/ci, had taken/],
    ["CloudFormation", { invokedBy: "cloudformation.amazonaws.com" }, /after CloudFormation/],
    ["a controller", { userAgent: "elbv2.k8s.aws/v2.8.0" }, /the AWS Load Balancer Controller/],
  ])("names the tool that had taken it away: %s", async (_, actor, text) => {
    const { outcome } = await outcomeOf(call("RevokeSecurityGroupIngress", actor));
    expect(outcome.result).toBe("changed");
    const [found, ...others] = outcome.findings;
    expect(found).toMatchObject({ code: "managed-elsewhere", severity: "medium" });
    expect(found?.text).toMatch(text);
    expect(others).toEqual([]);
  });

  it.each<[string, Trigger]>([
    ["a person revoked it", call("RevokeSecurityGroupIngress", { userAgent: "aws-cli/2.15.0" })],
    ["Terraform registered a target", call("RegisterTargets", { userAgent: terraform })],
  ])("names none where %s", async (_, trigger) => {
    expect((await outcomeOf(trigger)).codes).toEqual([]);
  });

  it("comes with what to write there, and the rule's id to import it by", async () => {
    const { outcome } = await outcomeOf(
      call("RevokeSecurityGroupIngress", { userAgent: terraform }),
    );
    const id = outcome.after[0]?.id;
    expect(outcome.findings[0]?.paste).toBe(
      [
        'resource "aws_vpc_security_group_ingress_rule" "elb_only_sg_web_tcp_80_sg_lb" {',
        '  security_group_id            = "sg-web"',
        '  referenced_security_group_id = "sg-lb"',
        '  ip_protocol                  = "tcp"',
        "  from_port                    = 80",
        "  to_port                      = 80",
        '  description                  = "elb-only: admits site on tcp/80 from sg-lb"',
        "}",
        `terraform import aws_vpc_security_group_ingress_rule.elb_only_sg_web_tcp_80_sg_lb ${id}`,
      ].join("\n"),
    );
    expect(message(outcome).text).toContain('\n        security_group_id            = "sg-web"\n');
  });

  it("is told once, however often it is taken away", async () => {
    const fight = await outcomeOf(call("RevokeSecurityGroupIngress", { userAgent: terraform }));
    const byHand = await outcomeOf(call("RevokeSecurityGroupIngress", {}));
    expect([sameness(fight.outcome).most, sameness(byHand.outcome).most]).toEqual([1, 3]);
  });
});

describe("excess of a stack", () => {
  it("comes with our admission as CloudFormation writes it", async () => {
    const { pasted } = await outcomeOf(call("AuthorizeSecurityGroupIngress", {}), [
      rule("tcp 80 0.0.0.0/0", { tags: { "aws:cloudformation:stack-name": "site" } }),
    ]);
    expect(pasted).toContain("  Type: AWS::EC2::SecurityGroupIngress\n");
    expect(pasted).toContain("    SourceSecurityGroupId: sg-lb\n");
    expect(pasted).toMatch(/# to import: {"Id": "sgr-new-\d+"}/);
  });
});

describe("a group whose owner takes our admissions over", () => {
  const adopted = { "elb-only:adopt": "" };
  const gone = rule("tcp 8080 sg-old", {
    description: "elb-only: admits old on tcp/8080 from sg-old",
    tags: { "elb-only:load-balancer": "old" },
  });
  const sweep = call("Sweep", {});

  it("keeps them, even those that no load balancer needs any more, with what to write", async () => {
    const { outcome, codes, pasted } = await outcomeOf(sweep, [admission, gone], adopted);
    expect([outcome.result, outcome.writes]).toEqual(["unchanged", 0]);
    expect(codes).toEqual(["handed-over", "handed-over"]);
    expect(pasted).toContain('referenced_security_group_id = "sg-lb"');
  });

  it("still has a missing one made: nobody is cut off", async () => {
    const { outcome } = await outcomeOf(sweep, [], adopted);
    expect(outcome.added).toMatchObject([{ fromPort: 80, source: { group: "sg-lb" } }]);
  });

  it("is no other group's matter", async () => {
    const { outcome, codes } = await outcomeOf(sweep, [admission, gone]);
    expect(outcome.removed).toMatchObject([{ fromPort: 8080 }]);
    expect(codes).not.toContain("handed-over");
  });
});
