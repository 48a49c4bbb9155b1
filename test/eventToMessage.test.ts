import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../functions/core/policy.ts";
import { enforceBatch } from "../functions/enforceBatch.ts";
import type { Message } from "../functions/messages/message.ts";
import { notifyBatch } from "../functions/notifyBatch.ts";
import { observe, remediate } from "../functions/remediate.ts";
import { tell } from "../functions/tell.ts";
import { parseEvent } from "../functions/triggers/parse.ts";
import { verifyRegion } from "../functions/verifyRegion.ts";
import { recordingLog } from "./recordingLog.ts";
import { classic, group, instance, region, rule, target } from "./support/builders.ts";
import { type Cloud, cloud, fakeWorld, failure, type Moods } from "./support/fakeWorld.ts";
import { rulesOf } from "./support/region.ts";

const web = "sg-0a00000000000000a";
const front = "sg-0b00000000000000b";

/** MyLoadBalancer serves one instance on tcp/80; somebody has opened the port to everybody, and SSH with it. */
const opened = () =>
  region({
    groups: [group(web, rule("tcp 20-90 0.0.0.0/0", { description: "temporary" }), rule(`tcp 80 ${front}`)), group(front)],
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
    requestParameters: { groupId: web, ipPermissions: {}, ipProtocol: "tcp", fromPort: 20, toPort: 90, cidrIp: "0.0.0.0/0" },
    responseElements: null,
  },
};

const { log } = recordingLog();
const policy = { ...defaultPolicy, defaultMode: "enforce" } as const;
const clock = { now: () => 0, remainingMs: () => 60_000 };

/** The three functions around one region; queues are lists. */
function deployment(where: Cloud, moods: Moods = {}) {
  const world = fakeWorld(where, moods);
  const [toEnforce, toNotify, messages]: [string[], string[], Message[]] = [[], [], []];
  const post = (queue: string[]) => (texts: readonly string[]) => {
    queue.push(...texts);
    return Promise.resolve([]);
  };
  const posts = { notify: post(toNotify), copy: post([]) };
  const received = (queue: string[]) => queue.splice(0).map((body, index) => ({ messageId: `${index}`, body }));
  return {
    messages,
    queue: (body: object) => toEnforce.push(JSON.stringify(body)),
    enforce: () =>
      enforceBatch(received(toEnforce), {
        parse: parseEvent,
        affected: (triggers) => world.affected(triggers),
        remediate: (affected) => remediate(affected, policy, world),
        tell: (outcomes) => tell(outcomes, posts, log),
        ...clock,
        log,
      }),
    verify: () =>
      verifyRegion({
        sweep: () => Promise.resolve([web]),
        observe: (affected) => observe(affected, policy, world),
        handOver: post(toEnforce),
        tell: (outcomes) => tell(outcomes, posts, log),
        newId: () => "99999999-0000-0000-0000-000000000000",
        ...clock,
        log,
      }),
    notify: () =>
      notifyBatch(received(toNotify), {
        region: "us-east-1",
        publish: (message) => {
          messages.push(message);
          return Promise.resolve("m-1");
        },
        log,
      }),
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
    expect(messages.map(({ subject }) => subject)).toEqual([`closed tcp/80 to the internet on ${web} (${web.slice(3)}) after 41 s`]);
    expect(messages[0]?.text).toContain("Who opened it\n  principal       arn:aws:iam::111111111111:user/alice\n  source address  203.0.113.17\n");
  });

  it("heals by a sweep what no event told of", async () => {
    const where = cloud(opened());
    const { verify, enforce, notify, messages } = deployment(where);
    expect(await verify()).toMatchObject({ groups: 1, drifted: 1 });
    expect(await enforce()).toEqual(new Map());
    await notify();
    expect(messages.map(({ subject }) => subject)).toEqual([`closed tcp/80 to the internet on ${web} (${web.slice(3)})`]);
    expect(messages[0]?.text).toContain("open since at most the last sweep");
    expect(await verify()).toMatchObject({ groups: 1, compliant: 1, drifted: 0 });
  });

  it("says that a permission is missing, and has the event delivered again", async () => {
    const { queue, enforce, notify, messages } = deployment(cloud(opened()), { denied: [web] });
    queue(event);
    expect([...(await enforce()).keys()]).toEqual(["0"]);
    await notify();
    expect(messages[0]?.subject).toBe(`could not close tcp/80 to the internet on ${web} (${web.slice(3)}): denied`);
    expect(messages[0]?.attributes["severity"]).toBe("high");
  });

  it("is not stopped by a throttled look: the event is delivered again", async () => {
    const throttled = Object.assign(failure("denied", "RequestLimitExceeded"), { failure: { kind: "throttled", text: "RequestLimitExceeded" } });
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

  it("has nothing to do or to say for a group that is gone", async () => {
    const { queue, enforce, notify, messages } = deployment(cloud(region({})));
    queue(event);
    expect(await enforce()).toEqual(new Map());
    await notify();
    expect(messages).toEqual([]);
  });
});
