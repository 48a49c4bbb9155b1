import { forgotten, untoldChanges } from "../../lib/remediation/journal.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import type { Runtime } from "./runtime.ts";

/** Groups of which a change was never told, since whoever made it died or the queue refused; nothing else may wake us for them. */
export async function forgottenGroups({
  store,
  clock,
  log,
}: Pick<Runtime, "store" | "clock" | "log">): Promise<readonly GroupId[]> {
  try {
    const changes = await untoldChanges(store);
    if (changes.length === 0) return [];
    return [...new Set(forgotten(changes, clock.now()).map(({ group }) => group))];
  } catch (error) {
    log.error("Which changes people have not been told of could not be read", { error });
    return [];
  }
}
