import type { Audience } from "../../lib/remediation/ports.ts";
import { unheardKind } from "../../lib/values/ownMessages.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { orWhyNot, tellTrouble } from "./trouble.ts";

/** ARNs of the topics; of alarms there may be none that we know of. */
interface Topics {
  readonly alerts: string;
  readonly alarms: string | undefined;
}

/**
 * Does anybody hear alerts and alarms? Each of the two channels tells of the other: where nobody hears alerts, the metric has an alarm go off; where nobody
 * hears alarms, an alert says so.
 */
export async function checkHeard(
  { alerts, alarms }: Topics,
  audience: Audience,
  runtime: Runtime,
): Promise<void> {
  const [unheardAlerts, unheardAlarms] = await Promise.all([
    orWhyNot(() => whyUnheard(audience, alerts, "alerts")),
    alarms === undefined ? [] : orWhyNot(() => whyUnheard(audience, alarms, "alarms")),
  ]);
  runtime.measure({ AlertsHeard: unheardAlerts.length === 0 ? 1 : 0 });
  const problems = [...unheardAlerts, ...unheardAlarms];
  if (problems.length === 0) return;
  runtime.log.error("Not heard", { problems });
  await tellTrouble(unheardKind, problems, runtime);
}

const whyUnheard = async (
  audience: Audience,
  topicArn: string,
  what: string,
): Promise<readonly string[]> =>
  (await audience.confirmed(topicArn)) > 0
    ? []
    : [
        `Nobody hears ${what}: no subscription of the topic ${topicArn} is confirmed. Subscribe: aws sns subscribe --topic-arn ${topicArn} --protocol email --notification-endpoint ADDRESS`,
      ];
