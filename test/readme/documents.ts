import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);

/** Everything that is written for people, by its path. */
export const documents: readonly string[] = globSync("{*,docs/*,events/*,infra/*,sandbox/*}.md", {
  cwd: fileURLToPath(root),
}).sort();

export const document = (path: string): URL => new URL(path, root);

export const read = (path: string): string => readFileSync(document(path), "utf8");
