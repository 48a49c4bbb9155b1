import type { Cloud } from "../state/cloud.ts";
import { awsError } from "../errors.ts";
import type { Operation, Operations } from "../operation.ts";
import { structure, structures, text, texts, type Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import {
  classicByName,
  classicDnsName,
  classicShape,
  dropClassic,
  healthCheckShape,
  instancesShape,
  makeClassic,
} from "./model.ts";
import type { ClassicListener, ClassicLoadBalancer } from "../state/elb.ts";
import { classicAttributes } from "./attributes.ts";
import { instanceHealth } from "./health.ts";
import { setInterfaceGroups } from "./interfaces.ts";
import {
  elbRequired,
  groupsOf,
  markedPage,
  readTags,
  subnetsInZones,
  subnetsOf,
  tagShapes,
  validation,
} from "./lookup.ts";
import { elbTrail } from "./trail.ts";

/** An operation that replaces one load balancer by another version of it. */
const change = (
  to: (found: ClassicLoadBalancer, params: Params, cloud: Cloud) => Partial<ClassicLoadBalancer>,
  answer: (now: ClassicLoadBalancer) => Tree,
): Operation => ({
  run: (cloud, params) => {
    const found = classicByName(cloud, elbRequired(params, "LoadBalancerName"));
    const now = { ...found, ...to(found, params, cloud) };
    cloud.classic.set(now.name, now);
    return answer(now);
  },
  trail: elbTrail,
});

const protocols = ["HTTP", "HTTPS", "TCP", "SSL"];

function listenersOf(params: Params, held: readonly ClassicListener[]): readonly ClassicListener[] {
  const listeners = [...held];
  for (const wanted of structures(params, "Listeners")) {
    const [port, instancePort] = [
      Number(elbRequired(wanted, "LoadBalancerPort")),
      Number(elbRequired(wanted, "InstancePort")),
    ];
    const protocol = elbRequired(wanted, "Protocol").toUpperCase();
    const instanceProtocol = (text(wanted, "InstanceProtocol") ?? protocol).toUpperCase();
    if (!protocols.includes(protocol) || !protocols.includes(instanceProtocol))
      throw validation("Listener protocol must be one of HTTP, HTTPS, TCP, SSL");
    if (!(instancePort >= 1 && instancePort <= 65535))
      throw validation("Listener instance port must be between 1 and 65535");
    const certificate = text(wanted, "SSLCertificateId");
    const listener = {
      protocol,
      port,
      instanceProtocol,
      instancePort,
      ...(certificate === undefined ? {} : { certificate }),
    };
    const same = listeners.find((other) => other.port === port);
    if (same === undefined) listeners.push(listener);
    else if (
      same.instancePort !== instancePort ||
      same.protocol !== protocol ||
      same.instanceProtocol !== instanceProtocol
    ) {
      throw awsError(
        "DuplicateListener",
        `A listener already exists for load balancer port ${port} with different settings`,
      );
    }
  }
  if (listeners.length === 0) throw validation("Listeners cannot be empty");
  return listeners;
}

const instanceIds = (params: Params): readonly string[] =>
  structures(params, "Instances").map((instance) => elbRequired(instance, "InstanceId"));

export const classicOperations: Operations = {
  CreateLoadBalancer: {
    run: (cloud, params, call) => {
      const name = elbRequired(params, "LoadBalancerName");
      if (!/^(?!-)[a-zA-Z0-9-]{1,32}(?<!-)$/.test(name))
        throw validation("LoadBalancer name must be 1 to 32 letters, digits and inner hyphens");
      if (cloud.classic.has(name))
        throw awsError(
          "DuplicateLoadBalancerName",
          "The specified load balancer name already exists for this account.",
        );
      const [subnetIds, zones] = [texts(params, "Subnets"), texts(params, "AvailabilityZones")];
      if ((subnetIds.length === 0) === (zones.length === 0))
        throw validation("Either AvailabilityZones or SubnetIds must be specified");
      const subnets =
        subnetIds.length > 0 ? subnetsOf(cloud, subnetIds) : subnetsInZones(cloud, zones);
      const scheme = text(params, "Scheme") ?? "internet-facing";
      const groups = groupsOf(cloud, texts(params, "SecurityGroups"), subnets[0]?.vpc);
      const wanted = {
        name,
        subnets,
        groups,
        scheme,
        listeners: listenersOf(params, []),
        tags: readTags(params),
      };
      call.consequences.push(...makeClassic(cloud, wanted));
      return { DNSName: classicDnsName(cloud, { name, scheme }) };
    },
    trail: elbTrail,
  },

  /** Deleting what is not there is no error. */
  DeleteLoadBalancer: {
    run: (cloud, params, call) => {
      call.consequences.push(...dropClassic(cloud, elbRequired(params, "LoadBalancerName")));
      return {};
    },
    trail: elbTrail,
  },

  DescribeLoadBalancers: {
    run: (cloud, params) => {
      const names = texts(params, "LoadBalancerNames");
      const { items, marker } = markedPage(
        names.length === 0
          ? [...cloud.classic.values()]
          : names.map((name) => classicByName(cloud, name)),
        params,
      );
      return {
        LoadBalancerDescriptions: items.map((found) => classicShape(cloud, found)),
        NextMarker: marker,
      };
    },
  },

  RegisterInstancesWithLoadBalancer: change(
    (found, params, cloud) => {
      const ids = instanceIds(params);
      const strange = ids.find((id) => !cloud.instances.has(id));
      if (strange !== undefined)
        throw awsError("InvalidInstance", `Could not find EC2 instance ${strange}.`);
      return { instances: [...new Set([...found.instances, ...ids])] };
    },
    (now) => ({ Instances: instancesShape(now.instances) }),
  ),

  DeregisterInstancesFromLoadBalancer: change(
    (found, params, cloud) => {
      const ids = instanceIds(params);
      const strange = ids.find((id) => !cloud.instances.has(id) && !found.instances.includes(id));
      if (strange !== undefined)
        throw awsError("InvalidInstance", `Could not find EC2 instance ${strange}.`);
      return { instances: found.instances.filter((id) => !ids.includes(id)) };
    },
    (now) => ({ Instances: instancesShape(now.instances) }),
  ),

  CreateLoadBalancerListeners: change(
    (found, params) => ({ listeners: listenersOf(params, found.listeners) }),
    () => ({}),
  ),

  DeleteLoadBalancerListeners: change(
    (found, params) => ({
      listeners: found.listeners.filter(
        ({ port }) => !texts(params, "LoadBalancerPorts").includes(String(port)),
      ),
    }),
    () => ({}),
  ),

  ConfigureHealthCheck: change(
    (_, params) => {
      const check = structure(params, "HealthCheck") ?? {};
      const target = elbRequired(check, "Target");
      if (!/^((TCP|SSL):\d{1,5}|HTTPS?:\d{1,5}\/.*)$/.test(target))
        throw validation(
          "HealthCheck Target must specify a protocol, a port, and for HTTP and HTTPS a path",
        );
      const [interval, timeout, unhealthy, healthy] = [
        "Interval",
        "Timeout",
        "UnhealthyThreshold",
        "HealthyThreshold",
      ].map((name) => Number(elbRequired(check, name)));
      if ((timeout ?? 0) >= (interval ?? 0))
        throw validation("HealthCheck timeout must be less than interval");
      return {
        healthCheck: {
          target,
          interval: interval ?? 30,
          timeout: timeout ?? 5,
          unhealthy: unhealthy ?? 2,
          healthy: healthy ?? 10,
        },
      };
    },
    (now) => ({ HealthCheck: healthCheckShape(now.healthCheck) }),
  ),

  ApplySecurityGroupsToLoadBalancer: change(
    (found, params, cloud) => {
      const groups = groupsOf(cloud, texts(params, "SecurityGroups"), found.vpc);
      setInterfaceGroups(cloud, found.interfaces, groups);
      return { groups };
    },
    (now) => ({ SecurityGroups: now.groups }),
  ),

  DescribeInstanceHealth: {
    run: (cloud, params) => {
      const found = classicByName(cloud, elbRequired(params, "LoadBalancerName"));
      const asked = instanceIds(params);
      const strange = asked.find((id) => !found.instances.includes(id));
      if (strange !== undefined)
        throw awsError("InvalidInstance", `Could not find EC2 instance ${strange}.`);
      return {
        InstanceStates: (asked.length > 0 ? asked : found.instances).map((id) =>
          instanceHealth(cloud, found, id),
        ),
      };
    },
  },

  ...classicAttributes,
  ...tagging(),
};

function tagging(): Operations {
  /** The operations on tags take a list of names. */
  const each = (
    to: (held: ReadonlyMap<string, string>, params: Params) => ReadonlyMap<string, string>,
  ): Operation => ({
    run: (cloud, params) => {
      for (const found of texts(params, "LoadBalancerNames").map((name) =>
        classicByName(cloud, name),
      )) {
        cloud.classic.set(found.name, { ...found, tags: to(found.tags, params) });
      }
      return {};
    },
    trail: elbTrail,
  });
  return {
    AddTags: each((held, params) => readTags(params, held)),
    RemoveTags: each((held, params) => {
      const doomed = structures(params, "Tags").map((tag) => text(tag, "Key"));
      return new Map([...held].filter(([key]) => !doomed.includes(key)));
    }),
    DescribeTags: {
      run: (cloud, params) => {
        const names = texts(params, "LoadBalancerNames");
        if (names.length < 1 || names.length > 20) {
          throw validation(
            `1 validation error detected: Value at 'loadBalancerNames' failed to satisfy constraint: Member must have length between 1 and 20`,
          );
        }
        return {
          TagDescriptions: names.map((name) => ({
            LoadBalancerName: name,
            Tags: tagShapes(classicByName(cloud, name).tags),
          })),
        };
      },
    },
  };
}
