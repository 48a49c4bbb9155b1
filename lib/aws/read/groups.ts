import {
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
  type SecurityGroup,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import { clusterOf } from "../../values/managedMarks.ts";
import type { GroupId, Rule, RuleId } from "../../values/rule.ts";
import type { Group } from "../../values/snapshot.ts";
import { everyPage, filtered } from "../api/paging.ts";
import { namedRulesOf, ruleOf } from "../api/permissions.ts";
import { tagsOf } from "./tags.ts";

export interface ReadGroups {
  readonly groups: ReadonlyMap<GroupId, Group>;
  /** Rules that are there and could not be understood, in words. */
  readonly unread: readonly string[];
}

/** The groups of these that exist, with their rules. By filter, never by argument: there one that has gone fails the call for all. */
export async function readGroups(ec2: EC2Client, ids: Iterable<GroupId>): Promise<ReadGroups> {
  const wanted = [...ids];
  const [groups, rules] = await Promise.all([
    describeGroups(ec2, "group-id", wanted),
    describeRules(ec2, "group-id", wanted),
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

/** The rules of these groups, and nothing else of them; undefined where one of them cannot be understood by itself. */
export async function readRules(
  ec2: EC2Client,
  ids: Iterable<GroupId>,
): Promise<((id: GroupId) => Pick<Group, "rules" | "egress">) | undefined> {
  const read = (await describeRules(ec2, "group-id", ids)).map((atom) => ({
    group: atom.GroupId,
    isEgress: atom.IsEgress ?? false,
    rule: ruleOf(atom),
  }));
  if (read.some(({ rule }) => rule === undefined)) return undefined;
  const rulesOf = (id: GroupId, egress: boolean): readonly Rule[] =>
    read.flatMap(({ group, isEgress, rule }) =>
      group === id && isEgress === egress && rule !== undefined ? [rule] : [],
    );
  return (id) => ({ rules: rulesOf(id, false), egress: rulesOf(id, true) });
}

const describeGroups = (
  ec2: EC2Client,
  filter: "group-id" | "group-name" | "ip-permission.prefix-list-id",
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
  ec2: EC2Client,
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
export const groupExists = async (ec2: EC2Client, id: GroupId): Promise<boolean> =>
  (await describeGroups(ec2, "group-id", [id])).length > 0;

/** The Kubernetes clusters to which groups belong, as their tags say; groups that belong to none are left out. */
export async function readClusters(
  ec2: EC2Client,
  ids: Iterable<GroupId>,
): Promise<ReadonlyMap<GroupId, string>> {
  const read = await describeGroups(ec2, "group-id", ids);
  return new Map(
    read.flatMap(({ GroupId, Tags }) => {
      const cluster = clusterOf(tagsOf(Tags));
      return GroupId && cluster !== undefined ? [[GroupId, cluster] as const] : [];
    }),
  );
}

/** The groups of each name; several VPCs may have one each. */
export async function groupsNamed(
  ec2: EC2Client,
  names: Iterable<string>,
): Promise<ReadonlyMap<string, readonly GroupId[]>> {
  const found = Map.groupBy(
    await describeGroups(ec2, "group-name", names),
    (group) => group.GroupName ?? "",
  );
  return new Map(
    [...found].map(([name, groups]) => [name, groups.flatMap(({ GroupId }) => GroupId ?? [])]),
  );
}

/** For each prefix list, the groups that let it in. */
export async function groupsLettingIn(
  ec2: EC2Client,
  prefixLists: Iterable<string>,
): Promise<ReadonlyMap<string, readonly GroupId[]>> {
  const found = await describeGroups(ec2, "ip-permission.prefix-list-id", prefixLists);
  const pairs = found.flatMap(({ GroupId, IpPermissions = [] }) =>
    IpPermissions.flatMap(({ PrefixListIds = [] }) =>
      PrefixListIds.flatMap(({ PrefixListId }) =>
        PrefixListId && GroupId ? [{ PrefixListId, GroupId }] : [],
      ),
    ),
  );
  return new Map(
    [...Map.groupBy(pairs, ({ PrefixListId }) => PrefixListId)].map(([id, some]) => [
      id,
      [...new Set(some.map(({ GroupId }) => GroupId))],
    ]),
  );
}

/** The group of each rule that exists. */
export async function groupsOfRules(
  ec2: EC2Client,
  ids: Iterable<RuleId>,
): Promise<ReadonlyMap<RuleId, GroupId>> {
  const found = await describeRules(ec2, "security-group-rule-id", ids);
  return new Map(
    found.flatMap(({ SecurityGroupRuleId, GroupId }) =>
      SecurityGroupRuleId && GroupId ? [[SecurityGroupRuleId, GroupId] as const] : [],
    ),
  );
}

/** For each value of a rule's tag, the groups that hold such a rule. The value `*` finds any, as EC2's filters have it. */
export async function groupsWithTaggedRules(
  ec2: EC2Client,
  key: string,
  values: Iterable<string>,
): Promise<ReadonlyMap<string, readonly GroupId[]>> {
  const found = Map.groupBy(
    await describeRules(ec2, `tag:${key}`, values),
    (rule) => tagsOf(rule.Tags)[key] ?? "",
  );
  return new Map(
    [...found].map(([value, rules]) => [
      value,
      [...new Set(rules.flatMap(({ GroupId }) => GroupId ?? []))],
    ]),
  );
}
