import type { EC2Client } from "@aws-sdk/client-ec2";
import type { GroupId } from "../../values/rule.ts";
import type { Snapshot } from "../../values/snapshot.ts";
import { readRules } from "./groups.ts";

/** Milliseconds. What is older is looked at again as a whole. */
const recent = 5_000;

/**
 * After nothing but removals: the picture of a moment ago with these groups' rules as they are now, in one call. Undefined where it was not whole or is not
 * recent, holds a rule that DescribeSecurityGroupRules does not show, or knows nothing of a group: then all of it is to be read.
 */
export async function readBack(
  ec2: EC2Client,
  groups: readonly GroupId[],
  before: Snapshot,
  now: number,
): Promise<Snapshot | undefined> {
  const known = groups.flatMap((id) => before.groups.get(id) ?? []);
  const isWhole =
    before.gaps.length === 0 &&
    now - Date.parse(before.at) < recent &&
    groups.every((id) => before.inQuestion.includes(id)) &&
    known.every(({ rules, egress }) =>
      [...rules, ...egress].every(({ source }) => source.kind !== "groupName"),
    );
  if (!isWhole) return undefined;
  const read = await readRules(ec2, groups);
  if (read === undefined) return undefined;
  return {
    ...before,
    at: new Date(now).toISOString(),
    inQuestion: groups,
    groups: new Map([
      ...before.groups,
      ...known.map((group) => [group.id, { ...group, ...read(group.id) }] as const),
    ]),
  };
}
