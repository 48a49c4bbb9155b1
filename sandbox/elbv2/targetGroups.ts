import type { Cloud } from "../state/cloud.ts";
import { awsError } from "../errors.ts";
import type { Operations } from "../operation.ts";
import { integer, text, texts, type Params } from "../wire/params.ts";
import { elbRequired, markedPage, readTags, validation } from "../elb/lookup.ts";
import { elbTrail } from "../elb/trail.ts";
import { loadBalancerByArn, nameOf, targetGroupByArn } from "./lookup.ts";
import { arnOf, users } from "./users.ts";
import type { TargetCheck, TargetGroup } from "../state/elbv2.ts";
import { targetGroupShape } from "./shapes.ts";

const protocols = ["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE", "QUIC", "TCP_QUIC"];

const http = (protocol: string): boolean => protocol === "HTTP" || protocol === "HTTPS";

/** The health check as a request asks for it, over what there was, over what AWS takes by default for the group's protocol. */
function checkOf(params: Params, protocol: string, held?: TargetCheck): TargetCheck {
  const port =
    text(params, "HealthCheckPort") ??
    held?.port ??
    (protocol === "GENEVE" ? "80" : "traffic-port");
  if (port !== "traffic-port" && !(Number(port) >= 1 && Number(port) <= 65535))
    throw validation(`Health check port '${port}' must be in the range 1-65535`);
  const by =
    text(params, "HealthCheckProtocol") ?? held?.protocol ?? (http(protocol) ? "HTTP" : "TCP");
  const path = http(by) ? (text(params, "HealthCheckPath") ?? held?.path ?? "/") : undefined;
  return {
    enabled:
      (text(params, "HealthCheckEnabled") ?? String(held?.enabled ?? protocol !== "")) === "true",
    protocol: by,
    port,
    interval: integer(params, "HealthCheckIntervalSeconds") ?? held?.interval ?? 30,
    timeout:
      integer(params, "HealthCheckTimeoutSeconds") ?? held?.timeout ?? (http(protocol) ? 5 : 10),
    healthy: integer(params, "HealthyThresholdCount") ?? held?.healthy ?? 5,
    unhealthy: integer(params, "UnhealthyThresholdCount") ?? held?.unhealthy ?? 2,
    ...(path === undefined ? {} : { path }),
  };
}

/** Reads and checks what a request asks for, and makes it. */
export function makeTargetGroup(cloud: Cloud, params: Params): TargetGroup {
  const name = nameOf(params);
  const targetType = text(params, "TargetType") ?? "instance";
  if (
    targetType !== "instance" &&
    targetType !== "ip" &&
    targetType !== "lambda" &&
    targetType !== "alb"
  ) {
    throw validation(`'${targetType}' is not a valid target type`);
  }
  if ([...cloud.v2.targetGroups.values()].some((other) => other.name === name)) {
    throw awsError(
      "DuplicateTargetGroupName",
      `A target group with the same name '${name}' exists, but with different settings`,
    );
  }
  const made: TargetGroup = {
    arn: arnOf(cloud, `targetgroup/${name}/${cloud.ids.hex(16)}`),
    name,
    targetType,
    ...(targetType === "lambda" ? {} : where(cloud, params)),
    check: checkOf(params, targetType === "lambda" ? "" : (text(params, "Protocol") ?? "")),
    targets: [],
  };
  cloud.v2.targetGroups.set(made.arn, made);
  cloud.v2.tags.set(made.arn, readTags(params));
  return made;
}

function where(
  cloud: Cloud,
  params: Params,
): Pick<TargetGroup, "protocol" | "protocolVersion" | "port" | "vpc" | "controlPort"> {
  const [protocol, vpc, port] = [
    elbRequired(params, "Protocol"),
    elbRequired(params, "VpcId"),
    Number(elbRequired(params, "Port")),
  ];
  if (!protocols.includes(protocol)) throw validation(`'${protocol}' is not a valid protocol`);
  if (!cloud.vpcs.has(vpc)) throw validation(`The VPC ID '${vpc}' is not found`);
  if (!(port >= 1 && port <= 65535))
    throw validation(`Port '${port}' must be in the range 1-65535`);
  const controlPort = integer(params, "TargetControlPort");
  return {
    protocol,
    vpc,
    port,
    ...(http(protocol) ? { protocolVersion: text(params, "ProtocolVersion") ?? "HTTP1" } : {}),
    ...(controlPort === undefined ? {} : { controlPort }),
  };
}

/** Those that a request names by ARN, name or load balancer; all where it names none. */
function asked(cloud: Cloud, params: Params): readonly TargetGroup[] {
  const [arns, names, loadBalancer] = [
    texts(params, "TargetGroupArns"),
    texts(params, "Names"),
    text(params, "LoadBalancerArn"),
  ];
  const all = [...cloud.v2.targetGroups.values()];
  if (loadBalancer !== undefined) {
    const { arn } = loadBalancerByArn(cloud, loadBalancer);
    const used = users(cloud);
    return all.filter((group) => used.get(group.arn)?.has(arn));
  }
  if (arns.length > 0) return arns.map((arn) => targetGroupByArn(cloud, arn));
  const strange = names.find((name) => !all.some((group) => group.name === name));
  if (strange !== undefined)
    throw awsError("TargetGroupNotFound", `One or more target groups not found: ${strange}`);
  return names.length > 0 ? all.filter(({ name }) => names.includes(name)) : all;
}

export const targetGroupOperations: Operations = {
  CreateTargetGroup: {
    run: (cloud, params) => ({ TargetGroups: [targetGroupShape(makeTargetGroup(cloud, params))] }),
    trail: elbTrail,
  },

  /** The health check only, as in AWS. */
  ModifyTargetGroup: {
    run: (cloud, params) => {
      const found = targetGroupByArn(cloud, elbRequired(params, "TargetGroupArn"));
      const now = { ...found, check: checkOf(params, found.protocol ?? "", found.check) };
      cloud.v2.targetGroups.set(now.arn, now);
      return { TargetGroups: [targetGroupShape(now, users(cloud).get(now.arn))] };
    },
    trail: elbTrail,
  },

  DescribeTargetGroups: {
    run: (cloud, params) => {
      const { items, marker } = markedPage(asked(cloud, params), params);
      const used = users(cloud);
      return {
        TargetGroups: items.map((group) => targetGroupShape(group, used.get(group.arn))),
        NextMarker: marker,
      };
    },
  },

  DeleteTargetGroup: {
    run: (cloud, params) => {
      const arn = elbRequired(params, "TargetGroupArn");
      if (users(cloud).has(arn))
        throw awsError(
          "ResourceInUse",
          `Target group '${arn}' is currently in use by a listener or a rule`,
        );
      cloud.v2.targetGroups.delete(arn);
      cloud.v2.tags.delete(arn);
      return {};
    },
    trail: elbTrail,
  },
};
