import type { Trouble } from "../../lib/messages/trouble.ts";
import { whyOf } from "../runtime/invocation.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** Tells people what is wrong with elb-only itself. Never throws: whatever is found, the sweep is to go on. */
export async function tellTrouble(
  kind: Trouble["kind"],
  problems: readonly string[],
  { world, outbox, clock, log }: Pick<Runtime, "world" | "outbox" | "clock" | "log">,
): Promise<void> {
  const { account, region, partition } = world;
  const at = new Date(clock.now()).toISOString();
  const trouble: Trouble = { version: 1, kind, account, region, partition, at, problems };
  const unsent = await outbox.notify([JSON.stringify(trouble)]);
  if (unsent.length > 0)
    log.error("What is wrong was not sent to the notify queue", { kind, why: unsent[0]?.why });
}

/** What cannot be read counts as missing. */
export async function orWhyNot(ask: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await ask();
  } catch (error) {
    return [`It cannot be read whether everything is in place: ${whyOf(error)}`];
  }
}
