import type { Outcome } from "../../lib/values/outcome.ts";
import type { Context } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { GroupId } from "../../lib/values/rule.ts";
import type { Runtime } from "../../functions/runtime/runtime.ts";
import { received } from "../../lib/messages/received.ts";
import { parseEvent } from "../../lib/triggers/parse.ts";
import type { Measures } from "../../functions/runtime/measures.ts";
import { verifyRegion } from "../../functions/verify/region.ts";
import type { Store } from "../../lib/remediation/ports.ts";
import { memoryStore } from "../support/memoryStore.ts";
import { finding, outcome, rule } from "../messages/outcome.ts";
import { type Changes, fakeRuntime } from "./fakeRuntime.ts";

const groupsOf = (count: number): readonly GroupId[] =>
  Array.from({ length: count }, (_, n) => `sg-${String(n).padStart(17, "0")}`);
const open = { add: [], remove: [rule("tcp/80 from 0.0.0.0/0")] };

/** A region of some groups, each of which is as `found` says. */
function verifying(
  groups: readonly GroupId[],
  found: (group: GroupId) => Partial<Outcome>,
  { world, ...changes }: Changes = {},
) {
  const { runtime, notified, enforced, ...kept } = fakeRuntime({
    world: { sweep: () => Promise.resolve({ groups, gaps: [] }), ...world },
    observe: (affected) =>
      Promise.resolve(
        [...affected].map(([group, triggers]) => outcome({ group, triggers, ...found(group) })),
      ),
    ...changes,
  });
  return {
    runtime,
    ...kept,
    handedOver: () => enforced.map(({ text }) => text),
    told: () => notified.map((text) => received(text) as Outcome),
  };
}

/** The groups that messages to the enforce queue name, as the enforce function reads them. */
const groupsIn = (text: string): readonly GroupId[] => {
  const parsed = parseEvent(JSON.parse(text));
  return parsed.kind === "trigger"
    ? parsed.trigger.touched.flatMap((thing) => (thing.kind === "group" ? [thing.group] : []))
    : [];
};

describe("verifyRegion", () => {
  it("counts what is as it should be, and disturbs nobody", async () => {
    const { runtime, handedOver, told } = verifying(groupsOf(3), () => ({}));
    expect(await verifyRegion(runtime)).toEqual({
      groups: 3,
      compliant: 3,
      drifted: 0,
      audit: 0,
      failed: 0,
      findings: {},
      milliseconds: 0,
    });
    expect([handedOver(), told()]).toEqual([[], []]);
  });

  it("hands drifted groups over to enforcement, 50 a message, each message under its own id", async () => {
    const groups = groupsOf(120);
    const { runtime, handedOver, told } = verifying(groups, () => ({
      result: "incomplete",
      remaining: open,
    }));
    expect(await verifyRegion(runtime)).toMatchObject({ drifted: 120, compliant: 0 });
    expect(handedOver().map((text) => groupsIn(text).length)).toEqual([50, 50, 20]);
    expect(handedOver().flatMap(groupsIn)).toEqual(groups);
    expect(new Set(handedOver().map((text) => JSON.parse(text).detail.eventId)).size).toBe(3);
    expect(told()).toEqual([]);
  });

  it("hands over a group of which a change was never told, though nothing drifted", async () => {
    const now = () => Date.parse("2026-11-29T18:00:00Z");
    const { runtime, handedOver } = verifying(groupsOf(3), () => ({}), { now });
    const [first = "", second = ""] = groupsOf(2);
    for (const [change, group] of [
      ["20261129-174400-3fa9c1", first],
      // Whoever makes this one may be about to tell.
      ["20261129-174600-3fa9c1", second],
    ] as const)
      await runtime.store.write({ of: "untold", at: change }, { group }, undefined);
    expect(await verifyRegion(runtime)).toMatchObject({ compliant: 3, failed: 0 });
    expect(handedOver().map(groupsIn)).toEqual([[first]]);
  });

  it("hands over what the internet gets in to before what neighbours do", async () => {
    const [first = "", second = ""] = groupsOf(2);
    const door = (isPublic: boolean) => ({
      interfaces: ["eni-1"],
      ports: { protocol: "tcp" as const, from: 80, to: 80 },
      group: second,
      rule: rule("tcp/80 from 0.0.0.0/0"),
      isPublic,
      because: { kind: "toClose" as const },
    });
    const { runtime, handedOver } = verifying([first, second], (group) => ({
      result: "incomplete",
      remaining: open,
      open: [door(group === second)],
    }));
    await verifyRegion(runtime);
    expect(handedOver().flatMap(groupsIn)).toEqual([second, first]);
  });

  it("tells of drift that is only audited, as found by a sweep", async () => {
    const { runtime, handedOver, told } = verifying(groupsOf(2), (group) =>
      group === groupsOf(1)[0] ? { result: "drift", mode: "audit", remaining: open } : {},
    );
    expect(await verifyRegion(runtime)).toMatchObject({ groups: 2, compliant: 1, audit: 1 });
    expect(
      told().map(({ group, result, triggers }) => [
        group,
        result,
        triggers.map(({ event }) => event),
      ]),
    ).toEqual([[groupsOf(1)[0], "drift", ["Sweep"]]]);
    expect(handedOver()).toEqual([]);
  });

  it("tells what there is to know of a group in which there is nothing to do, too: no event may ever come", async () => {
    const { runtime, told } = verifying(groupsOf(2), (group) =>
      group === groupsOf(1)[0] ? { reach: "admitOnly", findings: [finding()] } : {},
    );
    await verifyRegion(runtime);
    expect(told().map(({ group }) => group)).toEqual(groupsOf(1));
  });

  it("ends with one line that sums it up", async () => {
    const clock = [100, 1350];
    const { runtime, lines } = verifying(
      groupsOf(4),
      (group) => (group.endsWith("3") ? { result: "gone" } : { findings: [finding()] }),
      {
        now: () => clock.shift() ?? 0,
      },
    );
    const summary = await verifyRegion(runtime);
    expect(summary).toEqual({
      groups: 4,
      compliant: 4,
      drifted: 0,
      audit: 0,
      failed: 0,
      findings: { "rule-quota": 3 },
      milliseconds: 1250,
    });
    expect(lines).toEqual([{ level: "info", message: "Sweep", fields: summary }]);
  });

  it("measures how the region stands, and that the sweep was complete", async () => {
    const ways: readonly Partial<Outcome>[] = [
      {},
      {},
      { mode: "audit", result: "drift", remaining: open },
      { result: "incomplete", remaining: open },
      { reach: "admitOnly" },
    ];
    const { runtime, measured } = verifying(
      groupsOf(5),
      (group) => ways[Number(group.slice(-1))] ?? {},
    );
    await verifyRegion(runtime);
    expect(measured).toEqual([
      {
        GroupsProtected: 2,
        GroupsAudit: 1,
        GroupsDrifted: 1,
        GroupsRefused: 1,
        ServedPortsOpen: 0,
        GroupsIgnored: 0,
        RulesKept: 0,
        SweepCompleted: 1,
        Calls: 7,
      },
    ]);
  });

  it("does not count a sweep as completed that missed a group", async () => {
    let calls = 0;
    const { runtime, measured } = verifying(groupsOf(501), () => ({}));
    const { observe } = runtime;
    const sometimes: Runtime["observe"] = (affected) =>
      calls++ === 0 ? Promise.reject(new Error("RequestLimitExceeded")) : observe(affected);
    await expect(verifyRegion({ ...runtime, observe: sometimes })).rejects.toThrow(
      "RequestLimitExceeded",
    );
    expect(measured).toEqual([
      {
        GroupsProtected: 1,
        GroupsAudit: 0,
        GroupsDrifted: 0,
        GroupsRefused: 500,
        ServedPortsOpen: 0,
        GroupsIgnored: 0,
        RulesKept: 0,
        Calls: 7,
      },
    ]);
  });

  it("looks at a large region in chunks", async () => {
    const sizes: number[] = [];
    const { runtime } = verifying(groupsOf(1200), () => ({}));
    const { observe } = runtime;
    await verifyRegion({
      ...runtime,
      observe: (affected) => {
        sizes.push(affected.size);
        return observe(affected);
      },
    });
    expect(sizes).toEqual([500, 500, 200]);
  });

  it("throws where the groups cannot be listed: a half sweep would be a false all-clear", async () => {
    const { runtime } = verifying([], () => ({}), {
      world: {
        sweep: () =>
          Promise.reject(new Error("ec2:DescribeNetworkInterfaces: UnauthorizedOperation")),
      },
    });
    await expect(verifyRegion(runtime)).rejects.toThrow("UnauthorizedOperation");
  });

  it("looks at the groups that were found where not all could be, and throws at the end: a half sweep would be a false all-clear", async () => {
    const gaps = ["elasticloadbalancing:DescribeTargetHealth: AccessDenied"];
    const { runtime, lines, handedOver, measured } = verifying(
      groupsOf(2),
      (group) => (group.endsWith("1") ? { result: "incomplete", remaining: open } : {}),
      {
        world: { sweep: () => Promise.resolve({ groups: groupsOf(2), gaps }) },
      },
    );
    await expect(verifyRegion(runtime)).rejects.toThrow(
      `The sweep could not find all groups: ${gaps[0]}`,
    );
    expect(handedOver().flatMap(groupsIn)).toEqual(groupsOf(2).slice(1));
    expect(measured).toEqual([
      {
        GroupsProtected: 1,
        GroupsAudit: 0,
        GroupsDrifted: 1,
        GroupsRefused: 0,
        ServedPortsOpen: 0,
        GroupsIgnored: 0,
        RulesKept: 0,
        Calls: 7,
      },
    ]);
    expect(lines).toContainEqual({
      level: "error",
      message: "Not all groups could be found",
      fields: { gaps },
    });
  });

  it("says both what was not found and what was not looked at", async () => {
    const { runtime } = verifying(
      groupsOf(1),
      () => ({ result: "failed", findings: [finding({ text: "no luck" })] }),
      {
        world: {
          sweep: () =>
            Promise.resolve({ groups: groupsOf(1), gaps: ["one", "two", "three", "four"] }),
        },
      },
    );
    await expect(verifyRegion(runtime)).rejects.toThrow(
      "The sweep could not find all groups: one; two; three\nThe sweep failed for 1 of 1 groups: sg-00000000000000000: no luck",
    );
  });

  it("goes on where some groups cannot be looked at, and throws at the end", async () => {
    let calls = 0;
    const { runtime, lines, handedOver } = verifying(groupsOf(600), () => ({
      result: "incomplete",
      remaining: open,
    }));
    const { observe } = runtime;
    const sometimes: Runtime["observe"] = (affected) =>
      calls++ === 0 ? Promise.reject(new Error("RequestLimitExceeded")) : observe(affected);
    await expect(verifyRegion({ ...runtime, observe: sometimes })).rejects.toThrow(
      "The sweep failed for 500 of 600 groups: sg-00000000000000000: RequestLimitExceeded; ",
    );
    expect(handedOver().flatMap(groupsIn)).toEqual(groupsOf(600).slice(500));
    expect(lines.at(-1)).toMatchObject({
      message: "Sweep",
      fields: { groups: 600, drifted: 100, failed: 500 },
    });
  });

  it("counts a group whose look failed, and says the worst that is known of it", async () => {
    const findings = [
      finding({ severity: "info", text: "x" }),
      finding({ code: "denied", text: "ec2:DescribeSecurityGroups: UnauthorizedOperation" }),
    ];
    const { runtime } = verifying(groupsOf(2), (group) =>
      group.endsWith("0") ? { result: "failed", findings } : {},
    );
    await expect(verifyRegion(runtime)).rejects.toThrow(
      "The sweep failed for 1 of 2 groups: sg-00000000000000000: ec2:DescribeSecurityGroups: UnauthorizedOperation",
    );
  });

  it("throws where drifted groups could not be handed over, or an outcome not be told", async () => {
    const drifted = verifying(groupsOf(60), () => ({ result: "incomplete", remaining: open }), {
      outbox: { enforce: () => Promise.resolve([{ index: 1, why: "AccessDenied" }]) },
    });
    await expect(verifyRegion(drifted.runtime)).rejects.toThrow(
      "The sweep failed for 10 of 60 groups: sg-00000000000000050: not handed over: AccessDenied",
    );
    expect(drifted.lines.at(-1)).toMatchObject({ fields: { drifted: 50, failed: 10 } });

    const audited = verifying(
      groupsOf(1),
      () => ({ result: "drift", mode: "audit", remaining: open }),
      {
        outbox: { notify: () => Promise.resolve([{ index: 0, why: "InternalError" }]) },
      },
    );
    await expect(verifyRegion(audited.runtime)).rejects.toThrow(
      "its outcome was not sent: InternalError",
    );
  });

  it("stops while there is time to say what was not looked at, where nothing can be remembered", async () => {
    const left = [60_000, 60_000, 10_000];
    const { runtime } = verifying(groupsOf(700), () => ({}), {
      remainingMs: () => left.shift() ?? 0,
      store: noStore,
    });
    await expect(verifyRegion(runtime)).rejects.toThrow(
      "The sweep failed for 200 of 700 groups: sg-00000000000000500: there was no time left for it",
    );
  });
});

const nobody = (): Promise<never> => Promise.reject(new Error("no table"));
const noStore: Store = { read: nobody, write: nobody, erase: nobody, list: nobody };

describe("a sweep that there is no time for", () => {
  /** Invocations one after the other, each of which has time for so many portions. */
  function invocations(groups: readonly GroupId[], portions: number, every = 60_000) {
    let now = 1_000_000;
    const store = memoryStore({ now: () => now });
    const looked: GroupId[] = [];
    const since: (number | undefined)[] = [];
    const next = async (world: Changes["world"] = {}) => {
      now += every;
      let checks = 0;
      const { runtime, measured, lines, handedOver } = verifying(groups, () => ({}), {
        store,
        now: () => now,
        remainingMs: () => (Math.floor(checks++ / 2) < portions ? 60_000 : 0),
        world: {
          sweep: (from) => {
            since.push(from);
            return Promise.resolve({ groups, gaps: [] });
          },
          ...world,
        },
        observe: (affected) => {
          looked.push(...affected.keys());
          return Promise.resolve(
            [...affected].map(([group, triggers]) => outcome({ group, triggers })),
          );
        },
      });
      return { summary: await verifyRegion(runtime), measured, lines, handedOver };
    };
    return { next, looked, since };
  }
  const completed = (measured: readonly Measures[]): number =>
    measured.filter((one) => one.SweepCompleted === 1).length;

  it("goes on with the next invocation, and looks at every group once", async () => {
    const groups = groupsOf(1200);
    const { next, looked, since } = invocations(groups, 2);
    const first = await next();
    expect([first.summary.groups, completed(first.measured)]).toEqual([1000, 0]);
    expect(first.lines.at(-1)).toMatchObject({ level: "warn", fields: { left: 200 } });
    const second = await next();
    expect(second.summary).toMatchObject({ groups: 1200, compliant: 1200, failed: 0 });
    expect(completed(second.measured)).toBe(1);
    expect(second.measured.find((one) => one.SweepCompleted)?.GroupsProtected).toBe(1200);
    expect(looked).toEqual(groups);
    expect(since[1]).toBe(since[0]);
  });

  it("is followed by another one, from the beginning", async () => {
    const groups = groupsOf(700);
    const { next, looked, since } = invocations(groups, 1);
    for (let invocation = 0; invocation < 4; invocation += 1) await next();
    expect(looked).toEqual([...groups, ...groups]);
    expect(since[2]).toBeGreaterThan(since[1] ?? Infinity);
  });

  it("begins anew where it began too long ago", async () => {
    const { next, looked } = invocations(groupsOf(700), 1, 2 * 3_600_000);
    await next();
    await next();
    expect(new Set(looked).size).toBe(500);
  });

  it("looks at nothing until all target groups are read, which the next invocation goes on with", async () => {
    const { next, looked, since } = invocations(groupsOf(3), 1);
    const gaps = ["There are more target groups than there is time for."];
    const first = await next({
      sweep: (from) => {
        since.push(from);
        return Promise.resolve({ groups: [], gaps, isUnfinished: true });
      },
    });
    expect([looked, completed(first.measured)]).toEqual([[], 0]);
    await next();
    expect(looked).toEqual(groupsOf(3));
    expect(since[1]).toBe(since[0]);
  });
});

describe("the verify function", () => {
  beforeEach(() => {
    vi.resetModules();
    vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
    vi.stubEnv("AWS_REGION", "eu-west-1");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("loads with a broken configuration, and says everything that is wrong with it when invoked", async () => {
    vi.stubEnv("ELB_ONLY_DEFAULT_MODE", "on");
    const { handler } = await import("../../functions/verify.ts");
    await expect(handler({}, {} as Context)).rejects.toThrow(
      [
        "The configuration has 5 problems:",
        '- ELB_ONLY_DEFAULT_MODE is "on"; allowed: audit, enforce, ignore',
        "- ELB_ONLY_ENFORCE_QUEUE_URL is not set; allowed: the URL of a standard SQS queue",
        "- ELB_ONLY_NOTIFY_QUEUE_URL is not set; allowed: the URL of a standard SQS queue",
        "- ELB_ONLY_ALERT_TOPIC_ARN is not set; allowed: the ARN of a standard SNS topic",
        "- ELB_ONLY_STATE_TABLE is not set; allowed: the name of a DynamoDB table",
      ].join("\n"),
    );
  });
});
