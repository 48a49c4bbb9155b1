import { describe, expect, it } from "vitest";
import { alone } from "../../lib/remediation/custody.ts";
import { untoldChanges } from "../../lib/remediation/journal.ts";
import type { Store } from "../../lib/remediation/ports.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import { defaultPolicy, type Policy } from "../../lib/values/policy.ts";
import { type Rule, ruleText } from "../../lib/values/rule.ts";
import { trigger } from "../messages/outcome.ts";
import { application, group, instance, region, target } from "../support/builders.ts";
import { change, type Cloud, cloud, fakeWorld, type Moods } from "../support/fakeWorld.ts";
import { rulesOf, withRules } from "../support/region.ts";
import { inTurns, office, type Tell, underLease } from "../support/underLease.ts";

const enforced: Policy = { ...defaultPolicy, defaultMode: "enforce" };
const asked = new Map([["sg-web", [trigger({ eventId: "asked" })]]]);

/** `sg-web`, served on tcp/80, with these rules. */
const site = (...rules: readonly string[]): Cloud =>
  cloud(
    region({
      groups: [group("sg-web", ...rules), group("sg-lb")],
      interfaces: [instance("i-1", ["sg-web"])],
      loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] })],
    }),
  );

const standing = ({ now }: Cloud): readonly string[] => rulesOf(now, "sg-web").map(ruleText);
const texts = (rules: readonly Rule[]): readonly string[] => rules.map(ruleText);
const codes = ({ findings }: Outcome): readonly string[] => findings.map(({ code }) => code);
const denied = (): Promise<never> => Promise.reject(new Error("AccessDenied"));

/** One state, people who listen, and workers who come and go. */
function scene(
  where: Cloud,
  { store = (whole: Store) => whole }: { store?: (of: Store) => Store } = {},
) {
  const of = office();
  const heard: Outcome[] = [];
  const tell: Tell = (outcomes) => {
    heard.push(...outcomes);
    return Promise.resolve(new Map());
  };
  return {
    ...of,
    heard,
    run: (name: string, moods: Moods = {}, telling = tell) =>
      underLease(of.desk(name, store(of.store)), telling)(asked, enforced, fakeWorld(where, moods)),
  };
}

describe("two workers on a group", () => {
  it("the second leaves it to the first, who looks again at what changed meanwhile", async () => {
    const where = site("tcp 80 0.0.0.0/0");
    const { run, desk, heard } = scene(where);
    const second: unknown[] = [];
    const open = async (): Promise<void> => {
      change(
        where,
        withRules(where.now, "sg-web", (rules) => [
          ...rules,
          { ...rulesOf(site("tcp 80 10.0.0.0/8").now, "sg-web")[0]!, id: "sgr-late" },
        ]),
      );
      const event = new Map([["sg-web", [trigger({ eventId: "late" })]]]);
      const nothing = (): Promise<never> => Promise.reject(new Error("it has nothing to do"));
      second.push(await alone(event, desk("second"), () => true, nothing));
    };
    // Its last look is under way.
    await run("first", { afterLook: (look) => void (look === 3 && open()) });
    while (second.length === 0) await new Promise(setImmediate);
    expect(second).toEqual([
      { later: [{ group: "sg-web", at: 120_000, triggers: [] }], problems: [] },
    ]);
    expect(standing(where)).toEqual(["tcp/80 from sg-lb"]);
    expect(heard.map((one) => one.triggers.map(({ eventId }) => eventId))).toContainEqual(["late"]);
  });

  it("whoever keeps being asked gives it back after a while, and says what is still to be looked at", async () => {
    const { desk } = scene(site());
    let rounds = 0;
    const { later } = await alone(
      asked,
      desk("first"),
      () => true,
      async () => {
        rounds += 1;
        const event = new Map([["sg-web", [trigger({ eventId: `${rounds}` })]]]);
        await alone(event, desk("second"), () => true, denied);
      },
    );
    expect(rounds).toBe(3);
    expect(later.map(({ at, triggers }) => [at, triggers.map(({ eventId }) => eventId)])).toEqual([
      [0, ["3"]],
    ]);
    expect(
      await alone(
        asked,
        desk("third"),
        () => true,
        () => Promise.resolve(),
      ),
    ).toEqual({
      later: [],
      problems: [],
    });
  });

  it("a worker that fails gives its groups back all the same", async () => {
    const { desk } = scene(site());
    await expect(alone(asked, desk("first"), () => true, denied)).rejects.toThrow("AccessDenied");
    const work = (): Promise<void> => Promise.resolve();
    expect(await alone(asked, desk("second"), () => true, work)).toMatchObject({ later: [] });
  });
});

describe("state that cannot be read or written", () => {
  it.each<[string, (store: Store) => Store]>([
    ["no lease can be written", (store) => ({ ...store, write: denied })],
    [
      "a lease can be written, but no change",
      (store) => ({
        ...store,
        write: (place, ...more) => (place.at === "lease" ? store.write(place, ...more) : denied()),
      }),
    ],
    ["what is untold cannot be read", (store) => ({ ...store, list: denied })],
  ])("lets load balancers in, removes nothing, and is told: %s", async (_, store) => {
    const where = site("tcp 20-90 0.0.0.0/0");
    const { run, heard } = scene(where, { store });
    await run("first");
    expect(standing(where)).toEqual(["tcp/20-90 from 0.0.0.0/0", "tcp/80 from sg-lb"]);
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject({ result: "failed", removed: [] });
    expect(texts(heard[0]!.added)).toEqual(["tcp/80 from sg-lb"]);
    expect(codes(heard[0]!)).toEqual(["no-state"]);
  });

  it("is nothing to tell of where nothing is to be removed", async () => {
    const { run } = scene(site("tcp 80 sg-lb"), { store: (one) => ({ ...one, write: denied }) });
    expect(await run("first")).toMatchObject([{ result: "unchanged", findings: [] }]);
  });

  it("is given up on only where it fails: another group is put right", async () => {
    const where = cloud(
      region({
        groups: [group("sg-web", "tcp 80 0.0.0.0/0"), group("sg-b", "tcp 80 ::/0"), group("sg-lb")],
        interfaces: [instance("i-1", ["sg-web"]), instance("i-2", ["sg-b"])],
        loadBalancers: [
          application("alb", {
            groups: ["sg-lb"],
            targets: [target("i-1", 80), target("i-2", 80)],
          }),
        ],
      }),
    );
    const { store, desk } = office();
    const picky: Store = {
      ...store,
      write: (place, ...more) =>
        place.of === "group sg-web" ? denied() : store.write(place, ...more),
    };
    const both = new Map([...asked, ["sg-b", []]]);
    const outcomes = await underLease(desk("first", picky))(both, enforced, fakeWorld(where));
    expect(outcomes.map(({ group: id, result }) => `${id} ${result}`)).toEqual([
      "sg-web failed",
      "sg-b changed",
    ]);
  });
});

describe("a change that was not told", () => {
  it("is not taken over from a worker without a lease, who may be at it still, and would say that all is told", async () => {
    const where = site("tcp 20-90 0.0.0.0/0");
    const { run, desk, store, wait, heard } = scene(where);
    const leaseless: Store = {
      ...store,
      write: (place, ...more) => (place.at === "lease" ? denied() : store.write(place, ...more)),
    };
    const refusing: Tell = (outcomes) =>
      Promise.resolve(new Map(outcomes.map(({ group: id }) => [id, "the queue refuses"])));
    const meanwhile = async (call: number): Promise<void> => {
      if (call === 1) await run("second", {}, refusing);
    };
    await underLease(desk("first", leaseless))(
      asked,
      enforced,
      fakeWorld(where, { beforeCall: meanwhile }),
    );
    wait();
    await run("third");
    expect(heard.flatMap(({ removed }) => texts(removed))).toEqual(["tcp/20-90 from 0.0.0.0/0"]);
  });

  it("goes on under its own name where its worker died in the middle, and is told once, whole", async () => {
    const where = site("tcp 20-90 0.0.0.0/0");
    let isDead = false;
    const die = async (): Promise<void> => {
      if (isDead) throw new Error("dead");
    };
    const { run, wait, heard, store } = scene(where, { store: (whole) => inTurns(whole, die) });
    await run("first", {
      beforeLook: die,
      beforeCall: die,
      afterCall: (call) => void (isDead = call === 3),
    });
    isDead = false;
    heard.splice(0);
    const [untold] = await untoldChanges(store);
    wait();
    await run("second");
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject({ change: untold?.change, result: "changed" });
    expect(texts(heard[0]!.before)).toEqual(["tcp/20-90 from 0.0.0.0/0"]);
    expect(texts(heard[0]!.removed)).toEqual(["tcp/20-90 from 0.0.0.0/0"]);
    expect([...texts(heard[0]!.added)].sort()).toEqual([
      "tcp/20-79 from 0.0.0.0/0",
      "tcp/80 from sg-lb",
      "tcp/81-90 from 0.0.0.0/0",
    ]);
    expect(await untoldChanges(store)).toEqual([]);
  });

  it("is forgotten where nobody can read what it was: nothing was done, or nobody can tell", async () => {
    const { run, heard, store } = scene(site("tcp 80 sg-lb"));
    const untold = { of: "untold", at: "20261122-120000-3fa9c1" };
    await store.write(untold, { group: "sg-web" }, undefined);
    await run("first");
    expect(await untoldChanges(store)).toEqual([]);
    expect(heard.map(({ result }) => result)).toEqual(["unchanged"]);
  });

  it("is told by the next run, as it was, where the queue refused", async () => {
    const where = site("tcp 80 0.0.0.0/0");
    const { run, heard, store } = scene(where);
    const [first] = await run("first", {}, () => Promise.resolve(new Map([["sg-web", "refused"]])));
    expect(await untoldChanges(store)).toHaveLength(1);
    await run("second");
    expect(heard[0]).toEqual(first);
    expect(heard.map(({ result }) => result)).toEqual(["changed", "unchanged"]);
    expect(await untoldChanges(store)).toEqual([]);
  });
});

describe("a call whose answer is lost", () => {
  it.each(["asked again", "never answered"] as const)(
    "is known by the looks before and after it: %s",
    async (how) => {
      for (const lost of [1, 2, 3]) {
        const where = site("tcp 80-81 0.0.0.0/0");
        const { run, heard } = scene(where);
        await run("first", { lost: (call) => (call === lost ? how : undefined) });
        await run("second");
        const told = heard.filter(({ added, removed }) => added.length + removed.length > 0);
        expect(told.flatMap(({ removed }) => texts(removed))).toEqual(["tcp/80-81 from 0.0.0.0/0"]);
        expect(told.flatMap(({ added }) => texts(added)).sort()).toEqual([
          "tcp/80 from sg-lb",
          "tcp/81 from 0.0.0.0/0",
        ]);
        expect(told.flatMap(codes)).not.toContain("resurrected");
        expect(standing(where).toSorted()).toEqual(["tcp/80 from sg-lb", "tcp/81 from 0.0.0.0/0"]);
      }
    },
  );

  it("is left to the next run where no look says what became of it, and then told under its name", async () => {
    const where = site("tcp 80 0.0.0.0/0", "tcp 80 sg-lb");
    const { run, heard, store } = scene(where);
    await run("first", {
      lost: () => "never answered",
      beforeLook: (look) => (look > 1 ? denied() : undefined),
    });
    const [untold] = await untoldChanges(store);
    await run("second");
    expect(heard.map(({ result, change: id }) => [result, id])).toEqual([
      ["failed", undefined],
      ["changed", untold?.change],
    ]);
    expect(texts(heard[1]!.removed)).toEqual(["tcp/80 from 0.0.0.0/0"]);
  });
});
