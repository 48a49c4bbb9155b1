import { AuthorizeSecurityGroupIngressCommand, CreateTagsCommand } from "@aws-sdk/client-ec2";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { sourceKey } from "../../sandbox/ec2/permissions.ts";
import type { Fault } from "../../sandbox/faults.ts";
import { names } from "../../sandbox/functions.ts";
import { queueUrl } from "../../sandbox/sqs/sqs.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { clients } from "../contract/backend.ts";
import { tcp } from "../contract/groups.ts";
import { type Bundled, bundled } from "./bundled.ts";

let product: Bundled;
let sandbox: Sandbox;

beforeAll(async () => {
  product = await bundled();
});
afterAll(() => product.remove());

beforeEach(async () => {
  sandbox = await product.start();
});
afterEach(() => sandbox.close());

/** "80-80 0.0.0.0/0", inbound. */
const rules = (group: string): readonly string[] =>
  [...(sandbox.cloud.groups.get(group)?.rules.values() ?? [])]
    .filter(({ egress }) => !egress)
    .map((rule) => `${rule.fromPort}-${rule.toPort} ${sourceKey(rule.source)}`)
    .sort((a, b) => a.localeCompare(b));

/** A back end that its load balancer alone reaches, until somebody opens it. */
function site(vpc?: string) {
  const inVpc = vpc === undefined ? {} : { vpc };
  const subnets = [...sandbox.cloud.subnets.values()].flatMap((one) =>
    one.vpc === vpc ? one.id : [],
  );
  const front = sandbox.world.group({ name: "front", ...inVpc }).id;
  const back = sandbox.world.group({
    name: "back",
    ...inVpc,
    rules: [{ protocol: "tcp", fromPort: 80, group: front }],
  }).id;
  const subnet = subnets[0] === undefined ? {} : { subnet: subnets[0] };
  const { id } = sandbox.world.instance({ groups: [back], ...subnet });
  const { arn: targetGroup } = sandbox.world.targetGroup({
    name: "web",
    protocol: "HTTP",
    port: 80,
    targets: [{ id }],
    ...inVpc,
  });
  sandbox.world.loadBalancer({
    name: "front",
    groups: [front],
    targetGroup,
    ...(subnets.length === 0 ? {} : { subnets }),
  });
  const open = async (cidr = "0.0.0.0/0", from = 80, to = from): Promise<void> => {
    const IpPermissions = [{ ...tcp(from, cidr), ToPort: to }];
    await clients(sandbox).ec2.send(
      new AuthorizeSecurityGroupIngressCommand({ GroupId: back, IpPermissions }),
    );
  };
  return { front, back, open };
}

const subjects = (): readonly string[] => sandbox.alerts.map(({ subject }) => subject ?? "");
const results = (): readonly unknown[] =>
  sandbox.events
    .filter(({ source }) => source === "elb-only")
    .map(({ detail }) => detail["result"]);

describe("an answer that is lost after its effect", () => {
  const vpcs = [
    ["the default VPC", () => undefined],
    ["another VPC", () => sandbox.world.vpc({ cidr: "10.7.0.0/16" }).id],
  ] as const;
  it.each(
    vpcs.flatMap(([name, vpc]) =>
      (["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"] as const).map(
        (action) => [action, name, vpc] as const,
      ),
    ),
  )("of %s in %s: one message says what was done, and nothing else", async (action, _, vpc) => {
    const { front, back, open } = site(vpc());
    await sandbox.idle();
    sandbox.inject({ action, kind: "lose", times: 1, caller: "elb-only-enforce" });
    await open("0.0.0.0/0", 80, 81);
    await sandbox.idle();
    expect(rules(back)).toEqual(["80-80 " + front, "81-81 0.0.0.0/0"].sort());
    expect(sandbox.calls.filter(({ isLost }) => isLost)).toHaveLength(1);
    expect(results()).toEqual(["changed"]);
    expect(subjects()).toEqual([expect.stringContaining("closed tcp/80 to the internet")]);
    expect(sandbox.alerts[0]?.message).not.toMatch(/resurrected|vanished/);
  });
});

describe("state that refuses", () => {
  it.each<[string, Fault]>([
    ["to be written", { action: "PutItem", kind: "deny", caller: "elb-only-enforce" }],
    ["to be read", { action: "Query", kind: "deny", caller: "elb-only-enforce" }],
  ])(
    "%s lets the load balancer in, removes nothing, and people are told; once it works, all is put right",
    async (_, fault) => {
      const { front, back, open } = site();
      await sandbox.idle();
      const works = sandbox.inject(fault);
      await open();
      await vi.waitFor(() => expect(sandbox.alerts).not.toEqual([]), { timeout: 20_000 });
      expect(rules(back)).toContain("80-80 0.0.0.0/0");
      expect(sandbox.alerts[0]?.message).toContain("no-state");
      works();
      await sandbox.idle();
      await sandbox.invoke("verify", {});
      await sandbox.idle();
      expect(rules(back)).toEqual([`80-80 ${front}`]);
      expect(subjects().at(-1)).toContain("closed tcp/80 to the internet");
    },
  );
});

describe("a queue that refuses what people are to be told", () => {
  it("is asked again by the next run, and they are told once", async () => {
    const { front, back, open } = site();
    await sandbox.idle();
    sandbox.inject({
      action: "SendMessageBatch",
      resource: queueUrl(sandbox.cloud, names.notifyQueue),
      kind: "fail",
      times: 6,
      caller: "elb-only-enforce",
    });
    await open();
    await sandbox.idle();
    expect(rules(back)).toEqual([`80-80 ${front}`]);
    const refused = sandbox.calls.filter(({ action, ok }) => action === "SendMessageBatch" && !ok);
    expect(refused).toHaveLength(6);
    expect(subjects().filter((one) => one.includes("closed tcp/80"))).toHaveLength(1);
  });
});

describe("what becomes looser", () => {
  it("is told once, with who did it: a tag that switches the group off, though nothing is open by it yet", async () => {
    const { back } = site();
    await sandbox.idle();
    await sandbox.invoke("verify", {});
    await sandbox.idle();
    expect(subjects()).toEqual([]);
    await clients(sandbox, "mallory").ec2.send(
      new CreateTagsCommand({ Resources: [back], Tags: [{ Key: "elb-only", Value: "ignore" }] }),
    );
    await sandbox.idle();
    await sandbox.invoke("verify", {});
    await sandbox.idle();
    expect(sandbox.alerts).toHaveLength(1);
    expect(sandbox.alerts[0]?.attributes["severity"]).toBe("high");
    expect(sandbox.alerts[0]?.message).toMatch(
      /loosened: .* is less protected: it was enforced and is ignored\. As its event says: CreateTags by arn:aws:iam::123456789012:user\/mallory/,
    );
  });
});

describe("two calls on one group at the same time", () => {
  it("are seen by one worker at a time: all is closed, nothing fails, and what is left for later finds nothing to do", async () => {
    const { front, back, open } = site();
    await sandbox.idle();
    const ranges = Array.from({ length: 12 }, (_, n) => `198.51.100.${n}/32`);
    await Promise.all(ranges.map((cidr) => open(cidr)));
    await sandbox.idle();
    const calls = sandbox.calls.length;
    expect(rules(back)).toEqual([`80-80 ${front}`]);
    sandbox.hasten();
    await sandbox.idle();
    expect([sandbox.failures, sandbox.deadLetters]).toEqual([[], []]);
    const later = sandbox.calls.slice(calls).map(({ action }) => action);
    expect(later.filter((action) => /SecurityGroupIngress/.test(action))).toEqual([]);
    expect(results().filter((one) => one !== "changed")).toEqual([]);
  });
});
