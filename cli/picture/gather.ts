import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { WhereOptions } from "../shell/options.ts";
import type { Progress, Surroundings } from "../shell/surroundings.ts";
import { pictureFromDescribed } from "./fromDescribed.ts";
import { readLive } from "./live.ts";
import type { Picture } from "../../lib/survey/picture.ts";
import type { Wanted } from "./readRegion.ts";
import { picturesIn } from "./snapshotFile.ts";

/** The pictures that the options ask for, from files or from AWS. */
export async function gatherPictures(
  options: WhereOptions,
  { folder }: Surroundings,
  progress: Progress,
  wanted: Wanted = { kind: "everything" },
): Promise<readonly Picture[]> {
  const { from, region } = options;
  if (from === undefined) return readLive(options, wanted, progress);
  const path = resolve(folder, from);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new Error(`${from}: there is no such file or folder.`);
  progress.say(`Reading ${from}`);
  return found.isDirectory()
    ? [await pictureFromDescribed(path, from, region, wanted)]
    : onlyRegions(picturesIn(readFileSync(path, "utf8"), from), region, from);
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

/** Where only groups are chosen, and by id, no other need be read. */
export const wantedBy = (chosen: {
  readonly group: readonly string[];
  readonly loadBalancer: readonly string[];
  readonly vpc: readonly string[];
}): Wanted =>
  chosen.group.length > 0 && chosen.group.every((one) => one.startsWith("sg-"))
    ? { kind: "groups", ids: chosen.group }
    : { kind: "everything" };
