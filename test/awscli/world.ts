import { names } from "../../sandbox/functions.ts";
import { startSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { topicArn } from "../../sandbox/sns/sns.ts";
import { queueUrl } from "../../sandbox/sqs/sqs.ts";

/** A small account to try commands on, and what its things are called in the tables: `{group}`, `{instance}`, ... */
export async function startWorld(): Promise<{
  readonly sandbox: Sandbox;
  readonly names: Map<string, string>;
}> {
  const sandbox = await startSandbox({
    patterns: { changes: { source: ["aws.ec2"] } },
  });
  const { world, cloud } = sandbox;
  const front = world.group({ name: "front", tags: { Team: "edge" } });
  const group = world.group({
    name: "web",
    tags: { Team: "web" },
    rules: [
      { protocol: "tcp", fromPort: 80, cidr: "0.0.0.0/0", description: "everybody" },
      { protocol: "tcp", fromPort: 8080, group: front.id },
    ],
  });
  const instance = world.instance({ groups: [group.id], tags: { Name: "web-1" } });
  const spare = world.instance({ groups: [group.id] });
  const list = world.prefixList({ name: "office", entries: ["192.0.2.0/24"], maxEntries: 5 });
  world.classicLoadBalancer({
    name: "classic",
    groups: [front.id],
    listeners: [{ protocol: "HTTP", port: 80, instancePort: 80 }],
    instances: [instance.id],
    tags: { Team: "edge" },
  });
  const targets = world.targetGroup({
    name: "web",
    protocol: "HTTP",
    port: 80,
    targets: [{ id: instance.id }],
  });
  const balancer = world.loadBalancer({
    name: "app",
    groups: [front.id],
    targetGroup: targets.arn,
    tags: { Team: "edge" },
  });
  const listener = [...cloud.v2.listeners.values()][0];
  const eni = [...cloud.interfaces.values()].find(
    ({ attachment }) => attachment?.instance === instance.id,
  );
  return {
    sandbox,
    names: new Map(
      Object.entries({
        front: front.id,
        group: group.id,
        rule: [...group.rules.values()].find(({ egress }) => !egress)?.id ?? "",
        vpc: instance.vpc,
        subnet: instance.subnet,
        instance: instance.id,
        spare: spare.id,
        eni: eni?.id ?? "",
        list: list.id,
        targets: targets.arn,
        balancer: balancer.arn,
        listener: listener?.arn ?? "",
        queue: queueUrl(cloud, names.notifyQueue),
        topic: topicArn(cloud, names.alertTopic),
      }),
    ),
  };
}

/** A table's text or parameters with names for things made into the things' ids. */
export const filled = <Value>(value: Value, things: ReadonlyMap<string, string>): Value =>
  JSON.parse(
    JSON.stringify(value).replaceAll(
      /\{([a-z]+)\}/g,
      (all, name: string) => things.get(name) ?? all,
    ),
  ) as Value;
