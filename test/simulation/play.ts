import fc from "fast-check";
import type { Outcome } from "../../lib/values/outcome.ts";
import { isIn, type Rule, ruleKey, sameRule } from "../../lib/values/rule.ts";
import { ruleLine } from "../support/draw.ts";
import { change } from "../support/fakeWorld.ts";
import { viewOf } from "../support/laws.ts";
import { hold, settled } from "../support/referee.ts";
import { type Region, rulesOf } from "../support/region.ts";
import { type Stage, stage, untoldRisen, worker } from "../support/stage.ts";
import { office, underLease } from "../support/underLease.ts";
import { fated } from "./fated.ts";
import type { Fate, World } from "./world.ts";

/**
 * Lets two workers and people loose on a region, in the scheduler's order; then nothing goes wrong any more, and a sweep comes by. Throws what broke a law, with the story:
 * no call did more than its look warranted, all is settled in the end, and people have been told of all that stands otherwise than at first, by our doing.
 */
export async function play(world: World): Promise<void> {
  const { region, policy, revoke, edits, fates, order } = world;
  // As an argument of the property it would go on, in a smaller world, where it was in the larger.
  const [turns = never()] = fc.sample(fc.scheduler(), { seed: order, numRuns: 1 });
  const on = stage(region, policy, edits);
  const { desk, store, wait } = office();
  const heard: Outcome[] = [];
  const work = async (name: string, fate: Fate): Promise<void> => {
    const turn = (what: string) => turns.schedule(Promise.resolve(), `${name} ${what}`);
    const befalls = (what: string) => void on.story.push(`${name}: ${what}`);
    const { moods, store: reached, telling } = fated(fate, turn, befalls);
    const run = underLease(desk(name, reached(store)), telling(heard));
    // What it throws in the end is what befell it.
    await worker(on, name, { ...moods, revoke }, run).catch(() => []);
  };
  await turns.waitFor(Promise.all([work("the first", fates[0]), work("the second", fates[1])]));

  const end = on.where.now;
  wait();
  if (end.quota < 60) change(on.where, { ...end, quota: 60 });
  const sweep = underLease(desk("the sweep"), (outcomes) => {
    heard.push(...outcomes);
    return Promise.resolve(new Map());
  });
  const roomy = { ...policy, rulesPerGroup: 60 };
  const unsettled = await settled(on.where, roomy, viewOf(end, policy, on.packets), sweep);
  // People hear a change once, however often it is said: its messages are the same.
  const distinct = [
    ...new Map(heard.map((one, index) => [one.change ?? `${index}`, one])).values(),
  ];
  const wrong = [
    ...on.breaches,
    ...unsettled,
    ...untoldRisen(on, distinct),
    ...mistold(on, world, distinct),
  ];
  hold(wrong.length > 0 ? [...wrong, "--- story", ...on.story] : [], {
    region,
    policy,
    end,
    outcomes: distinct,
  });
}

const never = (): never => {
  throw new Error("There is a scheduler for every order.");
};

/** What does not stand as at first, by our doing, and nobody is told of it. */
function mistold(
  on: Stage,
  { region, fates }: World,
  heard: readonly Outcome[],
): readonly string[] {
  const end: Region = on.where.now;
  const isTold = (group: string, rule: Rule, what: "added" | "removed"): boolean =>
    heard.some((one) => one.group === group && isIn(one[what], rule));
  // Where state refuses, a way in is made all the same; who dies then leaves no trace of it.
  const isUnwritten = fates.some(({ state }) => state.length > 0);
  const isEdited = (rule: Rule): boolean => on.undone.some((one) => one.rule.id === rule.id);
  return region.groups.flatMap(({ id }) => {
    const [before, after] = [rulesOf(region, id), rulesOf(end, id)];
    const gone = before.filter(
      (rule) =>
        !after.some((one) => ruleKey(one) === ruleKey(rule)) &&
        !isEdited(rule) &&
        on.narrowed.some((one) => one.group === id && sameRule(one.rule, rule)),
    );
    const come = after.filter(({ id: rule }) => rule?.startsWith("sgr-new-") === true);
    return [
      ...gone
        .filter((rule) => !isTold(id, rule, "removed"))
        .map((rule) => `${id}: nobody is told that ${ruleLine(rule)} went`),
      ...come
        .filter((rule) => !isUnwritten && !isEdited(rule) && !isTold(id, rule, "added"))
        .map((rule) => `${id}: nobody is told that ${ruleLine(rule)} came`),
    ];
  });
}
