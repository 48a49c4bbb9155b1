import { typeOf } from "../ec2/tags.ts";
import { awsError } from "../errors.ts";
import { account } from "../identities.ts";
import type { Operations } from "../operation.ts";
import type { Cloud } from "../state/cloud.ts";
import { integer, structures, text, texts, type Params } from "../wire/params.ts";

interface Tagged {
  readonly arn: string;
  readonly tags: ReadonlyMap<string, string>;
}

/** What has tags, of every service: EC2's resources, and load balancers with what belongs to them. */
function everything(cloud: Cloud): readonly Tagged[] {
  const ec2 = [...cloud.tags].map(([id, tags]) => ({
    arn: `arn:aws:ec2:${cloud.region}:${account}:${typeOf(id)}/${id}`,
    tags,
  }));
  const classic = [...cloud.classic.values()].map(({ name, tags }) => ({
    arn: `arn:aws:elasticloadbalancing:${cloud.region}:${account}:loadbalancer/${name}`,
    tags,
  }));
  const v2 = [...cloud.v2.tags].map(([arn, tags]) => ({ arn, tags }));
  return [...ec2, ...classic, ...v2].filter(({ tags }) => tags.size > 0);
}

/** `ec2` or `ec2:security-group`. */
function isOfType({ arn }: Tagged, type: string): boolean {
  const [service, kind] = type.split(":");
  const [, , own, , , resource = ""] = arn.split(":");
  return service === own && (kind === undefined || resource.split("/")[0] === kind);
}

/** A filter without values asks for the key alone. */
function passes({ tags }: Tagged, filter: Params): boolean {
  const value = tags.get(text(filter, "Key") ?? "");
  const wanted = texts(filter, "Values");
  return value !== undefined && (wanted.length === 0 || wanted.includes(value));
}

/** The items from a token on, `size` of them at most, and the token of the rest: empty where there is none. */
function tokenPage<Item>(items: readonly Item[], params: Params, size: number) {
  const token = text(params, "PaginationToken");
  const start = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString());
  if (!Number.isInteger(start))
    throw awsError("PaginationTokenExpiredException", "The pagination token is not valid.");
  const end = start + size;
  return {
    items: items.slice(start, end),
    next: end < items.length ? Buffer.from(String(end)).toString("base64url") : "",
  };
}

const distinct = (values: Iterable<string>): readonly string[] => [...new Set(values)].sort();

/** The Resource Groups Tagging API, in AWS JSON 1.1. */
export const taggingOperations: Operations = {
  GetResources: {
    run: (cloud, params) => {
      const [types, arns] = [
        texts(params, "ResourceTypeFilters"),
        texts(params, "ResourceARNList"),
      ];
      const filters = structures(params, "TagFilters");
      const size = integer(params, "ResourcesPerPage") ?? 50;
      if (size < 1 || size > 100)
        throw awsError("InvalidParameterException", "ResourcesPerPage must be between 1 and 100.");
      const found = everything(cloud).filter(
        (resource) =>
          (types.length === 0 || types.some((type) => isOfType(resource, type))) &&
          (arns.length === 0 || arns.includes(resource.arn)) &&
          filters.every((filter) => passes(resource, filter)),
      );
      const { items, next } = tokenPage(found, params, size);
      return {
        PaginationToken: next,
        ResourceTagMappingList: items.map(({ arn, tags }) => ({
          ResourceARN: arn,
          Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
        })),
      };
    },
  },

  GetTagKeys: {
    run: (cloud, params) => {
      const keys = distinct(everything(cloud).flatMap(({ tags }) => [...tags.keys()]));
      const { items, next } = tokenPage(keys, params, 50);
      return { PaginationToken: next, TagKeys: items };
    },
  },

  GetTagValues: {
    run: (cloud, params) => {
      const key = text(params, "Key") ?? "";
      const values = distinct(everything(cloud).flatMap(({ tags }) => tags.get(key) ?? []));
      const { items, next } = tokenPage(values, params, 50);
      return { PaginationToken: next, TagValues: items };
    },
  },
};
