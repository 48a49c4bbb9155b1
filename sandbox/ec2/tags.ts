import type { Cloud } from "../state/cloud.ts";
import { awsError, invalidValue } from "../errors.ts";
import type { Operations } from "../operation.ts";
import { structures, text, texts, type Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { filtered } from "./filters.ts";
import { page } from "./pages.ts";
import { itemSet } from "./trail.ts";

export const tagSet = (cloud: Cloud, id: string): readonly Tree[] =>
  [...(cloud.tags.get(id) ?? [])].map(([key, value]) => ({ key, value }));

export function setTags(cloud: Cloud, id: string, tags: Iterable<readonly [string, string]>): void {
  const all = new Map([...(cloud.tags.get(id) ?? []), ...tags]);
  if (all.size > 50)
    throw awsError(
      "TagLimitExceeded",
      "The maximum number of Tags for a resource has been reached.",
    );
  if (all.size > 0) cloud.tags.set(id, all);
}

/** `Tag.n` of a request, checked. */
function readTags(params: Params): readonly (readonly [string, string])[] {
  return structures(params, "Tag").map((tag) => {
    const key = text(tag, "Key");
    const value = text(tag, "Value") ?? "";
    if (key === undefined)
      throw awsError("MissingParameter", "The request must contain the parameter tagKey");
    if (key.startsWith("aws:"))
      throw invalidValue("Tag keys starting with 'aws:' are reserved for internal use");
    if (key.length > 128)
      throw invalidValue("Tag key exceeds the maximum length of 128 characters");
    if (value.length > 256)
      throw invalidValue("Tag value exceeds the maximum length of 256 characters");
    return [key, value];
  });
}

/** The tags that a request gives to what it creates. Another kind of resource than `type` is refused. */
export function specifiedTags(
  params: Params,
  ...types: readonly string[]
): ReadonlyMap<string, readonly (readonly [string, string])[]> {
  const byType = new Map<string, readonly (readonly [string, string])[]>();
  for (const specification of structures(params, "TagSpecification")) {
    const type = text(specification, "ResourceType") ?? "";
    if (!types.includes(type))
      throw invalidValue(`'${type}' is not a valid taggable resource type for this operation.`);
    if (byType.has(type))
      throw invalidValue(
        `The same resource type must not appear more than once in tag specifications: ${type}`,
      );
    const tags = readTags(specification);
    if (new Set(tags.map(([key]) => key)).size < tags.length)
      throw invalidValue("Duplicate tag keys found in the tag specification.");
    byType.set(type, tags);
  }
  return byType;
}

/** As CloudTrail shows them. */
export const specificationTrail = (params: Params): Tree => {
  const items = structures(params, "TagSpecification").map((specification) => ({
    resourceType: text(specification, "ResourceType"),
    tags: structures(specification, "Tag").map((tag) => ({
      key: text(tag, "Key"),
      value: text(tag, "Value") ?? "",
    })),
  }));
  return items.length > 0 ? { tagSpecificationSet: { items } } : {};
};

const types: Readonly<Record<string, string>> = {
  sg: "security-group",
  sgr: "security-group-rule",
  i: "instance",
  eni: "network-interface",
  vpc: "vpc",
  subnet: "subnet",
  pl: "prefix-list",
};

export const typeOf = (id: string): string => types[id.slice(0, id.indexOf("-"))] ?? "";

function exists(cloud: Cloud, id: string): boolean {
  if (id.startsWith("sgr-")) return [...cloud.groups.values()].some((group) => group.rules.has(id));
  return [
    cloud.groups,
    cloud.instances,
    cloud.interfaces,
    cloud.vpcs,
    cloud.subnets,
    cloud.prefixLists,
  ].some((kind) => kind.has(id));
}

const notFound: Readonly<Record<string, string>> = {
  "security-group": "InvalidGroup.NotFound",
  "security-group-rule": "InvalidSecurityGroupRuleId.NotFound",
  instance: "InvalidInstanceID.NotFound",
  "network-interface": "InvalidNetworkInterfaceID.NotFound",
  "prefix-list": "InvalidPrefixListID.NotFound",
};

function resources(cloud: Cloud, params: Params): readonly string[] {
  const ids = texts(params, "ResourceId");
  if (ids.length === 0)
    throw awsError("MissingParameter", "The request must contain the parameter resourceIdSet");
  for (const id of ids) {
    if (typeOf(id) === "") throw awsError("InvalidID", `The ID '${id}' is not valid`);
    if (!exists(cloud, id))
      throw awsError(notFound[typeOf(id)] ?? "InvalidID", `The ID '${id}' does not exist`);
  }
  return ids;
}

const trail = (params: Params): Tree => ({
  resourcesSet: itemSet(texts(params, "ResourceId").map((resourceId) => ({ resourceId }))),
  tagSet: itemSet(
    structures(params, "Tag").map((tag) => ({
      key: text(tag, "Key"),
      value: tag["Value"] as string | undefined,
    })),
  ),
});

export const tagOperations: Operations = {
  CreateTags: {
    run: (cloud, params) => {
      const tags = readTags(params);
      for (const id of resources(cloud, params)) setTags(cloud, id, tags);
      return { return: true };
    },
    trail,
  },

  /** A tag with a value goes only if it has that value; without tags all go but AWS's own. */
  DeleteTags: {
    run: (cloud, params) => {
      const doomed = structures(params, "Tag");
      for (const id of resources(cloud, params)) {
        const tags = cloud.tags.get(id);
        for (const [key, value] of tags ?? []) {
          const named = doomed.some(
            (tag) => tag["Key"] === key && (tag["Value"] === undefined || tag["Value"] === value),
          );
          if (named || (doomed.length === 0 && !key.startsWith("aws:"))) tags?.delete(key);
        }
      }
      return { return: true };
    },
    trail,
  },

  DescribeTags: {
    run: (cloud, params) => {
      const all = [...cloud.tags].flatMap(([id, tags]) =>
        [...tags].map(([key, value]) => ({ id, key, value })),
      );
      const { items, next } = page(
        filtered(all, params, cloud, {
          "resource-id": ({ id }) => [id],
          "resource-type": ({ id }) => [typeOf(id)],
          key: ({ key }) => [key],
          value: ({ value }) => [value],
          tag: ({ key, value }) => [`${key}=${value}`],
        }),
        params,
        { min: 5, max: 1000 },
      );
      return {
        tagSet: items.map(({ id, key, value }) => ({
          resourceId: id,
          resourceType: typeOf(id),
          key,
          value,
        })),
        nextToken: next,
      };
    },
  },
};
