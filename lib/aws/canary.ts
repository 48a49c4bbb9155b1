import { CreateTagsCommand } from "@aws-sdk/client-ec2";
import { canaryTag } from "../values/ownTags.ts";
import { call } from "./api/errors.ts";
import type { Connection } from "./connect.ts";

/**
 * Tags a prefix list of ours with the time. Nobody goes by that tag; but the call is recorded, matches a rule's pattern and comes to the enforce queue, as
 * somebody's call would that opens a port. Throws what EC2 refuses.
 */
export async function sendCanary(
  { ec2, clock }: Pick<Connection<"ec2">, "ec2" | "clock">,
  prefixList: string,
): Promise<void> {
  const Tags = [{ Key: canaryTag, Value: new Date(clock.now()).toISOString() }];
  await call("ec2:CreateTags", ec2.send(new CreateTagsCommand({ Resources: [prefixList], Tags })));
}
