import type { AccountRegion } from "../values/outcome.ts";
import { permissionOf } from "../values/permission.ts";
import type { GroupId, Rule, Tags } from "../values/rule.ts";

/** What to write to and to take from a security group. */
export interface Commanded extends Pick<AccountRegion, "region"> {
  readonly group: GroupId;
  readonly add: readonly Rule[];
  readonly remove: readonly Rule[];
}

/** The `aws` commands that add and remove these rules: for those who have no other tool at hand. Each is one line, safe to paste into a shell. */
export const awsCommands = ({ group, region, add, remove }: Commanded): readonly string[] => [
  ...byTags(add).map(
    ([tags, rules]) =>
      `aws ec2 authorize-security-group-ingress --region ${quoted(region)} --group-id ${quoted(group)} --ip-permissions ${json(rules.map(permissionOf))}${tagsText(tags)}`,
  ),
  ...(remove.length === 0
    ? []
    : [
        `aws ec2 revoke-security-group-ingress --region ${quoted(region)} --group-id ${quoted(group)} --ip-permissions ${json(remove.map(permissionOf))}`,
      ]),
];

/** A call carries one set of tags for all its rules. */
const byTags = (rules: readonly Rule[]): readonly (readonly [Tags, readonly Rule[]])[] =>
  [...Map.groupBy(rules, ({ tags }) => JSON.stringify(tags)).values()].map((some) => [
    some[0]?.tags ?? {},
    some,
  ]);

function tagsText(tags: Tags): string {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return Tags.length === 0
    ? ""
    : ` --tag-specifications ${json([{ ResourceType: "security-group-rule", Tags }])}`;
}

/** With blanks, where a narrow page can break it; all that is not plain ASCII is escaped, so that nothing hides in it. */
const json = (value: unknown): string =>
  quoted(
    JSON.stringify(value, undefined, 1)
      .replaceAll(/\n\s*/g, " ")
      .replaceAll(
        /[^\x20-\x7e]/g,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
      ),
  );

/** One word to a shell, whatever is in it. */
const quoted = (text: string): string =>
  /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
