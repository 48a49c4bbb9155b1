import {
  AuthorizeSecurityGroupIngressCommand,
  RevokeSecurityGroupIngressCommand,
  type Tag,
} from "@aws-sdk/client-ec2";
import {
  type GroupId,
  type Rule,
  ruleKey,
  type RuleId,
  ruleText,
  type Tags,
} from "../../values/rule.ts";
import type { Answer } from "../../remediation/ports.ts";
import { ec2 } from "../connect.ts";
import { call, codeOf, failureOf } from "../api/errors.ts";
import { groupExists } from "../read/groups.ts";
import { permissionOf, rulesOf } from "../api/permissions.ts";

const done: Answer = { kind: "done" };
const stale: Answer = { kind: "stale" };

/** Makes one call for some rules; an answer a rule. */
type Send = (rules: readonly Rule[]) => Promise<readonly Answer[]>;

/** Authorizes inbound rules, one call for each distinct set of tags. A rule that stops a call stops only itself. */
export async function addRules(group: GroupId, rules: readonly Rule[]): Promise<readonly Answer[]> {
  const answers = new Map<Rule, Answer>();
  for (const alike of Map.groupBy(rules, ({ tags }) => tagsKey(tags)).values()) {
    const answered = await inOneCall(group, alike, (some) => authorize(group, some));
    for (const [place, rule] of alike.entries()) answers.set(rule, answered[place] ?? stale);
  }
  return rules.map((rule) => answers.get(rule) ?? stale);
}

const tagsKey = (tags: Tags): string =>
  JSON.stringify(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)));

async function authorize(GroupId: GroupId, rules: readonly Rule[]): Promise<readonly Answer[]> {
  const Tags = Object.entries(rules[0]?.tags ?? {}).map(([Key, Value]): Tag => ({ Key, Value }));
  const tagged =
    Tags.length === 0
      ? {}
      : { TagSpecifications: [{ ResourceType: "security-group-rule" as const, Tags }] };
  const IpPermissions = rules.map(permissionOf);
  await call(
    "ec2:AuthorizeSecurityGroupIngress",
    ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions, ...tagged })),
  );
  return rules.map(() => done);
}

/** Revokes inbound rules: by properties what still is exactly as it was read, description included; by id whatever the rule has become. */
export async function removeRules(
  group: GroupId,
  rules: readonly Rule[],
  by: "properties" | "id",
): Promise<readonly Answer[]> {
  if (by === "properties")
    return inOneCall(group, rules, (some) => revokeByProperties(group, some));
  const answers = new Map<Rule, Answer>(
    rules.map((rule) => [
      rule,
      { kind: "refused", why: `${ruleText(rule)} has no id to revoke it by.` },
    ]),
  );
  const named = rules.filter(
    (rule): rule is Rule & { readonly id: RuleId } => rule.id !== undefined,
  );
  const answered = await inOneCall(group, named, (some) => revokeById(group, some));
  for (const [place, rule] of named.entries()) answers.set(rule, answered[place] ?? stale);
  return rules.map((rule) => answers.get(rule) ?? stale);
}

async function revokeByProperties(
  GroupId: GroupId,
  rules: readonly Rule[],
): Promise<readonly Answer[]> {
  const IpPermissions = rules.map(permissionOf);
  const answer = await call(
    "ec2:RevokeSecurityGroupIngress",
    ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions })),
  );
  // In a default VPC a rule that is not as it was read is no error: it is listed, and everything else is revoked.
  const missed = (answer.UnknownIpPermissions ?? []).map(rulesOf);
  const keys = new Set(missed.flat().map(ruleKey));
  const isClear =
    answer.Return !== false &&
    missed.every((some) => some.length > 0) &&
    [...keys].every((key) => rules.some((rule) => ruleKey(rule) === key));
  return rules.map((rule) => (isClear && !keys.has(ruleKey(rule)) ? done : stale));
}

async function revokeById(GroupId: GroupId, rules: readonly Rule[]): Promise<readonly Answer[]> {
  const SecurityGroupRuleIds = rules.flatMap(({ id }) => id ?? []);
  const answer = await call(
    "ec2:RevokeSecurityGroupIngress",
    ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds })),
  );
  return rules.map(() => (answer.Return === false ? stale : done));
}

/** One call for all; where EC2 refuses it because of one of them, which it does not name, one call each. */
async function inOneCall(
  group: GroupId,
  rules: readonly Rule[],
  send: Send,
): Promise<readonly Answer[]> {
  if (rules.length === 0) return [];
  try {
    return await send(rules);
  } catch (error) {
    const answer = await answerOf(error, group, rules);
    if (answer === undefined) throw error;
    if (rules.length === 1) return [answer];
    const answers: Answer[] = [];
    for (const rule of rules) answers.push(...(await inOneCall(group, [rule], send)));
    return answers;
  }
}

/** What a refused call says of its rules; undefined where it is about something else: the group itself, a permission, AWS's own trouble. */
async function answerOf(
  error: unknown,
  group: GroupId,
  rules: readonly Rule[],
): Promise<Answer | undefined> {
  const { kind, text } = failureOf(error);
  if (kind === "denied" || kind === "throttled") return undefined;
  const code = codeOf(error);
  switch (code) {
    case "InvalidPermission.Duplicate":
    case "InvalidPermission.NotFound":
    case "InvalidSecurityGroupRuleId.NotFound":
      return stale;
    case "RulesPerSecurityGroupLimitExceeded":
      return { kind: "full" };
    case "InvalidGroup.NotFound": {
      // EC2 says the same of the group that is written to and of one that a rule refers to; and for a while of a group that is new.
      if (!(await groupExists(group))) return undefined;
      return rules.some(({ source }) => source.kind === "group" || source.kind === "groupName")
        ? { kind: "refused", why: text }
        : stale;
    }
    default:
      return /^(Invalid|Malformed|Gaps|OperationNotPermitted|Unsupported)|LimitExceeded$/.test(code)
        ? { kind: "refused", why: text }
        : undefined;
  }
}
