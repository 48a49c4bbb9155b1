import {
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  type SecurityGroup,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import type { GroupId, Rule, RuleId } from "../../values/rule.ts";
import type { Group } from "../../values/snapshot.ts";
import { ec2 } from "../connect.ts";
import { everyPage, filtered } from "../api/paging.ts";
import { namedRulesOf, ruleOf } from "../api/permissions.ts";
import { tagsOf } from "./tags.ts";

export interface ReadGroups {
  readonly groups: ReadonlyMap<GroupId, Group>;
  /** Rules that are there and could not be understood, in words. */
  readonly unread: readonly string[];
}

/** The groups of these that exist, with their rules. By filter, never by argument: there one that has gone fails the call for all. */
export async function readGroups(ids: Iterable<GroupId>): Promise<ReadGroups> {
  const wanted = [...ids];
  const [groups, rules] = await Promise.all([
    describeGroups("group-id", wanted),
    describeRules("group-id", wanted),
  ]);
  const ofGroup = Map.groupBy(rules, (rule) => rule.GroupId ?? "");
  const unread: string[] = [];
  const read = groups.map((group): [GroupId, Group] => {
    const id = group.GroupId ?? "";
    const own = ofGroup.get(id) ?? [];
    const [rules, egress] = [rulesIn(group, own, false, unread), rulesIn(group, own, true, unread)];
    return [
      id,
      {
        id,
        name: group.GroupName ?? id,
        owner: group.OwnerId ?? "",
        ...(group.VpcId ? { vpc: group.VpcId } : {}),
        tags: tagsOf(group.Tags),
        rules,
        egress,
      },
    ];
  });
  return { groups: new Map(read), unread };
}

/** A rule without a source that we know is EC2-Classic's, whose other half is in the group itself; or it is new to us, which must be said. */
function rulesIn(
  group: SecurityGroup,
  atoms: readonly SecurityGroupRule[],
  egress: boolean,
  unread: string[],
): readonly Rule[] {
  const named = namedRulesOf(egress ? group.IpPermissionsEgress : group.IpPermissions);
  const ofThisSide = atoms.filter((atom) => (atom.IsEgress ?? false) === egress);
  const rules = ofThisSide.flatMap((atom) => ruleOf(atom) ?? []);
  const unknown = ofThisSide.filter((atom) => ruleOf(atom) === undefined);
  if (unknown.length > named.length)
    unread.push(
      `${unknown.map((atom) => atom.SecurityGroupRuleId ?? "a rule").join(", ")} of ${group.GroupId}: a source of a kind that is not known`,
    );
  return [...rules, ...named];
}

const describeGroups = (
  filter: "group-id" | "group-name",
  values: Iterable<string>,
): Promise<readonly SecurityGroup[]> =>
  filtered(values, (Values) =>
    everyPage(
      "ec2:DescribeSecurityGroups",
      (NextToken) =>
        ec2.send(
          new DescribeSecurityGroupsCommand({
            Filters: [{ Name: filter, Values }],
            MaxResults: 1000,
            NextToken,
          }),
        ),
      (page) => page.SecurityGroups,
    ),
  );

const describeRules = (
  filter: "group-id" | "security-group-rule-id" | `tag:${string}`,
  values: Iterable<string>,
): Promise<readonly SecurityGroupRule[]> =>
  filtered(values, (Values) =>
    everyPage(
      "ec2:DescribeSecurityGroupRules",
      (NextToken) =>
        ec2.send(
          new DescribeSecurityGroupRulesCommand({
            Filters: [{ Name: filter, Values }],
            MaxResults: 1000,
            NextToken,
          }),
        ),
      (page) => page.SecurityGroupRules,
    ),
  );

/** Is there such a group? */
export const groupExists = async (id: GroupId): Promise<boolean> =>
  (await describeGroups("group-id", [id])).length > 0;

/** The groups of each name; several VPCs may have one each. */
export async function groupsNamed(
  names: Iterable<string>,
): Promise<ReadonlyMap<string, readonly GroupId[]>> {
  const found = Map.groupBy(
    await describeGroups("group-name", names),
    (group) => group.GroupName ?? "",
  );
  return new Map(
    [...found].map(([name, groups]) => [name, groups.flatMap(({ GroupId }) => GroupId ?? [])]),
  );
}

/** The group of each rule that exists. */
export async function groupsOfRules(ids: Iterable<RuleId>): Promise<ReadonlyMap<RuleId, GroupId>> {
  const found = await describeRules("security-group-rule-id", ids);
  return new Map(
    found.flatMap(({ SecurityGroupRuleId, GroupId }) =>
      SecurityGroupRuleId && GroupId ? [[SecurityGroupRuleId, GroupId] as const] : [],
    ),
  );
}

/** For each value of a rule's tag, the groups that hold such a rule. The value `*` finds any, as EC2's filters have it. */
export async function groupsWithTaggedRules(
  key: string,
  values: Iterable<string>,
): Promise<ReadonlyMap<string, readonly GroupId[]>> {
  const found = Map.groupBy(
    await describeRules(`tag:${key}`, values),
    (rule) => tagsOf(rule.Tags)[key] ?? "",
  );
  return new Map(
    [...found].map(([value, rules]) => [
      value,
      [...new Set(rules.flatMap(({ GroupId }) => GroupId ?? []))],
    ]),
  );
}
