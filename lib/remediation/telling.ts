import type { Outcome } from "../values/outcome.ts";
import type { GroupId } from "../values/rule.ts";
import { markTold, writeOutcome } from "./journal.ts";
import type { Store } from "./ports.ts";

/** Which groups' outcomes were not sent, and why; and what went wrong with the journal, in words. */
interface Telling {
  readonly unsent: ReadonlyMap<GroupId, string>;
  readonly problems: readonly string[];
}

/**
 * First into the journal, then to people, then that they know: wherever it ends, whoever comes next finds what they have not been told.
 * Only who ends between the last two makes them hear twice; then the message is the same, and says the same change.
 */
export async function tellOf(
  outcomes: readonly Outcome[],
  store: Store,
  send: (outcomes: readonly Outcome[]) => Promise<ReadonlyMap<GroupId, string>>,
): Promise<Telling> {
  if (outcomes.length === 0) return { unsent: new Map(), problems: [] };
  const problems: string[] = [];
  const changes = outcomes.filter(({ change }) => change !== undefined);
  const each = (what: string, work: (outcome: Outcome) => Promise<void>) =>
    Promise.all(
      changes.map((outcome) =>
        work(outcome).catch((error: unknown) => {
          const why = error instanceof Error ? error.message : String(error);
          problems.push(`${outcome.change}: ${what}: ${why}`);
        }),
      ),
    );
  await each("what was done could not be written down", (outcome) => writeOutcome(store, outcome));
  const unsent = await send(outcomes);
  await each("that people know could not be written down", async ({ change, group }) => {
    if (change !== undefined && !unsent.has(group)) await markTold(store, change);
  });
  return { unsent, problems };
}
