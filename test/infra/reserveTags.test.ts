import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decided, type PolicyStatement } from "../support/iam.ts";

const file = join(import.meta.dirname, "../../infra/samples/reserve-tags.scp.json");
const text = readFileSync(file, "utf8");
const policy = JSON.parse(text) as {
  readonly Version: string;
  readonly Statement: readonly (PolicyStatement & { readonly Sid: string })[];
};

const role = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;
const alice = role("alice");
const admin = role("ADMIN_ROLE");
const enforce = role("elb-only-EnforceRole-1A2B3C");
const verify = role("elb-only-VerifyRole-4D5E6F");

/** What the policy says of tagging; no keys: a call that names none. */
function tagging(
  who: string,
  keys: readonly string[],
  {
    action = "ec2:CreateTags",
    resource = "security-group/sg-1",
    during = "",
  }: { readonly action?: string; readonly resource?: string; readonly during?: string } = {},
): string {
  return decided(policy.Statement, {
    action,
    resource: `arn:aws:ec2:eu-west-1:123456789012:${resource}`,
    principal: who,
    context: {
      "aws:PrincipalArn": who,
      ...(keys.length === 0 ? {} : { "aws:TagKeys": keys }),
      ...(during === "" ? {} : { "ec2:CreateAction": during }),
    },
  });
}

describe("the service control policy that reserves our tags", () => {
  it("is one that Organizations takes: 5,120 characters, and statements that only deny", () => {
    expect(text.length).toBeLessThanOrEqual(5120);
    expect(Object.keys(policy).sort()).toEqual(["Statement", "Version"]);
    expect(policy.Version).toBe("2012-10-17");
    for (const statement of policy.Statement) {
      expect(Object.keys(statement).sort()).toEqual([
        "Action",
        "Condition",
        "Effect",
        "Resource",
        "Sid",
      ]);
      expect(statement.Effect).toBe("Deny");
      expect(statement.Sid).toMatch(/^[A-Za-z0-9]+$/);
    }
  });

  it.each(["elb-only", "elb-only:keep", "elb-only:keep-until", "elb-only:allow", "elb-only:ports"])(
    "keeps people from setting and deleting %s, alone or among others",
    (key) => {
      for (const action of [
        "ec2:CreateTags",
        "ec2:DeleteTags",
        "elasticloadbalancing:AddTags",
        "elasticloadbalancing:RemoveTags",
        "elasticloadbalancing:CreateLoadBalancer",
      ])
        expect([action, tagging(alice, ["Name", key], { action })]).toEqual([action, "denied"]);
    },
  );

  it("keeps people from deleting all tags of a group or a rule at once, which names none", () => {
    const action = "ec2:DeleteTags";
    expect(tagging(alice, [], { action })).toBe("denied");
    expect(tagging(alice, [], { action, resource: "security-group-rule/sgr-1" })).toBe("denied");
    expect(tagging(alice, [], { action, resource: "instance/i-1" })).toBe("neither");
    expect(tagging(admin, [], { action })).toBe("neither");
  });

  it("leaves all other tags alone", () => {
    expect(tagging(alice, ["Name", "team"])).toBe("neither");
  });

  it("leaves the admins theirs, by the one role's name", () => {
    expect(tagging(admin, ["elb-only", "elb-only:keep"])).toBe("neither");
    expect(tagging(role("ADMIN_ROLE_2"), ["elb-only"])).toBe("denied");
    expect(text.match(/ADMIN_ROLE/g)).toHaveLength(2);
  });

  it("lets enforce tag rules as it makes them, and nothing else", () => {
    const keys = ["elb-only:load-balancer"];
    const resource = "security-group-rule/*";
    const during = "AuthorizeSecurityGroupIngress";
    expect(tagging(enforce, keys, { resource, during })).toBe("neither");
    expect(tagging(enforce, ["elb-only"])).toBe("denied");
  });

  it("lets verify set the canary tag, and no other", () => {
    const resource = "prefix-list/pl-1";
    expect(tagging(verify, ["elb-only:canary"], { resource })).toBe("neither");
    expect(tagging(verify, ["elb-only:canary", "elb-only"], { resource })).toBe("denied");
    expect(tagging(verify, ["elb-only:keep"])).toBe("denied");
    expect(tagging(alice, ["elb-only:canary"], { resource })).toBe("denied");
  });
});
