import { awsError, invalidValue } from "../errors.ts";
import { account } from "../identities.ts";
import type { Operations } from "../operation.ts";
import type { Cloud } from "../state/cloud.ts";
import type { PrefixList, PrefixListEntry, SecurityGroup } from "../state/ec2.ts";
import { integer, required, structures, text, texts, type Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { filtered } from "./filters.ts";
import { named } from "./lookup.ts";
import { page } from "./pages.ts";
import { cidrSource, sourceKey } from "./permissions.ts";
import { requestTrail } from "./requestTrail.ts";
import { setTags, specifiedTags, tagSet } from "./tags.ts";

const versionsOf = (list: PrefixList): readonly (readonly PrefixListEntry[])[] =>
  list.versions ?? [list.entries.map((cidr) => ({ cidr }))];

/** `state` is of the last change; changes are complete at once. */
const shape = (cloud: Cloud, list: PrefixList, state = "create-complete"): Tree => ({
  prefixListId: list.id,
  prefixListName: list.name,
  prefixListArn: `arn:aws:ec2:${cloud.region}:${list.owner}:prefix-list/${list.id}`,
  addressFamily: list.family,
  state,
  maxEntries: list.maxEntries,
  version: versionsOf(list).length,
  ownerId: list.owner,
  tagSet: tagSet(cloud, list.id),
});

function listById(cloud: Cloud, id: string): PrefixList {
  const [list] = named(cloud.prefixLists, [id], "InvalidPrefixListID.NotFound", "prefix list");
  if (list === undefined) throw new Error(`Nothing was named ${id}.`);
  return list;
}

/** A list of the account's own; AWS's are AWS's to change. */
function ownList(cloud: Cloud, params: Params): PrefixList {
  const list = listById(cloud, required(params, "PrefixListId"));
  if (list.owner !== account)
    throw awsError(
      "UnauthorizedOperation",
      "You are not authorized to perform this operation.",
      403,
    );
  return list;
}

function entriesOf(
  list: Pick<PrefixList, "family">,
  params: Params,
  name: string,
): readonly PrefixListEntry[] {
  return structures(params, name).map((entry) => {
    const cidr = sourceKey(
      cidrSource(list.family === "IPv4" ? "ipv4" : "ipv6", text(entry, "Cidr")),
    );
    const description = text(entry, "Description");
    return { cidr, ...(description === undefined ? {} : { description }) };
  });
}

function withEntries(
  list: Omit<PrefixList, "entries">,
  held: readonly (readonly PrefixListEntry[])[],
  entries: readonly PrefixListEntry[],
): PrefixList {
  if (entries.length > list.maxEntries)
    throw awsError(
      "PrefixListMaxEntriesExceeded",
      "You've reached the maximum number of entries for the prefix list.",
    );
  return { ...list, entries: entries.map(({ cidr }) => cidr), versions: [...held, entries] };
}

function create(cloud: Cloud, params: Params): PrefixList {
  const family = required(params, "AddressFamily");
  if (family !== "IPv4" && family !== "IPv6")
    throw invalidValue(`Value (${family}) for parameter addressFamily is invalid.`);
  const name = required(params, "PrefixListName");
  if (name.startsWith("com.amazonaws"))
    throw invalidValue("The prefix list name cannot start with com.amazonaws.");
  const tags = specifiedTags(params, "prefix-list").get("prefix-list") ?? [];
  const made = withEntries(
    {
      id: cloud.ids.next("pl"),
      name,
      owner: account,
      family,
      maxEntries: Number(required(params, "MaxEntries")),
    },
    [],
    entriesOf({ family }, params, "Entry"),
  );
  cloud.prefixLists.set(made.id, made);
  setTags(cloud, made.id, tags);
  return made;
}

function modified(list: PrefixList, params: Params): PrefixList {
  const [added, removed] = ["AddEntry", "RemoveEntry"].map((name) =>
    entriesOf(list, params, name),
  ) as [readonly PrefixListEntry[], readonly PrefixListEntry[]];
  const maxEntries = integer(params, "MaxEntries");
  const renamed = {
    ...list,
    name: text(params, "PrefixListName") ?? list.name,
    maxEntries: maxEntries ?? list.maxEntries,
  };
  if (added.length + removed.length === 0) {
    if (renamed.maxEntries < list.entries.length)
      throw invalidValue("The maximum number of entries is less than the entries that there are.");
    return renamed;
  }
  if (maxEntries !== undefined)
    throw awsError(
      "InvalidParameterCombination",
      "You cannot modify the entries and the size of a prefix list at the same time.",
    );
  const versions = versionsOf(list);
  if (integer(params, "CurrentVersion") !== versions.length)
    throw awsError(
      "PrefixListVersionMismatch",
      "The prefix list has the incorrect version number.",
    );
  const held = versions.at(-1) ?? [];
  const strange = removed.find(({ cidr }) => !held.some((entry) => entry.cidr === cidr));
  if (strange !== undefined) throw invalidValue(`The prefix list has no entry '${strange.cidr}'.`);
  const gone = new Set([...removed, ...added].map(({ cidr }) => cidr));
  return withEntries(renamed, versions, [...held.filter(({ cidr }) => !gone.has(cidr)), ...added]);
}

const refers = (group: SecurityGroup, list: string): boolean =>
  [...group.rules.values()].some(
    ({ source }) => source.kind === "prefixList" && source.id === list,
  );

const table = {
  "prefix-list-id": ({ id }: PrefixList) => [id],
  "prefix-list-name": ({ name }: PrefixList) => [name],
  "owner-id": ({ owner }: PrefixList) => [owner],
};

export const prefixListOperations: Operations = {
  CreateManagedPrefixList: {
    run: (cloud, params) => ({ prefixList: shape(cloud, create(cloud, params)) }),
    trail: requestTrail("CreateManagedPrefixList"),
  },

  /** Entries change from one version to the next; the caller says which one it has seen. */
  ModifyManagedPrefixList: {
    run: (cloud, params) => {
      const now = modified(ownList(cloud, params), params);
      cloud.prefixLists.set(now.id, now);
      return { prefixList: shape(cloud, now, "modify-complete") };
    },
    trail: requestTrail("ModifyManagedPrefixList"),
  },

  /** The entries of an older version become a new version. */
  RestoreManagedPrefixListVersion: {
    run: (cloud, params) => {
      const list = ownList(cloud, params);
      const versions = versionsOf(list);
      if (integer(params, "CurrentVersion") !== versions.length)
        throw awsError(
          "PrefixListVersionMismatch",
          "The prefix list has the incorrect version number.",
        );
      const entries = versions[Number(required(params, "PreviousVersion")) - 1];
      if (entries === undefined)
        throw awsError(
          "PrefixListVersionNotFound",
          "The specified prefix list version does not exist.",
        );
      const now = withEntries(list, versions, entries);
      cloud.prefixLists.set(now.id, now);
      return { prefixList: shape(cloud, now, "restore-complete") };
    },
    trail: requestTrail("RestoreManagedPrefixListVersion"),
  },

  DeleteManagedPrefixList: {
    run: (cloud, params) => {
      const list = ownList(cloud, params);
      if ([...cloud.groups.values()].some((group) => refers(group, list.id)))
        throw awsError(
          "PrefixListInUse",
          `The prefix list '${list.id}' is referenced by another resource.`,
        );
      cloud.prefixLists.delete(list.id);
      const answer = shape(cloud, list, "delete-complete");
      cloud.tags.delete(list.id);
      return { prefixList: answer };
    },
    trail: requestTrail("DeleteManagedPrefixList"),
  },

  DescribeManagedPrefixLists: {
    run: (cloud, params) => {
      const asked = named(
        cloud.prefixLists,
        texts(params, "PrefixListId"),
        "InvalidPrefixListID.NotFound",
        "prefix list",
      );
      const { items, next } = page(filtered(asked, params, cloud, table), params, {
        min: 1,
        max: 100,
      });
      return { prefixListSet: items.map((list) => shape(cloud, list)), nextToken: next };
    },
  },

  GetManagedPrefixListEntries: {
    run: (cloud, params) => {
      const versions = versionsOf(listById(cloud, required(params, "PrefixListId")));
      const entries = versions[(integer(params, "TargetVersion") ?? versions.length) - 1];
      if (entries === undefined)
        throw awsError(
          "PrefixListVersionNotFound",
          "The specified prefix list version does not exist.",
        );
      const { items, next } = page(entries, params, { min: 1, max: 100 });
      return {
        entrySet: items.map(({ cidr, description }) => ({ cidr, description })),
        nextToken: next,
      };
    },
  },

  /** Who uses it: of what is here, security groups. */
  GetManagedPrefixListAssociations: {
    run: (cloud, params) => {
      const { id } = listById(cloud, required(params, "PrefixListId"));
      const users = [...cloud.groups.values()].filter((group) => refers(group, id));
      const { items, next } = page(users, params, { min: 5, max: 255 });
      return {
        prefixListAssociationSet: items.map((group) => ({
          resourceId: group.id,
          resourceOwner: group.owner,
        })),
        nextToken: next,
      };
    },
  },
};
