import { randomUUID } from "node:crypto";
import { prove } from "../../lib/judge/proof.ts";
import { plan } from "../../lib/plan/plan.ts";
import { apply } from "../../lib/remediation/applying.ts";
import { writeAhead, writeOutcome } from "../../lib/remediation/journal.ts";
import { outcomeByHand } from "../../lib/remediation/outcomeByHand.ts";
import { changeIdOf } from "../../lib/values/changeId.ts";
import { finding } from "../../lib/values/finding.ts";
import type { Intent } from "../../lib/values/intent.ts";
import type { Proof } from "../../lib/values/outcome.ts";
import type { Policy } from "../../lib/values/policy.ts";
import type { Rule } from "../../lib/values/rule.ts";
import type { PlannedGroup } from "../planFile.ts";
import { type Deployment, type Place, readingWorld, writingWorld } from "./deployment.ts";

/** What became of one group of the plan. */
export interface AppliedGroup {
  readonly group: string;
  readonly name: string;
  readonly change?: string;
  readonly added: readonly Rule[];
  readonly removed: readonly Rule[];
  readonly problems: readonly string[];
  readonly proof: readonly Proof[];
}

/** Applies the plan to one group, written down before and after. */
export async function applyToGroup(
  one: PlannedGroup,
  policy: Policy,
  place: Place | Deployment,
): Promise<AppliedGroup> {
  const { group, name } = one;
  const begun = new Date(place.clock.now()).toISOString();
  const change = changeIdOf(begun, randomUUID().replaceAll("-", ""));
  const { account, region, partition, principal } = place;
  const before = (await readingWorld(place).look([group])).groups.get(group);
  const intent: Intent = {
    version: 1,
    change,
    account,
    region,
    partition,
    group,
    name,
    ...(before?.vpc === undefined ? {} : { vpc: before.vpc }),
    begun,
    triggers: [
      {
        event: "Apply",
        eventId: change,
        at: begun,
        actor: { principal },
        touched: [{ kind: "group", group }],
        rules: [],
      },
    ],
    mode: policy.defaultMode,
    reach: "govern",
    before: before?.rules ?? [],
    add: one.add,
    remove: one.remove,
    difference: { loses: [], gains: [] },
  };
  if ("store" in place) await writeAhead(place.store, intent);
  const applied = await apply(one, policy, writingWorld(place));
  const { first, last, added, removed, problems } = applied;
  const todo = plan(last, policy).groups.get(group);
  const proof = todo === undefined ? [] : prove(first, last, todo, policy);
  if ("store" in place) {
    const said = problems.map((text) => finding("could-not-remove", group, text));
    await writeOutcome(place.store, outcomeByHand(intent, applied, said, proof));
  }
  const known = "store" in place ? { change } : {};
  return { group, name, ...known, added, removed, problems, proof };
}
