import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registrationsIn } from "../../lib/aws/read/registrations.ts";
import type { Store } from "../../lib/remediation/ports.ts";
import { fakeClock } from "../support/fakeClock.ts";
import { memoryStore } from "../support/memoryStore.ts";
import { type Account, awsError, type Called, standIn } from "./account.ts";
import * as a from "./things.ts";

const names = ["one", "two", "three"];
const instances = ["i-1", "i-2", "i-3"];
type Registered = Record<string, readonly ReturnType<typeof a.registered>[]>;

/** Instances with a group each, and target groups behind a load balancer each; the first instance is registered with the first target group. */
function region(): Account & { readonly registered: Registered } {
  return {
    groups: instances.map((id) => a.group(`sg-${id}`)),
    interfaces: instances.map((id) => a.instanceInterface(id, [`sg-${id}`])),
    balancers: names.map((name) => a.balancer(`alb-${name}`)),
    targetGroups: names.map((name) => a.targetGroup(name, [`alb-${name}`])),
    registered: {
      [a.targetGroupArn("one")]: [a.registered("i-1", 80)],
      [a.targetGroupArn("two")]: [],
      [a.targetGroupArn("three")]: [],
    },
    tags: Object.fromEntries(names.map((name) => [a.arnOf(`alb-${name}`), {}])),
  };
}

/** The target groups that were asked for since the last time. */
const asked = (called: Called[]): readonly string[] =>
  called
    .splice(0)
    .flatMap(({ operation, input }) =>
      operation === "DescribeTargetHealth" && "TargetGroupArn" in input
        ? names.filter((name) => input.TargetGroupArn === a.targetGroupArn(name))
        : [],
    );

const hours = 3_600_000;
const broken = (): Promise<never> => Promise.reject(awsError("ResourceNotFoundException"));
const nobodys: Store = { read: broken, write: broken, erase: broken, list: broken };

describe("what an earlier run read of target groups", () => {
  it("is not asked again, but where an interface in question is registered", async () => {
    const { aws, called, newWorld } = standIn(region());
    const store = memoryStore(aws.clock);
    await newWorld({ store }).look(["sg-i-2"]);
    expect(asked(called)).toEqual(names);
    const second = await newWorld({ store }).look(["sg-i-1"]);
    expect(asked(called)).toEqual(["one"]);
    expect({ ...second, at: "" }).toEqual({ ...(await newWorld().look(["sg-i-1"])), at: "" });
  });

  it("is asked again when an event names the target group", async () => {
    const { aws, called, newWorld } = standIn(region());
    const store = memoryStore(aws.clock);
    await newWorld({ store }).look(["sg-i-2"]);
    asked(called);
    await newWorld({ store }).affected([
      a.trigger({ kind: "targetGroup", arn: a.targetGroupArn("two") }),
    ]);
    expect(asked(called)).toEqual(["two"]);
  });

  it.each([
    [10, 10],
    [11, 0],
  ])(
    "is asked again of the target groups of load balancers that no rule can name, up to 10: of %i, %i",
    async (count, times) => {
      const unnamed = Array.from({ length: count }, (_, index) => `network-${index}`);
      const { aws, called, newWorld } = standIn({
        ...region(),
        balancers: [
          ...names.map((name) => a.balancer(`alb-${name}`)),
          a.balancer("nlb", { Type: "network", SecurityGroups: [] }),
        ],
        targetGroups: unnamed.map((name) => a.targetGroup(name, ["nlb"])),
        registered: Object.fromEntries(unnamed.map((name) => [a.targetGroupArn(name), []])),
      });
      const store = memoryStore(aws.clock);
      await newWorld({ store }).look(["sg-i-2"]);
      called.splice(0);
      await newWorld({ store }).look(["sg-i-2"]);
      expect(called.filter(({ operation }) => operation === "DescribeTargetHealth")).toHaveLength(
        times,
      );
    },
  );

  it("is asked again once two sweeps should have", async () => {
    const { aws, called, newWorld, wait } = standIn(region());
    const store = memoryStore(aws.clock);
    await newWorld({ store }).look(["sg-i-2"]);
    asked(called);
    wait(2 * hours - 1);
    await newWorld({ store }).look(["sg-i-2"]);
    expect(asked(called)).toEqual([]);
    wait(1);
    await newWorld({ store }).look(["sg-i-2"]);
    expect(asked(called)).toEqual(names);
  });

  it.each([
    ["is no registration", "nonsense"],
    ["has no targets", { at: 0 }],
    ["names a target that is none", { at: 0, targets: [["i-9", "eighty"]] }],
    ["names a nameless target", { at: 0, targets: [[""]] }],
    ["comes from the future", { at: 8 * hours, targets: [] }],
  ])("is asked again where what is kept %s", async (_, body) => {
    const { aws, called, newWorld } = standIn(region());
    const store = memoryStore(aws.clock);
    await newWorld({ store }).look(["sg-i-2"]);
    asked(called);
    await store.write({ of: "index vpc-1", at: a.targetGroupArn("two") }, body, "whatever");
    await newWorld({ store }).look(["sg-i-2"]);
    expect(asked(called)).toEqual(["two"]);
  });

  it("is asked again by everybody where the table is out of order, and nothing is missing for it", async () => {
    const { called, newWorld } = standIn(region());
    for (const _ of names) {
      const { gaps } = await newWorld({ store: nobodys }).look(["sg-i-2"]);
      expect([gaps, asked(called)]).toEqual([[], names]);
    }
  });

  it("goes on where the time ran out", async () => {
    const many = Array.from({ length: 30 }, (_, index) => `many-${index}`);
    const { aws, newWorld, called } = standIn({
      ...region(),
      targetGroups: many.map((name) => a.targetGroup(name, ["alb-one"])),
      registered: Object.fromEntries(many.map((name) => [a.targetGroupArn(name), []])),
    });
    const store = memoryStore(aws.clock);
    const gaps: (readonly string[])[] = [];
    for (let run = 0; run < 4; run += 1) {
      const end = aws.clock.now() + 18_000;
      const world = newWorld({ store, remainingMs: () => end - aws.clock.now() });
      gaps.push((await world.look(["sg-i-2"])).gaps);
    }
    expect(gaps[0]).toEqual([expect.stringMatching("more target groups than there is time for")]);
    expect(gaps.at(-1)).toEqual([]);
    const asks = called.filter(({ operation }) => operation === "DescribeTargetHealth");
    expect(asks).toHaveLength(many.length);
  });

  it("lets a sweep go on where the time ran out, and another one verify everything", async () => {
    const many = Array.from({ length: 30 }, (_, index) => `many-${index}`);
    const { aws, newWorld, called, wait } = standIn({
      ...region(),
      targetGroups: many.map((name) => a.targetGroup(name, ["alb-one"])),
      registered: Object.fromEntries(
        many.map((name) => [a.targetGroupArn(name), [a.registered("i-1", 80)]]),
      ),
    });
    const store = memoryStore(aws.clock);
    const asks = () =>
      called.filter(({ operation }) => operation === "DescribeTargetHealth").length;
    const sweep = (since: number) => {
      const end = aws.clock.now() + 18_000;
      const world = newWorld({ store, glance: true, remainingMs: () => end - aws.clock.now() });
      return world.sweep(since);
    };
    wait();
    const since = aws.clock.now();
    expect(await sweep(since)).toMatchObject({ isUnfinished: true });
    let runs = 1;
    let last = await sweep(since);
    for (; last.isUnfinished === true; runs += 1) last = await sweep(since);
    expect([runs, last, asks()]).toEqual([2, { groups: ["sg-i-1"], gaps: [] }, many.length]);
    wait();
    await newWorld({ store, glance: true }).sweep(aws.clock.now());
    expect(asks()).toBe(2 * many.length);
  });

  it("stays what was asked for last, whoever writes last", async () => {
    const clock = fakeClock(1_000_000);
    const store = memoryStore(clock);
    const group = a.targetGroup("one", ["alb-one"]);
    const [early, late] = [registrationsIn(store, clock), registrationsIn(store, clock)];
    await Promise.all([early.recall(group), late.recall(group)]);
    late.keep(group, [a.registered("i-2", 80)], 1_000_002);
    await late.settled();
    early.keep(group, [a.registered("i-1", 80)], 1_000_001);
    await early.settled();
    const ids = (await registrationsIn(store, clock).recall(group))?.map(
      ({ Target }) => Target?.Id,
    );
    expect(ids).toEqual(["i-2"]);
  });

  it("is not kept where it is too long for an item", async () => {
    const clock = fakeClock();
    const index = registrationsIn(memoryStore(clock), clock);
    const group = a.targetGroup("one", ["alb-one"]);
    const many = Array.from({ length: 20_000 }, (_, id) => a.registered(`i-${id}`, 80));
    index.keep(group, many, 1);
    await index.settled();
    expect(await index.recall(group)).toBeUndefined();
  });
});

type Step =
  | { readonly kind: "register"; readonly name: string; readonly instances: readonly string[] }
  /** An event of one of the changes so far arrives: late, once more, or out of order. */
  | { readonly kind: "event"; readonly which: number }
  | { readonly kind: "look"; readonly instance: string }
  | { readonly kind: "sweep" }
  | { readonly kind: "wait"; readonly minutes: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("register" as const),
    name: fc.constantFrom(...names),
    instances: fc.subarray(instances),
  }),
  fc.record({ kind: fc.constant("event" as const), which: fc.nat() }),
  fc.record({ kind: fc.constant("look" as const), instance: fc.constantFrom(...instances) }),
  fc.record({ kind: fc.constant("sweep" as const) }),
  fc.record({ kind: fc.constant("wait" as const), minutes: fc.integer({ min: 1, max: 90 }) }),
);

describe("a look that goes by the index", () => {
  it("sees what a look at everything sees, once each change's event has come, or a sweep", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 12 }),
        fc.boolean(),
        async (steps, endsInSweep) => {
          const account = region();
          const { aws, newWorld, wait } = standIn(account);
          const store = memoryStore(aws.clock);
          const changed: string[] = [];
          const arrive = (name: string) =>
            newWorld({ store }).affected([
              a.trigger({ kind: "targetGroup", arn: a.targetGroupArn(name) }),
            ]);
          const isConcerned = async (id: string) =>
            (
              await newWorld({ store }).affected([
                {
                  ...a.trigger({ kind: "group", group: `sg-${id}` }),
                  event: "AuthorizeSecurityGroupIngress",
                },
              ])
            ).size === 1;
          const sweep = () => newWorld({ store, glance: true }).sweep();
          for (const one of steps) {
            wait(1);
            if (one.kind === "register") {
              account.registered[a.targetGroupArn(one.name)] = one.instances.map((id) =>
                a.registered(id, 80),
              );
              changed.push(one.name);
            } else if (one.kind === "event") {
              const name = changed[one.which % Math.max(1, changed.length)];
              if (name !== undefined) await arrive(name);
            } else if (one.kind === "look") await newWorld({ store }).look([`sg-${one.instance}`]);
            else if (one.kind === "sweep") await sweep();
            else wait(one.minutes * 60_000);
          }
          wait(1);
          if (endsInSweep) await sweep();
          else for (const name of changed) await arrive(name);
          wait(1);
          for (const id of instances) {
            const isServed = Object.values(account.registered)
              .flat()
              .some(({ Target }) => Target?.Id === id);
            if (isServed || endsInSweep) expect(await isConcerned(id)).toBe(isServed);
            expect({ ...(await newWorld({ store }).look([`sg-${id}`])), at: "" }).toEqual({
              ...(await newWorld().look([`sg-${id}`])),
              at: "",
            });
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
