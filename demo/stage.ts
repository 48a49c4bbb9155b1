import { existsSync } from "node:fs";
import { relative } from "node:path";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { eventPatterns } from "../lib/triggers/eventPatterns.ts";
import { builtFunctions } from "../sandbox/functions.ts";
import { functionRole, roleArn, user } from "../sandbox/identities.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";

/** alice runs the load balancers, bob opens ports, carol tidies up; the auditor reads what there is, for the judge. */
export type Person = "alice" | "bob" | "carol" | "auditor";

/** The AWS SDK in somebody's hands. */
export interface Hands {
  readonly ec2: EC2Client;
  readonly elb: ElasticLoadBalancingClient;
  readonly elbV2: ElasticLoadBalancingV2Client;
}

export interface Stage {
  readonly sandbox: Sandbox;
  readonly as: (person: Person) => Hands;
  /** Resolves when the functions have nothing left to do. */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const patienceSeconds = 30;

export const keyOf = (person: Person): string => `AKIASANDBOX${person.toUpperCase()}`;

/** The functions that `npm run build` has yet to make, as paths from here. */
export const missingBundles = (): readonly string[] =>
  builtFunctions()
    .filter(({ bundle }) => !existsSync(bundle))
    .map(({ bundle }) => relative(process.cwd(), bundle));

/** Starts the sandbox with the built functions, woken by the very patterns that are deployed, in mode enforce. */
export async function setStage(
  port = 0,
  functions = builtFunctions({ ELB_ONLY_DEFAULT_MODE: "enforce" }),
): Promise<Stage> {
  const ownRoles = functions.map(({ name }) => roleArn(functionRole(name)));
  const sandbox = await startSandbox({
    functions,
    patterns: eventPatterns(ownRoles),
    callers: [
      user("carol", keyOf("carol"), "203.0.113.12"),
      user("auditor", keyOf("auditor"), "203.0.113.13"),
    ],
    batch: { windowMs: 100 },
    port,
  });
  const everybody = new Map<Person, Hands>();
  return {
    sandbox,
    as: (person) => {
      const hands = everybody.get(person) ?? handsOf(person, sandbox);
      everybody.set(person, hands);
      return hands;
    },
    settled: () => inTime(sandbox.idle()),
    close: async () => {
      for (const client of [...everybody.values()].flatMap((hands) => Object.values(hands)))
        client.destroy();
      await sandbox.close();
    },
  };
}

function handsOf(person: Person, { endpoint, region }: Sandbox): Hands {
  const settings = {
    endpoint,
    region,
    credentials: { accessKeyId: keyOf(person), secretAccessKey: "sandbox" },
  };
  return {
    ec2: new EC2Client(settings),
    elb: new ElasticLoadBalancingClient(settings),
    elbV2: new ElasticLoadBalancingV2Client(settings),
  };
}

async function inTime(work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      reject(
        new Error(
          `The functions were still busy after ${patienceSeconds} s; --verbose shows what they say.`,
        ),
      ),
    patienceSeconds * 1000,
  );
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
