import type { Notices } from "../../lib/remediation/ports.ts";
import type { Message, Told } from "../../lib/values/message.ts";
import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../lib/values/policy.ts";
import { ruleKey } from "../../lib/values/rule.ts";
import { enforceBatch } from "../../functions/enforce/batch.ts";
import { notifyBatch } from "../../functions/notify/batch.ts";
import { observe, remediate } from "../../lib/remediation/remediate.ts";
import { verifyRegion } from "../../functions/verify/region.ts";
import { fakeRuntime } from "./fakeRuntime.ts";
import { classic, group, instance, region, rule, target } from "../support/builders.ts";
import { change, type Cloud, cloud, fakeWorld, failure, type Moods } from "../support/fakeWorld.ts";
import { rulesOf, withRules } from "../support/region.ts";

const web = "sg-0a00000000000000a";
const front = "sg-0b00000000000000b";

/** MyLoadBalancer serves one instance on tcp/80; somebody has opened the port to everybody, and SSH with it. */
const opened = () =>
  region({
    groups: [
      group(
        web,
        rule("tcp 20-90 0.0.0.0/0", { description: "temporary" }),
        rule(`tcp 80 ${front}`),
      ),
      group(front),
    ],
    interfaces: [instance("i-1", [web])],
    loadBalancers: [classic("MyLoadBalancer", { groups: [front], targets: [target("i-1", 80)] })],
  });

const event = {
  source: "aws.ec2",
  "detail-type": "AWS API Call via CloudTrail",
  detail: {
    eventName: "AuthorizeSecurityGroupIngress",
    eventID: "11111111-2222-3333-4444-555555555555",
    eventTime: "2026-11-22T11:59:19Z",
    sourceIPAddress: "203.0.113.17",
    userIdentity: { type: "IAMUser", arn: "arn:aws:iam::111111111111:user/alice" },
    requestParameters: {
      groupId: web,
      ipPermissions: {},
      ipProtocol: "tcp",
      fromPort: 20,
      toPort: 90,
      cidrIp: "0.0.0.0/0",
    },
    responseElements: null,
  },
};

const policy = { ...defaultPolicy, defaultMode: "enforce" } as const;

/** The three functions around one region; queues are lists. */
function deployment(where: Cloud, moods: Moods = {}) {
  const world = fakeWorld(where, moods);
  const [toEnforce, later, toNotify, messages]: [string[], string[], string[], Message[]] = [
    [],
    [],
    [],
    [],
  ];
  const post = (queue: string[]) => (texts: readonly string[]) => {
    queue.push(...texts);
    return Promise.resolve([]);
  };
  const items = new Map<string, Told>();
  const notices: Notices = {
    recall: (key) => Promise.resolve(items.get(key)),
    keep: (key, told) => Promise.resolve(void items.set(key, told)),
  };
  const { runtime } = fakeRuntime({
    world: {
      ...world,
      sweep: () => Promise.resolve({ groups: [web], gaps: [] }),
      calls: () => world.calls.length,
    },
    outbox: {
      notify: post(toNotify),
      enforce: (texts, delaySeconds) => post(delaySeconds === undefined ? toEnforce : later)(texts),
    },
    observe: (affected) => observe(affected, policy, world),
  });
  const received = (queue: string[]) =>
    queue.splice(0).map((body, index) => ({ messageId: `${index}`, body }));
  return {
    messages,
    /** The time of what was delayed has come. */
    wait: () => toEnforce.push(...later.splice(0)),
    queue: (body: object) => toEnforce.push(JSON.stringify(body)),
    enforce: () =>
      enforceBatch(received(toEnforce), {
        ...runtime,
        worker: { name: "this one", until: 120_000 },
        remediate: (affected, custody) => remediate(affected, policy, world, custody),
        checkAfterSeconds: 120,
      }),
    verify: () => verifyRegion(runtime),
    notify: () =>
      notifyBatch(
        received(toNotify),
        {
          ...runtime,
          notices,
          history: { recordOf: () => Promise.resolve(undefined) },
          publisher: {
            publish: (message) => {
              messages.push(message);
              return Promise.resolve("m-1");
            },
          },
        },
        { format: "text", periodMs: 3_600_000 },
      ),
  };
}

describe("from an event to a message", () => {
  it("closes what was opened and says who opened it, once", async () => {
    const where = cloud(opened());
    const { queue, enforce, notify, messages } = deployment(where);
    for (let delivery = 0; delivery < 3; delivery++) {
      queue(event);
      expect(await enforce()).toEqual(new Map());
      expect(await notify()).toEqual([]);
    }
    expect(rulesOf(where.now, web).map(({ fromPort, toPort }) => [fromPort, toPort])).toEqual([
      [80, 80],
      [20, 79],
      [81, 90],
    ]);
    expect(messages.map(({ subject }) => subject)).toEqual([
      `closed tcp/80 to the internet on ${web.slice(3)} (${web}) after 41 s`,
    ]);
    expect(messages[0]?.text).toContain(
      "Who opened it, as the event says\n  principal       arn:aws:iam::111111111111:user/alice\n  source address  203.0.113.17\n",
    );
  });

  it("closes what Terraform opens every few minutes every time, and says so three times", async () => {
    const where = cloud(opened());
    const { queue, enforce, notify, messages } = deployment(where);
    for (let minute = 10; minute < 16; minute++) {
      const run = {
        type: "AssumedRole",
        arn: `arn:aws:sts::111111111111:assumed-role/terraform/run-${minute}`,
      };
      const detail = {
        ...event.detail,
        eventID: `run-${minute}`,
        userIdentity: run,
        userAgent: "HashiCorp Terraform/1.9 terraform-provider-aws/5.1",
      };
      queue({ ...event, detail });
      expect(await enforce()).toEqual(new Map());
      expect(await notify()).toEqual([]);
      expect(
        rulesOf(where.now, web).filter(
          ({ fromPort, source }) => fromPort === 80 && source.kind !== "group",
        ),
      ).toEqual([]);
      change(where, opened());
    }
    expect(
      messages.map(({ subject }) =>
        subject.startsWith("keeps coming back: closed tcp/80 to the internet"),
      ),
    ).toEqual([false, false, true]);
    expect(messages[2]?.text).toContain("assumed-role/terraform/run-12");
    expect(messages[2]?.text).toContain("HashiCorp Terraform/1.9");
    expect(messages[2]?.text).toContain("managed-elsewhere");
  });

  it("heals by a sweep what no event told of", async () => {
    const where = cloud(opened());
    const { verify, enforce, notify, messages } = deployment(where);
    expect(await verify()).toMatchObject({ groups: 1, drifted: 1 });
    expect(await enforce()).toEqual(new Map());
    await notify();
    expect(messages.map(({ subject }) => subject)).toEqual([
      `closed tcp/80 to the internet on ${web.slice(3)} (${web})`,
    ]);
    expect(messages[0]?.text).toContain("A sweep found it. How long it has been open is not known");
    expect(await verify()).toMatchObject({ groups: 1, compliant: 1, drifted: 0 });
  });

  it("says that a permission is missing, and has the event delivered again", async () => {
    const { queue, enforce, notify, messages } = deployment(cloud(opened()), { denied: [web] });
    queue(event);
    expect([...(await enforce()).keys()]).toEqual(["0"]);
    await notify();
    expect(messages[0]?.subject).toBe(
      `tcp/80 of ${web.slice(3)} (${web}) stays open to the internet: denied`,
    );
    expect(messages[0]?.attributes["severity"]).toBe("high");
  });

  it("closes what an unserved instance was in the way of when that has ended, and says who ended it", async () => {
    const obstructed = region({
      ...opened(),
      interfaces: [instance("i-1", [web]), instance("i-2", [web])],
    });
    const where = cloud(obstructed);
    const { queue, enforce, notify, wait, messages } = deployment(where);
    queue({
      ...event,
      detail: {
        ...event.detail,
        eventName: "TerminateInstances",
        requestParameters: { instancesSet: { items: [{ instanceId: "i-2" }] } },
      },
    });
    expect(await enforce()).toEqual(new Map());
    expect(rulesOf(where.now, web)).toEqual(rulesOf(obstructed, web));
    change(where, opened());
    expect(wait()).toBe(1);
    expect(await enforce()).toEqual(new Map());
    await notify();
    expect(rulesOf(where.now, web).map(({ fromPort, toPort }) => [fromPort, toPort])).toEqual([
      [80, 80],
      [20, 79],
      [81, 90],
    ]);
    expect(messages[0]?.text).toContain(
      "TerminateInstances by arn:aws:iam::111111111111:user/alice",
    );
  });

  it("is not stopped by a throttled look: the event is delivered again", async () => {
    const throttled = Object.assign(failure("denied", "RequestLimitExceeded"), {
      failure: { kind: "throttled", text: "RequestLimitExceeded" },
    });
    let looks = 0;
    const where = cloud(opened());
    const { queue, enforce } = deployment(where, {
      beforeLook: () => {
        if (looks++ === 0) throw throttled;
      },
    });
    queue(event);
    const failed = await enforce();
    expect([...failed.values()].join()).toContain("RequestLimitExceeded");
    queue(event);
    expect(await enforce()).toEqual(new Map());
    expect(rulesOf(where.now, web)).toHaveLength(3);
  });

  it("says so when a target that was healthy does not answer any more some time after a removal", async () => {
    const where = cloud(opened());
    const { queue, enforce, notify, wait, messages } = deployment(where);
    queue(event);
    await enforce();
    await notify();
    messages.splice(0);
    change(
      where,
      withRules(where.now, web, (rules) =>
        rules.filter((one) => ruleKey(one) !== `tcp 80-80 ${front}`),
      ),
    );
    wait();
    expect(await enforce()).toEqual(new Map());
    await notify();
    expect(messages).toHaveLength(1);
    expect(messages[0]?.subject).toMatch(/^target-health on sg-0a00000000000000a/);
    expect(messages[0]?.attributes["severity"]).toBe("high");
    expect(messages[0]?.text).toContain(
      "i-1 (eni-1) in MyLoadBalancer (Target.Timeout) was healthy before a removal and does not answer now. Removed: tcp/20-90 from 0.0.0.0/0.",
    );
    expect(messages[0]?.text).toContain(
      "Next: Put back what the health checks need: as a rule tagged elb-only:keep",
    );
    expect(messages[0]?.text).toContain("What made us look\n  HealthCheck by elb-only");
  });

  it("says nothing some time after a removal where every target still answers", async () => {
    const { queue, enforce, notify, wait, messages } = deployment(cloud(opened()));
    queue(event);
    await enforce();
    await notify();
    expect(wait()).toBe(1);
    expect(await enforce()).toEqual(new Map());
    await notify();
    expect(messages).toHaveLength(1);
    expect(wait()).toBe(0);
  });

  it("has nothing to do or to say for a group that is gone", async () => {
    const { queue, enforce, notify, messages } = deployment(cloud(region({})));
    queue(event);
    expect(await enforce()).toEqual(new Map());
    await notify();
    expect(messages).toEqual([]);
  });
});
