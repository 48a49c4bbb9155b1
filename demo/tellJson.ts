import type { Rule } from "../lib/values/rule.ts";
import { ruleText } from "../lib/values/rule.ts";
import type { CallRecord } from "../sandbox/perform.ts";
import { about, answerOf } from "./calls.ts";
import type { Teller } from "./teller.ts";

/** For programs: the whole story as one JSON document, at its end. */
export function jsonTeller(write: (text: string) => void): Teller {
  const acts: { readonly title: string; readonly steps: object[] }[] = [];
  return {
    opening: () => {},
    act: ({ title }) => void acts.push({ title, steps: [] }),
    step: () => {},
    acted: () => {},
    seen: ({ title, group }, seen, proofs) => {
      const { acted, functions, outcomes, before, after, alerts, openMs } = seen;
      acts.at(-1)?.steps.push({
        title,
        group,
        people: acted.people.map(short),
        events: acted.events,
        functions: functions.map(short),
        results: outcomes.map(({ group, result, reach, looks, writes, exposedSeconds }) => ({
          group,
          result,
          reach,
          looks,
          writes,
          exposedSeconds,
        })),
        findings: outcomes
          .flatMap(({ findings }) => findings)
          .map(({ code, severity, text, next }) => ({ code, severity, text, next })),
        before: before.map(ruleShape),
        after: after.map(ruleShape),
        openMs,
        alerts: alerts.map(({ subject, message, attributes }) => ({
          subject,
          message,
          attributes,
        })),
        proofs,
      });
    },
    ending: ({ proofs, seconds, errors }) => {
      const failed = proofs.filter(({ holds }) => !holds).length;
      write(
        `${JSON.stringify({ version: 1, holds: failed === 0, proofs: proofs.length, failed, seconds, errors, acts }, undefined, 2)}\n`,
      );
    },
  };
}

const short = (call: CallRecord) => ({
  at: call.at.toISOString(),
  who: call.caller,
  service: call.service,
  action: call.action,
  about: about(call),
  answer: answerOf(call),
});

const ruleShape = (rule: Rule) => ({
  id: rule.id,
  rule: ruleText(rule),
  description: rule.description,
  tags: rule.tags,
});
