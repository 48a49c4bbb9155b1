import { describe, expect, it } from "vitest";
import { defaultPolicy, type Policy } from "../../lib/values/policy.ts";
import type { Interface } from "../../lib/values/snapshot.ts";
import { ruleText } from "../../lib/values/rule.ts";
import { remediate } from "../support/remediate.ts";
import type { Affected } from "../../lib/remediation/ports.ts";
import {
  application,
  database,
  group,
  instance,
  network,
  region,
  tagged,
  target,
  task,
} from "../support/builders.ts";
import { type Cloud, cloud, fakeWorld } from "../support/fakeWorld.ts";

const enforced: Policy = { ...defaultPolicy, defaultMode: "enforce" };
const asked = (...groups: readonly string[]): Affected => new Map(groups.map((id) => [id, []]));
const rulesIn = (where: Cloud, id: string): readonly string[] =>
  (where.now.groups.find((one) => one.id === id)?.rules ?? []).map(ruleText).sort();

describe("a way in that belongs in a group that nobody asked about", () => {
  const neighbours = (baseTags: Record<string, string>, other: readonly Interface[]) =>
    region({
      groups: [
        tagged(group("sg-task"), { "elb-only": "ignore" }),
        tagged(group("sg-base", "tcp 8080 0.0.0.0/0"), baseTags),
        group("sg-lb"),
        group("sg-lb2"),
      ],
      interfaces: [task("eni-task", ["sg-task", "sg-base"], "10.0.0.7"), ...other],
      loadBalancers: [
        application("a1", { groups: ["sg-lb"], targets: [target("10.0.0.7", 8080)] }),
        application("a2", {
          groups: ["sg-lb", "sg-lb2"],
          targets: [target("10.0.0.9", 8080), target("i-b", 80)],
        }),
      ],
    });

  /** A look that knows of the other load balancer's targets only where its own group is asked about. */
  const shortSighted = (where: Cloud) => {
    const world = fakeWorld(where);
    return {
      ...world,
      look: async (groups: readonly string[]) => {
        const snapshot = await world.look(groups);
        if (groups.includes("sg-base")) return snapshot;
        return {
          ...snapshot,
          loadBalancers: snapshot.loadBalancers.map((one) =>
            one.name === "a2" ? { ...one, targets: [] } : one,
          ),
        };
      },
    };
  };

  it("is not written where a look that knows all about that group finds a registered database in it", async () => {
    const where = cloud(neighbours({}, [database("eni-db", ["sg-base"], "10.0.0.9")]));
    await remediate(asked("sg-task"), enforced, shortSighted(where));
    expect(rulesIn(where, "sg-base")).toEqual(["tcp/8080 from 0.0.0.0/0"]);
  });

  it("is written where that look agrees, and the group is finished with it", async () => {
    const where = cloud(neighbours({ "elb-only": "enforce" }, [instance("i-b", ["sg-base"])]));
    const outcomes = await remediate(asked("sg-task"), enforced, shortSighted(where));
    expect(rulesIn(where, "sg-base")).toEqual(["tcp/80 from sg-lb", "tcp/8080 from sg-lb"]);
    expect(outcomes.find((one) => one.group === "sg-base")).toMatchObject({
      result: "changed",
      mode: "enforce",
    });
  });
});

it("opens no group that a registered database wears, however the instance beside it is registered", async () => {
  const where = cloud(
    region({
      groups: [group("sg-base", "tcp 5432 sg-app"), group("sg-app"), group("sg-attacker")],
      interfaces: [
        instance("i-web", ["sg-base"], { address: "10.0.0.5" }),
        database("eni-db", ["sg-base"], "10.0.0.7"),
      ],
      loadBalancers: [
        network("sneaky", {
          groups: ["sg-attacker"],
          targets: [target("10.0.0.5", 5432), target("10.0.0.7", 5432)],
        }),
      ],
    }),
  );
  const [outcome] = await remediate(asked("sg-base"), enforced, fakeWorld(where));
  expect(rulesIn(where, "sg-base")).toEqual(["tcp/5432 from sg-app"]);
  expect(outcome?.findings.map(({ code }) => code)).toContain("not-a-back-end");
});

describe("what a run cannot finish", () => {
  const open = () =>
    cloud(
      region({
        groups: [group("sg-web", "tcp 80 0.0.0.0/0"), group("sg-lb", "tcp 443 0.0.0.0/0")],
        interfaces: [instance("i-1", ["sg-web"])],
        loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] })],
      }),
    );

  it("fails, to be tried again, where EC2 contradicts itself to the last", async () => {
    const where = open();
    const first = where.now;
    const world = fakeWorld(where, { behind: () => where.past.length - 1 });
    const [outcome] = await remediate(asked("sg-web"), enforced, world);
    expect(outcome).toMatchObject({ result: "failed", before: first.groups[0]?.rules });
    expect(outcome?.findings).toContainEqual(
      expect.objectContaining({ code: "failed", text: expect.stringContaining("contradict") }),
    );
  });

  it("fails, with what was done, when the time runs out", async () => {
    const where = open();
    const [outcome] = await remediate(asked("sg-web"), enforced, fakeWorld(where), () => false);
    expect(outcome).toMatchObject({
      result: "failed",
      looks: 2,
      writes: 1,
      added: [{ fromPort: 80 }],
    });
    expect(outcome?.after.map(ruleText).sort()).toEqual([
      "tcp/80 from 0.0.0.0/0",
      "tcp/80 from sg-lb",
    ]);
  });

  it("finds the room that its own removals make", async () => {
    const where = cloud(
      region({
        groups: [
          group(
            "sg-web",
            "tcp 80-90 0.0.0.0/0",
            "tcp 80 10.0.0.0/8",
            "tcp 80 192.0.2.0/24",
            "tcp 80 sg-lb",
          ),
          group("sg-lb", "tcp 443 0.0.0.0/0"),
        ],
        interfaces: [instance("i-1", ["sg-web"])],
        loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] })],
        quota: 4,
      }),
    );
    const [outcome] = await remediate(asked("sg-web"), enforced, fakeWorld(where));
    expect(rulesIn(where, "sg-web")).toEqual(["tcp/80 from sg-lb", "tcp/81-90 from 0.0.0.0/0"]);
    expect(outcome).toMatchObject({ result: "changed" });
    expect(outcome?.findings.map(({ code }) => code)).not.toContain("rule-quota");
  });
});
