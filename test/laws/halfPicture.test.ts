import fc from "fast-check";
import { describe, it } from "vitest";
import type { Snapshot, Target, UnreadTargets } from "../../lib/values/snapshot.ts";
import { anyRegion } from "../support/arbitraryRegion.ts";
import { anyPolicy } from "../support/arbitraryRules.ts";
import { drawCall, ruleLine } from "../support/draw.ts";
import { cloud } from "../support/fakeWorld.ts";
import { hold, referee, settled, startOf } from "../support/referee.ts";
import { patience, runs } from "./runs.ts";

/** What did not come through: pages of each kind of thing, every `each`-th of them. */
interface Gap {
  readonly of: "nothing" | "interfaces" | "rules" | "prefixLists" | "attached";
  readonly each: number;
}

const gap: fc.Arbitrary<Gap> = fc.record({
  of: fc.constantFrom("nothing", "interfaces", "rules", "prefixLists", "attached" as const),
  each: fc.integer({ min: 1, max: 3 }),
});

/** A snapshot with a gap, which it admits. (`nothing`: all came through, but it cannot be known.) */
function partial(snapshot: Snapshot, { of, each }: Gap): Snapshot {
  const without = <Thing>(things: readonly Thing[]): readonly Thing[] =>
    things.filter((_, index) => index % each !== 0);
  const told = { ...snapshot, gaps: [`a page of ${of}`] };
  const attachmentsUnread = new Set(snapshot.groups.keys());
  switch (of) {
    case "nothing":
      return told;
    case "interfaces":
      return { ...told, interfaces: without(snapshot.interfaces), attachmentsUnread };
    case "attached":
      return {
        ...told,
        attachmentsUnread,
        interfaces: snapshot.interfaces.filter((one) => one.use.kind !== "loadBalancer"),
      };
    case "rules":
      return {
        ...told,
        groups: new Map(
          [...snapshot.groups].map(([id, group]) => [
            id,
            { ...group, rules: without(group.rules) },
          ]),
        ),
      };
    case "prefixLists":
      return {
        ...told,
        prefixLists: new Map(
          [...snapshot.prefixLists].map(([id, list]) => [
            id,
            { id, name: list.name, owner: list.owner },
          ]),
        ),
      };
  }
}

/** Which load balancer's targets, every `each`-th of them, are unread, and what is known of where they are. */
interface Unread {
  readonly of: number;
  readonly each: number;
  readonly known: "targets" | "vpc" | "nothing";
}

const unread: fc.Arbitrary<Unread> = fc.record({
  of: fc.nat({ max: 2 }),
  each: fc.integer({ min: 1, max: 2 }),
  known: fc.constantFrom("targets", "vpc", "nothing" as const),
});

/** A snapshot without some targets, which says on which ports they may be. */
function lackingTargets(snapshot: Snapshot, { of, each, known }: Unread): Snapshot {
  const lacking = snapshot.loadBalancers[of];
  if (lacking === undefined) return snapshot;
  const isLost = (target: Target, index: number): boolean =>
    index % each === 0 && (known !== "vpc" || target.at.kind === "instance");
  const lost = lacking.targets.filter(isLost);
  const vpcs = new Set(snapshot.interfaces.flatMap(({ vpc }) => vpc ?? []));
  const at: UnreadTargets["at"] =
    known === "targets"
      ? lost.map((target) => target.at)
      : known === "vpc"
        ? [...vpcs].map((vpc) => ({ kind: "anyInstance", vpc }))
        : [{ kind: "anything" }];
  const ports = lost.flatMap((target) => target.ports);
  return {
    ...snapshot,
    loadBalancers: snapshot.loadBalancers.map((one) =>
      one === lacking
        ? { ...one, targets: one.targets.filter((target) => !lost.includes(target)) }
        : one,
    ),
    unreadTargets: [{ why: "a target group", at, ports }],
  };
}

describe("half a picture", () => {
  it(
    "adds admissions at most, and removes nothing; a whole one settles everything",
    async () => {
      await fc.assert(
        fc.asyncProperty(anyRegion, anyPolicy, gap, async (region, policy, hole) => {
          const where = cloud(region);
          const start = startOf(region, policy);
          const run = await referee(where, policy, start, {
            partial: (snapshot) => partial(snapshot, hole),
          });
          const end = where.now;
          const removals = run.calls
            .filter((call) => call.kind === "revoke")
            .map((call) => `removes: ${drawCall(call)}`);
          const fronts = region.loadBalancers.flatMap((one) => one.groups);
          const others = run.calls
            .flatMap((call) => call.rules)
            .filter(({ source }) => source.kind !== "group" || !fronts.includes(source.group))
            .map((rule) => `adds what is no admission: ${ruleLine(rule)}`);
          hold(
            [...run.breaches, ...removals, ...others, ...(await settled(where, policy, start))],
            { region, policy, end, ...run },
          );
        }),
        { numRuns: runs(100) },
      );
    },
    patience,
  );

  it(
    "that lacks targets alone harms nobody, and is settled as far as the lack reaches",
    async () => {
      await fc.assert(
        fc.asyncProperty(anyRegion, anyPolicy, unread, async (region, policy, hole) => {
          const where = cloud(region);
          const start = startOf(region, policy);
          const moods = { partial: (snapshot: Snapshot) => lackingTargets(snapshot, hole) };
          const run = await referee(where, policy, start, moods);
          const end = where.now;
          const again = await referee(where, policy, start, moods);
          const writes = again.calls.map((call) => `writes again: ${drawCall(call)}`);
          hold([...run.breaches, ...writes, ...(await settled(where, policy, start))], {
            region,
            policy,
            end,
            ...run,
          });
        }),
        { numRuns: runs(150) },
      );
    },
    patience,
  );

  it(
    "among whole ones removes nothing until the next whole one",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          anyRegion,
          anyPolicy,
          gap,
          fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
          async (region, policy, hole, holes) => {
            const where = cloud(region);
            const start = startOf(region, policy);
            const isHalf = (look: number): boolean => holes[look - 1] ?? false;
            let latest = 0;
            const wrong: string[] = [];
            const run = await referee(where, policy, start, {
              partial: (snapshot, look) => (isHalf(look) ? partial(snapshot, hole) : snapshot),
              afterLook: (look) => {
                latest = look;
              },
              beforeCall: (number, call) => {
                if (call.kind === "revoke" && isHalf(latest))
                  wrong.push(`call ${number} removes after half a picture: ${drawCall(call)}`);
              },
            });
            const end = where.now;
            hold([...run.breaches, ...wrong, ...(await settled(where, policy, start))], {
              region,
              policy,
              end,
              ...run,
            });
          },
        ),
        { numRuns: runs(60) },
      );
    },
    patience,
  );
});
