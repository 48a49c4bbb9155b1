import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { WhereOptions } from "../shell/options.ts";
import type { Progress, Surroundings } from "../shell/surroundings.ts";
import type { Picture } from "./picture.ts";
import { picturesIn } from "./snapshotFile.ts";

/** The pictures that the options ask for, from files or from AWS. */
export async function gatherPictures(
  options: WhereOptions,
  { folder }: Surroundings,
  progress: Progress,
  _about?: string,
): Promise<readonly Picture[]> {
  if (options.from === undefined) throw new Error("not yet");
  const path = resolve(folder, options.from);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new Error(`${options.from}: there is no such file or folder.`);
  progress.say(`Reading ${options.from}`);
  const pictures = picturesIn(readFileSync(path, "utf8"), options.from);
  return onlyRegions(pictures, options.region, options.from);
}

function onlyRegions(
  pictures: readonly Picture[],
  regions: readonly string[],
  from: string,
): readonly Picture[] {
  const absent = regions.find((region) => pictures.every((one) => one.region !== region));
  if (absent !== undefined)
    throw new Error(
      `${from} holds nothing of ${absent}; it holds: ${[...new Set(pictures.map(({ region }) => region))].join(", ")}.`,
    );
  return regions.length === 0
    ? pictures
    : pictures.filter(({ region }) => regions.includes(region));
}
