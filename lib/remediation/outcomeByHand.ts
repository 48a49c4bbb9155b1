import { differenceOf } from "../judge/difference.ts";
import type { Finding } from "../values/finding.ts";
import type { Intent } from "../values/intent.ts";
import type { Outcome, Proof } from "../values/outcome.ts";
import type { Snapshot } from "../values/snapshot.ts";
import type { Applied } from "./applying.ts";

/** What came of a change that a person made with the tool, as the journal keeps it. */
export function outcomeByHand(
  intent: Intent,
  { first, last, added, removed, problems }: Applied,
  findings: readonly Finding[],
  proof: readonly Proof[] = [],
): Outcome {
  const { add: _add, remove: _remove, begun: _begun, ...about } = intent;
  const inbound = ({ groups, prefixLists }: Snapshot) => ({
    rules: groups.get(intent.group)?.rules ?? [],
    prefixLists,
  });
  return {
    ...about,
    result: problems.length > 0 ? "incomplete" : "changed",
    after: inbound(last).rules,
    added,
    removed,
    remaining: { add: [], remove: [] },
    governed: [],
    proof,
    difference: differenceOf(inbound(first), inbound(last)),
    findings,
    loadBalancers: [],
    interfaces: [],
    at: last.at,
    looks: 0,
    writes: 0,
  };
}
