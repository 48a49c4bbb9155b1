import { isManagedTag, managedTagPrefixes, managedTags } from "../values/managedMarks.ts";
import { modeTag } from "../values/ownTags.ts";
import { absent } from "./pattern.ts";

const isOwn = (key: string): boolean => key.startsWith(modeTag);

/** How patterns ask for our own tags. No key at all: DeleteTags that takes all tags away, or a request too large to be recorded. */
export const ownKeys = [{ prefix: modeTag }, absent] as const;

/** How patterns ask for every tag that we act on. */
export const markKeys = [
  { prefix: modeTag },
  ...managedTagPrefixes.map((prefix) => ({ prefix })),
  ...managedTags,
] as const;

const texts = (keys: readonly unknown[]): readonly string[] =>
  keys.filter((key) => typeof key === "string");

/** Are tags of ours among these keys? A call that names no key takes away all tags (DeleteTags), ours among them. */
export const namesOwnTag = (keys: readonly unknown[]): boolean =>
  keys.length === 0 || texts(keys).some(isOwn);

/** Is any tag among these keys that we act on where a security group has it? */
export const namesMark = (keys: readonly unknown[]): boolean =>
  namesOwnTag(keys) || texts(keys).some(isManagedTag);
