import { ec2, elb, elbv2 } from "../../lib/aws/clients.ts";
import { connect } from "../../lib/aws/connect.ts";
import { readOnly } from "../../lib/aws/readOnly.ts";
import { createWorld } from "../../lib/aws/world.ts";
import { survey, type Survey } from "../../lib/survey/survey.ts";
import { defaultPolicy, type Policy } from "../../lib/values/policy.ts";
import { account } from "../../sandbox/identities.ts";
import { keyOf, type Stage } from "../stage.ts";

/** As the functions on the stage decide. */
export const policy: Policy = { ...defaultPolicy, defaultMode: "enforce" };

/** Reads all that load balancers concern, over HTTP and by the same readers as the functions; writes nothing. */
export function openEyes({ sandbox: { endpoint, region } }: Stage) {
  const credentials = { accessKeyId: keyOf("auditor"), secretAccessKey: "sandbox" };
  const aws = readOnly(connect({ ec2, elb, elbv2 }, { endpoint, region, credentials }));
  // Nobody else shares the limits of an AWS on this machine.
  const unhurried = { ...aws, elbRateLimit: () => Promise.resolve() };
  return {
    look: async (): Promise<Survey> => {
      const world = createWorld(unhurried, { account, region, partition: "aws", glance: true });
      const { groups } = await world.sweep();
      return survey({ region, snapshot: await world.look(groups) }, policy);
    },
    close: (): void => {
      for (const client of [aws.ec2, aws.elb, aws.elbv2]) client.destroy();
    },
  };
}
