import { setTimeout as sleep } from "node:timers/promises";
import {
  cloudFormation,
  type Destination,
  dynamodb,
  ec2,
  elb,
  elbv2,
  sts,
} from "../../lib/aws/clients.ts";
import { connect } from "../../lib/aws/connect.ts";
import { callerOf } from "../../lib/aws/identity.ts";
import { readOnly } from "../../lib/aws/readOnly.ts";
import { stackOutputs } from "../../lib/aws/stackOutputs.ts";
import { storeIn } from "../../lib/aws/store.ts";
import { createWorld } from "../../lib/aws/world.ts";
import type { Clock, RegionWorld, Store } from "../../lib/remediation/ports.ts";
import type { AccountRegion } from "../../lib/values/outcome.ts";
import { destinationAs, ownDestination, usualRegion } from "../shell/destination.ts";
import type { DeployedOptions } from "../shell/options.ts";
import type { Surroundings } from "../shell/surroundings.ts";

/** One region of one account, and who it is that looks at it. */
export interface Place extends AccountRegion {
  readonly principal: string;
  readonly to: Destination;
  readonly clock: Clock;
}

/** Where elb-only is deployed, with what it remembers. */
export interface Deployment extends Place {
  readonly table: string;
  readonly store: Store;
}

export async function openPlace(
  options: Pick<DeployedOptions, "region" | "profile" | "roleArn" | "endpointUrl">,
  { now }: Surroundings,
): Promise<Place> {
  const [[role, ...roles], [given, ...regions]] = [options.roleArn, options.region];
  if (roles.length + regions.length > 0)
    throw new Error(
      "This is about one region of one account: give one --region and one --role-arn.",
    );
  const own = ownDestination(options);
  const region = given ?? (await usualRegion(own));
  const to = { ...(await destinationAs(role, own, region)), region };
  const caller = await callerOf(connect({ sts }, to));
  const clock = { now: () => now().getTime(), sleep: (ms: number) => sleep(ms) };
  return { ...caller, region, to, clock };
}

export async function openDeployment(
  options: DeployedOptions,
  around: Surroundings,
): Promise<Deployment> {
  const place = await openPlace(options, around);
  const table = await tableOf(options, place, around);
  return {
    ...place,
    table,
    store: storeIn(connect({ dynamodb }, place.to).dynamodb, table, place.clock),
  };
}

async function tableOf(
  { table, stack }: DeployedOptions,
  { to }: Place,
  { environment }: Surroundings,
): Promise<string> {
  const known = table ?? environment["ELB_ONLY_STATE_TABLE"];
  if (known !== undefined && known !== "") return known;
  const outputs = await stackOutputs(connect({ cloudFormation }, to), stack).catch(
    (cause: Error) => {
      throw new Error(
        `Where is the state table? Give --table, or set ELB_ONLY_STATE_TABLE, or name the stack with --stack.\n${cause.message}`,
        { cause },
      );
    },
  );
  const found = outputs.get("StateTableName");
  if (found === undefined)
    throw new Error(`The stack ${stack} has no output StateTableName: give --table.`);
  return found;
}

/** To look, with a connection that refuses every write. */
export const readingWorld = (place: Place): RegionWorld =>
  createWorld(readOnly(connect({ ec2, elb, elbv2 }, { ...place.to, clock: place.clock })), {
    ...place,
    glance: true,
  });

/** To look and to write, for those verbs alone that say so. */
export const writingWorld = (place: Place): RegionWorld =>
  createWorld(connect({ ec2, elb, elbv2 }, { ...place.to, clock: place.clock }), place);
