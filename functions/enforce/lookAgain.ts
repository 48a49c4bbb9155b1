import { opensToInternet } from "../../lib/messages/changeSummary.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import { ownActor, type Trigger } from "../../lib/values/trigger.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { lookLater } from "./lookLater.ts";

/** Seconds: as often as what the internet enters by is closed, however often it is opened. */
const soon = 300;

/** Has groups looked at again in which somebody keeps opening a way in to the internet: no event may come until it is to be closed once more. */
export async function lookAgain(
  outcomes: readonly Outcome[],
  { outbox, log }: Pick<Runtime, "outbox" | "log">,
): Promise<void> {
  const groups = outcomes
    .filter(({ findings }) =>
      findings.some(
        ({ code, rule }) => code === "contested" && rule !== undefined && opensToInternet([rule]),
      ),
    )
    .map(({ group }) => group);
  const [first] = outcomes.flatMap(({ triggers }) => triggers);
  if (groups.length === 0) return;
  const trigger: Trigger = {
    event: "Contested",
    eventId: first?.eventId ?? "none",
    actor: first?.actor ?? ownActor,
    touched: [],
    rules: [],
  };
  const unsent = await lookLater(new Map([[trigger, groups]]), outbox, soon);
  if (unsent.size > 0)
    log.error("Contested groups will not be looked at again before the next event or sweep", {
      groups,
      why: [...unsent.values()][0],
    });
}
