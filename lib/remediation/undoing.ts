import type { Rule } from "../values/rule.ts";
import { isIn, ruleText } from "../values/rule.ts";
import type { Snapshot } from "../values/snapshot.ts";
import type { RuleAnswer, World } from "./ports.ts";
import { type Done, planUndo, type UndoPlan } from "./undo.ts";

/** What came of undoing a change. */
export interface Undone {
  readonly first: Snapshot;
  readonly last: Snapshot;
  readonly added: readonly Rule[];
  readonly removed: readonly Rule[];
  readonly left: UndoPlan["left"];
  /** What could not be done, in words. */
  readonly problems: readonly string[];
}

/** One look to put back, one to take away, one to see that it is done; more where EC2 shows it late. */
const mostLooks = 6;

/** Looks, puts back, looks again, takes away, and looks whether it is done. What EC2 refuses is said, and stops nothing else. */
export async function undo(
  done: Done,
  world: Pick<World, "look" | "add" | "remove" | "pause">,
): Promise<Undone> {
  const [added, removed, problems]: [Rule[], Rule[], string[]] = [[], [], []];
  const refused: Rule[] = [];
  let first: Snapshot | undefined;
  for (let looks = 1; ; looks += 1) {
    const last = await world.look([done.group]);
    first ??= last;
    const { add, remove, left } = planUndo(without(refused, done), last);
    if (add.length + remove.length === 0 || looks === mostLooks) {
      const open = [...add, ...remove].map(
        (rule) => `${ruleText(rule)} is not as it should be yet`,
      );
      return { first, last, added, removed, left, problems: [...problems, ...open] };
    }
    // EC2 may show for a while what was before.
    if ([...add, ...remove].some((rule) => isIn([...added, ...removed], rule)))
      await world.pause(1);
    const answers =
      add.length > 0 ? await world.add(done.group, add) : await world.remove(done.group, remove);
    for (const { rule, answer } of answers) {
      const list = add.length > 0 ? added : removed;
      if (answer.kind === "done" && !isIn(list, rule)) list.push(rule);
      if (answer.kind === "full" || answer.kind === "refused") {
        refused.push(rule);
        problems.push(`${ruleText(rule)}: ${whyNot(answer)}`);
      }
    }
  }
}

const whyNot = (answer: RuleAnswer["answer"]): string =>
  answer.kind === "refused" ? answer.why : "the group has no room for it";

/** What EC2 refuses is not asked for again; where it will not have something back, nothing is taken away that was added for it. */
function without(refused: readonly Rule[], { group, added, removed }: Done): Done {
  const rest = (rules: readonly Rule[]): readonly Rule[] =>
    rules.filter((rule) => !isIn(refused, rule));
  const isStuck = removed.some((rule) => isIn(refused, rule));
  return { group, added: isStuck ? [] : rest(added), removed: rest(removed) };
}
