import { elbRequired, validation } from "../elb/lookup.ts";
import { elbTrail } from "../elb/trail.ts";
import type { Operation, Operations } from "../operation.ts";
import type { Cloud } from "../state/cloud.ts";
import type { LoadBalancerType, TargetGroup } from "../state/elbv2.ts";
import { structures, text } from "../wire/params.ts";
import { listenerByArn, loadBalancerByArn, targetGroupByArn } from "./lookup.ts";

type Values = Readonly<Record<string, string>>;

const common: Values = {
  "deletion_protection.enabled": "false",
  "load_balancing.cross_zone.enabled": "false",
};

const accessLogs: Values = {
  "access_logs.s3.enabled": "false",
  "access_logs.s3.bucket": "",
  "access_logs.s3.prefix": "",
};

const balancerDefaults: Readonly<Record<LoadBalancerType, Values>> = {
  application: {
    ...common,
    ...accessLogs,
    "load_balancing.cross_zone.enabled": "true",
    "idle_timeout.timeout_seconds": "60",
    "client_keep_alive.seconds": "3600",
    "connection_logs.s3.enabled": "false",
    "connection_logs.s3.bucket": "",
    "connection_logs.s3.prefix": "",
    "routing.http.desync_mitigation_mode": "defensive",
    "routing.http.drop_invalid_header_fields.enabled": "false",
    "routing.http.preserve_host_header.enabled": "false",
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
    "routing.http.xff_client_port.enabled": "false",
    "routing.http.xff_header_processing.mode": "append",
    "routing.http2.enabled": "true",
    "waf.fail_open.enabled": "false",
    "zonal_shift.config.enabled": "false",
  },
  network: {
    ...common,
    ...accessLogs,
    "dns_record.client_routing_policy": "any_availability_zone",
    "zonal_shift.config.enabled": "false",
  },
  gateway: common,
};

/** Client addresses are preserved by default for instances, except with UDP's protocols, where they always are. */
function groupDefaults(cloud: Cloud, { protocol = "", targetType }: TargetGroup): Values {
  const drain = {
    "deregistration_delay.timeout_seconds": String(cloud.quotas.deregistrationDelayMs / 1000),
  };
  if (targetType === "lambda") return { "lambda.multi_value_headers.enabled": "false" };
  if (protocol === "GENEVE")
    return {
      ...drain,
      "target_failover.on_deregistration": "no_rebalance",
      "target_failover.on_unhealthy": "no_rebalance",
    };
  const shared = {
    ...drain,
    "stickiness.enabled": "false",
    "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
  };
  return protocol.startsWith("HTTP")
    ? {
        ...shared,
        "stickiness.type": "lb_cookie",
        "stickiness.lb_cookie.duration_seconds": "86400",
        "slow_start.duration_seconds": "0",
        "load_balancing.algorithm.type": "round_robin",
      }
    : {
        ...shared,
        "stickiness.type": "source_ip",
        "proxy_protocol_v2.enabled": "false",
        "preserve_client_ip.enabled": String(targetType === "instance" || protocol.includes("UDP")),
        "deregistration_delay.connection_termination.enabled": "false",
      };
}

interface Described {
  readonly arn: string;
  readonly defaults: Values;
}

const shape = (cloud: Cloud, { arn, defaults }: Described) =>
  Object.entries({
    ...defaults,
    ...Object.fromEntries(cloud.v2.attributes.get(arn) ?? []),
  }).map(([Key, Value]) => ({ Key, Value }));

/** A pair of actions that read and write the attributes of one kind of thing. */
const attributesOf = (
  kind: string,
  parameter: string,
  find: (cloud: Cloud, arn: string) => Described,
): Readonly<Record<string, Operation>> => ({
  [`Describe${kind}Attributes`]: {
    run: (cloud, params) => ({
      Attributes: shape(cloud, find(cloud, elbRequired(params, parameter))),
    }),
  },
  [`Modify${kind}Attributes`]: {
    run: (cloud, params) => {
      const found = find(cloud, elbRequired(params, parameter));
      const given = structures(params, "Attributes").map(
        (one) => [elbRequired(one, "Key"), text(one, "Value") ?? ""] as const,
      );
      const strange = given.find(([key]) => !(key in found.defaults));
      if (strange !== undefined)
        throw validation(`${kind} attribute key '${strange[0]}' is not recognized`);
      cloud.v2.attributes.set(
        found.arn,
        new Map([...(cloud.v2.attributes.get(found.arn) ?? []), ...given]),
      );
      return { Attributes: shape(cloud, found) };
    },
    trail: elbTrail,
  },
});

export const attributeOperations: Operations = {
  ...attributesOf("LoadBalancer", "LoadBalancerArn", (cloud, arn) => ({
    arn,
    defaults: balancerDefaults[loadBalancerByArn(cloud, arn).type],
  })),
  ...attributesOf("TargetGroup", "TargetGroupArn", (cloud, arn) => ({
    arn,
    defaults: groupDefaults(cloud, targetGroupByArn(cloud, arn)),
  })),
  ...attributesOf("Listener", "ListenerArn", (cloud, arn) => ({
    arn,
    defaults: listenerByArn(cloud, arn).protocol.startsWith("HTTP")
      ? { "routing.http.response.server.enabled": "true" }
      : { "tcp.idle_timeout.seconds": "350" },
  })),

  DescribeAccountLimits: {
    run: () => ({
      Limits: [
        { Name: "application-load-balancers", Max: "50" },
        { Name: "network-load-balancers", Max: "50" },
        { Name: "target-groups", Max: "3000" },
        { Name: "targets-per-application-load-balancer", Max: "1000" },
        { Name: "listeners-per-application-load-balancer", Max: "50" },
      ],
    }),
  },
};
