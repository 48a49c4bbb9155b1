import { describe, expect, it } from "vitest";
import { sweepEvent, type Trigger } from "../../lib/values/trigger.ts";
import { remediate } from "../support/remediate.ts";
import type { Policy } from "../../lib/values/policy.ts";
import type { Rule } from "../../lib/values/rule.ts";
import type { LoadBalancer } from "../../lib/values/snapshot.ts";
import { fullness } from "../support/calls.ts";
import {
  application,
  front,
  group,
  instance,
  prefixList,
  region,
  rule,
  tagged,
  target,
} from "../support/builders.ts";
import { change, cloud, type Cloud, fakeWorld } from "../support/fakeWorld.ts";
import { everyGroup } from "../support/referee.ts";
import type { Region } from "../support/region.ts";
import {
  enforcing,
  outcomeOf,
  played,
  type Played,
  result,
  rules,
  settling,
  site,
} from "./scene.ts";

/** The account's quota is so many rules, and we are told so. */
const told = (rulesPerGroup: number): Policy => ({ ...enforcing, rulesPerGroup });

/** A run on the schedule. */
async function swept(where: Cloud, policy: Policy = enforcing): Promise<Played> {
  const world = fakeWorld(where);
  const outcomes = await remediate(everyGroup(where.now, sweepEvent), policy, world);
  return { where, calls: world.calls, outcomes };
}

const findings = (run: Played, code: string): readonly string[] =>
  outcomeOf(run).findings.flatMap((one) => (one.code === code ? one.text : []));

/** One load balancer in front of one instance, on these ports. */
const alb = (...ports: readonly (string | number)[]): LoadBalancer =>
  application("site", { groups: ["sg-lb"], targets: [target("i-a", ...ports)] });

const servedOn = (ports: readonly number[], ...given: readonly (Rule | string)[]): Region => ({
  ...site(...given),
  loadBalancers: [alb(...ports)],
});

describe("a full group", () => {
  const full = (): Region => ({ ...site("tcp 79-81 0.0.0.0/0", "tcp 80 sg-lb"), quota: 3 });

  it("is not written to again and again for the sake of a wide rule that there is no room to close, and it is said what it takes", async () => {
    const run = await settling(full(), told(3));
    expect(run.calls).toEqual([]);
    expect(result(run)).toBe("incomplete");
    expect(findings(run, "rule-quota")).toEqual([
      "tcp/79-81 from 0.0.0.0/0 stays open: to close it takes 2 more rules in sg-web (web), where 1 of 3 are free, 1 of them for people.",
    ]);
  });

  it("is not changed, either, where nobody told of the quota: EC2 takes all that a closing needs, or nothing", async () => {
    const run = await played(full());
    expect(rules(run)).toEqual(["tcp/79-81 from 0.0.0.0/0", "tcp/80 from sg-lb"]);
    expect(findings(run, "rule-quota")).toEqual([
      "tcp/79-81 from 0.0.0.0/0 stays open: to close it takes 2 more rules in sg-web (web), where 1 of 3 are free, 1 of them for people.",
    ]);
    const next = await played(run.where);
    expect(next.where.now).toBe(run.where.now);
  });

  it("is closed once somebody has made room, spare rules left for people", async () => {
    const run = await played(full(), told(3));
    change(run.where, { ...run.where.now, quota: 5 });
    const next = await settling(run.where.now, told(5));
    expect(rules(next)).toEqual([
      "tcp/79 from 0.0.0.0/0",
      "tcp/80 from sg-lb",
      "tcp/81 from 0.0.0.0/0",
    ]);
  });

  it("loses what needs no room, whatever else there is no room for", async () => {
    const before = site("tcp 79-81 0.0.0.0/0", "tcp 80 sg-lb", "tcp 80 192.0.2.7/32");
    const run = await settling({ ...before, quota: 3 }, told(3));
    expect(rules(run)).toEqual(["tcp/79-81 from 0.0.0.0/0", "tcp/80 from sg-lb"]);
  });

  it("uses the room that one closing makes for the next", async () => {
    const before = site("tcp 80-81 0.0.0.0/0", "tcp 80-81 10.0.0.0/8", "tcp 80 sg-lb");
    const run = await settling({ ...before, quota: 4 }, { ...told(4), spareRules: 1 });
    expect(rules(run)).toEqual([
      "tcp/80 from sg-lb",
      "tcp/81 from 0.0.0.0/0",
      "tcp/81 from 10.0.0.0/8",
    ]);
  });

  it("lets a load balancer in that does not get in otherwise, to the last rule", async () => {
    const run = await settling(
      { ...site("tcp 22 10.0.0.0/8", "tcp 23 10.0.0.0/8"), quota: 3 },
      told(3),
    );
    expect(rules(run)).toContain("tcp/80 from sg-lb");
  });

  it("says with a high finding that a load balancer is not let in", async () => {
    const run = await settling(
      { ...site("tcp 22 10.0.0.0/8", "tcp 23 10.0.0.0/8"), quota: 2 },
      told(2),
    );
    expect(run.calls).toEqual([]);
    expect(findings(run, "rule-quota")).toEqual([
      "A load balancer does not get in: tcp/80 from sg-lb takes 1 more rule in sg-web (web), where 0 of 2 are free.",
    ]);
    expect(result(run)).toBe("incomplete");
  });

  it("counts a prefix list with its maximum size", async () => {
    const before: Region = {
      ...site("tcp 79-81 0.0.0.0/0", "tcp 22 pl-office", "tcp 80 sg-lb"),
      prefixLists: [{ ...prefixList("pl-office", "10.0.0.0/8"), maxEntries: 56 }],
    };
    const run = await settling(before);
    expect(run.calls).toEqual([]);
    expect(findings(run, "rule-quota")[0]).toContain(
      "where 2 of 60 are free, 2 of them for people",
    );
  });
});

describe("many services and one wide rule", () => {
  it("22 services with a load balancer each and dynamic ports: nothing is written that closes nothing, since all get in already", async () => {
    const names = Array.from({ length: 22 }, (_, index) => `service-${index}`);
    const before: Region = region({
      groups: [
        tagged(group("sg-web", "tcp 32768-65535 10.0.0.0/16"), { "elb-only": "enforce" }),
        ...names.map((name) => group(`sg-${name}`, "tcp 443 0.0.0.0/0")),
      ],
      interfaces: [
        instance("i-a", ["sg-web"]),
        ...names.map((name, index) => front(`eni-${name}`, [`sg-${name}`], `10.0.9.${index + 1}`)),
      ],
      loadBalancers: names.map((name) =>
        application(name, { groups: [`sg-${name}`], targets: [target("i-a", "tcp 32768-65535")] }),
      ),
      quota: 20,
    });
    const run = await settling(before, told(20));
    expect(run.calls).toEqual([]);
    expect(result(run)).toBe("incomplete");
    expect(findings(run, "rule-quota")).toEqual([
      "tcp/32768-65535 from 10.0.0.0/16 stays open: to close it takes 22 more rules in sg-web (web), where 19 of 20 are free, 2 of them for people.",
    ]);
    const roomy = await settling({ ...before, quota: 60 });
    expect(rules(roomy)).toHaveLength(22);
    expect(rules(roomy)).not.toContain("tcp/32768-65535 from 10.0.0.0/16");
  });

  it("20 ports of one load balancer, open to two private ranges and to the world: the world goes, the private stay, and nothing is written again", async () => {
    const ports = Array.from({ length: 20 }, (_, index) => 8010 + 10 * index);
    const wide = ["10.0.0.0/8", "172.16.0.0/12", "0.0.0.0/0"].map(
      (from) => `tcp 8000-9000 ${from}`,
    );
    const run = await settling(servedOn(ports, ...wide));
    expect(rules(run)).not.toContain("tcp/8000-9000 from 0.0.0.0/0");
    expect(rules(run)).toEqual(
      expect.arrayContaining(["tcp/8000-9000 from 10.0.0.0/8", "tcp/8000-9000 from 172.16.0.0/12"]),
    );
    expect(findings(run, "rule-quota").map((text) => text.split(" stays")[0])).toEqual([
      "tcp/8000-9000 from 10.0.0.0/8",
      "tcp/8000-9000 from 172.16.0.0/12",
    ]);
  });

  it("30 adjacent ports are let in by one rule, so that there is room to close all three", async () => {
    const ports = Array.from({ length: 30 }, (_, index) => 8000 + index);
    const wide = ["10.0.0.0/8", "172.16.0.0/12", "0.0.0.0/0"].map(
      (from) => `tcp 8000-9000 ${from}`,
    );
    expect(rules(await settling(servedOn(ports, ...wide)))).toEqual([
      "tcp/8000-8029 from sg-lb",
      "tcp/8030-9000 from 0.0.0.0/0",
      "tcp/8030-9000 from 10.0.0.0/8",
      "tcp/8030-9000 from 172.16.0.0/12",
    ]);
  });
});

describe("releases", () => {
  it("66 of them, each on a port of its own: the one that lives is let in, and people keep their spare rules", async () => {
    const where = cloud(servedOn([8000]));
    for (let release = 0; release < 66; release += 1) {
      change(where, { ...where.now, loadBalancers: [alb(8000 + 2 * release)] });
      const run = await played(where);
      expect(rules(run)).toContain(`tcp/${8000 + 2 * release} from sg-lb`);
      expect(result(run)).toBe("changed");
    }
    expect(fullness(where.now, "sg-web")).toBe(58);
    expect((await played(where)).calls).toEqual([]);
  });

  it("lose the admissions with the lowest ids first", async () => {
    const old = [8002, 8000].map((port) => ({
      ...rule(`tcp ${port} sg-lb`, {
        description: `elb-only: admits site on tcp/${port} from sg-lb`,
        tags: { "elb-only:load-balancer": alb().id },
      }),
      id: `sgr-${port}`,
    }));
    const run = await settling({ ...servedOn([8004], ...old), quota: 4 }, told(4));
    expect(rules(run)).toEqual(["tcp/8002 from sg-lb", "tcp/8004 from sg-lb"]);
  });

  it("leave the admissions of the last ones, for a rollback, while there is room", async () => {
    const where = cloud(servedOn([8000]));
    for (const port of [8000, 8002, 8004]) {
      change(where, { ...where.now, loadBalancers: [alb(port)] });
      await swept(where);
    }
    change(where, { ...where.now, loadBalancers: [alb(8002)] });
    expect((await swept(where)).calls).toEqual([]);
  });

  it("lose an admission in a sweep once a rollback's time has passed", async () => {
    const where = cloud(servedOn([8000]));
    await swept(where);
    change(where, { ...where.now, loadBalancers: [alb(8002)] });
    await swept(where);
    const [old] = where.now.groups.flatMap((one) =>
      one.rules.flatMap(({ id, fromPort }) => (fromPort === 8000 ? (id ?? "") : [])),
    );
    const world = fakeWorld(where, {
      partial: (snapshot) => ({ ...snapshot, pastGrace: new Set([old ?? ""]) }),
    });
    await remediate(everyGroup(where.now, sweepEvent), enforcing, world);
    expect(rules({ where })).toEqual(["tcp/8002 from sg-lb"]);
  });
});

describe("a load balancer that is deleted while another is attached to the same group", () => {
  const admits = (name: string, port: number) => {
    const { id } = application(name, {});
    return rule(`tcp ${port} sg-lb`, {
      description: `elb-only: admits ${name} on tcp/${port} from sg-lb`,
      tags: { "elb-only:load-balancer": id },
    });
  };

  it("loses its admission in the next sweep, and the other keeps its own", async () => {
    const where = cloud(servedOn([80], admits("evil", 9999), admits("site", 80)));
    expect(rules(await swept(where))).toEqual(["tcp/80 from sg-lb"]);
  });

  it("keeps the other's way in where that comes in by the same rule", async () => {
    const where = cloud(servedOn([80], admits("evil", 80)));
    expect((await swept(where)).calls).toEqual([]);
  });
});

describe("what stays of a wide rule", () => {
  const unserved = (run: Played): Region => ({ ...run.where.now, loadBalancers: [alb()] });

  it("carries a mark, and the tags of people", async () => {
    const wide = rule("tcp 20-90 10.0.0.0/8", { tags: { team: "web" } });
    const run = await settling(site(wide));
    const copies = run.where.now.groups.flatMap((one) =>
      one.rules.filter(({ source }) => source.kind === "ipv4" && source.cidr === "10.0.0.0/8"),
    );
    expect(copies.map(({ tags }) => tags)).toEqual([
      { team: "web", "elb-only:remainder-of": "sgr-web-0" },
      { team: "web", "elb-only:remainder-of": "sgr-web-0" },
    ]);
  });

  it("has no mark where people's tags are as many as EC2 takes", async () => {
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`t${index}`, ""]));
    const run = await settling(site(rule("tcp 80-81 10.0.0.0/8", { tags })));
    const [copy] = run.where.now.groups.flatMap((one) =>
      one.rules.filter(({ fromPort }) => fromPort === 81),
    );
    expect(copy?.tags).toEqual(tags);
  });

  it("is taken back in a sweep beside the wide rule, when its load balancer left in the middle: who revokes the wide rule leaves nothing open by a copy", async () => {
    const where = cloud(site("tcp 20-90 0.0.0.0/0"));
    // The process dies after its first additions.
    await remediate(
      everyGroup(where.now),
      enforcing,
      fakeWorld(where, {
        beforeCall: (_, call) => {
          if (call.kind === "revoke") throw new Error("the process died");
        },
      }),
    );
    expect(rules({ where })).toContain("tcp/20-79 from 0.0.0.0/0");
    change(where, {
      ...where.now,
      loadBalancers: [],
      interfaces: [instance("i-a", ["sg-web"])],
    });
    expect((await played(where)).calls).toEqual([]);
    await swept(where);
    expect(rules({ where })).toEqual(["tcp/20-90 from 0.0.0.0/0"]);
  });

  it("is taken back beside the wide rule that somebody has made again", async () => {
    const run = await settling(site("tcp 20-90 10.0.0.0/8"));
    const where = cloud(
      region({
        ...unserved(run),
        groups: run.where.now.groups.map((one) =>
          one.id === "sg-web"
            ? { ...one, rules: [...one.rules, rule("tcp 20-90 10.0.0.0/8")] }
            : one,
        ),
      }),
    );
    await swept(where);
    expect(rules({ where })).toEqual(["tcp/20-90 from 10.0.0.0/8"]);
  });

  it("stays where it is described otherwise than the wide rule, comes from elsewhere or lets in more: anybody can write a tag", async () => {
    const mark = { "elb-only:remainder-of": "sgr-web-0" };
    const where = cloud({
      ...site(
        rule("tcp 20-90 10.0.0.0/8", { description: "all" }),
        rule("tcp 22 10.0.0.0/8", { description: "ssh", tags: mark }),
        rule("tcp 22 10.1.0.0/16", { description: "all", tags: mark }),
        rule("tcp 90-91 10.0.0.0/8", { description: "all", tags: mark }),
        rule("tcp 23 10.0.0.0/8", { description: "all" }),
      ),
      loadBalancers: [],
    });
    expect((await swept(where)).calls).toEqual([]);
  });

  it("is told of when somebody revokes the wide rule beside it, though whoever wrote it died", async () => {
    const wide = { ...rule("tcp 20-90 0.0.0.0/0"), id: "sgr-wide" };
    const copy = rule("tcp 20-79 0.0.0.0/0", { tags: { "elb-only:remainder-of": "sgr-wide" } });
    const where = cloud(site(copy, "tcp 80 sg-lb"));
    const revoked: Trigger = {
      event: "RevokeSecurityGroupIngress",
      eventId: "revoke",
      actor: { principal: "arn:aws:iam::111111111111:user/alice" },
      touched: [{ kind: "group", group: "sg-web" }],
      rules: [wide],
    };
    const [outcome] = await remediate(
      new Map([["sg-web", [revoked]]]),
      enforcing,
      fakeWorld(where),
    );
    expect(outcome?.findings.map(({ code, text }) => [code, text])).toEqual([
      [
        "resurrected",
        "arn:aws:iam::111111111111:user/alice revoked tcp/20-90 from 0.0.0.0/0, but its remainder tcp/20-79 from 0.0.0.0/0 stands.",
      ],
    ]);
  });

  it("stays between sweeps, and is not taken for a copy of a rule that is being closed", async () => {
    const copy = rule("tcp 81 0.0.0.0/0", { tags: { "elb-only:remainder-of": "sgr-web-1" } });
    const run = await settling(site(copy, "tcp 80-81 0.0.0.0/0", "tcp 80 sg-lb"));
    expect(rules(run)).toEqual(["tcp/80 from sg-lb", "tcp/81 from 0.0.0.0/0"]);
  });
});
