import type { EC2Client } from "@aws-sdk/client-ec2";
import { loadBalancerTag } from "../../values/ownTags.ts";
import type { GroupId, Rule } from "../../values/rule.ts";
import { readGroups } from "./groups.ts";
import { readInterfaces } from "./interfaces.ts";

/**
 * Those of these groups that let a load balancer in, by a rule of ours or of anybody's. Only there does another interface matter before the next sweep: every
 * enforced group has such a rule. It takes three calls; to ask what is registered takes one for each target group.
 */
export async function groupsWithWayIn(
  ec2: EC2Client,
  ids: readonly GroupId[],
): Promise<ReadonlySet<GroupId>> {
  if (ids.length === 0) return new Set();
  const { groups } = await readGroups(ec2, ids);
  const sources = [...groups.values()].flatMap(({ id, rules }) =>
    rules.flatMap(({ source }) =>
      source.kind === "group" && source.group !== id ? [source.group] : [],
    ),
  );
  const interfaces = await readInterfaces(ec2, "group-id", new Set(sources));
  const frontDoors = new Set(
    interfaces.flatMap((one) => (one.use.kind === "loadBalancer" ? one.groups : [])),
  );
  const isWayIn = ({ source, tags }: Rule): boolean =>
    tags[loadBalancerTag] !== undefined ||
    (source.kind === "group" && frontDoors.has(source.group));
  return new Set(
    [...groups.values()].filter(({ rules }) => rules.some(isWayIn)).map(({ id }) => id),
  );
}
