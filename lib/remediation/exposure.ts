import { type Finding, finding } from "../values/finding.ts";
import { type GroupId, type Rule, ruleText, sameRule } from "../values/rule.ts";
import { secondsBetween } from "../values/time.ts";
import { isRevocation, type Trigger } from "../values/trigger.ts";

/** The calls that made or changed a rule, as far as their events tell. */
const opening = (rule: Rule, triggers: readonly Trigger[]): readonly Trigger[] =>
  triggers.filter((one) => !isRevocation(one) && one.rules.some((made) => sameRule(made, rule)));

/** Seconds from the earliest call that made one of these rules, which are gone, to the look that found them so; undefined where no event tells. */
export function exposure(
  removed: readonly Rule[],
  triggers: readonly Trigger[],
  seen: string,
): number | undefined {
  const [first] = removed
    .flatMap((rule) => opening(rule, triggers).flatMap(({ at }) => at ?? []))
    .sort();
  return first === undefined ? undefined : secondsBetween(first, seen);
}

/** Excess that Terraform wrote comes back with its next run, as nothing in EC2 tells: only the call's user agent does. */
export const byTerraform = (
  group: GroupId,
  excess: readonly Rule[],
  triggers: readonly Trigger[],
): readonly Finding[] =>
  excess.flatMap((rule) =>
    opening(rule, triggers)
      .filter(({ actor }) => /terraform/i.test(actor.userAgent ?? ""))
      .slice(0, 1)
      .map(({ actor }) =>
        finding(
          "managed-elsewhere",
          group,
          `${ruleText(rule)} was written by Terraform, run by ${actor.principal}.`,
          rule,
        ),
      ),
  );
