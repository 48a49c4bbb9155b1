import { differenceOf } from "../judge/difference.ts";
import type { ChangeId } from "../values/changeId.ts";
import { finding } from "../values/finding.ts";
import type { Intent } from "../values/intent.ts";
import type { Outcome } from "../values/outcome.ts";
import { ruleText } from "../values/rule.ts";
import type { Snapshot } from "../values/snapshot.ts";
import type { Trigger } from "../values/trigger.ts";
import { outcomeByHand } from "./outcomeByHand.ts";
import type { UndoPlan } from "./undo.ts";
import type { Undone } from "./undoing.ts";

/** A change that is to be undone, by whom, and until when enforcement leaves it so. */
export interface Undoing {
  readonly of: Intent;
  readonly change: ChangeId;
  readonly principal: string;
  readonly why: string;
  readonly at: string;
  readonly until: string;
}

const triggerOf = ({ of, change, principal, at }: Undoing): Trigger => ({
  event: "Undo",
  eventId: change,
  at,
  actor: { principal },
  touched: [{ kind: "group", group: of.group }],
  rules: [],
});

/** An undoing, as it is written down before anything is changed. */
export function undoIntent(undoing: Undoing, plan: UndoPlan, snapshot: Snapshot): Intent {
  const { of, change, at } = undoing;
  const before = snapshot.groups.get(of.group)?.rules ?? [];
  const { prefixLists } = snapshot;
  const after = [...before.filter((rule) => !plan.remove.includes(rule)), ...plan.add];
  return {
    ...of,
    change,
    begun: at,
    triggers: [triggerOf(undoing)],
    before,
    add: plan.add,
    remove: plan.remove,
    difference: differenceOf({ rules: before, prefixLists }, { rules: after, prefixLists }),
  };
}

/** What came of it, for people and programs. */
export function undoOutcome(
  undoing: Undoing,
  intent: Intent,
  undone: Undone,
  code: "undone" | "restored" = "undone",
): Outcome {
  const { of, principal, until, why } = undoing;
  const { added, removed, left, problems } = undone;
  const texts = [
    `${of.group}: ${principal} undid the change ${of.change}${why === "" ? "" : ` (${why})`}`,
    ...(added.length === 0 ? [] : [`put back: ${added.map(ruleText).join(", ")}`]),
    ...(removed.length === 0 ? [] : [`taken away: ${removed.map(ruleText).join(", ")}`]),
    ...left.map(({ why }) => why),
    ...problems,
  ];
  const said = finding(
    code,
    of.group,
    `${texts.join("; ")}. Nothing is removed there until ${until}.`,
  );
  return outcomeByHand(intent, undone, [said]);
}
