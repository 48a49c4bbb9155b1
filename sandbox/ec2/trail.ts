import type { Tree } from "../wire/tree.ts";

/** A list as CloudTrail shows it of EC2: `{items: [...]}`, or `{}`. */
export const itemSet = (list: readonly Tree[]): Tree => (list.length > 0 ? { items: list } : {});

export const groupSet = (ids: readonly string[]): Tree =>
  itemSet(ids.map((groupId) => ({ groupId })));
