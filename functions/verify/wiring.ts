import { eventPatterns } from "../../lib/triggers/eventPatterns.ts";
import type { AccountRegion } from "../../lib/values/outcome.ts";
import { queuePolicy } from "../../lib/values/queuePolicy.ts";
import type { Wiring } from "../../lib/values/wiring.ts";
import type { VerifyConfig } from "../runtime/config.ts";

/** SQS's URLs end in the account and the queue's name. */
const nameOf = (url: string): string => url.split("/").at(-1) ?? "";

/** What this version deploys, by the names that the deployment told; `functionName` is verify's own. */
export function wiringOf(
  { wiring, enforceQueueUrl, notifyQueueUrl }: VerifyConfig,
  { account, region, partition }: AccountRegion,
  functionName: string,
): (Wiring & { readonly rulePrefix: string }) | undefined {
  if (wiring === undefined) return undefined;
  const arn = (service: string, name: string): string =>
    `arn:${partition}:${service}:${region}:${account}:${name}`;
  const urlOf = (queueArn: string): string =>
    enforceQueueUrl.replace(/[^/]*$/, queueArn.split(":").at(-1) ?? "");
  const { rulePrefix, enforceRoleArn, verifyRoleArn } = wiring;
  const { ruleDeadLettersArn, enforceDeadLettersArn, notifyDeadLettersArn, sweepDeadLettersArn } =
    wiring;
  const enforceQueueArn = arn("sqs", nameOf(enforceQueueUrl));
  const notifyQueueArn = arn("sqs", nameOf(notifyQueueUrl));

  const patterns = Object.entries(eventPatterns([enforceRoleArn]));
  const rules = patterns.map(([name]) => arn("events", `rule/${rulePrefix}${name}`));
  const roles = [enforceRoleArn, verifyRoleArn];
  const deadLetters = (what: string, queueArn: string) => ({
    what,
    url: urlOf(queueArn),
    policy: queuePolicy(queueArn),
  });
  return {
    rulePrefix,
    canary: wiring.canary,
    rules: patterns.map(([name, pattern]) => ({
      name: `${rulePrefix}${name}`,
      pattern,
      target: { arn: enforceQueueArn, deadLetterArn: ruleDeadLettersArn },
    })),
    queues: [
      {
        what: "enforce queue",
        url: enforceQueueUrl,
        policy: queuePolicy(enforceQueueArn, { rules, roles }),
        deadLetterArn: enforceDeadLettersArn,
      },
      {
        what: "notify queue",
        url: notifyQueueUrl,
        policy: queuePolicy(notifyQueueArn, { roles }),
        deadLetterArn: notifyDeadLettersArn,
      },
      {
        what: "queue of the rules' dead letters",
        url: urlOf(ruleDeadLettersArn),
        policy: queuePolicy(ruleDeadLettersArn, { rules }),
      },
      deadLetters("queue of enforce's dead letters", enforceDeadLettersArn),
      deadLetters("queue of notify's dead letters", notifyDeadLettersArn),
      deadLetters("queue of the sweep's dead letters", sweepDeadLettersArn),
    ],
    readers: [
      { functionName: wiring.enforceFunction, queueArn: enforceQueueArn },
      { functionName: wiring.notifyFunction, queueArn: notifyQueueArn },
    ],
    failedSweeps: { functionName, deadLetterArn: sweepDeadLettersArn },
  };
}
