import { setTimeout as sleep } from "node:timers/promises";
import { dynamodb, ec2, elb, elbv2 } from "../../lib/aws/clients.ts";
import { connect } from "../../lib/aws/connect.ts";
import { storeIn } from "../../lib/aws/store.ts";
import { createWorld } from "../../lib/aws/world.ts";
import { writeAhead, writeOutcome } from "../../lib/remediation/journal.ts";
import type { RegionWorld, Store } from "../../lib/remediation/ports.ts";
import type { Restraint } from "../../lib/remediation/restraint.ts";
import { restraintsBy } from "../../lib/remediation/restraints.ts";
import type { Intent } from "../../lib/values/intent.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import { defaultPolicy } from "../../lib/values/policy.ts";
import { startSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { remediate } from "../support/remediate.ts";
import { elbOnly, newFolder, type Ran } from "./scene.ts";

const table = "elb-only-state";
const credentials = { accessKeyId: "AKIASANDBOXALICE", secretAccessKey: "secret" };

/** What the command line takes for the time. */
const now = Date.parse("2026-11-25T09:00:00Z");
const clock = { now: () => now, sleep: (ms: number) => sleep(ms) };

/** A sandbox with a deployment's table, one open group behind a load balancer, and what enforcement does there. */
export interface Deployed {
  readonly sandbox: Sandbox;
  readonly back: string;
  readonly front: string;
  readonly store: Store;
  readonly world: RegionWorld;
  /** Enforces on the group once, and writes it into the journal under this id. */
  readonly enforce: (change?: string) => Promise<Outcome>;
  /** The group's rules in words. */
  readonly rules: () => Promise<readonly string[]>;
  /** Runs a command line against it, in a pipe. */
  readonly cli: (...args: readonly string[]) => Promise<Ran>;
}

export async function deployment(): Promise<Deployed> {
  const sandbox = await startSandbox({ region: "us-east-1" });
  const front = sandbox.world.group({ name: "front" }).id;
  const back = sandbox.world.group({
    name: "back",
    rules: [
      { protocol: "tcp", fromPort: 20, toPort: 90, cidr: "0.0.0.0/0" },
      { protocol: "tcp", fromPort: 80, cidr: "10.0.0.0/8" },
    ],
  }).id;
  const instance = sandbox.world.instance({ groups: [back] }).id;
  sandbox.world.classicLoadBalancer({
    name: "classic",
    groups: [front],
    listeners: [{ protocol: "HTTP", port: 80, instancePort: 80 }],
    instances: [instance],
  });
  const to = { region: "us-east-1", endpoint: sandbox.endpoint, credentials };
  const aws = connect({ ec2, elb, elbv2, dynamodb }, to);
  const store = storeIn(aws.dynamodb, table, clock);
  const world = createWorld(aws, {
    account: "123456789012",
    region: "us-east-1",
    partition: "aws",
  });
  const restraint: Restraint = restraintsBy(store, clock, {
    limits: { groups: 20, interfaces: 1000, sources: 200 },
    privateGrace: 0,
  });

  const enforce = async (change = "20261125-085900-3fa9c1"): Promise<Outcome> => {
    const policy = { ...defaultPolicy, defaultMode: "enforce" } as const;
    const asked = new Map([[back, []]]);
    const [outcome] = await remediate(asked, policy, world, () => true, restraint);
    if (outcome === undefined) throw new Error("no outcome");
    const { account, region, partition, group, name, mode, reach, before } = outcome;
    const intent: Intent = {
      version: 1,
      change,
      account,
      region,
      partition,
      group,
      name,
      mode,
      reach,
      before,
      begun: "2026-11-25T08:59:00Z",
      triggers: [],
      add: outcome.added,
      remove: outcome.removed,
      difference: { loses: [], gains: [] },
    };
    await writeAhead(store, intent);
    await writeOutcome(store, { ...outcome, change });
    return outcome;
  };

  const rules = async (): Promise<readonly string[]> => {
    const { groups } = await world.look([back]);
    return (groups.get(back)?.rules ?? [])
      .map(
        ({ protocol, fromPort, toPort, source }) =>
          `${protocol}/${fromPort}-${toPort} ${"cidr" in source ? source.cidr : "group" in source ? source.group : ""}`,
      )
      .sort();
  };

  const cli = (...args: readonly string[]): Promise<Ran> =>
    elbOnly([...args, "--endpoint-url", sandbox.endpoint, "--region", "us-east-1"], newFolder(), {
      ELB_ONLY_STATE_TABLE: table,
    });
  return { sandbox, back, front, store, world, enforce, rules, cli };
}
