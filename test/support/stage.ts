import type { Outcome } from "../../lib/values/outcome.ts";
import type { Policy } from "../../lib/values/policy.ts";
import type { Rule } from "../../lib/values/rule.ts";
import { remediate } from "./remediate.ts";
import { drawCall } from "./draw.ts";
import { change, cloud, type Cloud, fakeWorld, type Moods } from "./fakeWorld.ts";
import { type Breach, breachText, viewOf } from "./laws.ts";
import { packetsOf, type Packets } from "./packets.ts";
import { before as editsBefore, edited, type Interruption } from "./people.ts";
import { everyGroup, hold, settled } from "./referee.ts";
import { type Region, rulesOf } from "./region.ts";
import type { Run } from "./underLease.ts";
import { judge, stillRisen, type Undone } from "./warrant.ts";

/** A region in which people edit, and all that is to be told of it. */
export interface Stage {
  readonly where: Cloud;
  readonly policy: Policy;
  readonly packets: Packets;
  readonly interruptions: readonly Interruption[];
  readonly story: string[];
  readonly breaches: string[];
  readonly resurrected: Breach[];
  /** What people undid, each with the number of changes before it. */
  readonly undone: (Undone & { readonly at: number })[];
  /** What the workers removed, likewise. */
  readonly narrowed: (Undone & { readonly at: number })[];
}

/** Every rule that a modification may make, so that its edges are asked about. */
const widths = (rule: Rule, interruptions: readonly Interruption[]): readonly Rule[] =>
  interruptions.flatMap(({ edit }) =>
    edit.kind === "modify"
      ? [{ ...rule, protocol: "tcp", fromPort: edit.ports[0], toPort: edit.ports[1] }]
      : [],
  );

export function stage(
  region: Region,
  policy: Policy,
  interruptions: readonly Interruption[],
): Stage {
  const written = interruptions.flatMap(({ edit }) =>
    edit.kind === "authorize" ? [edit.rule] : [],
  );
  const modified = region.groups
    .flatMap((group) => group.rules)
    .flatMap((rule) => widths(rule, interruptions));
  const packets = packetsOf(region, policy, [...written, ...modified]);
  return {
    where: cloud(region),
    policy,
    packets,
    interruptions,
    story: [],
    breaches: [],
    resurrected: [],
    undone: [],
    narrowed: [],
  };
}

/** One worker's run: people step in just before its calls, and each call is held against the state that the worker last saw. */
export async function worker(
  on: Stage,
  name: string,
  moods: Moods,
  run: Run = remediate,
): Promise<readonly Outcome[]> {
  const { where, policy, packets } = on;
  let seen = where.now;
  const world = fakeWorld(where, {
    ...moods,
    afterLook(_look, _groups, region) {
      seen = region;
    },
    async beforeCall(number, call) {
      await moods.beforeCall?.(number, call);
      for (const { group, edit } of editsBefore(on.interruptions, number, call)) {
        const done = edited(where.now, group, edit, call, () => `sgr-person-${++where.written}`);
        on.undone.push(...done.undone.map((one) => ({ ...one, at: where.past.length })));
        change(where, done.region);
        on.story.push(`a person, before call ${number} of ${name}, ${done.text}`);
      }
    },
    afterCall(number, call, before) {
      const text = `${name}'s call ${number} (${drawCall(call)})`;
      const view = viewOf(seen, policy, packets);
      const since = ({ at }: { readonly at: number }): boolean => at > where.past.indexOf(seen);
      const { wrong, resurrected } = judge(
        view,
        call,
        before,
        where.now,
        on.undone.filter(since),
        on.narrowed.filter(since),
      );
      const stands = rulesOf(where.now, call.group);
      const removed = rulesOf(before, call.group).filter((rule) => !stands.includes(rule));
      on.narrowed.push(
        ...removed.map((rule) => ({ group: call.group, rule, at: where.past.length - 1 })),
      );
      on.story.push(text);
      if (!view.oracle.writes(call.group))
        on.breaches.push(`${text} writes where nothing was to be written when it looked`);
      on.breaches.push(
        ...wrong.slice(0, 3).map((breach) => `after ${text}: ${breachText(breach, packets)}`),
      );
      on.resurrected.push(...resurrected);
    },
  });
  return run(everyGroup(where.now), policy, world);
}

/** What rose again is gone at the end, or people are told. */
export const untoldRisen = (
  { resurrected, where, packets }: Stage,
  outcomes: readonly Outcome[],
): readonly string[] =>
  stillRisen(resurrected, where.now, packets)
    .filter(
      ({ group }) =>
        !outcomes.some(
          (one) =>
            one.group === group &&
            one.findings.some(
              ({ code }) => code === "resurrected" || code === "source-group-shared",
            ),
        ),
    )
    .map((breach) => `nobody is told of what rose again: ${breachText(breach, packets)}`);

/** All that went wrong, after a last run in which nobody interferes. */
export async function verdict(
  on: Stage,
  region: Region,
  outcomes: readonly Outcome[],
): Promise<void> {
  const end = on.where.now;
  // What a full group keeps from being done is not what is asked here.
  if (end.quota < 60) change(on.where, { ...end, quota: 60 });
  const wrong = [
    ...on.breaches,
    ...untoldRisen(on, outcomes),
    ...(await settled(
      on.where,
      { ...on.policy, rulesPerGroup: 60 },
      viewOf(end, on.policy, on.packets),
    )),
  ];
  hold(wrong.length > 0 ? [...wrong, "--- story", ...on.story] : [], {
    region,
    policy: on.policy,
    end,
    outcomes,
  });
}
