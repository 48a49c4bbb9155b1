import { veto } from "../judge/veto.ts";
import type { Policy } from "../values/policy.ts";
import { type GroupId, isIn, type Rule, ruleText, sameTraffic } from "../values/rule.ts";
import type { Snapshot } from "../values/snapshot.ts";
import type { RuleAnswer, World } from "./ports.ts";
import type { Undone } from "./undoing.ts";

/** What is to be done in one group, and nothing else. */
export interface Wanted {
  readonly group: GroupId;
  readonly add: readonly Rule[];
  readonly remove: readonly Rule[];
}

/** What was done by a person's own hand, and what could not be. */
export type Applied = Omit<Undone, "left">;

const readsAlike = (a: Rule, b: Rule): boolean =>
  sameTraffic(a, b) && a.description === b.description;

/** One look to add by, one to remove by, one to see that it is done; more where EC2 shows it late. */
const mostLooks = 6;

/** Adds what is wanted, looks, removes what is wanted where the judge agrees, and looks whether it is done. What EC2 refuses is said, and stops nothing else. */
export async function apply(
  wanted: Wanted,
  policy: Policy,
  world: Pick<World, "look" | "add" | "remove" | "pause">,
): Promise<Applied> {
  const { group } = wanted;
  const [added, removed, problems]: [Rule[], Rule[], string[]] = [[], [], []];
  const givenUp: Rule[] = [];
  let first: Snapshot | undefined;
  for (let looks = 1; ; looks += 1) {
    const last = await world.look([group]);
    first ??= last;
    const rules = last.groups.get(group)?.rules ?? [];
    const isOpen = (rule: Rule): boolean => !isIn(givenUp, rule);
    const add = wanted.add.filter((rule) => isOpen(rule) && !isIn(rules, rule));
    // By what it reads now: what somebody has changed meanwhile is theirs.
    const going = rules.filter((rule) => wanted.remove.some((one) => readsAlike(one, rule)));
    const remove = add.length > 0 ? [] : going.filter(isOpen);
    if (add.length + remove.length === 0 || looks === mostLooks) {
      const open = [...add, ...remove].map(
        (rule) => `${ruleText(rule)} is not as it should be yet`,
      );
      return { first, last, added, removed, problems: [...problems, ...open] };
    }
    if ([...add, ...remove].some((rule) => isIn([...added, ...removed], rule)))
      await world.pause(1);
    const agreed = remove.filter((rule) => {
      const why = veto(rule, remove, group, last, policy);
      if (why === undefined) return true;
      givenUp.push(rule);
      problems.push(`${ruleText(rule)} stays: ${why}`);
      return false;
    });
    for (const one of await world.add(group, add)) record(one, added);
    for (const one of await world.remove(group, agreed)) record(one, removed);
  }

  function record({ rule, answer }: RuleAnswer, list: Rule[]): void {
    if (answer.kind === "done" && !isIn(list, rule)) list.push(rule);
    if (answer.kind !== "full" && answer.kind !== "refused") return;
    givenUp.push(rule);
    problems.push(
      `${ruleText(rule)}: ${answer.kind === "full" ? "the group has no room for it" : answer.why}`,
    );
  }
}
