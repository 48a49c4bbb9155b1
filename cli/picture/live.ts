import { ec2, elb, elbv2, sts, type Destination } from "../../lib/aws/clients.ts";
import { connect } from "../../lib/aws/connect.ts";
import { callerOf } from "../../lib/aws/identity.ts";
import { readOnly } from "../../lib/aws/readOnly.ts";
import { createWorld } from "../../lib/aws/world.ts";
import { destinationAs, ownDestination, usualRegion } from "../shell/destination.ts";
import type { WhereOptions } from "../shell/options.ts";
import type { Progress } from "../shell/surroundings.ts";
import type { Picture } from "../../lib/survey/picture.ts";
import { readRegion, type Wanted } from "./readRegion.ts";

/** Reads every region of every account that is asked for, one after the other. */
export async function readLive(
  options: WhereOptions,
  wanted: Wanted,
  progress: Progress,
): Promise<readonly Picture[]> {
  const own = ownDestination(options);
  const regions = options.region.length > 0 ? options.region : [await usualRegion(own)];
  const roles = options.roleArn.length > 0 ? options.roleArn : [undefined];
  const pictures: Picture[] = [];
  for (const role of roles) {
    const asWhom = await destinationAs(role, own, regions[0]);
    for (const region of regions)
      pictures.push(await readOne({ ...asWhom, region }, region, wanted, progress));
  }
  return pictures;
}

async function readOne(
  to: Destination,
  region: string,
  wanted: Wanted,
  progress: Progress,
): Promise<Picture> {
  progress.say(`Reading ${region}`);
  const caller = await callerOf(connect({ sts }, to));
  const world = createWorld(readOnly(connect({ ec2, elb, elbv2 }, to)), {
    ...caller,
    region,
    glance: true,
  });
  const watch = setInterval(
    () => progress.say(`Reading ${caller.account} ${region}: ${world.calls()} calls`),
    250,
  );
  try {
    return { region, snapshot: await readRegion(world, wanted) };
  } finally {
    clearInterval(watch);
  }
}
