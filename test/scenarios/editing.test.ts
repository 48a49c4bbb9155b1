import { describe, expect, it } from "vitest";
import type { Rule } from "../../lib/values/rule.ts";
import { remediate } from "../support/remediate.ts";
import { rule } from "../support/builders.ts";
import type { Revoke } from "../support/calls.ts";
import { change, cloud, type Cloud, fakeWorld } from "../support/fakeWorld.ts";
import { amiss, everyGroup, startOf } from "../support/referee.ts";
import { type Region, rulesOf, withRules } from "../support/region.ts";
import { codes, enforcing, played, type Played, rules, settling, site } from "./scene.ts";

const kinds: readonly Revoke[] = ["default VPC", "other"];

/** A person's edit of sg-web. */
const edit = (where: Cloud, of: (rules: readonly Rule[]) => readonly Rule[]): void =>
  change(where, withRules(where.now, "sg-web", of));
const isWide = ({ toPort }: Rule): boolean => toPort === 90;

/** A run in which a person steps in just before one of our calls. (The laws' exceptions for that moment are test/laws/people.test.ts's.) */
async function interrupted(
  before: Region,
  at: number,
  revoke: Revoke,
  step: (where: Cloud) => void,
): Promise<Played> {
  const where = cloud(before);
  const world = fakeWorld(where, {
    revoke,
    beforeCall: (call) => (call === at ? step(where) : undefined),
  });
  const outcomes = await remediate(everyGroup(where.now), enforcing, world);
  return { where, calls: world.calls, outcomes };
}

/** After the next run all is as it should be, and the one after that writes nothing. */
async function heals({ where }: Played, policy = enforcing): Promise<readonly string[]> {
  const next = await settling(where.now, policy);
  expect(amiss(next.where.now, policy, startOf(next.where.now, policy))).toEqual([]);
  return rules(next);
}

describe.each(kinds)(
  "people and other workers at the same time (revoke as in a VPC of kind: %s)",
  (revoke) => {
    const wide = rule("tcp 20-90 0.0.0.0/0", { description: "wide" });

    it("keeps a rule that somebody narrows to SSH between our look and our revoke", async () => {
      const narrowed = await interrupted(site(wide, "tcp 80 sg-lb"), 2, revoke, (where) =>
        edit(where, (some) =>
          some.map((one) => (isWide(one) ? { ...one, fromPort: 22, toPort: 22 } : one)),
        ),
      );
      expect(rules(narrowed)).toContain("tcp/22 from 0.0.0.0/0");
      expect(codes(narrowed)).toContain("resurrected");
      expect(await heals(narrowed)).toContain("tcp/22 from 0.0.0.0/0");
    });

    it("says what rose again where somebody revokes a wide rule while its remainder is being written", async () => {
      const revoked = await interrupted(site(wide, "tcp 80 sg-lb"), 1, revoke, (where) =>
        edit(where, (some) => some.filter((one) => !isWide(one))),
      );
      expect(codes(revoked)).toContain("resurrected");
      expect(await heals(revoked)).not.toContain("tcp/20-90 from 0.0.0.0/0");
    });

    it("looks again where somebody revokes the rule that we are about to revoke, and revokes the others all the same", async () => {
      const both = site("tcp 80 0.0.0.0/0", "tcp 80 ::/0", "tcp 80 sg-lb");
      const gone = await interrupted(both, 1, revoke, (where) =>
        edit(where, (some) => some.filter(({ source }) => source.kind !== "ipv6")),
      );
      expect(rules(gone)).toEqual(["tcp/80 from sg-lb"]);
      expect(gone.outcomes.map(({ result }) => result)).toEqual(["changed", "unchanged"]);
    });

    it("revokes the IPv6 rule though the IPv4 rule of the same batch is gone, and the reverse", async () => {
      for (const family of ["ipv4", "ipv6"]) {
        const before = site("tcp 80 0.0.0.0/0", "tcp 80 ::/0", "tcp 80 sg-lb");
        const run = await interrupted(before, 1, revoke, (where) =>
          edit(where, (some) => some.filter(({ source }) => source.kind !== family)),
        );
        expect(rules(run)).toEqual(["tcp/80 from sg-lb"]);
      }
    });

    it("does not take a revoke that matched nothing for done", async () => {
      const retold = await interrupted(
        site(rule("tcp 80 0.0.0.0/0", { description: "old words" }), "tcp 80 sg-lb"),
        1,
        revoke,
        (where) =>
          edit(where, (some) =>
            some.map((one) =>
              one.description === "old words" ? { ...one, description: "new words" } : one,
            ),
          ),
      );
      expect(rules(retold)).toEqual(["tcp/80 from sg-lb"]);
      expect(retold.calls.filter(({ kind }) => kind === "revoke").length).toBeGreaterThan(1);
    });

    it("puts the load balancer's own rule back where somebody revokes it just before we close the world", async () => {
      const cut = await interrupted(site("tcp 80 0.0.0.0/0", "tcp 80 sg-lb"), 1, revoke, (where) =>
        edit(where, (some) => some.filter(({ source }) => source.kind !== "group")),
      );
      expect(rules(cut)).toEqual(["tcp/80 from sg-lb"]);
    });

    it("lets a second worker act in the middle from an old look, and loses nothing", async () => {
      const where = cloud(site(wide, "tcp 80 ::/0", "-1 12.0.0.0/8"));
      const first = await played(where, enforcing, {
        revoke,
        beforeCall: async (call) => {
          if (call === 2)
            await played(where, enforcing, { revoke, behind: (look) => (look === 1 ? 1 : 0) });
        },
      });
      expect(await heals(first)).toEqual([
        "icmp from 12.0.0.0/8",
        "tcp/0-79 from 12.0.0.0/8",
        "tcp/20-79 from 0.0.0.0/0",
        "tcp/80 from sg-lb",
        "tcp/81-65535 from 12.0.0.0/8",
        "tcp/81-90 from 0.0.0.0/0",
        "udp/0-65535 from 12.0.0.0/8",
      ]);
    });

    it("closes the world again as often as somebody opens it", async () => {
      const where = cloud(site("tcp 80 sg-lb"));
      for (const minute of [1, 2, 3]) {
        edit(where, (some) => [
          ...some,
          { ...rule("tcp 80 0.0.0.0/0"), id: `sgr-again-${minute}` },
        ]);
        expect(rules(await played(where, enforcing, { revoke }))).toEqual(["tcp/80 from sg-lb"]);
      }
      expect(rulesOf(where.now, "sg-web")).toHaveLength(1);
    });

    it("does not take a look that lacks what it has just written for proof", async () => {
      const where = cloud(site("tcp 20-80 0.0.0.0/0", "tcp 80 sg-lb"));
      const world = fakeWorld(where, {
        revoke,
        behind: (look) => (look === 2 ? 1 : 0),
        beforeCall: (call) =>
          call === 1
            ? edit(where, (some) => some.filter(({ fromPort }) => fromPort !== 20))
            : undefined,
      });
      const outcomes = await remediate(everyGroup(where.now), enforcing, world);
      expect(codes({ where, calls: world.calls, outcomes })).toContain("resurrected");
    });
  },
);
