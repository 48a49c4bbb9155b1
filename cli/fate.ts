import { loadBalancerTag } from "../lib/values/ownTags.ts";
import { portsText, type Rule, ruleKey, sourceKey } from "../lib/values/rule.ts";
import type { GroupReport } from "../lib/survey/groupReport.ts";

const isSame = (a: Rule, b: Rule): boolean => ruleKey(a) === ruleKey(b);

/** Why a rule that opens a served port stays. */
function whyLeft(rule: Rule, { reach, mode, findings }: GroupReport): string {
  const own = findings.find((one) => one.rule !== undefined && isSame(one.rule, rule));
  if (mode === "ignore") return "the group's mode is ignore";
  if (own !== undefined) return own.code;
  if (reach === "handsOff") return findings[0]?.code ?? "hands off";
  if (reach === "admitOnly") return `admit only: ${findings[0]?.code ?? ""}`;
  return "allowed";
}

/** What elb-only would do about a rule, in words; `report`: of its group, undefined where that is not its business. */
export function fateOf(rule: Rule, report: GroupReport | undefined): string {
  if (report === undefined) return "leave it: the group is behind no load balancer";
  if (report.remove.some((one) => isSame(one, rule))) {
    const rest = report.add.filter(
      (one) =>
        sourceKey(one.source) === sourceKey(rule.source) && one.tags[loadBalancerTag] === undefined,
    );
    return rest.length === 0 ? "remove it" : `narrow it to ${rest.map(portsText).join(", ")}`;
  }
  const refusal = report.refused.find((one) => isSame(one.rule, rule));
  if (refusal !== undefined) return `leave it: ${refusal.why}`;
  const opens = report.open.some((one) => isSame(one.rule, rule));
  if (opens) return `leave it: ${whyLeft(rule, report)}`;
  return "leave it";
}
