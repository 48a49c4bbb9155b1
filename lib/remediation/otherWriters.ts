import { asCloudFormation, asTerraform } from "../values/asCode.ts";
import { type Finding, type FindingCode, finding } from "../values/finding.ts";
import { admittedBy } from "../values/ownAdmission.ts";
import { type GroupId, isIn, type Rule, ruleText } from "../values/rule.ts";
import type { Group } from "../values/snapshot.ts";
import type { Actor, Trigger } from "../values/trigger.ts";

/** Tools that keep what is not in their files from standing, by what they call themselves. Whoever calls may write that: it is for people to read. */
const tools: readonly (readonly [RegExp, string])[] = [
  [/terraform|opentofu/i, "Terraform"],
  [/cloudformation/i, "CloudFormation"],
  [/pulumi/i, "Pulumi"],
  [/elbv2\.k8s\.aws|aws-load-balancer-controller/i, "the AWS Load Balancer Controller"],
  [/kubernetes|crossplane|ack-|controller/i, "a Kubernetes controller"],
];

const toolOf = ({ userAgent = "", invokedBy = "" }: Actor): string | undefined =>
  tools.find(([sign]) => sign.test(userAgent) || sign.test(invokedBy))?.[1];

const takesAway: readonly string[] = ["RevokeSecurityGroupIngress", "ModifySecurityGroupRules"];

/** Admissions that had to be made after a tool took rules away: it will do so again until they are in its files. */
export const overruled = (
  group: GroupId,
  added: readonly Rule[],
  triggers: readonly Trigger[],
): readonly Finding[] => {
  const [call] = triggers.flatMap(({ event, actor }) => {
    const tool = takesAway.includes(event) ? toolOf(actor) : undefined;
    return tool === undefined ? [] : [{ tool, actor }];
  });
  if (call === undefined) return [];
  return added
    .filter((rule) => admittedBy(rule) !== undefined)
    .map((rule) =>
      finding(
        "managed-elsewhere",
        group,
        `${ruleText(rule)} was missing after ${call.tool}, run by ${call.actor.principal}, had taken rules away: it does so again until the rule is in its files, too, and the load balancer is cut off each time.`,
        rule,
        "medium",
      ),
    );
};

const stackTag = "aws:cloudformation:stack-name";

/** So that a message stays short. */
const most = 3;

const pasted: readonly FindingCode[] = ["managed-elsewhere", "handed-over"];

/** What is managed elsewhere, with our admissions as they are to be written there. */
export function withCode(one: Finding, group: Group | undefined): Finding {
  if (!pasted.includes(one.code) || group === undefined) return one;
  const ours = group.rules.filter((rule) => admittedBy(rule) !== undefined);
  const { rule } = one;
  const asked =
    rule !== undefined && isIn(ours, rule) ? ours.filter((own) => isIn([rule], own)) : ours;
  const isStack =
    (rule?.tags[stackTag] ?? group.tags[stackTag]) !== undefined || /CloudFormation/.test(one.text);
  const write = isStack ? asCloudFormation : asTerraform;
  const paste = asked.slice(0, most).map((own) => write(group.id, own));
  return paste.length === 0 ? one : { ...one, paste: paste.join("\n") };
}
