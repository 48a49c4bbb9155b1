import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** One thing, as the aws CLI prints it. */
export type Item = Readonly<Record<string, unknown>>;

/** The lists that the aws CLI's `describe-...` print, each known by its key: where it came from does not matter. */
const lists = [
  "SecurityGroups",
  "SecurityGroupRules",
  "NetworkInterfaces",
  "Vpcs",
  "Tags",
  "PrefixLists",
  "Entries",
  "LoadBalancerDescriptions",
  "LoadBalancers",
  "TargetGroups",
  "TargetHealthDescriptions",
  "TagDescriptions",
] as const;
export type List = (typeof lists)[number];

/** A list out of one file. */
export interface Described {
  /** Without `.json`. */
  readonly name: string;
  readonly list: List;
  readonly items: readonly Item[];
}

export interface DescribedFolder {
  readonly files: readonly Described[];
  /** Milliseconds since 1970: when the newest was written. */
  readonly at: number;
}

/** What is in the folder's JSON files; throws in words where one is no output of the aws CLI's, or only a part of one. */
export function readDescribed(folder: string): DescribedFolder {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort();
  return {
    files: names.flatMap((name) => describedIn(join(folder, name), name)),
    at: Math.max(0, ...names.map((name) => statSync(join(folder, name)).mtimeMs)),
  };
}

function describedIn(file: string, name: string): readonly Described[] {
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Error(`${name} is not JSON: write it with the aws CLI's --output json.`, { cause });
  }
  const keys = typeof read === "object" && read !== null ? read : {};
  const found = lists.filter((list) => list in keys);
  if (found.length === 0)
    throw new Error(
      `${name} holds none of the lists that are read: ${lists.join(", ")}. Was it made with --query?`,
    );
  if ("NextToken" in keys || "NextMarker" in keys)
    throw new Error(`${name} holds only a part of its list: make it without --max-items.`);
  return found.map((list) => {
    const items: unknown = (keys as Record<string, unknown>)[list];
    if (!Array.isArray(items)) throw new Error(`${name}: ${list} is no list.`);
    return { name: name.replace(/\.json$/, ""), list, items: items as readonly Item[] };
  });
}
