import type { Outcome } from "../values/outcome.ts";
import { sameRule } from "../values/rule.ts";
import type { HealthReading } from "../values/snapshot.ts";
import { silencedBy } from "../values/targetCheck.ts";
import { millis, secondsBetween } from "../values/time.ts";
import type { Done } from "./undo.ts";

/** Seconds after a removal in which it is taken for the cause; the queue takes its time, too. */
const atMost = 360;

/** What is to be undone since a removal silenced whom it should not, and who fell silent. */
export interface Restorable {
  readonly done: Done;
  readonly silenced: readonly string[];
}

/**
 * Is a change to be undone, since all targets of a load balancer that were healthy before do not answer? What a call had only just opened stays closed:
 * nobody depended on it, and whoever can silence targets could have it opened again.
 */
export function restorable(
  { group, added, removed, triggers, healthyBefore = [], at }: Outcome,
  health: readonly HealthReading[],
  now: number,
): Restorable | undefined {
  if (at === undefined || now - millis(at) > atMost * 1000) return undefined;
  const opened = triggers.filter(
    (one) => one.at !== undefined && secondsBetween(one.at, at) <= 3600,
  );
  const lasting = removed.filter(
    (rule) => !opened.some(({ rules }) => rules.some((one) => sameRule(one, rule))),
  );
  const silenced = silencedBy(healthyBefore, health);
  if (lasting.length === 0 || silenced.length === 0) return undefined;
  return {
    done: { group, added: lasting.length === removed.length ? added : [], removed: lasting },
    silenced,
  };
}
