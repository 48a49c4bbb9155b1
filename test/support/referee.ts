import type { Outcome } from "../../lib/values/outcome.ts";
import type { Policy } from "../../lib/values/policy.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import type { Trigger } from "../../lib/values/trigger.ts";
import { remediate } from "./remediate.ts";
import type { Call } from "./calls.ts";
import type { Run } from "./underLease.ts";
import { draw, drawCall, drawPolicy } from "./draw.ts";
import { type Cloud, fakeWorld, type Moods } from "./fakeWorld.ts";
import { type Breach, breachText, harm, stillIn, unreached, type View, viewOf } from "./laws.ts";
import { entriesOf, packetsOf } from "./packets.ts";
import type { Region } from "./region.ts";

const trigger = (event = "AuthorizeSecurityGroupIngress"): Trigger => ({
  event,
  eventId: `event-of-${event}`,
  at: "2026-11-22T11:59:30Z",
  actor: { principal: "arn:aws:iam::111111111111:user/alice" },
  touched: [{ kind: "everything" }],
  rules: [],
});

export const groupIds = (region: Region): readonly GroupId[] =>
  region.groups.map((group) => group.id);

const asking = (
  groups: readonly GroupId[],
  event?: string,
): ReadonlyMap<GroupId, readonly Trigger[]> =>
  new Map(groups.map((group) => [group, [trigger(event)]]));

export const everyGroup = (
  region: Region,
  event?: string,
): ReadonlyMap<GroupId, readonly Trigger[]> => asking(groupIds(region), event);

/** One remediation, with every breach of a law that was seen on the way. */
export interface Refereed {
  readonly outcomes: readonly Outcome[];
  readonly calls: readonly Call[];
  readonly breaches: readonly string[];
}

/** What the referee holds every state against: the region as it was at first. */
export const startOf = (region: Region, policy: Policy): View =>
  viewOf(region, policy, packetsOf(region, policy));

/** Remediates and holds laws 1 to 3, and that nothing is written where nothing may be, after every single call. */
export async function referee(
  where: Cloud,
  policy: Policy,
  start: View,
  moods: Moods = {},
  asked = groupIds(where.now),
  run: Run = remediate,
): Promise<Refereed> {
  const breaches: string[] = [];
  const world = fakeWorld(where, {
    ...moods,
    async afterCall(number, call, before) {
      const text = `call ${number} (${drawCall(call)})`;
      if (!start.oracle.writes(call.group))
        breaches.push(`${text} writes in a group that is not ours to write`);
      breaches.push(...harmDone(start, where.now).map((breach) => `after ${text}: ${breach}`));
      await moods.afterCall?.(number, call, before);
    },
  });
  const outcomes = await run(asking(asked), policy, world);
  return { outcomes, calls: world.calls, breaches };
}

const harmDone = (start: View, now: Region): readonly string[] =>
  harm(start, entriesOf(now, start.packets))
    .slice(0, 3)
    .map((breach) => breachText(breach, start.packets));

/** Laws 4 and 5, of what stands now: in these groups, and at the interfaces that wear one of them. */
export function amiss(
  now: Region,
  policy: Policy,
  start: View,
  asked = groupIds(now),
): readonly string[] {
  const view = viewOf(now, policy, start.packets);
  const isAsked = ({ group }: Breach): boolean => group.split("+").some((id) => asked.includes(id));
  return [...unreached(view), ...stillIn(view)]
    .filter(isAsked)
    .slice(0, 5)
    .map((breach) => breachText(breach, start.packets));
}

/** Runs until all is quiet: what is amiss then, and whether the run after that still writes (law 6). */
export async function settled(
  where: Cloud,
  policy: Policy,
  start: View,
  run?: Run,
): Promise<readonly string[]> {
  const healing = await referee(where, policy, start, {}, groupIds(where.now), run);
  const wrong = amiss(where.now, policy, start);
  const idle = await referee(where, policy, start, {}, groupIds(where.now), run);
  const again = idle.calls.map((call) => `writes again: ${drawCall(call)}`);
  return [
    ...healing.breaches.map((one) => `healing, ${one}`),
    ...wrong.map((one) => `healed, ${one}`),
    ...again,
  ];
}

const outcomeText = (one: Outcome): string =>
  `${one.group}: ${one.result} (${one.mode}, ${one.reach}), looks ${one.looks}, writes ${one.writes}, would add ${one.remaining.add.length} remove ${one.remaining.remove.length}; ${one.findings
    .map((finding) => `${finding.code}: ${finding.text}`)
    .join("; ")}`;

/** Throws what is wrong, with everything a reader needs to follow it. */
export function hold(
  wrong: readonly string[],
  told: {
    readonly region: Region;
    readonly policy: Policy;
    readonly end: Region;
  } & Partial<Refereed>,
): void {
  if (wrong.length === 0) return;
  const calls = (told.calls ?? []).map((call, index) => `${index + 1}. ${drawCall(call)}`);
  throw new Error(
    [
      "",
      ...wrong,
      "--- policy",
      drawPolicy(told.policy),
      "--- at first",
      draw(told.region),
      "--- calls",
      ...calls,
      "--- at the end",
      draw(told.end),
      "--- outcomes",
      ...(told.outcomes ?? []).map(outcomeText),
    ].join("\n"),
  );
}
