import type { Cloud } from "../state/cloud.ts";
import type { Subnet } from "../state/ec2.ts";
import { awsError } from "../errors.ts";
import type { Consequence, Operations } from "../operation.ts";
import { structures, text, texts, type Params } from "../wire/params.ts";
import { setInterfaceGroups, dropInterfaces, makeInterfaces } from "../elb/interfaces.ts";
import {
  elbRequired,
  groupsOf,
  markedPage,
  readTags,
  subnetsOf,
  validation,
} from "../elb/lookup.ts";
import { elbTrail } from "../elb/trail.ts";
import { loadBalancerByArn, nameOf } from "./lookup.ts";
import { arnOf, pathOf } from "./users.ts";
import type { LoadBalancer, LoadBalancerType } from "../state/elbv2.ts";
import { loadBalancerShape } from "./shapes.ts";

const kinds = {
  application: { path: "app", interfaceType: "interface" },
  network: { path: "net", interfaceType: "network_load_balancer" },
  gateway: { path: "gwy", interfaceType: "gateway_load_balancer" },
} as const;

/** Makes the load balancer with its interfaces; they have its groups, where it has any. */
export function makeLoadBalancer(
  cloud: Cloud,
  wanted: Pick<LoadBalancer, "name" | "type" | "scheme" | "groups"> & {
    readonly subnets: readonly Subnet[];
    readonly tags: ReadonlyMap<string, string>;
    readonly enforcedOnPrivateLink?: string;
  },
): { readonly made: LoadBalancer; readonly consequences: readonly Consequence[] } {
  const { name, type, scheme, groups, subnets } = wanted;
  const { path, interfaceType } = kinds[type];
  const arn = arnOf(cloud, `loadbalancer/${path}/${name}/${cloud.ids.hex(16)}`);
  const { ids, consequences } = makeInterfaces(
    cloud,
    subnets,
    groups,
    `ELB ${pathOf(arn)}`,
    interfaceType,
  );
  const made: LoadBalancer = {
    arn,
    name,
    type,
    scheme,
    groups,
    vpc: subnets[0]?.vpc ?? "",
    subnets: subnets.map(({ id }) => id),
    created: cloud.now(),
    interfaces: ids,
    ...(type === "network" && groups.length > 0
      ? { enforcedOnPrivateLink: wanted.enforcedOnPrivateLink ?? "on" }
      : {}),
  };
  cloud.v2.loadBalancers.set(arn, made);
  cloud.v2.tags.set(arn, wanted.tags);
  return { made, consequences };
}

function typeOf(params: Params): LoadBalancerType {
  const type = text(params, "Type") ?? "application";
  if (type !== "application" && type !== "network" && type !== "gateway")
    throw validation(`'${type}' is not a valid load balancer type`);
  return type;
}

function create(cloud: Cloud, params: Params) {
  const [name, type] = [nameOf(params), typeOf(params)];
  if ([...cloud.v2.loadBalancers.values()].some((other) => other.name === name)) {
    throw awsError(
      "DuplicateLoadBalancerName",
      `A load balancer with the same name '${name}' exists, but with different settings`,
    );
  }
  const mapped = structures(params, "SubnetMappings").map((mapping) =>
    elbRequired(mapping, "SubnetId"),
  );
  const subnets = subnetsOf(cloud, [...texts(params, "Subnets"), ...mapped]);
  if (subnets.length === 0) throw validation("You must specify either subnets or subnet mappings");
  if (new Set(subnets.map(({ zone }) => zone)).size < (type === "application" ? 2 : 1)) {
    throw awsError(
      "InvalidConfigurationRequest",
      "At least two subnets in two different Availability Zones must be specified",
    );
  }
  const asked = texts(params, "SecurityGroups");
  if (type === "gateway" && asked.length > 0)
    throw validation("Security groups are not supported for load balancers of type 'gateway'");
  const groups =
    type === "application" || asked.length > 0 ? groupsOf(cloud, asked, subnets[0]?.vpc) : [];
  return makeLoadBalancer(cloud, {
    name,
    type,
    groups,
    subnets,
    scheme: text(params, "Scheme") ?? "internet-facing",
    tags: readTags(params),
  });
}

export const loadBalancerOperations: Operations = {
  CreateLoadBalancer: {
    run: (cloud, params, call) => {
      const { made, consequences } = create(cloud, params);
      call.consequences.push(...consequences);
      return {
        LoadBalancers: [{ ...loadBalancerShape(cloud, made), State: { Code: "provisioning" } }],
      };
    },
    trail: elbTrail,
  },

  DescribeLoadBalancers: {
    run: (cloud, params) => {
      const [arns, names] = [texts(params, "LoadBalancerArns"), texts(params, "Names")];
      const all = [...cloud.v2.loadBalancers.values()];
      const named = names.map((name) => {
        const found = all.find((other) => other.name === name);
        if (found === undefined)
          throw awsError("LoadBalancerNotFound", `Load balancers '[${name}]' not found`);
        return found;
      });
      const asked =
        arns.length + names.length === 0
          ? all
          : [...arns.map((arn) => loadBalancerByArn(cloud, arn)), ...named];
      const { items, marker } = markedPage(asked, params);
      return {
        LoadBalancers: items.map((found) => loadBalancerShape(cloud, found)),
        NextMarker: marker,
      };
    },
  },

  /** Its listeners go with it; deleting what is not there is no error. */
  DeleteLoadBalancer: {
    run: (cloud, params, call) => {
      const found = cloud.v2.loadBalancers.get(elbRequired(params, "LoadBalancerArn"));
      if (found === undefined) return {};
      if (cloud.v2.attributes.get(found.arn)?.get("deletion_protection.enabled") === "true")
        throw awsError(
          "OperationNotPermitted",
          `Load balancer '${found.arn}' cannot be deleted because deletion protection is enabled`,
        );
      for (const listener of cloud.v2.listeners.values())
        if (listener.loadBalancer === found.arn) dropListener(cloud, listener.arn);
      cloud.v2.loadBalancers.delete(found.arn);
      cloud.v2.tags.delete(found.arn);
      call.consequences.push(...dropInterfaces(cloud, found.interfaces));
      return {};
    },
    trail: elbTrail,
  },

  SetSecurityGroups: {
    run: (cloud, params) => {
      const found = loadBalancerByArn(cloud, elbRequired(params, "LoadBalancerArn"));
      if (found.groups.length === 0) {
        throw awsError(
          "InvalidConfigurationRequest",
          "Security groups are not supported for a load balancer that was created without",
        );
      }
      const groups = groupsOf(cloud, texts(params, "SecurityGroups"), found.vpc);
      const enforced = text(params, "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic");
      const now: LoadBalancer = {
        ...found,
        groups,
        ...(enforced === undefined ? {} : { enforcedOnPrivateLink: enforced }),
      };
      cloud.v2.loadBalancers.set(found.arn, now);
      setInterfaceGroups(cloud, found.interfaces, groups);
      return {
        SecurityGroupIds: groups,
        EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: now.enforcedOnPrivateLink,
      };
    },
    trail: elbTrail,
  },
};

export function dropListener(cloud: Cloud, arn: string): void {
  for (const rule of cloud.v2.rules.values())
    if (rule.listener === arn) cloud.v2.rules.delete(rule.arn);
  cloud.v2.listeners.delete(arn);
  cloud.v2.tags.delete(arn);
}
