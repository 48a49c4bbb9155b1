import {
  AuthorizeSecurityGroupIngressCommand,
  type EC2Client,
  RevokeSecurityGroupIngressCommand,
  type Tag,
} from "@aws-sdk/client-ec2";
import { type GroupId, isIn, type Rule, type Tags } from "../../values/rule.ts";
import type { Answer, RuleAnswer } from "../../remediation/ports.ts";
import { call, codeOf, failureOf, wasAskedAgain } from "../api/errors.ts";
import { groupExists } from "../read/groups.ts";
import { permissionOf } from "../../values/permission.ts";
import { rulesOf } from "../api/permissions.ts";

const done: Answer = { kind: "done" };
const stale: Answer = { kind: "stale" };
const unsure: Answer = { kind: "unsure" };

const allAnswered = (rules: readonly Rule[], answer: Answer): readonly RuleAnswer[] =>
  rules.map((rule) => ({ rule, answer }));

/** Makes one call for some rules, and answers for each. */
type Send = (rules: readonly Rule[]) => Promise<readonly RuleAnswer[]>;

/** Authorizes inbound rules, one call for each distinct set of tags. A rule that stops a call stops only itself. */
export async function addRules(
  ec2: EC2Client,
  group: GroupId,
  rules: readonly Rule[],
): Promise<readonly RuleAnswer[]> {
  const answered: RuleAnswer[] = [];
  for (const tagged of Map.groupBy(rules, ({ tags }) => tagsKey(tags)).values())
    answered.push(...(await inOneCall(ec2, group, tagged, (some) => authorize(ec2, group, some))));
  return answered;
}

const tagsKey = (tags: Tags): string =>
  JSON.stringify(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)));

async function authorize(
  ec2: EC2Client,
  GroupId: GroupId,
  rules: readonly Rule[],
): Promise<readonly RuleAnswer[]> {
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
  return allAnswered(rules, done);
}

/** Revokes inbound rules that still are exactly as they were read, description included. */
export const removeRules = (
  ec2: EC2Client,
  group: GroupId,
  rules: readonly Rule[],
): Promise<readonly RuleAnswer[]> =>
  inOneCall(ec2, group, rules, (some) => revoke(ec2, group, some));

async function revoke(
  ec2: EC2Client,
  GroupId: GroupId,
  rules: readonly Rule[],
): Promise<readonly RuleAnswer[]> {
  const IpPermissions = rules.map(permissionOf);
  const answer = await call(
    "ec2:RevokeSecurityGroupIngress",
    ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions })),
  );
  // In a default VPC a rule that is not as it was read is no error: it is listed, and everything else is revoked.
  const missed = (answer.UnknownIpPermissions ?? []).map(rulesOf);
  const unknown = missed.flat();
  const isClear =
    answer.Return !== false &&
    missed.every((some) => some.length > 0) &&
    unknown.every((one) => isIn(rules, one));
  const missing = wasAskedAgain(answer) ? unsure : stale;
  return rules.map((rule) => ({
    rule,
    answer: isClear && !isIn(unknown, rule) ? done : missing,
  }));
}

/** One call for all; where EC2 refuses it because of one of them, which it does not name, one call each. Where there is no room for all, half of them are of no use. */
async function inOneCall(
  ec2: EC2Client,
  group: GroupId,
  rules: readonly Rule[],
  send: Send,
): Promise<readonly RuleAnswer[]> {
  if (rules.length === 0) return [];
  try {
    return await send(rules);
  } catch (error) {
    const answer = await answerOf(ec2, error, group, rules);
    if (answer === undefined) throw error;
    // What an earlier request did is no news to a later one.
    const asAsked = ({ rule, answer: one }: RuleAnswer): RuleAnswer =>
      one.kind === "stale" && wasAskedAgain(error)
        ? { rule, answer: unsure }
        : { rule, answer: one };
    if (rules.length === 1 || answer.kind === "full")
      return allAnswered(rules, answer).map(asAsked);
    const answered: RuleAnswer[] = [];
    for (const rule of rules) answered.push(...(await inOneCall(ec2, group, [rule], send)));
    return answered.map(asAsked);
  }
}

/** What a refused call says of its rules; undefined where it is about something else: the group itself, a permission, AWS's own trouble. */
async function answerOf(
  ec2: EC2Client,
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
      return stale;
    case "RulesPerSecurityGroupLimitExceeded":
      return { kind: "full" };
    case "InvalidGroup.NotFound": {
      // EC2 says the same of the group that is written to and of one that a rule refers to; and for a while of a group that is new.
      if (!(await groupExists(ec2, group))) return undefined;
      return rules.some(({ source }) => source.kind === "group" || source.kind === "groupName")
        ? { kind: "refused", why: text }
        : stale;
    }
    default:
      return /^(Invalid|Malformed|Missing|OperationNotPermitted|Unsupported)|LimitExceeded$/.test(
        code,
      )
        ? { kind: "refused", why: text }
        : undefined;
  }
}
