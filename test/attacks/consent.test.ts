import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateTagsCommand } from "@aws-sdk/client-ec2";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { admissionText } from "../../lib/values/ownAdmission.ts";
import { names } from "../../sandbox/functions.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { RuleWanted } from "../../sandbox/world.ts";
import { clients } from "../contract/backend.ts";
import { tcp } from "../contract/groups.ts";
import { type Bundled, bundled } from "../sandbox/bundled.ts";
import {
  field,
  findingsOf,
  from,
  fromInternet,
  ruleIds,
  rulesOf,
  toldOf,
  writesTo,
} from "./field.ts";

let product: Bundled;
let sandbox: Sandbox;
let audited: Sandbox;

beforeAll(async () => {
  product = await bundled();
  sandbox = await product.start();
  audited = await product.start({ ELB_ONLY_DEFAULT_MODE: "audit" });
});
afterAll(async () => {
  for (const one of [sandbox, audited]) await one.close();
  await product.remove();
});

// What the owner has is made unseen: no sweep has looked at it yet.
beforeEach(async () => {
  const Key = { of: { S: "index" }, at: { S: "complete" } };
  for (const one of [sandbox, audited])
    await clients(one).dynamodb.send(new DeleteItemCommand({ TableName: names.stateTable, Key }));
});

const rules = (group: string) => rulesOf(sandbox, group);
const findings = (group: string) => findingsOf(sandbox, group);
const internet = "tcp 80-80 0.0.0.0/0";
const inDays = (days: number): string =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const fromGroup = (GroupId: string, port: number) => ({
  IpProtocol: "tcp",
  FromPort: port,
  ToPort: port,
  UserIdGroupPairs: [{ GroupId }],
});

/** A back end that its own load balancer serves on port 80; nothing has woken us yet. */
function site(given: readonly RuleWanted[] = [], tags: Readonly<Record<string, string>> = {}) {
  const here = field(sandbox);
  const front = here.group("front", [fromInternet]);
  const back = here.group("back", given, tags);
  const victim = here.instance(back);
  const loadBalancer = here.serve(80, [front], victim);
  return { ...here, front, back, victim, loadBalancer, closed: [`tcp 80-80 ${front}`] };
}

describe("with rights to load balancers alone", () => {
  it("nobody opens the ports of an instance to machines of their own", async () => {
    const { group, instance, seize } = field(sandbox);
    const [app, dev] = [group("app"), group("dev")];
    const back = group("back", [from(app, 5432), from(app, 22)]);
    instance(dev);
    await seize(instance(back), [5432, 22], [dev]);
    expect(rules(back)).toEqual([`tcp 22-22 ${app}`, `tcp 5432-5432 ${app}`]);
    expect(findings(back)).toContain("high admission-refused");
  });

  it("nobody does so by describing their machine's interface as a load balancer's", async () => {
    const { group, instance, seize, subnet } = field(sandbox);
    const [app, dev] = [group("app"), group("dev")];
    const back = group("back", [from(app, 5432)]);
    const description = "ELB app/mine/0123456789abcdef";
    sandbox.world.interface({ subnet, groups: [dev], description });
    await seize(instance(back), [5432], [dev]);
    expect(rules(back)).toEqual([`tcp 5432-5432 ${app}`]);
    expect(findings(back)).toContain("high admission-refused");
  });

  it("nobody opens or closes a protected port, whichever group the load balancer has", async () => {
    const { group, instance, seize } = field(sandbox);
    const [app, front] = [group("app"), group("front")];
    const back = group("back", [from(app, 22)]);
    await seize(instance(back), [22], [front]);
    expect(rules(back)).toEqual([`tcp 22-22 ${app}`]);
    expect(findings(back)).toContain("low protected-port-served");
  });

  it("nobody opens a database by registering its address", async () => {
    const { group, seize, subnet } = field(sandbox);
    const [app, front] = [group("app"), group("front")];
    const back = group("database", [from(app, 5432)]);
    sandbox.world.interface({
      subnet,
      groups: [back],
      addresses: ["10.0.7.7"],
      requester: "amazon-rds",
      requesterManaged: true,
    });
    await seize("10.0.7.7", [5432], [front], {}, "ip");
    expect(rules(back)).toEqual([`tcp 5432-5432 ${app}`]);
    expect(findings(back)).toContain("high not-a-back-end");
  });

  it("nobody has another's group rewritten by tagging a load balancer enforce, where the account audits", async () => {
    const { group, instance, seize } = field(audited);
    const back = group("back", [fromInternet]);
    await seize(instance(back), [80], [group("front")], { "elb-only": "enforce" });
    expect(rulesOf(audited, back)).toEqual([internet]);
    expect(writesTo(audited, back)).toEqual([]);
    expect(toldOf(audited, back).map(({ attributes }) => attributes["mode"])).toContain("audit");
  });

  it("nobody switches a group off by registering it with a load balancer that is tagged ignore", async () => {
    const { group, back, victim, seize, closed } = site([
      fromInternet,
      { ...fromInternet, fromPort: 9999 },
    ]);
    await seize(victim, [9999], [group("mine")], { "elb-only": "ignore" });
    expect(rules(back)).toEqual([...closed, "tcp 9999-9999 0.0.0.0/0"].sort());
    expect(findings(back)).toContain("high load-balancer-asks-less");
  });
});

describe("with a group that the load balancer is attached to as well", () => {
  it("clients get in no longer, once the load balancer is let in by a group of its own", async () => {
    const { group, instance, serve, authorize } = field(sandbox);
    const [common, front, back] = [group("common"), group("front"), group("back")];
    for (let count = 0; count < 20; count++) instance(common);
    serve(80, [common, front], instance(back));
    await authorize(back, fromGroup(common, 80));
    expect(rules(back)).toEqual([`tcp 80-80 ${front}`]);
  });

  it("clients get in still where the load balancer has no other, and each rule is told", async () => {
    const { group, instance, serve, authorize } = field(sandbox);
    const [common, back] = [group("common"), group("back")];
    for (let count = 0; count < 20; count++) instance(common);
    serve(80, [common], instance(back));
    await authorize(back, fromGroup(common, 80));
    expect(rules(back)).toEqual([`tcp 80-80 ${common}`]);
    expect(findings(back)).toContain("high source-group-shared");
  });

  it("the VPC's default group is nobody's way in because some load balancer is attached to it", async () => {
    const { vpc, authorize, back, serve, instance, group, closed } = site();
    const byDefault = [...sandbox.cloud.groups.values()].find(
      (one) => one.vpc === vpc && one.name === "default",
    );
    serve(80, [byDefault?.id ?? ""], instance(group("other")));
    await authorize(back, fromGroup(byDefault?.id ?? "", 80));
    expect(rules(back)).toEqual(closed);
  });

  it("a machine that joins the load balancer's group is told of by the next sweep", async () => {
    const { authorize, back, front, instance, closed } = site();
    await authorize(back, tcp(80, "0.0.0.0/0"));
    expect(rules(back)).toEqual(closed);
    instance(front);
    await sandbox.invoke("verify", {});
    await sandbox.idle();
    expect(findings(back)).toContain("high source-group-shared");
  });
});

describe("with rights to change rules", () => {
  it("nobody passes a rule off as ours: it goes at once, and as what it is", async () => {
    const { authorize, back, loadBalancer, group, instance, closed } = site();
    await authorize(back, tcp(80, "0.0.0.0/0"));
    const stranger = group("stranger");
    instance(stranger);
    sandbox.forget();
    const dressed = admissionText(loadBalancer.name, "tcp", { from: 80, to: 80 }, stranger);
    await authorize(
      back,
      {
        ...fromGroup(stranger, 80),
        UserIdGroupPairs: [{ GroupId: stranger, Description: dressed }],
      },
      { "elb-only:load-balancer": loadBalancer.arn },
    );
    expect(rules(back)).toEqual(closed);
    expect(toldOf(sandbox, back).map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^closed tcp\/80 to /),
    ]);
  });

  it.each([22, 9100])(
    "what somebody made of a rule of ours is theirs, and the load balancer is let in again: tcp/%s",
    async (port) => {
      const { authorize, back, modify, group, front, loadBalancer, closed } = site();
      await authorize(back, tcp(80, "0.0.0.0/0"));
      const bastion = group("bastion");
      await modify(back, ruleIds(sandbox, back, 80)[0] ?? "", {
        IpProtocol: "tcp",
        FromPort: port,
        ToPort: port,
        ReferencedGroupId: bastion,
        Description: admissionText(loadBalancer.name, "tcp", { from: 80, to: 80 }, front),
      });
      await sandbox.invoke("verify", {});
      await sandbox.idle();
      expect(rules(back)).toEqual([`tcp ${port}-${port} ${bastion}`, ...closed].sort());
    },
  );

  it("what somebody edits between our look and our call is not deleted", async () => {
    const { authorize, back, front } = site();
    const held = sandbox.cloud.groups.get(back)?.rules;
    const restore = sandbox.inject({
      kind: "first",
      action: "RevokeSecurityGroupIngress",
      resource: back,
      times: 1,
      run: () => {
        for (const [id, rule] of held ?? [])
          if (rule.source.kind === "ipv4" && !rule.egress)
            held?.set(id, {
              ...rule,
              fromPort: 22,
              toPort: 22,
              source: { kind: "ipv4", cidr: "10.1.2.3/32" },
            });
      },
    });
    await authorize(back, tcp(80, "0.0.0.0/0"));
    restore();
    expect(rules(back)).toEqual(["tcp 22-22 10.1.2.3/32", `tcp 80-80 ${front}`]);
  });

  it("a kept rule that is widened is kept no longer, and that is told", async () => {
    const { authorize, back, modify, closed } = site();
    const kept = await authorize(back, tcp(80, "203.0.113.7/32"), {
      "elb-only:keep": "tcp/80 203.0.113.7/32 partner",
      "elb-only:keep-until": inDays(30),
    });
    expect(rules(back)).toContain("tcp 80-80 203.0.113.7/32");
    await modify(back, kept, {
      IpProtocol: "tcp",
      FromPort: 80,
      ToPort: 80,
      CidrIpv4: "0.0.0.0/0",
    });
    expect(rules(back)).toEqual(closed);
    expect(findings(back)).toContain("high keep-outgrown");
  });
});

describe("with rights to tag", () => {
  it("an exemption without an end is told, and keep-until alone exempts nothing", async () => {
    const { authorize, back, closed } = site();
    await authorize(back, tcp(80, "203.0.113.7/32"), {
      "elb-only:keep": "tcp/80 203.0.113.7/32 partner",
    });
    expect(findings(back)).toContain("medium keep-long");
    await authorize(back, tcp(80, "203.0.113.8/32"), { "elb-only:keep-until": inDays(30) });
    expect(findings(back)).toContain("medium keep-unreadable");
    expect(rules(back)).toEqual(["tcp 80-80 203.0.113.7/32", ...closed]);
  });

  it("a group that allows the internet in by a tag of its own is told", async () => {
    const { authorize, back } = site([], {
      "elb-only:allow": `tcp/80 0.0.0.0/0 ${inDays(30)}`,
    });
    await authorize(back, tcp(80, "0.0.0.0/0"));
    expect(rules(back)).toContain(internet);
    expect(findings(back)).toContain("medium allowed-public");
  });

  it.each([
    ["elbv2.k8s.aws/cluster", "prod"],
    ["elb-only", "ignore"],
  ])("the mark %s=%s keeps us from writing, and never silent", async (Key, Value) => {
    const { authorize, back, mallory } = site();
    await mallory.ec2.send(new CreateTagsCommand({ Resources: [back], Tags: [{ Key, Value }] }));
    await authorize(back, tcp(80, "0.0.0.0/0"));
    expect(rules(back)).toEqual([internet]);
    expect(writesTo(sandbox, back)).toEqual([]);
    expect(findings(back)).toContain("high served-and-open");
  });

  it("a group that is named like Firewall Manager's is not written to, and never silent", async () => {
    const { authorize, group, instance, serve } = field(sandbox);
    const back = group("FMManagedSecurityGroup");
    serve(80, [group("front")], instance(back));
    await authorize(back, tcp(80, "0.0.0.0/0"));
    expect(rules(back)).toEqual([internet]);
    expect(findings(back)).toContain("high served-and-open");
  });
});

describe("with rights to send events", () => {
  it("a forged one costs a look, and neither changes nor tells anything", async () => {
    const { authorize, back, closed } = site();
    await authorize(back, tcp(80, "0.0.0.0/0"));
    const real = sandbox.events.findLast(
      ({ detail }) => detail["eventName"] === "AuthorizeSecurityGroupIngress",
    );
    sandbox.forget();
    sandbox.sendToEnforce(
      JSON.stringify({ ...real, detail: { ...real?.detail, eventID: crypto.randomUUID() } }),
    );
    await sandbox.idle();
    expect(sandbox.calls.length).toBeGreaterThan(0);
    expect(rules(back)).toEqual(closed);
    expect([writesTo(sandbox, back), toldOf(sandbox, back)]).toEqual([[], []]);
  });

  it("nobody wakes us, or has people told, by what they put on the bus", async () => {
    const { back, mallory } = site([fromInternet]);
    sandbox.forget();
    const entry = (Source: string, DetailType: string, detail: object) => ({
      Source,
      DetailType,
      Detail: JSON.stringify(detail),
    });
    const { Entries = [] } = await mallory.events.send(
      new PutEventsCommand({
        Entries: [
          entry("aws.ec2", "AWS API Call via CloudTrail", { eventSource: "ec2.amazonaws.com" }),
          entry("elb-only", "Outcome", { group: back, result: "changed" }),
        ],
      }),
    );
    await sandbox.idle();
    expect(Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([
      "NotAuthorizedForSourceException",
      undefined,
    ]);
    expect(sandbox.calls.map(({ action }) => action)).toEqual(["PutEvents"]);
    expect(sandbox.alerts).toEqual([]);
  });
});

it("no attack makes a function fail or leaves a dead letter", () => {
  for (const one of [sandbox, audited]) expect([one.failures, one.deadLetters]).toEqual([[], []]);
});
