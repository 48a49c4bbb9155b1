import { answeredBy } from "../../lib/aws/answered.ts";
import { createWorld } from "../../lib/aws/world.ts";
import { type DescribedFolder, readDescribed } from "./described.ts";
import { answersFrom } from "./describedAnswers.ts";
import type { Picture } from "../../lib/survey/picture.ts";
import { readRegion, type Wanted } from "./readRegion.ts";

/** The one picture in a folder of what the aws CLI's `describe-...` printed; read by the same readers as AWS itself. */
export async function pictureFromDescribed(
  folder: string,
  name: string,
  regions: readonly string[],
  wanted: Wanted,
): Promise<Picture> {
  const described = readDescribed(folder);
  const region = regionIn(described, regions, name);
  const { answerTo, missing } = answersFrom(described.files);
  // Nothing waits here: every call is answered at once.
  const clock = { now: () => described.at, sleep: () => Promise.resolve() };
  const world = createWorld(
    { ...answeredBy(answerTo, clock), elbRateLimit: () => Promise.resolve() },
    { account: accountIn(described), region, partition: partitionIn(described), glance: true },
  );
  const read = await readRegion(world, wanted).catch((error: unknown) => error);
  const commands = missing();
  if (commands.length > 0)
    throw new Error(
      `${name} lacks what ${commands.length === 1 ? "this command prints" : "these commands print"}; run in it:\n${commands.map((one) => `  ${one}`).join("\n")}`,
    );
  if (read instanceof Error) throw read;
  return { region, snapshot: read as Picture["snapshot"] };
}

const texts = ({ files }: DescribedFolder, key: string): readonly string[] =>
  files
    .flatMap(({ items }) => items)
    .map((item) => item[key])
    .filter((value) => typeof value === "string");

/** The one that most are of. */
function mostOf(values: readonly string[]): string | undefined {
  const counts = [...Map.groupBy(values, (value) => value)].map(
    ([value, all]) => [value, all.length] as const,
  );
  return counts.sort((a, b) => b[1] - a[1])[0]?.[0];
}

const arnParts = (described: DescribedFolder): readonly (readonly string[])[] =>
  ["LoadBalancerArn", "TargetGroupArn"]
    .flatMap((key) => texts(described, key))
    .map((arn) => arn.split(":"));

/** In a shared VPC, groups and interfaces of others are listed, too; load balancers are one's own. */
const accountIn = (described: DescribedFolder): string =>
  mostOf(arnParts(described).flatMap((parts) => parts[4] ?? [])) ??
  mostOf(texts(described, "OwnerId")) ??
  "";

const partitionIn = (described: DescribedFolder): string =>
  mostOf(arnParts(described).flatMap((parts) => parts[1] ?? [])) ?? "aws";

function regionIn(described: DescribedFolder, regions: readonly string[], name: string): string {
  const found =
    mostOf(arnParts(described).flatMap((parts) => parts[3] ?? [])) ??
    mostOf(texts(described, "AvailabilityZone"))?.replace(/[a-z]$/, "");
  const [asked = found] = regions;
  if (asked === undefined)
    throw new Error(`${name} does not say of which region it is: give --region.`);
  if (regions.length > 1 || (found !== undefined && asked !== found))
    throw new Error(`${name} is of ${found ?? "one region"}, not of ${regions.join(", ")}.`);
  return asked;
}
