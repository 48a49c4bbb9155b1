import { type Destination, sts } from "../../lib/aws/clients.ts";
import { connect } from "../../lib/aws/connect.ts";
import { assumeRole, regionOf } from "../../lib/aws/identity.ts";
import type { WhereOptions } from "./options.ts";

/** Where somebody's own calls go, in whichever region. */
export const ownDestination = (
  options: Pick<WhereOptions, "profile" | "endpointUrl">,
): Destination => ({
  ...(options.profile === undefined ? {} : { profile: options.profile }),
  ...(options.endpointUrl === undefined ? {} : { endpoint: options.endpointUrl }),
});

/** The region that the environment or the profile says. */
export async function usualRegion(own: Destination): Promise<string> {
  const region = await regionOf(connect({ sts }, own));
  if (region === undefined)
    throw new Error("Which region? Give --region, or set AWS_REGION, or a region in the profile.");
  return region;
}

/** With the credentials of a role; undefined: with one's own. */
export async function destinationAs(
  role: string | undefined,
  own: Destination,
  region: string | undefined,
): Promise<Destination> {
  if (role === undefined) return own;
  const to = region === undefined ? own : { ...own, region };
  const { profile: _, ...rest } = own;
  return { ...rest, credentials: await assumeRole(connect({ sts }, to), role) };
}
