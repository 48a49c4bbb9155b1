import { DeleteSecurityGroupCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import {
  DeleteLoadBalancerCommand,
  DeregisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Sandbox, SandboxOptions } from "../../sandbox/sandbox.ts";
import { clients } from "../contract/backend.ts";
import { filling, type Story } from "./story.ts";

type Fault = Parameters<Sandbox["inject"]>[0];

/** One call of a function, by its number among the calls of its name: what goes wrong with it. */
export interface Struck {
  readonly caller: "elb-only-enforce" | "elb-only-notify";
  readonly service: string;
  readonly action: string;
  readonly skip: number;
}

/** A way in which a call may go wrong. */
export interface Kind {
  readonly name: string;
  /** Does it make sense for this call? */
  readonly strikes: (at: Struck) => boolean;
  readonly fault: (at: Struck, sandbox: Sandbox, story: Story) => readonly Fault[];
  readonly options?: Pick<SandboxOptions, "batch">;
}

/** As often as the SDK tries a call, so that all of it fails once. */
const everyTry = 6;

const any = (): boolean => true;
const byEnforce = ({ caller }: Struck): boolean => caller === "elb-only-enforce";
const toAccount = ({ service }: Struck): boolean => ["ec2", "elb", "elbv2"].includes(service);

const failing = (
  name: string,
  kind: "throttle" | "fail" | "reset" | "lose" | "garble" | "deny" | "expire",
  times?: number,
): Kind => ({
  name,
  strikes: any,
  fault: (at) => [{ ...fit(at), kind, ...(times === undefined ? {} : { times }) }],
});

const fit = ({ caller, action, skip }: Struck) => ({ caller, action, skip });

const nameOf = ({ caller }: Struck): "enforce" | "notify" =>
  caller === "elb-only-enforce" ? "enforce" : "notify";

/** Something happens just before or just after the call, once. */
const around = (
  name: string,
  kind: "first" | "last",
  strikes: Kind["strikes"],
  run: (at: Struck, sandbox: Sandbox, story: Story) => void | Promise<void>,
): Kind => ({
  name,
  strikes,
  fault: (at, sandbox, story) => [
    { ...fit(at), kind, times: 1, run: () => run(at, sandbox, story) },
  ],
});

export const kinds: readonly Kind[] = [
  failing("throttled, every try", "throttle", everyTry),
  failing("5xx, every try", "fail", everyTry),
  failing("connection broken before the effect, every try", "reset", everyTry),
  failing("connection broken after the effect, once", "lose", 1),
  failing("connection broken after the effect, every try", "lose", everyTry),
  failing("half of the answer, every try", "garble", everyTry),
  failing("permission denied from then on", "deny"),
  failing("credentials expired from then on", "expire"),
  around("killed before it", "first", any, (at, sandbox) => sandbox.crash(nameOf(at))),
  around("killed after it", "last", any, (at, sandbox) => sandbox.crash(nameOf(at))),
  around("the function's time runs out", "first", byEnforce, (_, sandbox) =>
    sandbox.advance(45_000),
  ),
  {
    name: "readings of a while ago, for several looks",
    strikes: (at) => byEnforce(at) && at.service === "ec2" && at.action.startsWith("Describe"),
    fault: (at, { cloud }) => {
      const groups = new Map(
        [...cloud.groups].map(([id, one]) => [id, { ...one, rules: new Map(one.rules) }]),
      );
      return [{ ...fit(at), kind: "stale", seen: () => ({ groups }), times: 3 }];
    },
  },
  around(
    "the load balancer is deleted",
    "first",
    (at) => byEnforce(at) && toAccount(at),
    async (_, sandbox, { loadBalancer }) => {
      await clients(sandbox).elbv2.send(
        new DeleteLoadBalancerCommand({ LoadBalancerArn: loadBalancer }),
      );
    },
  ),
  around(
    "the group is deleted",
    "first",
    (at) => byEnforce(at) && toAccount(at),
    async (_, sandbox, { back, instance, targetGroup }) => {
      const { ec2, elbv2 } = clients(sandbox);
      await elbv2.send(
        new DeregisterTargetsCommand({ TargetGroupArn: targetGroup, Targets: [{ Id: instance }] }),
      );
      await ec2.send(new TerminateInstancesCommand({ InstanceIds: [instance] }));
      for (const [id, { groups }] of sandbox.cloud.interfaces)
        if (groups.includes(back)) sandbox.cloud.interfaces.delete(id);
      await ec2.send(new DeleteSecurityGroupCommand({ GroupId: back }));
    },
  ),
  around(
    "the group is full",
    "first",
    (at) => byEnforce(at) && toAccount(at),
    (_, { world, cloud }, { back }) => {
      const room = cloud.quotas.rulesPerGroup - (cloud.groups.get(back)?.rules.size ?? 0);
      for (let port = 10_000; port < 10_000 + room; port++)
        world.rule(back, { protocol: "tcp", fromPort: port, cidr: filling });
    },
  ),
  {
    name: "all of state refuses",
    strikes: ({ service, skip }) => service === "dynamodb" && skip === 0,
    fault: ({ caller }) =>
      ["GetItem", "PutItem", "DeleteItem", "Query"].map((action) => ({
        action,
        caller,
        kind: "deny",
      })),
  },
  {
    name: "a second bundle at the same time",
    strikes: (at) => byEnforce(at) && toAccount(at),
    options: { batch: { batchSize: 1 } },
    fault: (at, sandbox) => [
      {
        ...fit(at),
        kind: "first",
        times: 1,
        run: () => {
          const event = sandbox.events.find(
            ({ detail }) => detail["eventName"] === "AuthorizeSecurityGroupIngress",
          );
          const detail = { ...event?.detail, eventID: "the same again" };
          sandbox.sendToEnforce(JSON.stringify({ ...event, detail }));
        },
      },
      { ...fit(at), kind: "slow", milliseconds: 400, times: 1 },
    ],
  },
];
