import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  type ElasticLoadBalancingClient,
  type LoadBalancerDescription,
} from "@aws-sdk/client-elastic-load-balancing";
import type { Tags } from "../../values/rule.ts";
import type { LoadBalancer, LoadBalancerId, ServicePort } from "../../values/snapshot.ts";
import { call, failedCall } from "../api/errors.ts";
import { everyPage } from "../api/paging.ts";
import { readTagsInLots, tagsOf } from "./tags.ts";

const describe = "elasticloadbalancing:DescribeLoadBalancers";

/** Every Classic Load Balancer of the region, without tags. */
export async function readClassicLoadBalancers(
  elb: ElasticLoadBalancingClient,
): Promise<readonly LoadBalancer[]> {
  const read = await everyPage(
    describe,
    (Marker) => elb.send(new DescribeLoadBalancersCommand({ PageSize: 400, Marker })),
    (page) => page.LoadBalancerDescriptions,
  );
  return read.map(loadBalancerOf);
}

function loadBalancerOf(read: LoadBalancerDescription): LoadBalancer {
  const name = read.LoadBalancerName ?? "";
  const ports = portsOf(read);
  const instances = new Set((read.Instances ?? []).flatMap(({ InstanceId }) => InstanceId ?? []));
  return {
    id: name,
    name,
    kind: "classic",
    ...(read.VPCId ? { vpc: read.VPCId } : {}),
    groups: read.SecurityGroups ?? [],
    tags: {},
    targets: [...instances].map((instance) => ({ at: { kind: "instance", instance }, ports })),
  };
}

/** The instance port of each listener, and the health check's where it is another. All of them are TCP, whatever runs on it. */
function portsOf(read: LoadBalancerDescription): readonly ServicePort[] {
  const listeners = (read.ListenerDescriptions ?? [])
    .map(({ Listener }) => Listener?.InstancePort ?? 0)
    .filter((port) => port > 0);
  const health = healthCheckPort(read);
  const purposes = new Map<number, string>(health === undefined ? [] : [[health, "health check"]]);
  for (const port of listeners) purposes.set(port, "listener");
  return [...purposes].map(([port, purpose]) => ({
    protocol: "tcp",
    from: port,
    to: port,
    purpose,
  }));
}

/** `TCP:5000`, `SSL:5000`, `HTTP:80/path`, `HTTPS:443/`: what does not read so would hide a port, so it is an error. */
function healthCheckPort(read: LoadBalancerDescription): number | undefined {
  const target = read.HealthCheck?.Target;
  if (!target) return undefined;
  const port = /^(?:TCP|SSL|HTTP|HTTPS):(\d{1,5})(?:\/|$)/i.exec(target)?.[1];
  if (port === undefined)
    throw failedCall(
      describe,
      new Error(
        `The health check of ${read.LoadBalancerName} is "${target}", which cannot be read.`,
      ),
    );
  return Number(port);
}

/** The tags of these load balancers. */
export const readClassicTags = (
  elb: ElasticLoadBalancingClient,
  names: Iterable<LoadBalancerId>,
): Promise<ReadonlyMap<LoadBalancerId, Tags>> =>
  readTagsInLots(names, async (LoadBalancerNames) => {
    const answer = await call(
      "elasticloadbalancing:DescribeTags",
      elb.send(new DescribeTagsCommand({ LoadBalancerNames })),
    );
    return (answer.TagDescriptions ?? []).map(({ LoadBalancerName, Tags }) => [
      LoadBalancerName ?? "",
      tagsOf(Tags),
    ]);
  });
