import type { Outcome } from "../../lib/values/outcome.ts";
import type { Context } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { World } from "../../lib/remediation/ports.ts";
import type { Finding } from "../../lib/values/finding.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import { enforceBatch, type EnforceRuntime } from "../../functions/enforce/batch.ts";
import { parseEvent } from "../../lib/triggers/parse.ts";
import { received } from "../../lib/messages/received.ts";
import { finding, outcome, rule, trigger } from "../messages/outcome.ts";
import { checked, reading } from "../support/targets.ts";
import { type Changes, fakeRuntime, groupsNamedBy } from "./fakeRuntime.ts";

/** An EventBridge event of an AuthorizeSecurityGroupIngress call on a group. */
const opened = (group: GroupId, eventID: string) => ({
  source: "aws.ec2",
  "detail-type": "AWS API Call via CloudTrail",
  detail: {
    eventName: "AuthorizeSecurityGroupIngress",
    eventID,
    eventTime: "2026-11-22T10:00:00Z",
    userIdentity: { type: "IAMUser", arn: "arn:aws:iam::123456789012:user/alice" },
    requestParameters: {
      groupId: group,
      ipPermissions: {},
      ipProtocol: "tcp",
      fromPort: 80,
      toPort: 80,
      cidrIp: "0.0.0.0/0",
    },
    responseElements: null,
  },
});
/** Somebody ends an instance. */
const terminated = (eventID: string) => ({
  ...opened(groupA, eventID),
  detail: {
    eventName: "TerminateInstances",
    eventID,
    requestParameters: { instancesSet: { items: [{ instanceId: "i-1" }] } },
  },
});
const message = (messageId: string, event: unknown) => ({
  messageId,
  body: typeof event === "string" ? event : JSON.stringify(event),
});

const check = (group: GroupId) => ({
  source: "elb-only",
  "detail-type": "elb-only check",
  detail: {
    group,
    eventId: "e0",
    removed: ["tcp/80 from 0.0.0.0/0"],
    healthy: [checked("eni-1 i-1 web:80")],
  },
});

const groupA = "sg-0a00000000000000a";
const groupB = "sg-0b00000000000000b";
const denied: Finding = finding({
  code: "denied",
  text: "ec2:RevokeSecurityGroupIngress: UnauthorizedOperation",
});

const closed = { result: "changed", removed: [rule("tcp/80 from 0.0.0.0/0")] } as const;

/** Every group is closed; there is time enough. */
function enforcing({
  remediate = (affected) =>
    Promise.resolve(
      [...affected].map(([group, triggers]) => outcome({ group, triggers, ...closed })),
    ),
  ...changes
}: Changes & Partial<Pick<EnforceRuntime, "remediate">> = {}) {
  const { runtime, notified, ...kept } = fakeRuntime(changes);
  const remediated: GroupId[][] = [];
  const work: EnforceRuntime = {
    ...runtime,
    checkAfterSeconds: 120,
    worker: { name: "this one", until: 120_000 },
    remediate: (affected, custody, settled) => {
      remediated.push([...affected.keys()]);
      return remediate(affected, custody, settled);
    },
  };
  return {
    work,
    ...kept,
    remediated,
    /** What people are told. */
    outcomes: () => notified.map((text) => received(text) as Outcome),
  };
}

/** Remediation in which these groups fail. */
const failing =
  (...groups: readonly GroupId[]): EnforceRuntime["remediate"] =>
  (affected) =>
    Promise.resolve(
      [...affected.keys()].map((group) =>
        outcome(
          groups.includes(group) ? { group, result: "failed", findings: [denied] } : { group },
        ),
      ),
    );

describe("enforceBatch", () => {
  it.each([
    ["comes back within minutes", "2026-11-22T09:50:00Z", 1],
    ["comes late", "2026-11-22T09:40:00Z", 0],
    ["does not say when it was sent", undefined, 0],
  ])(
    "measures a canary that %s, and looks at nothing for it",
    async (_, eventTime, ArmedProven) => {
      const { work, measured, remediated } = enforcing({
        now: () => Date.parse("2026-11-22T10:00:00Z"),
      });
      const detail = {
        eventName: "CreateTags",
        eventID: "e1",
        ...(eventTime === undefined ? {} : { eventTime }),
        requestParameters: {
          resourcesSet: { items: [{ resourceId: "pl-0123456789abcdef0" }] },
          tagSet: { items: [{ key: "elb-only:canary", value: "now" }] },
        },
      };
      const canary = { ...opened(groupA, "e1"), detail };
      expect(await enforceBatch([message("1", canary)], work)).toEqual(new Map());
      expect([measured, remediated]).toEqual([[{ ArmedProven }], []]);
    },
  );

  it("looks at what something is leaving when it has gone, and at everything else now", async () => {
    const { work, remediated, outcomes, enforced } = enforcing({
      world: {
        affected: (triggers) =>
          Promise.resolve(
            new Map([
              [groupA, triggers.filter(({ leaving }) => leaving === true)],
              [groupB, triggers],
            ]),
          ),
      },
    });
    const failed = await enforceBatch(
      [message("1", terminated("e1")), message("2", opened(groupB, "e2"))],
      work,
    );
    expect(failed).toEqual(new Map());
    expect(remediated).toEqual([[groupB]]);
    expect(outcomes().flatMap(({ triggers }) => triggers.map(({ eventId }) => eventId))).toEqual([
      "e2",
    ]);
    const [later, ...others] = enforced;
    expect([others, later?.delaySeconds]).toEqual([[], 300]);
    expect(parseEvent(JSON.parse(later?.text ?? ""))).toMatchObject({
      trigger: {
        event: "TerminateInstances",
        eventId: "e1",
        actor: { principal: "unknown" },
        touched: [
          { kind: "group", group: groupA },
          { kind: "group", group: groupB },
        ],
      },
    });
  });

  it.each(["DeleteLoadBalancer", "SetSecurityGroups", "ApplySecurityGroupsToLoadBalancer"])(
    "looks at once, and again later, when %s may have left admissions behind",
    async (event) => {
      const { work, remediated, enforced } = enforcing({
        world: {
          affected: (triggers) =>
            Promise.resolve(new Map([[groupA, triggers.map((one) => ({ ...one, event }))]])),
        },
      });
      expect(await enforceBatch([message("1", opened(groupA, "e1"))], work)).toEqual(new Map());
      expect(remediated).toEqual([[groupA]]);
      const [later, ...others] = enforced;
      expect([others, later?.delaySeconds]).toEqual([[], 300]);
      const parsed = parseEvent(JSON.parse(later?.text ?? ""));
      const again = parsed.kind === "trigger" ? parsed.trigger : undefined;
      expect(again).toMatchObject({ event, eventId: "e1", isLater: true });
      const last = enforcing({
        world: { affected: (triggers) => Promise.resolve(new Map([[groupA, triggers]])) },
      });
      await enforceBatch([message("2", JSON.parse(later?.text ?? ""))], last.work);
      expect([last.remediated, last.enforced]).toEqual([[[groupA]], []]);
    },
  );

  it("has a call delivered again after which nobody will look", async () => {
    const { work } = enforcing({
      world: { affected: (triggers) => Promise.resolve(new Map([[groupA, triggers]])) },
      outbox: { enforce: () => Promise.resolve([{ index: 0, why: "full" }]) },
    });
    expect(await enforceBatch([message("1", terminated("e1"))], work)).toEqual(
      new Map([["1", "full"]]),
    );
  });

  it("looks everywhere, once, where a call of ours cannot be read, and leads it to the dead letters", async () => {
    const everywhere: number[] = [];
    const { work, remediated, lines } = enforcing({
      world: {
        affected: (triggers) => {
          everywhere.push(
            triggers.filter(({ touched }) => touched[0]?.kind === "everything").length,
          );
          return Promise.resolve(new Map([[groupA, triggers]]));
        },
      },
    });
    const { detail, ...envelope } = opened(groupA, "e1");
    const strange = message("1", {
      ...envelope,
      detail: { ...detail, requestParameters: { group: "web" } },
    });
    const failed = await enforceBatch([strange], work);
    expect([...failed.keys()]).toEqual(["1"]);
    expect(failed.get("1")).toContain("must name a security group");
    expect(remediated).toEqual([[groupA]]);
    expect(lines.filter((line) => line.message === "A message cannot be read")).toHaveLength(1);
    const again = { ...strange, attributes: { ApproximateReceiveCount: "2" } };
    expect([...(await enforceBatch([again], work)).keys()]).toEqual(["1"]);
    expect(everywhere).toEqual([1]);
  });

  it("looks again in five minutes where somebody keeps opening a way in to the internet", async () => {
    const contested = (text: string): Finding => finding({ code: "contested", rule: rule(text) });
    const { work, enforced } = enforcing({
      remediate: () =>
        Promise.resolve([
          outcome({ group: groupA, findings: [contested("tcp/80 from 0.0.0.0/0")] }),
          outcome({ group: groupB, findings: [contested("tcp/80 from 10.0.0.0/8")] }),
        ]),
    });
    await enforceBatch([message("1", opened(groupA, "e1"))], work);
    expect(enforced.map(({ delaySeconds }) => delaySeconds)).toEqual([300]);
    expect(parseEvent(JSON.parse(enforced[0]?.text ?? ""))).toMatchObject({
      trigger: { event: "Contested", touched: [{ kind: "group", group: groupA }] },
    });
  });

  it("tells of groups while others are at work, and of each once", async () => {
    const toldBy: number[] = [];
    const { work, outcomes } = enforcing({
      remediate: async (_, __, settled) => {
        await settled([outcome({ group: groupA, ...closed })]);
        toldBy.push(outcomes().length);
        return [outcome({ group: groupB, ...closed })];
      },
    });
    await enforceBatch([message("1", opened(groupA, "e1"))], work);
    expect(toldBy).toEqual([1]);
    expect(outcomes().map(({ group }) => group)).toEqual([groupA, groupB]);
  });

  it("remediates each group once with every call that touched it", async () => {
    const { work, remediated, outcomes } = enforcing();
    const failed = await enforceBatch(
      [
        message("1", opened(groupA, "e1")),
        message("2", opened(groupA, "e2")),
        message("3", opened(groupB, "e3")),
      ],
      work,
    );
    expect(failed).toEqual(new Map());
    expect(remediated).toEqual([[groupA, groupB]]);
    expect(outcomes().map(({ triggers }) => triggers.map(({ eventId }) => eventId))).toEqual([
      ["e1", "e2"],
      ["e3"],
    ]);
  });

  it("takes a call that was delivered twice for one", async () => {
    const { work, outcomes } = enforcing();
    await enforceBatch(
      [message("1", opened(groupA, "e1")), message("2", opened(groupA, "e1"))],
      work,
    );
    expect(outcomes()[0]?.triggers).toHaveLength(1);
  });

  it("fails every delivery of a call whose group fails", async () => {
    const { work } = enforcing({ remediate: failing(groupA) });
    const failed = await enforceBatch(
      [message("1", opened(groupA, "e1")), message("2", opened(groupA, "e1"))],
      work,
    );
    expect([...failed.keys()]).toEqual(["1", "2"]);
  });

  it.each([
    ["no JSON", "{", /JSON/],
    ["no event", "[]", /must be an object/],
    [
      "an event that does not say what it must",
      { ...opened(groupA, "e1"), detail: { eventName: "AuthorizeSecurityGroupIngress" } },
      /eventID/,
    ],
  ])("fails a message that is %s, says why, and goes on with the others", async (_, body, why) => {
    const { work, lines, remediated } = enforcing();
    const failed = await enforceBatch(
      [message("bad", body), message("good", opened(groupA, "e2"))],
      work,
    );
    expect([...failed.keys()]).toEqual(["bad"]);
    expect(failed.get("bad")).toMatch(why);
    expect(lines).toContainEqual({
      level: "error",
      message: "A message cannot be read",
      fields: { messageId: "bad", why: failed.get("bad") },
    });
    expect(remediated).toEqual([[groupA]]);
  });

  it("drops what does not concern us, quietly, and touches nothing for it", async () => {
    const { work, lines, remediated } = enforcing({
      world: { affected: () => Promise.reject(new Error("nobody should ask")) },
    });
    const failedCall = {
      ...opened(groupA, "e1"),
      detail: { ...opened(groupA, "e1").detail, errorCode: "Client.UnauthorizedOperation" },
    };
    expect(
      await enforceBatch(
        [
          message("1", { source: "aws.s3", "detail-type": "x", detail: {} }),
          message("2", failedCall),
        ],
        work,
      ),
    ).toEqual(new Map());
    expect(remediated).toEqual([]);
    expect(lines.map(({ level }) => level)).toEqual(["debug", "debug"]);
  });

  it("fails the messages that touched a failed group, and only them", async () => {
    const { work, outcomes } = enforcing({ remediate: failing(groupA) });
    const failed = await enforceBatch(
      [message("1", opened(groupA, "e1")), message("2", opened(groupB, "e2"))],
      work,
    );
    expect(failed).toEqual(
      new Map([["1", `${groupA}: ec2:RevokeSecurityGroupIngress: UnauthorizedOperation`]]),
    );
    expect(outcomes().map(({ result }) => result)).toEqual(["failed"]);
  });

  it("is done with a group that no longer exists", async () => {
    const { work } = enforcing({
      remediate: (affected) =>
        Promise.resolve([...affected.keys()].map((group) => outcome({ group, result: "gone" }))),
    });
    expect(await enforceBatch([message("1", opened(groupA, "e1"))], work)).toEqual(new Map());
  });

  it("is done with a call that touches no group", async () => {
    const { work, remediated } = enforcing({
      world: { affected: () => Promise.resolve(new Map()) },
    });
    expect(await enforceBatch([message("1", opened(groupA, "e1"))], work)).toEqual(new Map());
    expect(remediated).toEqual([]);
  });

  it("asks for each call alone where asking for all fails, and fails only those that cannot be answered", async () => {
    const throttled = new Error("elasticloadbalancing:DescribeTargetHealth: Throttling");
    const affected: World["affected"] = (triggers) =>
      triggers.some(({ eventId }) => eventId === "e1")
        ? Promise.reject(throttled)
        : Promise.resolve(groupsNamedBy(triggers));
    const { work, remediated } = enforcing({ world: { affected } });
    const failed = await enforceBatch(
      [
        message("1", opened(groupA, "e1")),
        message("2", opened(groupB, "e2")),
        message("3", opened(groupB, "e3")),
      ],
      work,
    );
    expect(failed).toEqual(new Map([["1", throttled.message]]));
    expect(remediated).toEqual([[groupB]]);
  });

  it("does not ask again for a call that was alone", async () => {
    let asked = 0;
    const { work } = enforcing({
      world: {
        affected: () => {
          asked += 1;
          return Promise.reject(new Error("denied"));
        },
      },
    });
    expect([...(await enforceBatch([message("1", opened(groupA, "e1"))], work)).keys()]).toEqual([
      "1",
    ]);
    expect(asked).toBe(1);
  });

  it("fails the messages of all groups of a remediation that throws, and goes on with the next", async () => {
    const many = Array.from({ length: 60 }, (_, n) =>
      message(`${n}`, opened(`sg-${String(n).padStart(17, "0")}`, `e${n}`)),
    );
    let calls = 0;
    const { work } = enforcing({
      remediate: () =>
        calls++ === 0 ? Promise.reject(new Error("RequestLimitExceeded")) : Promise.resolve([]),
    });
    const failed = await enforceBatch(many, work);
    expect([...failed.keys()]).toEqual(many.slice(0, 50).map(({ messageId }) => messageId));
    expect(failed.get("0")).toBe("sg-00000000000000000: RequestLimitExceeded");
  });

  it("begins nothing that there is no time for: those groups come back, and no try of their messages has failed", async () => {
    const ids = Array.from({ length: 120 }, (_, n) => `sg-${String(n).padStart(17, "0")}`);
    const many = ids.map((id, n) => message(`${n}`, opened(id, `e${n}`)));
    const left = [60_000, 35_000, 34_999];
    const { work, remediated, enforced, lines } = enforcing({
      remainingMs: () => left[remediated.length] ?? 0,
    });
    expect(await enforceBatch(many, work)).toEqual(new Map());
    expect(remediated.map((groups) => groups.length)).toEqual([50, 50]);
    expect(lines.filter(({ level }) => level === "warn")).toHaveLength(1);
    const later = enforced.map(({ text }, n) => message(`later ${n}`, text));
    expect(enforced.every(({ delaySeconds }) => delaySeconds === 0)).toBe(true);
    await enforceBatch(later, { ...work, remainingMs: () => 60_000 });
    expect(remediated.flat()).toEqual(ids);
  });

  it("delivers a message again whose groups there is no time for and the queue does not take", async () => {
    const { work } = enforcing({
      remainingMs: () => 19_999,
      outbox: { enforce: () => Promise.resolve([{ index: 0, why: "Throttling" }]) },
    });
    expect(await enforceBatch([message("1", opened(groupA, "e1"))], work)).toEqual(
      new Map([
        ["1", `${groupA}: it is left for later, and a later look was not sent: Throttling`],
      ]),
    );
  });

  it("delivers a message again when people would not have heard of its outcome", async () => {
    const { work } = enforcing({
      outbox: { notify: () => Promise.resolve([{ index: 0, why: "InternalError" }]) },
    });
    const failed = await enforceBatch(
      [message("1", opened(groupA, "e1")), message("2", opened(groupB, "e2"))],
      work,
    );
    expect(failed).toEqual(new Map([["1", `${groupA}: its outcome was not sent: InternalError`]]));
  });

  it("writes one line a remediation: who did what, what was planned and done, what is left, and what it took", async () => {
    let now = 1000;
    const changed = outcome({
      group: groupA,
      result: "changed",
      triggers: [trigger({ eventId: "e1" })],
      added: [rule("tcp/80 from sg-1")],
      removed: [rule("tcp/80 from 0.0.0.0/0"), rule("tcp/80 from ::/0")],
      remaining: { add: [], remove: [rule("tcp/80 from 10.0.0.0/8")] },
      findings: [finding()],
      looks: 3,
      writes: 2,
    });
    const { work, lines } = enforcing({
      remediate: () => {
        now = 1250.4;
        return Promise.resolve([changed]);
      },
      now: () => now,
    });
    await enforceBatch([message("1", opened(groupA, "e1"))], work);
    expect(lines).toEqual([
      {
        level: "info",
        message: "Remediation",
        fields: {
          group: groupA,
          result: "changed",
          mode: "enforce",
          events: [
            {
              event: "AuthorizeSecurityGroupIngress",
              eventId: "e1",
              actor: "arn:aws:iam::123456789012:user/alice",
            },
          ],
          planned: 4,
          added: 1,
          removed: 2,
          left: 1,
          looks: 3,
          writes: 2,
          findings: ["rule-quota"],
          milliseconds: 250,
        },
      },
    ]);
  });

  it("logs a failed remediation as an error and an unfinished one as a warning", async () => {
    const outcomes = [
      outcome({ group: groupA, result: "failed", findings: [denied] }),
      outcome({ group: groupB, result: "incomplete" }),
    ];
    const { work, lines } = enforcing({ remediate: () => Promise.resolve(outcomes) });
    await enforceBatch([message("1", opened(groupA, "e1"))], work);
    expect(lines.map(({ level }) => level)).toEqual(["error", "warn"]);
    expect(lines[0]?.fields["why"]).toEqual([denied.text]);
  });

  it("has the targets of what was done looked at later, once people were told", async () => {
    const steps: string[] = [];
    const { work } = enforcing({
      remediate: (affected) =>
        Promise.resolve(
          [...affected.keys()].map((group) =>
            outcome({ group, ...closed, healthyBefore: [checked("eni-1 i-1 web:80")] }),
          ),
        ),
      outbox: {
        notify: () => {
          steps.push("told");
          return Promise.resolve([]);
        },
        enforce: (texts, delaySeconds) => {
          const groups = texts.map((text) => JSON.parse(text).detail.group);
          steps.push(`in ${delaySeconds} s: ${groups.join()}`);
          return Promise.resolve([]);
        },
      },
    });
    await enforceBatch([message("1", opened(groupA, "e1"))], work);
    expect(steps).toEqual(["told", `in 120 s: ${groupA}`]);
  });

  describe("given checks that are due", () => {
    const silent: Partial<World> = {
      health: () => Promise.resolve([reading("eni-1 i-1 web:80", "silent:Target.Timeout")]),
    };

    it("makes them together and after everything else, and remediates nothing for them", async () => {
      const steps: string[] = [];
      const { work, remediated } = enforcing({
        outbox: {
          notify: () => {
            steps.push("told");
            return Promise.resolve([]);
          },
        },
        world: {
          health: (groups) => {
            steps.push(`checked: ${groups.join()}`);
            return Promise.resolve([]);
          },
        },
      });
      const batch = [
        message("1", check(groupA)),
        message("2", opened(groupB, "e1")),
        message("3", check(groupB)),
      ];
      expect(await enforceBatch(batch, work)).toEqual(new Map());
      expect(steps).toEqual(["told", `checked: ${groupA},${groupB}`]);
      expect(remediated).toEqual([[groupB]]);
    });

    it("fails all checks of the group of which one failed, and no other", async () => {
      const { work } = enforcing({
        world: silent,
        outbox: { notify: () => Promise.resolve([{ index: 0, why: "Throttling" }]) },
      });
      const failed = await enforceBatch(
        [message("1", check(groupA)), message("2", check(groupB)), message("3", check(groupA))],
        work,
      );
      expect(failed).toEqual(
        new Map(["1", "3"].map((id) => [id, `${groupA}: its outcome was not sent: Throttling`])),
      );
    });

    it("fails them all where checking breaks down", async () => {
      const { work, lines } = enforcing({
        world: silent,
        observe: () => Promise.reject(new Error("broken")),
      });
      expect(await enforceBatch([message("1", check(groupA))], work)).toEqual(
        new Map([["1", `${groupA}: broken`]]),
      );
      expect(lines.map(({ level }) => level)).toEqual(["warn", "error"]);
    });

    it("leaves them to the next delivery where there is no time", async () => {
      const { work } = enforcing({
        remainingMs: () => 19_999,
        world: { health: () => Promise.reject(new Error("nobody should check")) },
      });
      expect(await enforceBatch([message("1", check(groupA))], work)).toEqual(
        new Map([["1", `${groupA}: there was no time left for it`]]),
      );
    });
  });

  describe("a group that another worker has", () => {
    const lease = { of: `group ${groupA}`, at: "lease" };
    const other = { holder: "another", until: 90_000, again: [] };

    it("is left to it: the message is done with, and the group is looked at only if that one dies", async () => {
      const { work, remediated, enforced } = enforcing();
      await work.store.write(lease, other, undefined);
      const failed = await enforceBatch(
        [message("1", opened(groupA, "e1")), message("2", opened(groupB, "e2"))],
        work,
      );
      expect(failed).toEqual(new Map());
      expect(remediated).toEqual([[groupB]]);
      expect((await work.store.read(lease))?.body).toMatchObject({ again: [{ eventId: "e1" }] });
      expect(enforced.map(({ delaySeconds }) => delaySeconds)).toEqual([91]);
      const later = message("3", enforced[0]?.text);
      const at = (now: number) => ({ ...work, clock: { ...work.clock, now: () => now } });
      expect(await enforceBatch([later], at(91_000))).toEqual(new Map());
      expect(remediated.slice(1)).toEqual([[groupA]]);
      // Its worker has given it back since.
      expect(await enforceBatch([later], at(91_000))).toEqual(new Map());
      expect(remediated).toHaveLength(2);
    });

    it("comes again where the queue does not take the later look", async () => {
      const { work } = enforcing({
        outbox: { enforce: () => Promise.resolve([{ index: 0, why: "Throttling" }]) },
      });
      await work.store.write(lease, other, undefined);
      expect(await enforceBatch([message("1", opened(groupA, "e1"))], work)).toEqual(
        new Map([
          ["1", `${groupA}: it is left for later, and a later look was not sent: Throttling`],
        ]),
      );
    });

    it("that is asked about again and again goes back to the queue, with who asked", async () => {
      let asked = 0;
      const { work, enforced } = enforcing({
        remediate: async (affected) => {
          const seen = await work.store.read(lease);
          const again = [trigger({ eventId: `later ${(asked += 1)}` })];
          await work.store.write(lease, { ...(seen?.body as object), again }, seen);
          return [...affected.keys()].map((group) => outcome({ group }));
        },
      });
      await enforceBatch([message("1", opened(groupA, "e1"))], work);
      expect(asked).toBe(3);
      expect(
        enforced.map(({ text, delaySeconds }) => [JSON.parse(text).detail.eventId, delaySeconds]),
      ).toEqual([["later 3", 0]]);
    });
  });

  it("takes up a change that was never told, though nothing else touches its group", async () => {
    const now = Date.parse("2026-11-29T18:00:00Z");
    const { work, remediated, outcomes } = enforcing({ now: () => now });
    const untold = (group: GroupId, change: string) =>
      work.store.write({ of: "untold", at: change }, { group }, undefined);
    await untold(groupB, "20261129-174400-3fa9c1");
    await untold("sg-0c00000000000000c", "20261129-174600-3fa9c1");
    await enforceBatch([message("1", opened(groupA, "e1"))], work);
    expect(remediated).toEqual([[groupA, groupB]]);
    expect(outcomes().map(({ group, triggers }) => [group, triggers.length])).toEqual([
      [groupA, 1],
      [groupB, 0],
    ]);
  });

  it("goes on where state cannot be read, and says so in the log", async () => {
    const denied = () => Promise.reject(new Error("AccessDenied"));
    const custodies: (string | undefined)[] = [];
    const { work, remediated, lines } = enforcing({
      store: { read: denied, write: denied, erase: denied, list: denied },
      remediate: (affected, { whyAddOnly }) => {
        custodies.push(whyAddOnly(groupA));
        return Promise.resolve([...affected.keys()].map((group) => outcome({ group })));
      },
    });
    expect(await enforceBatch([message("1", opened(groupA, "e1"))], work)).toEqual(new Map());
    expect([remediated, custodies]).toEqual([[[groupA]], ["AccessDenied"]]);
    expect(lines.filter(({ level }) => level === "error").map((line) => line.message)).toEqual([
      "Which changes people have not been told of could not be read",
      "State could not be read or written",
    ]);
  });

  it("takes a batch of a thousand registrations on one group as one remediation", async () => {
    const registered = (n: number) => ({ ...opened(groupA, `e${n}`) });
    const { work, remediated } = enforcing();
    expect(
      await enforceBatch(
        Array.from({ length: 1000 }, (_, n) => message(`${n}`, registered(n))),
        work,
      ),
    ).toEqual(new Map());
    expect(remediated).toEqual([[groupA]]);
  });
});

describe("the enforce function", () => {
  const context = {
    invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:enforce",
    getRemainingTimeInMillis: () => 60_000,
  } as unknown as Context;
  const notOurs = { source: "aws.s3", "detail-type": "Object Created", detail: {} };
  const batch = (...bodies: readonly string[]) => ({
    Records: bodies.map((body, n) => ({ messageId: `${n}`, body })),
  });
  const load = async () => (await import("../../functions/enforce.ts")).handler;

  beforeEach(() => {
    vi.resetModules();
    vi.stubEnv(
      "ELB_ONLY_ENFORCE_QUEUE_URL",
      "https://sqs.eu-west-1.amazonaws.com/123456789012/enforce",
    );
    vi.stubEnv(
      "ELB_ONLY_NOTIFY_QUEUE_URL",
      "https://sqs.eu-west-1.amazonaws.com/123456789012/notify",
    );
    vi.stubEnv("ELB_ONLY_STATE_TABLE", "state");
    vi.stubEnv("AWS_REGION", "eu-west-1");
    vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("answers which messages of a batch to deliver again", async () => {
    const handler = await load();
    expect(await handler(batch("{", JSON.stringify(notOurs)), context)).toEqual({
      batchItemFailures: [{ itemIdentifier: "0" }],
    });
  });

  it("takes a single event, too, and throws what is wrong with it", async () => {
    const handler = await load();
    expect(await handler(notOurs, context)).toEqual({ batchItemFailures: [] });
    await expect(handler({ ...opened(groupA, "e1"), detail: {} }, context)).rejects.toThrow(
      "detail.eventName must be text",
    );
  });

  it("loads with a broken configuration, and says what is wrong with it at every invocation", async () => {
    vi.stubEnv("ELB_ONLY_NOTIFY_QUEUE_URL", "nowhere");
    const handler = await load();
    const problem =
      'ELB_ONLY_NOTIFY_QUEUE_URL is "nowhere"; allowed: the URL of a standard SQS queue';
    await expect(handler(batch(), context)).rejects.toThrow(problem);
    await expect(handler(batch(), context)).rejects.toThrow(problem);
  });

  it("says so if it cannot tell whose account it is in", async () => {
    const handler = await load();
    await expect(handler(batch(), { ...context, invokedFunctionArn: "enforce" })).rejects.toThrow(
      'names no partition, region and account: "enforce"',
    );
  });
});
