import type { Post } from "../../lib/remediation/ports.ts";
import type { AccountRegion } from "../../lib/values/outcome.ts";
import { type Log, whyOf } from "../runtime/invocation.ts";
import type { Measures } from "../runtime/measures.ts";
import type { NotArmed } from "../../lib/messages/notArmed.ts";

/** What it takes to find out whether anything wakes enforcement. */
export interface Arming {
  readonly here: AccountRegion;
  /** Why no trail shows EventBridge what is changed; undefined where one does. */
  readonly whyNoTrail: () => Promise<string | undefined>;
  /** What is wrong with our EventBridge rules. Undefined: nobody told us which they are. */
  readonly problemsOfRules: (() => Promise<readonly string[]>) | undefined;
  readonly measure: (measures: Measures) => void;
  /** To the queue whose messages become messages for people. */
  readonly notify: Post;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
}

/** Is everything in place that wakes enforcement? What cannot be read counts as missing. Never throws: whatever is found, the sweep is to go on. */
export async function checkArmed(work: Arming): Promise<void> {
  const { here, whyNoTrail, problemsOfRules, measure, notify, now, log } = work;
  const asked = [
    async () => [await whyNoTrail()].filter((why) => why !== undefined),
    ...(problemsOfRules === undefined ? [] : [problemsOfRules]),
  ];
  const problems = (await Promise.all(asked.map(orWhyNot))).flat();
  const rules =
    problemsOfRules === undefined
      ? { rules: "not looked at: ELB_ONLY_RULE_PREFIX is not set" }
      : {};
  measure({ Armed: problems.length === 0 ? 1 : 0 });
  if (problems.length === 0) {
    log.info("Armed", rules);
    return;
  }
  log.error("Not armed", { problems, ...rules });
  const alert: NotArmed = {
    version: 1,
    kind: "not-armed",
    ...here,
    at: new Date(now()).toISOString(),
    problems,
  };
  const unsent = await notify([JSON.stringify(alert)]);
  if (unsent.length > 0)
    log.error("That it is not armed was not sent to the notify queue", { why: unsent[0]?.why });
}

async function orWhyNot(ask: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await ask();
  } catch (error) {
    return [`It cannot be read whether everything is in place: ${whyOf(error)}`];
  }
}
