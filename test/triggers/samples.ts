import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../../events/", import.meta.url);

/** Every sample event's name, without `.json`. */
export const sampleNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -".json".length));

export const sample = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));

/** The files that events/README.md lists in its table. */
export const listedFiles: readonly string[] = [
  ...readFileSync(new URL("README.md", folder), "utf8").matchAll(/^\| `(\S+)` \| \S/gm),
].map((row) => row[1] ?? "");
