import type { Outcome } from "../../lib/values/outcome.ts";
import { describe, expect, it } from "vitest";
import { defaultPolicy, type Policy } from "../../lib/values/policy.ts";
import { type GroupId, type Rule, ruleText } from "../../lib/values/rule.ts";
import { sweepEvent, type Trigger } from "../../lib/values/trigger.ts";
import { observe } from "../../lib/remediation/remediate.ts";
import { remediate } from "../support/remediate.ts";
import type { World } from "../../lib/remediation/ports.ts";
import {
  application,
  group,
  instance,
  region,
  rule,
  secondary,
  target,
} from "../support/builders.ts";
import { change, type Cloud, cloud, fakeWorld, type Moods } from "../support/fakeWorld.ts";
import { type Region, rulesOf, withRules } from "../support/region.ts";

const enforced: Policy = { ...defaultPolicy, defaultMode: "enforce" };

const opened = (...rules: Trigger["rules"]): Trigger => ({
  event: "AuthorizeSecurityGroupIngress",
  eventId: "e-1",
  at: "2026-11-22T11:59:30Z",
  actor: { principal: "arn:aws:iam::111111111111:user/alice" },
  touched: [],
  rules,
});

const alb = application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] });

/** `sg-web` with these rules, attached to an instance that a load balancer serves on tcp 80. */
const site = (rules: Parameters<typeof group>[1][], parts: Partial<Region> = {}): Region =>
  region({
    groups: [group("sg-web", ...rules), group("sg-lb", "tcp 443 0.0.0.0/0")],
    interfaces: [instance("i-1", ["sg-web"])],
    loadBalancers: [alb],
    ...parts,
  });

const asked = (...groups: readonly GroupId[]): ReadonlyMap<GroupId, readonly Trigger[]> =>
  new Map(groups.map((id) => [id, [opened()]]));

/** Remediates `sg-web`, or all of these groups; the outcome of the first. */
async function outcomeIn(
  where: Cloud,
  moods: Moods = {},
  trigger = opened(),
): Promise<Outcome & { readonly calls: readonly string[] }> {
  const world = fakeWorld(where, moods);
  const [outcome] = await remediate(new Map([["sg-web", [trigger]]]), enforced, world);
  if (outcome === undefined) throw new Error("no outcome");
  return {
    ...outcome,
    calls: world.calls.map(({ kind, rules }) => `${kind} ${rules.map(ruleText).join(", ")}`),
  };
}

const standing = (where: Cloud): readonly string[] =>
  rulesOf(where.now, "sg-web").map(ruleText).sort();
const codesOf = ({ findings }: Outcome): readonly string[] => findings.map(({ code }) => code);
const edit = (where: Cloud, rules: (rules: readonly Rule[]) => readonly Rule[]): void =>
  change(where, withRules(where.now, "sg-web", rules));

/** A world in which some looks lack something. */
const halfSeen = (world: World, gaps: string): World => ({
  ...world,
  look: async (groups) => ({ ...(await world.look(groups)), gaps: [gaps] }),
});

describe("remediate", () => {
  it("adds, looks, removes, looks, and proves it; a second run writes nothing", async () => {
    const where = cloud(site(["tcp 20-90 0.0.0.0/0", "tcp 80 ::/0"]));
    const first = await outcomeIn(where);
    expect(first).toMatchObject({ result: "changed", looks: 3, writes: 3 });
    expect(standing(where)).toEqual([
      "tcp/20-79 from 0.0.0.0/0",
      "tcp/80 from sg-lb",
      "tcp/81-90 from 0.0.0.0/0",
    ]);
    expect(first.proof.filter(({ holds }) => !holds)).toEqual([]);
    expect(first.before.map(ruleText)).toEqual(["tcp/20-90 from 0.0.0.0/0", "tcp/80 from ::/0"]);
    expect(first.after.map(ruleText).sort()).toEqual(standing(where));
    expect(await outcomeIn(where)).toMatchObject({
      result: "unchanged",
      looks: 1,
      writes: 0,
      added: [],
      removed: [],
    });
  });

  it("makes admissions in a call of their own, before remainders", async () => {
    const { calls } = await outcomeIn(cloud(site(["tcp 80-81 0.0.0.0/0"])));
    expect(calls).toEqual([
      "authorize tcp/80 from sg-lb",
      "authorize tcp/81 from 0.0.0.0/0",
      "revoke tcp/80-81 from 0.0.0.0/0",
    ]);
  });

  it("in audit only says what it would do", async () => {
    const where = cloud(site(["tcp 80-81 0.0.0.0/0"]));
    const world = fakeWorld(where);
    const [outcome] = await remediate(asked("sg-web"), defaultPolicy, world);
    expect(outcome).toMatchObject({
      result: "drift",
      mode: "audit",
      writes: 0,
      added: [],
      removed: [],
    });
    expect(outcome?.remaining.add.map(ruleText)).toEqual([
      "tcp/80 from sg-lb",
      "tcp/81 from 0.0.0.0/0",
    ]);
    expect(outcome?.remaining.remove.map(ruleText)).toEqual(["tcp/80-81 from 0.0.0.0/0"]);
    expect(world.calls).toEqual([]);
  });

  it("says the blast radius: who wears the group, what it is, and whether it is served", async () => {
    const interfaces = [instance("i-1", ["sg-web"]), secondary("i-1", ["sg-web"])];
    const outcome = await outcomeIn(cloud(site([], { interfaces })));
    expect(outcome.interfaces).toEqual([
      { interface: "eni-1", what: "i-1", served: true },
      { interface: "eni-1-2", what: "i-1", served: false },
    ]);
    expect(outcome.loadBalancers).toEqual(["alb"]);
  });

  it("has nothing to say of a group that is not there", async () => {
    const [outcome] = await remediate(asked("sg-none"), enforced, fakeWorld(cloud(site([]))));
    expect(outcome).toMatchObject({ group: "sg-none", result: "gone", findings: [] });
  });

  it("is done with a group that goes away in between", async () => {
    const where = cloud(site(["tcp 80 0.0.0.0/0"]));
    const gone = () =>
      change(where, { ...where.now, groups: where.now.groups.filter(({ id }) => id !== "sg-web") });
    expect(
      await outcomeIn(where, { beforeCall: (call) => (call === 1 ? gone() : undefined) }),
    ).toMatchObject({ result: "gone", findings: [] });
  });

  it("answers nothing when nothing is asked, without a look", async () => {
    let looks = 0;
    const world = fakeWorld(cloud(site([])), { beforeLook: () => void (looks += 1) });
    expect(await remediate(new Map(), enforced, world)).toEqual([]);
    expect(looks).toBe(0);
  });
});

describe("a full group", () => {
  it("gets back what was added in vain, loses nothing, and says so", async () => {
    const rules = ["tcp 20-90 0.0.0.0/0", "tcp 80 sg-lb"];
    const where = cloud(site(rules, { quota: 3 }));
    const outcome = await outcomeIn(where);
    expect(standing(where)).toEqual(["tcp/20-90 from 0.0.0.0/0", "tcp/80 from sg-lb"]);
    expect(outcome).toMatchObject({ result: "incomplete", added: [], removed: [] });
    expect(codesOf(outcome)).toEqual(["rule-quota"]);
  });

  it("still loses what needs no addition", async () => {
    const where = cloud(
      site(["tcp 20-90 0.0.0.0/0", "tcp 80 10.0.0.0/8", "tcp 80 sg-lb"], { quota: 3 }),
    );
    const outcome = await outcomeIn(where);
    expect(standing(where)).toEqual(["tcp/20-90 from 0.0.0.0/0", "tcp/80 from sg-lb"]);
    expect(outcome.removed.map(ruleText)).toEqual(["tcp/80 from 10.0.0.0/8"]);
    expect(codesOf(outcome)).toContain("rule-quota");
  });

  it("gets back what was added in vain even while something else waits for another group", async () => {
    const two = application("two", { groups: ["sg-lb2"], targets: [target("i-2", 81)] });
    const where = cloud(
      site([], {
        quota: 4,
        groups: [
          group("sg-own"),
          group("sg-web", "tcp 20-90 0.0.0.0/0", "tcp 80 sg-lb", "tcp 81 10.0.0.0/8"),
          group("sg-lb"),
          group("sg-lb2"),
        ],
        interfaces: [instance("i-1", ["sg-web"]), instance("i-2", ["sg-own", "sg-web"])],
        loadBalancers: [alb, two],
      }),
    );
    const outcome = await outcomeIn(where, { denied: ["sg-own"] });
    expect(standing(where)).toEqual([
      "tcp/20-90 from 0.0.0.0/0",
      "tcp/80 from sg-lb",
      "tcp/81 from 10.0.0.0/8",
    ]);
    expect(outcome).toMatchObject({ result: "incomplete", added: [], removed: [] });
    expect(codesOf(outcome)).toEqual(expect.arrayContaining(["rule-quota", "could-not-remove"]));
  });

  it("keeps its open rule while there is no room for the load balancer's", async () => {
    const where = cloud(site(["tcp 80 0.0.0.0/0"], { quota: 1 }));
    const outcome = await outcomeIn(where);
    expect(standing(where)).toEqual(["tcp/80 from 0.0.0.0/0"]);
    expect(codesOf(outcome)).toEqual(["rule-quota"]);
  });

  it("stops no other group", async () => {
    const two = application("two", { groups: ["sg-lb"], targets: [target("i-2", 80)] });
    const where = cloud(
      site([], {
        quota: 2,
        groups: [
          group("sg-web", "tcp 20-90 0.0.0.0/0", "tcp 80 sg-lb"),
          group("sg-b", "tcp 80 0.0.0.0/0", "tcp 80 sg-lb"),
          group("sg-lb"),
        ],
        interfaces: [instance("i-1", ["sg-web"]), instance("i-2", ["sg-b"])],
        loadBalancers: [alb, two],
      }),
    );
    const outcomes = await remediate(asked("sg-web", "sg-b"), enforced, fakeWorld(where));
    expect(outcomes.map(({ group: id, result }) => [id, result])).toEqual([
      ["sg-web", "incomplete"],
      ["sg-b", "changed"],
    ]);
  });
});

describe("a rule that EC2 refuses", () => {
  it("stops only itself: the others are made, and it is said", async () => {
    const where = cloud(
      site(["tcp 80-81 sg-gone", "tcp 80-82 0.0.0.0/0", "tcp 80 sg-lb"], { gone: ["sg-gone"] }),
    );
    change(where, { ...where.now, groups: [...where.now.groups, group("sg-gone")] });
    const outcome = await outcomeIn(where);
    expect(standing(where)).toEqual([
      "tcp/80 from sg-lb",
      "tcp/80-81 from sg-gone",
      "tcp/81-82 from 0.0.0.0/0",
    ]);
    expect(outcome.result).toBe("incomplete");
    expect(outcome.findings.map(({ code, text }) => [code, text])).toContainEqual([
      "refused",
      "tcp/81 from sg-gone: InvalidGroup.NotFound",
    ]);
  });
});

describe("a rule that is not as it was read", () => {
  it.each(["default VPC", "other"] as const)(
    "is left as somebody made it meanwhile (revoke as in a VPC of kind: %s)",
    async (revoke) => {
      const where = cloud(
        site([
          "tcp 0-65535 0.0.0.0/0",
          "tcp 0-79 0.0.0.0/0",
          "tcp 81-65535 0.0.0.0/0",
          "tcp 80 sg-lb",
        ]),
      );
      const narrow = () =>
        edit(where, (rules) =>
          rules.map((one) =>
            one.toPort - one.fromPort === 65535 ? { ...one, fromPort: 22, toPort: 22 } : one,
          ),
        );
      const outcome = await outcomeIn(where, {
        revoke,
        beforeCall: (call) => (call === 1 ? narrow() : undefined),
      });
      expect(standing(where)).toContain("tcp/22 from 0.0.0.0/0");
      expect(outcome).toMatchObject({ result: "unchanged", removed: [] });
    },
  );

  it("that no call finds, though every look shows it, fails and is tried again later: it may be somebody else's by then", async () => {
    const where = cloud(
      site([rule("tcp 80 0.0.0.0/0", { description: "as read" }), "tcp 80 sg-lb"]),
    );
    const removals: (readonly Rule[])[] = [];
    const [outcome] = await remediate(asked("sg-web"), enforced, {
      ...fakeWorld(where),
      remove: (_, rules) => {
        removals.push(rules);
        return Promise.resolve(rules.map((rule) => ({ rule, answer: { kind: "stale" } })));
      },
    });
    expect(removals.map((rules) => rules.map(ruleText))).toEqual([
      ["tcp/80 from 0.0.0.0/0"],
      ["tcp/80 from 0.0.0.0/0"],
      ["tcp/80 from 0.0.0.0/0"],
    ]);
    expect(outcome).toMatchObject({ result: "failed", looks: 3, removed: [] });
  });

  it("whose description is rewritten again and again is left to whoever rewrites it", async () => {
    const where = cloud(site([rule("tcp 80 0.0.0.0/0", { description: "0" }), "tcp 80 sg-lb"]));
    let edits = 0;
    const rewrite = () =>
      edit(where, (rules) =>
        rules.map((one) =>
          one.description === undefined ? one : { ...one, description: `${(edits += 1)}` },
        ),
      );
    const outcome = await outcomeIn(where, { beforeCall: rewrite });
    expect(outcome).toMatchObject({ result: "failed", looks: 3 });
    expect(codesOf(outcome)).toEqual(["failed", "could-not-remove"]);
  });

  it("that somebody else has made already is no error", async () => {
    const where = cloud(site(["tcp 80 0.0.0.0/0"]));
    const admit = () =>
      edit(where, (rules) => [...rules, { ...rule("tcp 80 sg-lb"), id: "sgr-theirs" }]);
    const outcome = await outcomeIn(where, {
      beforeCall: (call) => (call === 1 ? admit() : undefined),
    });
    expect(outcome).toMatchObject({ result: "changed", added: [] });
    expect(standing(where)).toEqual(["tcp/80 from sg-lb"]);
  });

  it("whose whole was revoked while its remainder was written, is reported as resurrected", async () => {
    const where = cloud(site(["tcp 80-81 0.0.0.0/0", "tcp 80 sg-lb"]));
    const revoke = () =>
      edit(where, (rules) => rules.filter((one) => one.toPort !== 81 || one.fromPort !== 80));
    const outcome = await outcomeIn(where, {
      afterCall: (call) => (call === 1 ? revoke() : undefined),
    });
    expect(codesOf(outcome)).toEqual(["resurrected"]);
    expect(outcome.findings[0]?.text).toBe(
      "tcp/80-81 from 0.0.0.0/0 vanished while its remainder tcp/81 from 0.0.0.0/0 was being written.",
    );
  });
});

describe("looks that bring nothing", () => {
  it("end after three in a row, with a longer pause after each, and what is left is said", async () => {
    const pauses: number[] = [];
    const world: World = {
      ...fakeWorld(cloud(site(["tcp 80 0.0.0.0/0", "tcp 80 sg-lb"]))),
      remove: (_, rules) =>
        Promise.resolve(rules.map((rule) => ({ rule, answer: { kind: "stale" } }))),
      pause: (count) => Promise.resolve(void pauses.push(count)),
    };
    const [outcome] = await remediate(asked("sg-web"), enforced, world);
    expect(outcome).toMatchObject({ result: "failed", looks: 3 });
    expect(pauses).toEqual([1, 2]);
    expect(outcome?.findings.map(({ code, text }) => [code, text])).toEqual([
      ["failed", "EC2's answers contradict what it shows, or somebody keeps changing the group."],
      ["could-not-remove", "tcp/80 from 0.0.0.0/0 is still there."],
    ]);
  });

  it("end, too, where EC2 says that it is done and nothing changes", async () => {
    let calls = 0;
    const world: World = {
      ...fakeWorld(cloud(site(["tcp 80 0.0.0.0/0", "tcp 80 sg-lb"]))),
      remove: (_, rules) => (
        (calls += 1),
        calls > 20
          ? Promise.reject(new Error("for ever"))
          : Promise.resolve(rules.map((rule) => ({ rule, answer: { kind: "done" } })))
      ),
    };
    const [outcome] = await remediate(asked("sg-web"), enforced, world);
    expect(outcome).toMatchObject({ result: "incomplete" });
    expect(calls).toBeLessThan(6);
  });

  it("say of an admission, too, that it could not be made", async () => {
    const world: World = {
      ...fakeWorld(cloud(site([]))),
      add: (_, rules) =>
        Promise.resolve(rules.map((rule) => ({ rule, answer: { kind: "stale" } }))),
    };
    const [outcome] = await remediate(asked("sg-web"), enforced, world);
    expect(outcome).toMatchObject({ result: "failed" });
    expect(outcome?.findings.map(({ code, text }) => [code, text])).toContainEqual([
      "could-not-admit",
      "tcp/80 from sg-lb is still missing.",
    ]);
  });
});

describe("a group in which something fails", () => {
  const three = (): Cloud =>
    cloud(
      site([], {
        groups: [
          ...["sg-a", "sg-b", "sg-c"].map((id) => group(id, "tcp 80 0.0.0.0/0")),
          group("sg-lb"),
        ],
        interfaces: ["a", "b", "c"].map((name) => instance(`i-${name}`, [`sg-${name}`])),
        loadBalancers: [
          application("alb", {
            groups: ["sg-lb"],
            targets: ["a", "b", "c"].map((name) => target(`i-${name}`, 80)),
          }),
        ],
      }),
    );

  it("stops no other: a call that is denied", async () => {
    const outcomes = await remediate(
      asked("sg-a", "sg-b", "sg-c"),
      enforced,
      fakeWorld(three(), { denied: ["sg-b"] }),
    );
    expect(outcomes.map(({ group: id, result }) => `${id} ${result}`)).toEqual([
      "sg-a changed",
      "sg-b failed",
      "sg-c changed",
    ]);
    expect(outcomes[1]?.findings.map(({ code, text }) => [code, text])).toEqual([
      ["denied", "UnauthorizedOperation"],
    ]);
    expect(outcomes[1]?.before).toEqual(outcomes[1]?.after);
  });

  it.each([remediate, observe])(
    "stops no other: a look that cannot be taken of one of them (%o)",
    async (doing) => {
      const world = fakeWorld(three());
      const picky: World = {
        ...world,
        look: (ids) =>
          ids.includes("sg-b") ? Promise.reject(new Error("sg-b cannot be read")) : world.look(ids),
      };
      const outcomes = await doing(asked("sg-a", "sg-b", "sg-c"), enforced, picky);
      const expected = doing === remediate ? "changed" : "incomplete";
      expect(outcomes.map(({ group: id, result }) => `${id} ${result}`)).toEqual([
        `sg-a ${expected}`,
        "sg-b failed",
        `sg-c ${expected}`,
      ]);
      expect(outcomes[1]?.findings.map(({ code, text }) => [code, text])).toEqual([
        ["failed", "sg-b cannot be read"],
      ]);
    },
  );

  it("is found among many in few looks; and a look that AWS refuses for all is not repeated in parts", async () => {
    const names = Array.from({ length: 64 }, (_, index) => `sg-${index}`);
    const where = cloud(site([], { groups: names.map((id) => group(id)) }));
    let looks = 0;
    const failing = (error: unknown, isHit: (ids: readonly GroupId[]) => boolean): World => {
      const world = fakeWorld(where);
      return {
        ...world,
        look: (ids) => ((looks += 1), isHit(ids) ? Promise.reject(error) : world.look(ids)),
      };
    };
    const results = async (world: World) =>
      Map.groupBy(await remediate(asked(...names), enforced, world), ({ result }) => result);
    const one = await results(
      failing(new Error("sg-17 cannot be read"), (ids) => ids.includes("sg-17")),
    );
    expect([
      one.get("failed")?.map(({ group: id }) => id),
      one.get("unchanged")?.length,
      looks,
    ]).toEqual([["sg-17"], 63, 13]);
    for (const kind of ["throttled", "denied", "other"]) {
      looks = 0;
      const refused = Object.assign(new Error("no"), { failure: { kind, text: kind } });
      const all = await results(failing(refused, () => true));
      expect([all.get("failed")?.length, looks]).toEqual([64, 1]);
    }
    looks = 0;
    const gone = Object.assign(new Error("no"), { failure: { kind: "gone", text: "gone" } });
    const some = await results(failing(gone, (ids) => ids.includes("sg-17")));
    expect([some.get("gone")?.length, looks]).toEqual([1, 13]);
  });

  it("says of a denied look that it hides every group, in the same words for each", async () => {
    const denied = Object.assign(new Error("no"), {
      failure: { kind: "denied", text: "ec2:DescribeSecurityGroups: UnauthorizedOperation" },
    });
    const world = { ...fakeWorld(three()), look: () => Promise.reject(denied) };
    const outcomes = await remediate(asked("sg-a", "sg-b"), enforced, world);
    expect(outcomes).toHaveLength(2);
    for (const { findings } of outcomes)
      expect(findings.map(({ text }) => text)).toEqual([
        "ec2:DescribeSecurityGroups: UnauthorizedOperation; no security group can be looked at",
      ]);
  });

  it("says what was done until then: a look that fails after changes", async () => {
    const where = three();
    const throttled = Object.assign(new Error("slow down"), {
      failure: { kind: "throttled", text: "RequestLimitExceeded" },
    });
    const beforeLook = (look: number): void => {
      if (look > 1) throw throttled;
    };
    const outcomes = await remediate(asked("sg-a"), enforced, fakeWorld(where, { beforeLook }));
    expect(
      outcomes.map(({ result, added, findings }) => [
        result,
        added.map(ruleText),
        findings.map(({ text }) => text),
      ]),
    ).toEqual([["failed", ["tcp/80 from sg-lb"], ["RequestLimitExceeded"]]]);
  });
});

describe("a group that only lends a hand", () => {
  const where = (): Cloud =>
    cloud(
      site([], {
        groups: [group("sg-own"), group("sg-web", "tcp 80 0.0.0.0/0"), group("sg-lb")],
        interfaces: [instance("i-1", ["sg-own", "sg-web"]), instance("i-2", ["sg-web"])],
        loadBalancers: [
          alb,
          application("two", { groups: ["sg-lb2"], targets: [target("i-2", 80)] }),
        ],
      }),
    );

  it("gets the way in that belongs there, and an outcome of its own that says it is done", async () => {
    const cloudy = where();
    const outcomes = await remediate(asked("sg-web"), enforced, fakeWorld(cloudy));
    expect(
      outcomes.map(({ group: id, result, added, triggers }) => [
        id,
        result,
        added.map(ruleText),
        triggers.length,
      ]),
    ).toEqual([
      ["sg-web", "changed", ["tcp/80 from sg-lb2"], 1],
      ["sg-own", "changed", ["tcp/80 from sg-lb"], 0],
    ]);
    expect(outcomes.flatMap(({ remaining }) => [...remaining.add, ...remaining.remove])).toEqual(
      [],
    );
    expect(standing(cloudy)).toEqual(["tcp/80 from sg-lb2"]);
  });

  it("keeps the one who waits from being closed where it may not be written to", async () => {
    const cloudy = where();
    const outcomes = await remediate(
      asked("sg-web"),
      enforced,
      fakeWorld(cloudy, { denied: ["sg-own"] }),
    );
    expect(standing(cloudy)).toContain("tcp/80 from 0.0.0.0/0");
    expect(outcomes.map(({ group: id, result }) => `${id} ${result}`)).toEqual([
      "sg-web incomplete",
      "sg-own failed",
    ]);
  });
});

describe("a sweep", () => {
  const ours = rule("tcp 8080 sg-old", {
    description: "elb-only: admits old-elb on tcp/8080 from sg-old",
    tags: { "elb-only:load-balancer": "old-elb" },
  });
  const sweep: Trigger = { ...opened(), event: sweepEvent };
  const left = (): Cloud =>
    cloud(
      site([ours, "tcp 80 sg-lb"], {
        groups: [group("sg-web", ours, "tcp 80 sg-lb"), group("sg-lb"), group("sg-old")],
      }),
    );

  it("takes away an admission of ours whose load balancer is gone; an event does not", async () => {
    const where = left();
    expect(await outcomeIn(where)).toMatchObject({ result: "unchanged" });
    expect(await outcomeIn(where, {}, sweep)).toMatchObject({ result: "changed" });
    expect(standing(where)).toEqual(["tcp/80 from sg-lb"]);
  });

  it("is not waited for where a call has left it behind: a later look takes it away", async () => {
    const where = left();
    const deleted: Trigger = { ...opened(), event: "DeleteLoadBalancer" };
    expect(await outcomeIn(where, {}, deleted)).toMatchObject({ result: "unchanged" });
    expect(await outcomeIn(where, {}, { ...deleted, isLater: true })).toMatchObject({
      result: "changed",
      removed: [expect.objectContaining({ fromPort: 8080 })],
    });
  });

  it("only observing says that it would", async () => {
    const where = left();
    const [outcome] = await observe(new Map([["sg-web", [sweep]]]), enforced, fakeWorld(where));
    expect(outcome).toMatchObject({ result: "incomplete", writes: 0 });
    expect(outcome?.remaining.remove.map(ruleText)).toEqual(["tcp/8080 from sg-old"]);
  });
});

describe("exposure", () => {
  it("runs from the earliest call that opened what was closed, to the look that found it closed", async () => {
    const early: Trigger = { ...opened(rule("tcp 80 0.0.0.0/0")), at: "2026-11-22T11:50:00Z" };
    const other: Trigger = { ...opened(rule("tcp 443 0.0.0.0/0")), at: "2026-11-22T11:00:00Z" };
    const where = cloud(site(["tcp 80 0.0.0.0/0", "tcp 80 sg-lb"]));
    const [outcome] = await remediate(
      new Map([["sg-web", [other, opened(rule("tcp 80 0.0.0.0/0")), early]]]),
      enforced,
      fakeWorld(where),
    );
    expect(outcome?.exposedSeconds).toBe(600);
  });

  it("is told by a rule's id where the call only named that", async () => {
    const where = cloud(site(["tcp 80 0.0.0.0/0", "tcp 80 sg-lb"]));
    const modified = opened({ ...rule("tcp 8080 0.0.0.0/0"), id: "sgr-web-0" });
    expect((await outcomeIn(where, {}, modified)).exposedSeconds).toBe(30);
  });

  it("is not told where no event says when, or nothing was closed", async () => {
    const { at: _, ...timeless } = opened(rule("tcp 80 0.0.0.0/0"));
    expect(
      await outcomeIn(cloud(site(["tcp 80 0.0.0.0/0", "tcp 80 sg-lb"])), {}, timeless),
    ).not.toHaveProperty("exposedSeconds");
    expect(
      await outcomeIn(cloud(site(["tcp 80 sg-lb"])), {}, opened(rule("tcp 80 0.0.0.0/0"))),
    ).not.toHaveProperty("exposedSeconds");
  });
});

describe("remediate on half a picture", () => {
  it.each(["enforce", "audit"] as const)(
    "in mode %s adds at most, removes nothing, and asks to be tried again",
    async (defaultMode) => {
      const where = cloud(site([rule("tcp 80 0.0.0.0/0")]));
      const [outcome] = await remediate(
        asked("sg-web"),
        { ...defaultPolicy, defaultMode },
        halfSeen(fakeWorld(where), "a page of DescribeInstances"),
      );
      expect(outcome).toMatchObject({ result: "failed", removed: [] });
      expect(outcome?.findings).toContainEqual(
        expect.objectContaining({
          code: "incomplete-picture",
          text: expect.stringContaining("a page of DescribeInstances"),
        }),
      );
    },
  );

  it("is no picture of a group that nobody serves: the load balancers may be what is missing", async () => {
    const where = cloud(site([rule("tcp 80 0.0.0.0/0")], { loadBalancers: [] }));
    const [outcome] = await remediate(
      asked("sg-web"),
      enforced,
      halfSeen(fakeWorld(where), "elasticloadbalancing:DescribeLoadBalancers"),
    );
    expect(outcome).toMatchObject({ result: "failed", before: outcome?.after });
  });
});
