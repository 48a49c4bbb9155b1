import { defaultVpc, type Cloud } from "../state/cloud.ts";
import type { Subnet } from "../state/ec2.ts";
import { defaultGroup } from "../ec2/lookup.ts";
import { awsError } from "../errors.ts";
import { structures, text, type Params } from "../wire/params.ts";

/** ELB's word for a missing or wrong parameter. */
export const validation = (message: string) => awsError("ValidationError", message);

export function elbRequired(params: Params, name: string): string {
  const value = text(params, name);
  if (value === undefined)
    throw validation(
      `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
    );
  return value;
}

export const subnetsOf = (cloud: Cloud, ids: readonly string[]): readonly Subnet[] =>
  ids.map((id) => {
    const subnet = cloud.subnets.get(id);
    if (subnet === undefined)
      throw awsError("SubnetNotFound", `The subnet ID '${id}' does not exist`);
    return subnet;
  });

/** Subnets of the default VPC, one a zone. */
export function subnetsInZones(cloud: Cloud, zones: readonly string[]): readonly Subnet[] {
  const vpc = defaultVpc(cloud)?.id;
  return zones.map((zone) => {
    const subnet = [...cloud.subnets.values()].find(
      (subnet) => subnet.vpc === vpc && subnet.zone === zone,
    );
    if (subnet === undefined) throw validation(`Requested Availability Zone ${zone} is invalid`);
    return subnet;
  });
}

/** Groups of the load balancer's VPC; the VPC's default group where none is named. */
export function groupsOf(
  cloud: Cloud,
  ids: readonly string[],
  vpc: string | undefined,
): readonly string[] {
  if (ids.length === 0 && vpc !== undefined) return [defaultGroup(cloud, vpc)];
  for (const id of ids) {
    if (cloud.groups.get(id)?.vpc !== vpc || vpc === undefined) {
      throw awsError(
        "InvalidSecurityGroup",
        `One or more of the specified security groups do not exist: ${id}`,
      );
    }
  }
  return [...new Set(ids)];
}

export function readTags(
  params: Params,
  held: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const given = structures(params, "Tags").map(
    (tag) => [text(tag, "Key") ?? "", text(tag, "Value") ?? ""] as const,
  );
  if (new Set(given.map(([key]) => key)).size < given.length)
    throw awsError("DuplicateTagKeys", "Tag keys must be unique");
  if (given.some(([key]) => key.startsWith("aws:")))
    throw validation("The prefix aws: is reserved for system tags.");
  const all = new Map([...held, ...given]);
  if (all.size > 50) throw awsError("TooManyTags", "The maximum number of tags is 50");
  return all;
}

export const tagShapes = (tags: ReadonlyMap<string, string>) =>
  [...tags].map(([Key, Value]) => ({ Key, Value }));

/** One page and the marker of the next; `PageSize` is 1 to 400. */
export function markedPage<Item>(
  items: readonly Item[],
  params: Params,
): { readonly items: readonly Item[]; readonly marker?: string } {
  const size = Number(text(params, "PageSize") ?? 400);
  if (!Number.isInteger(size) || size < 1 || size > 400) {
    throw validation(
      `1 validation error detected: Value '${size}' at 'pageSize' failed to satisfy constraint: Member must be between 1 and 400`,
    );
  }
  const marker = text(params, "Marker");
  const start = marker === undefined ? 0 : Number(Buffer.from(marker, "base64url").toString());
  if (!Number.isInteger(start)) throw validation(`Invalid marker: ${marker}`);
  const end = start + size;
  return {
    items: items.slice(start, end),
    ...(end < items.length ? { marker: Buffer.from(String(end)).toString("base64url") } : {}),
  };
}
