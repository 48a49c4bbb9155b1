import {
  DescribeManagedPrefixListsCommand,
  type EC2Client,
  GetManagedPrefixListEntriesCommand,
} from "@aws-sdk/client-ec2";
import type { PrefixList } from "../../values/snapshot.ts";
import { everyPage, filtered, sideBySide } from "../api/paging.ts";

/** The prefix lists of these ids, with their entries; without entries those that are not ours to read, or that failed. */
export async function readPrefixLists(
  ec2: EC2Client,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, PrefixList>> {
  const wanted = [...new Set(ids)];
  const described = await filtered(wanted, (Values) =>
    everyPage(
      "ec2:DescribeManagedPrefixLists",
      (NextToken) =>
        ec2.send(
          new DescribeManagedPrefixListsCommand({
            Filters: [{ Name: "prefix-list-id", Values }],
            MaxResults: 100,
            NextToken,
          }),
        ),
      (page) => page.PrefixLists,
    ),
  );
  const known = new Map(described.map((list) => [list.PrefixListId, list]));
  const lists = await sideBySide(wanted, 4, async (id): Promise<PrefixList> => {
    const list = known.get(id);
    if (list === undefined) return { id, name: id, owner: "" };
    const entries = await readEntries(ec2, id).catch(() => undefined);
    return {
      id,
      name: list.PrefixListName ?? id,
      owner: list.OwnerId ?? "",
      ...(entries === undefined ? {} : { entries }),
      ...(list.MaxEntries === undefined ? {} : { maxEntries: list.MaxEntries }),
    };
  });
  return new Map(lists.map((list) => [list.id, list]));
}

async function readEntries(ec2: EC2Client, PrefixListId: string): Promise<readonly string[]> {
  const entries = await everyPage(
    "ec2:GetManagedPrefixListEntries",
    (NextToken) =>
      ec2.send(
        new GetManagedPrefixListEntriesCommand({ PrefixListId, MaxResults: 100, NextToken }),
      ),
    (page) => page.Entries,
  );
  return entries.flatMap(({ Cidr }) => Cidr ?? []);
}
