import { describe, expect, it } from "vitest";
import type { Trigger } from "../../lib/values/trigger.ts";
import type { Fields } from "../../lib/triggers/fields.ts";
import { fieldsOf } from "../../lib/triggers/fields.ts";
import { parseEvent } from "../../lib/triggers/parse.ts";
import { sample } from "./samples.ts";
import { touchedText } from "./touched-text.ts";

const authorize = "aws.ec2.AuthorizeSecurityGroupIngress";

/** A sample with some fields of its detail put in place of its own. */
function changed(name: string, detail: Fields): unknown {
  const event = fieldsOf(sample(name));
  return { ...event, detail: { ...fieldsOf(event["detail"]), ...detail } };
}

function triggerOf(event: unknown): Trigger {
  const parsed = parseEvent(event);
  if (parsed.kind !== "trigger")
    throw new Error(`no trigger: ${parsed.kind === "notOurs" ? parsed.why : parsed.kind}`);
  return parsed.trigger;
}

const call = (eventName: string, requestParameters: unknown, more: Fields = {}): unknown => ({
  source: /SecurityGroup|Attribute|CreateTags|Instances$|NetworkInterface|PrefixList/.test(
    eventName,
  )
    ? "aws.ec2"
    : "aws.elasticloadbalancing",
  "detail-type": "AWS API Call via CloudTrail",
  detail: { eventName, eventID: "e-1", requestParameters, ...more },
});

describe("parseEvent", () => {
  it("knows the canary by its tag, on what nobody tags otherwise", () => {
    const tagged = (resourceId: string, ...keys: readonly string[]) =>
      parseEvent(
        call(
          "CreateTags",
          {
            resourcesSet: { items: [{ resourceId }] },
            tagSet: { items: keys.map((key) => ({ key, value: "2026-11-22T10:00:00.000Z" })) },
          },
          { eventTime: "2026-11-22T10:00:01Z" },
        ),
      );
    expect(tagged("pl-0123456789abcdef0", "elb-only:canary")).toEqual({
      kind: "canary",
      at: "2026-11-22T10:00:01Z",
    });
    expect(tagged("pl-0123456789abcdef0", "elb-only").kind).toBe("notOurs");
    expect(tagged("sg-0123456789abcdef0", "elb-only:canary").kind).toBe("trigger");
  });

  it("says which call it was and when, so that one delivered twice is known", () => {
    const { event, eventId, at } = triggerOf(sample("aws.ec2.RevokeSecurityGroupIngress"));
    expect({ event, eventId, at }).toEqual({
      event: "RevokeSecurityGroupIngress",
      eventId: fieldsOf(fieldsOf(sample("aws.ec2.RevokeSecurityGroupIngress"))["detail"])[
        "eventID"
      ],
      at: fieldsOf(fieldsOf(sample("aws.ec2.RevokeSecurityGroupIngress"))["detail"])["eventTime"],
    });
  });

  it.each([undefined, null, 5, "yesterday", "2026-13-45T99:00:00Z"])(
    "does without a time that is %s",
    (eventTime) => {
      expect(triggerOf(changed(authorize, { eventTime }))).not.toHaveProperty("at");
    },
  );

  it("takes a drift message for a sweep of which nobody can say when it arose or by whom", () => {
    expect(triggerOf(sample("elb-only.drift"))).toEqual({
      event: "Sweep",
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      actor: { principal: "elb-only" },
      touched: [
        { kind: "group", group: "sg-9cd8a3f4" },
        { kind: "group", group: "sg-0a1b2c3d4e5f67890" },
      ],
      rules: [],
    });
  });

  it("reads a check message as it was sent", () => {
    const event = sample("elb-only.check");
    expect(parseEvent(event)).toEqual({ kind: "check", check: fieldsOf(event)["detail"] });
  });

  it("takes a check message from anybody else for none of ours", () => {
    expect(parseEvent({ ...fieldsOf(sample("elb-only.check")), source: "shop" })).toEqual({
      kind: "notOurs",
      why: "elb-only check from shop",
    });
  });

  it("gives authorized rules with EC2's ids, owners and descriptions", () => {
    const { rules } = triggerOf(sample(authorize));
    expect(rules[0]).toEqual({
      id: "sgr-00000000000000011",
      protocol: "tcp",
      fromPort: 80,
      toPort: 80,
      source: { kind: "ipv4", cidr: "0.0.0.0/0" },
      description: "everyone",
      tags: {},
    });
    expect(rules[4]).toMatchObject({
      id: "sgr-00000000000000015",
      source: { kind: "group", group: "sg-0a1b2c3d4e5f67890", owner: "123456789012" },
    });
  });

  it("gives the same authorized rules without the answer, but for the ids", () => {
    const withAnswer = triggerOf(sample(authorize)).rules;
    const { rules } = triggerOf(changed(authorize, { responseElements: null }));
    expect(rules).toEqual(
      withAnswer.map(({ id, ...rule }) => (id === undefined ? expect.anything() : rule)),
    );
  });

  it("gives modified rules their new shape and their id", () => {
    expect(triggerOf(sample("aws.ec2.ModifySecurityGroupRules")).rules).toEqual([
      {
        id: "sgr-00000000000000011",
        protocol: "tcp",
        fromPort: 20,
        toPort: 90,
        source: { kind: "ipv4", cidr: "0.0.0.0/0" },
        description: "widened",
        tags: {},
      },
    ]);
  });

  it("masks a CIDR as EC2 does", () => {
    const { rules } = triggerOf(
      changed("aws.ec2.AuthorizeSecurityGroupIngress.flat-form", { responseElements: null }),
    );
    expect(rules.map((rule) => rule.source)).toEqual([{ kind: "ipv4", cidr: "203.0.113.0/24" }]);
  });

  it("does not take an outbound rule, or one that cannot be read, for an inbound rule", () => {
    const made = {
      securityGroupRuleId: "sgr-1",
      ipProtocol: "tcp",
      fromPort: 80,
      toPort: 80,
      cidrIpv4: "192.0.2.0/24",
    };
    const items = [
      made,
      { ...made, isEgress: true },
      { ...made, cidrIpv4: "everywhere" },
      { ...made, fromPort: "80" },
      { ...made, toPort: 70000 },
      5,
    ];
    const { rules } = triggerOf(
      changed(authorize, { responseElements: { securityGroupRuleSet: { items } } }),
    );
    expect(rules.map((rule) => rule.id)).toEqual(["sgr-1"]);
  });

  it("finds the modified rules' group by the rules where the group is not named", () => {
    const update = {
      SecurityGroupRuleId: "sgr-1",
      SecurityGroupRule: { IpProtocol: "-1", CidrIpv4: "0.0.0.0/0" },
    };
    const event = call("ModifySecurityGroupRules", {
      ModifySecurityGroupRulesRequest: { SecurityGroupRule: update },
    });
    expect(triggerOf(event).touched).toEqual([{ kind: "rule", rule: "sgr-1" }]);
  });

  it("takes groups put on by attribute name for a change of groups", () => {
    const event = call("ModifyInstanceAttribute", {
      instanceId: "i-f5ab7988",
      attribute: "groupSet",
      value: "<sensitiveDataRemoved>",
    });
    expect(triggerOf(event).touched).toEqual([{ kind: "instance", instance: "i-f5ab7988" }]);
  });

  it("names a thing once", () => {
    const twice = {
      loadBalancerName: "MyLoadBalancer",
      instances: [{ instanceId: "i-f5ab7988" }, { instanceId: "i-f5ab7988" }],
    };
    expect(triggerOf(call("RegisterInstancesWithLoadBalancer", twice)).touched).toHaveLength(2);
  });

  it("leaves out targets that are functions or load balancers", () => {
    const targetGroupArn =
      "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/my-targets/73e2d6bc24d8a067";
    const targets = [
      { id: "arn:aws:lambda:us-east-1:123456789012:function:f" },
      { id: "arn:aws:elasticloadbalancing:us-east-1:123456789012:x" },
      {},
    ];
    expect(
      triggerOf(call("RegisterTargets", { targetGroupArn, targets })).touched.map(touchedText),
    ).toEqual([`targetGroup ${targetGroupArn}`]);
  });

  it.each([
    [{ loadBalancerNames: ["MyLoadBalancer"] }, "classicLoadBalancer MyLoadBalancer"],
    [
      {
        resourceArns: ["arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/n/1"],
      },
      "loadBalancer arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/n/1",
    ],
  ])("tells the two ELB APIs apart without a version: %j", (request, want) => {
    const event = call("AddTags", { ...request, tags: [{ key: "elb-only", value: "enforce" }] });
    expect(triggerOf(event).touched.map(touchedText)).toEqual([want]);
  });

  it.each([
    ["null", null],
    ["absent", undefined],
    [
      "marked as left out",
      { omitted: true, originalSize: 102401, reason: "requestParameters too large" },
    ],
    [
      "marked as left out, in text",
      { omitted: "true", originalSize: "102401", reason: "requestParameters too large" },
    ],
  ])("looks everywhere when the request is %s", (_, requestParameters) => {
    for (const name of [
      "ModifySecurityGroupRules",
      "CreateTags",
      "ModifyNetworkInterfaceAttribute",
      "RegisterTargets",
      "AddTags",
      "DeleteLoadBalancer",
    ]) {
      expect(triggerOf(call(name, requestParameters)).touched).toEqual([{ kind: "everything" }]);
    }
  });

  it.each([
    [
      "a request that is a list",
      changed(authorize, { requestParameters: [1] }),
      "requestParameters of AuthorizeSecurityGroupIngress must be an object",
    ],
    [
      "no security group",
      call("AuthorizeSecurityGroupIngress", { groupId: 'x"'.repeat(500) }),
      "requestParameters of AuthorizeSecurityGroupIngress must name a security group (groupId, groupName)",
    ],
    [
      "no modified group",
      call("ModifySecurityGroupRules", {}),
      "ModifySecurityGroupRulesRequest must name a security group (GroupId); found nothing",
    ],
    [
      "no instance",
      call("ModifyInstanceAttribute", { groupSet: { items: [{ groupId: "sg-1" }] } }),
      "requestParameters.instanceId of ModifyInstanceAttribute must be an instance id (i-...); found nothing",
    ],
    [
      "no tagged resources",
      call("CreateTags", { tagSet: {} }),
      "requestParameters.resourcesSet of CreateTags must list resources; found nothing",
    ],
    [
      "no load balancer's name",
      call("ConfigureHealthCheck", { loadBalancerName: {} }),
      "requestParameters.loadBalancerName of ConfigureHealthCheck must be a load balancer's name; found an object",
    ],
    [
      "another thing's ARN",
      call("DeleteListener", { listenerArn: "arn:aws:s3:::bucket" }),
      'must be a listener\'s ARN; found "arn:aws:s3:::bucket"',
    ],
    [
      "no way to tell the ELB API",
      call("DeleteLoadBalancer", {}),
      "DeleteLoadBalancer must name a load balancer (loadBalancerName, name, loadBalancerArn); found nothing",
    ],
    [
      "a Classic Load Balancer, by the API's version, without its name",
      call("DeleteLoadBalancer", {}, { apiVersion: "2012-06-01" }),
      "requestParameters.loadBalancerName of DeleteLoadBalancer must be a load balancer's name; found nothing",
    ],
    [
      "an answer without the new load balancer",
      call("CreateLoadBalancer", { name: "n" }, { responseElements: {} }),
      "responseElements.loadBalancers of CreateLoadBalancer must be a load balancer's ARN; found nothing",
    ],
    [
      "an answer without the new target group",
      call("CreateTargetGroup", { name: "n" }, { responseElements: { targetGroups: [{}] } }),
      "responseElements.targetGroups of CreateTargetGroup must be a target group's ARN; found nothing",
    ],
    [
      "no tagged load balancer",
      call("RemoveTags", { tagKeys: ["elb-only"] }, { apiVersion: "2015-12-01" }),
      "resourceArns of RemoveTags must list",
    ],
    [
      "an answer of no instances",
      call("RunInstances", {}, { responseElements: { instancesSet: {} } }),
      "responseElements.instancesSet of RunInstances must list instances; found an object",
    ],
    [
      "no instances that end",
      call("TerminateInstances", { instancesSet: { items: [{}] } }),
      "requestParameters.instancesSet of TerminateInstances must list instances",
    ],
    [
      "a new interface without groups",
      call("CreateNetworkInterface", { subnetId: "subnet-1" }, { responseElements: {} }),
      "responseElements.networkInterface of CreateNetworkInterface must name security groups (groupSet); found nothing",
    ],
    [
      "no prefix list, in whatever wrapping",
      call("ModifyManagedPrefixList", { ModifyManagedPrefixListRequest: { Id: "pl-1" } }),
      "PrefixListId of ModifyManagedPrefixList must be a prefix list id (pl-...); found nothing",
    ],
  ])(
    "looks everywhere where a call of ours has a shape that is not known, and says so: %s",
    (_, event, message) => {
      const parsed = parseEvent(event);
      expect(parsed).toMatchObject({
        kind: "trigger",
        trigger: { touched: [{ kind: "everything" }], rules: [] },
        unreadable: expect.stringMatching(/^Unreadable event: /),
      });
      expect(parsed.kind === "trigger" && parsed.unreadable).toContain(message);
      expect(parsed.kind === "trigger" && parsed.unreadable?.length).toBeLessThan(300);
    },
  );

  it("reads newer EC2 calls wrapped, as they are recorded, or not", () => {
    for (const request of [
      { ModifyManagedPrefixListRequest: { PrefixListId: "pl-1" } },
      { PrefixListId: "pl-1" },
      { prefixListId: "pl-1" },
    ])
      expect(triggerOf(call("ModifyManagedPrefixList", request)).touched).toEqual([
        { kind: "prefixList", prefixList: "pl-1" },
      ]);
  });

  it("makes of a look message the call that it was sent for", () => {
    const { detail } = sample("elb-only.look") as { readonly detail: Fields };
    const { groups: _, ...call } = detail;
    expect(triggerOf(sample("elb-only.look"))).toEqual({
      ...call,
      touched: [{ kind: "group", group: "sg-9cd8a3f4" }],
      rules: [],
      isLater: true,
    });
  });

  it("knows a tag change by the event's own id and time, and by nobody's name", () => {
    const event = fieldsOf(sample("aws.tag.TagChange.group"));
    expect(triggerOf(event)).toMatchObject({
      event: "Tag Change on Resource",
      eventId: event["id"],
      at: event["time"],
      actor: { principal: "unknown" },
    });
  });

  it.each([
    ["a missing event", undefined, "an event must be an object; found nothing"],
    ["text", "{}", 'an event must be an object; found "{}"'],
    ["an empty object", {}, "source must be text; found nothing"],
    ["no detail type", { source: "aws.ec2" }, "detail-type must be text; found nothing"],
    [
      "no detail",
      { source: "aws.ec2", "detail-type": "AWS API Call via CloudTrail", detail: [] },
      "detail must be an object; found an empty list",
    ],
    [
      "no event name",
      changed(authorize, { eventName: 7 }),
      "detail.eventName must be text; found a number",
    ],
    [
      "no event id",
      changed(authorize, { eventID: "" }),
      'detail.eventID of AuthorizeSecurityGroupIngress must be text; found ""',
    ],
    [
      "a drift message without groups",
      { source: "elb-only", "detail-type": "elb-only drift", detail: { eventId: "e", groups: [] } },
      "must list groups",
    ],
    [
      "a drift message of other things",
      {
        source: "elb-only",
        "detail-type": "elb-only drift",
        detail: { eventId: "e", groups: ["i-1"] },
      },
      'found "i-1"',
    ],
    [
      "a drift message without an id",
      { source: "elb-only", "detail-type": "elb-only drift", detail: { groups: ["sg-1"] } },
      "detail.eventId",
    ],
    [
      "a check message without a group",
      changed("elb-only.check", { group: "web" }),
      "detail.group of a check message must be a security group id",
    ],
    [
      "a check message without an id",
      changed("elb-only.check", { eventId: "" }),
      "detail.eventId of a check message must be text",
    ],
    [
      "a check message of nothing that was removed",
      changed("elb-only.check", { removed: [] }),
      "must list something; found an empty list",
    ],
    [
      "a check message of removed rules that are no text",
      changed("elb-only.check", { removed: [{}] }),
      "detail.removed of a check message must be text; found an object",
    ],
    [
      "a check message of no targets",
      changed("elb-only.check", { healthy: undefined }),
      "detail.healthy of a check message must list something",
    ],
    [
      "a check message of other things",
      changed("elb-only.check", { healthy: ["i-1"] }),
      "detail.healthy.interface of a check message must be a network interface id",
    ],
    [
      "a check message of a target that nobody checks",
      changed("elb-only.check", {
        healthy: [{ interface: "eni-1", at: "i-1", by: { kind: "targetGroup", name: "web" } }],
      }),
      "detail.healthy.by of a check message must be a target group with a port",
    ],
    [
      "a look message without groups",
      changed("elb-only.look", { groups: [] }),
      "detail.groups of a look message must list groups; found an empty list",
    ],
    [
      "a look message without a call",
      changed("elb-only.look", { event: "" }),
      "detail.event of a look message must be text",
    ],
    [
      "a tag change without an id",
      { ...fieldsOf(sample("aws.tag.TagChange.group")), id: 5 },
      "id of a tag change must be text; found a number",
    ],
  ])("says what is wrong, and keeps the event to itself: %s", (_, event, message) => {
    const thrown = ((): unknown => {
      try {
        return parseEvent(event);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toMatchObject({
      name: "UnreadableEvent",
      message: expect.stringContaining(message),
    });
    expect((thrown as Error).message.length).toBeLessThan(300);
  });

  it.each(["constructor", "__proto__", "toString", "StartInstances"])(
    "does not take %s for a call of ours",
    (eventName) => {
      expect(parseEvent(changed(authorize, { eventName })).kind).toBe("notOurs");
    },
  );
});
