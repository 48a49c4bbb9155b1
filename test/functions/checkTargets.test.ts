import type { Outcome } from "../../lib/values/outcome.ts";
import { describe, expect, it } from "vitest";
import { checkLater, checksOf, checkTargets } from "../../functions/enforce/checkTargets.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import type { TargetCheck } from "../../lib/values/targetCheck.ts";
import type { Trigger } from "../../lib/values/trigger.ts";
import { mostBytes } from "../../lib/messages/truncate.ts";
import { parseEvent } from "../../lib/triggers/parse.ts";
import { outcome, rule, trigger } from "../messages/outcome.ts";
import { received } from "../../lib/messages/received.ts";
import { checked, reading } from "../support/targets.ts";
import { type Changes, fakeRuntime } from "./fakeRuntime.ts";

const open = rule("tcp/80 from 0.0.0.0/0");
const closed = (more: Partial<Outcome> = {}): Outcome =>
  outcome({
    result: "changed",
    triggers: [trigger({ eventId: "e-1" })],
    removed: [open],
    healthyBefore: ["eni-1 i-1 web:80", "eni-2 i-2 web:80"].map(checked),
    ...more,
  });
const targets = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    checked(
      `eni-${String(n).padStart(17, "0")} i-${String(n).padStart(17, "0")} ${"web".repeat(10)}:8080`,
    ),
  );

describe("checksOf", () => {
  it("is what was removed, why, and who was healthy", () => {
    expect(checksOf(closed())).toEqual([
      {
        group: "sg-9cd8a3f4",
        eventId: "e-1",
        removed: ["tcp/80 from 0.0.0.0/0"],
        healthy: ["eni-1 i-1 web:80", "eni-2 i-2 web:80"].map(checked),
      },
    ]);
  });

  it("is nothing where nothing was removed, nobody was healthy, or nobody knows", () => {
    const { healthyBefore: _, ...unknown } = closed();
    for (const one of [closed({ removed: [] }), closed({ healthyBefore: [] }), unknown])
      expect(checksOf(one)).toEqual([]);
  });

  it("is several that fit into a message each, however many targets and rules there are", () => {
    const removed = Array.from({ length: 1000 }, (_, n) => rule(`tcp/${n} from 0.0.0.0/0`));
    const checks = checksOf(closed({ removed, healthyBefore: targets(450) }));
    expect(checks.map(({ healthy }) => healthy.length)).toEqual([200, 200, 50]);
    expect(checks.flatMap(({ healthy }) => healthy)).toEqual(targets(450));
    expect(checks[0]?.removed.slice(-2)).toEqual(["tcp/199 from 0.0.0.0/0", "800 more"]);
    for (const check of checks)
      expect(Buffer.byteLength(JSON.stringify(check))).toBeLessThan(mostBytes);
  });
});

describe("checkLater", () => {
  it("sends messages that are read as they were meant", async () => {
    const { runtime, enforced, lines } = fakeRuntime();
    await checkLater([closed(), outcome(), closed({ group: "sg-2" })], runtime, 120);
    expect(enforced.map(({ delaySeconds }) => delaySeconds)).toEqual([120, 120]);
    expect(enforced.map(({ text }) => parseEvent(JSON.parse(text)))).toEqual(
      [...checksOf(closed()), ...checksOf(closed({ group: "sg-2" }))].map((check) => ({
        kind: "check",
        check,
      })),
    );
    expect(lines).toEqual([]);
  });

  it("calls nobody where there is nothing to check", async () => {
    const enforce = () => Promise.reject(new Error("nobody should call"));
    const { runtime } = fakeRuntime({ outbox: { enforce } });
    await expect(checkLater([outcome()], runtime, 120)).resolves.toBeUndefined();
  });

  it("only logs a check that could not be sent", async () => {
    const { runtime, lines } = fakeRuntime({
      outbox: { enforce: () => Promise.resolve([{ index: 1, why: "AccessDenied" }]) },
    });
    await checkLater([closed(), closed({ group: "sg-2" })], runtime, 120);
    expect(lines).toEqual([
      {
        level: "error",
        message: "Targets will not be checked after a removal",
        fields: { count: 1, groups: ["sg-2"], why: "AccessDenied" },
      },
    ]);
  });
});

const check = (group: GroupId, ...healthy: readonly string[]): TargetCheck => ({
  group,
  eventId: `event of ${group}`,
  removed: ["tcp/80 from 0.0.0.0/0"],
  healthy: healthy.map(checked),
});

/** Load balancers say this; what is read, looked at and told is kept. */
function checking(health: Readonly<Record<string, string>>, changes: Changes = {}) {
  const [read, observed]: [(readonly GroupId[])[], Trigger[]] = [[], []];
  const { runtime, lines, notified } = fakeRuntime({
    world: {
      health: (groups) => {
        read.push(groups);
        return Promise.resolve(
          Object.entries(health).map(([target, said]) => reading(target, said)),
        );
      },
    },
    observe: (affected) => {
      observed.push(...[...affected.values()].flat());
      return Promise.resolve(
        [...affected].map(([group, triggers]) => outcome({ group, triggers })),
      );
    },
    ...changes,
  });
  const told = () => notified.map((text) => received(text) as Outcome);
  return { runtime, lines, read, observed, told };
}

/** Nothing is undone. */
const nothing = () => Promise.resolve(undefined);

describe("checkTargets", () => {
  it("says nothing, but in the log, where all still answer", async () => {
    const { runtime, lines, observed, told } = checking({
      "eni-1 i-1 web:80": "healthy",
      "eni-2 i-2 web:80": "unhealthy:Target.ResponseCodeMismatch",
    });
    expect(
      await checkTargets([check("sg-1", "eni-1 i-1 web:80", "eni-2 i-2 web:80")], runtime, nothing),
    ).toEqual(new Map());
    expect([observed, told()]).toEqual([[], []]);
    expect(lines).toEqual([
      {
        level: "info",
        message: "Targets checked after a removal",
        fields: { group: "sg-1", eventId: "event of sg-1", healthy: 2, lost: [] },
      },
    ]);
  });

  it("reads once for all groups, and tells of those alone whose targets do not answer", async () => {
    const { runtime, read, observed, told } = checking({
      "eni-1 i-1 web:80": "healthy",
      "eni-2 i-2 web:80": "silent:Target.Timeout",
    });
    await checkTargets(
      [check("sg-1", "eni-1 i-1 web:80"), check("sg-2", "eni-2 i-2 web:80")],
      runtime,
      nothing,
    );
    expect(read).toEqual([["sg-1", "sg-2"]]);
    expect(observed).toEqual([
      {
        event: "HealthCheck",
        eventId: "event of sg-2",
        actor: { principal: "elb-only" },
        touched: [{ kind: "group", group: "sg-2" }],
        rules: [],
      },
    ]);
    expect(told().map(({ group, findings }) => [group, findings.map(({ code }) => code)])).toEqual([
      ["sg-2", ["target-health"]],
    ]);
  });

  it("takes several checks of one group for one", async () => {
    const { runtime, read, told } = checking({
      "eni-1 i-1 web:80": "silent:Instance",
      "eni-2 i-2 web:80": "silent:Instance",
    });
    await checkTargets(
      [
        check("sg-1", "eni-1 i-1 web:80"),
        check("sg-1", "eni-2 i-2 web:80"),
        check("sg-1", "eni-1 i-1 web:80"),
      ],
      runtime,
      nothing,
    );
    expect(read).toEqual([["sg-1"]]);
    expect(told()).toHaveLength(1);
    expect(told()[0]?.findings[0]?.text).toMatch(
      /^i-1 \(eni-1\) in web:80 \(Instance\), i-2 \(eni-2\) in web:80 \(Instance\) were .* Removed: tcp\/80 from 0\.0\.0\.0\/0\.$/,
    );
  });

  it("tells of them even where nothing else can be read of the group", async () => {
    const { runtime, told } = checking(
      { "eni-1 i-1 web:80": "silent:Target.Timeout" },
      {
        observe: (affected) =>
          Promise.resolve(
            [...affected.keys()].map((group) => outcome({ group, result: "failed" })),
          ),
      },
    );
    expect(await checkTargets([check("sg-1", "eni-1 i-1 web:80")], runtime, nothing)).toEqual(
      new Map(),
    );
    expect(told().map(({ findings }) => findings[0]?.code)).toEqual(["target-health"]);
  });

  it("answers that all is to be done again where health cannot be read", async () => {
    const { runtime, lines } = checking(
      {},
      { world: { health: () => Promise.reject(new Error("Throttling")) } },
    );
    const failed = await checkTargets(
      [check("sg-1", "eni-1 i-1 web:80"), check("sg-2", "eni-2 i-2 web:80")],
      runtime,
      nothing,
    );
    expect(failed).toEqual(new Map(["sg-1", "sg-2"].map((group) => [group, "Throttling"])));
    expect(lines.map(({ level }) => level)).toEqual(["error"]);
  });

  it("answers which groups people did not hear of", async () => {
    const unsent = new Map([["sg-1", "its outcome was not sent: InternalError"]]);
    const { runtime } = checking(
      { "eni-1 i-1 web:80": "silent:Target.Timeout" },
      { outbox: { notify: () => Promise.resolve([{ index: 0, why: "InternalError" }]) } },
    );
    expect(await checkTargets([check("sg-1", "eni-1 i-1 web:80")], runtime, nothing)).toEqual(
      unsent,
    );
  });
});
