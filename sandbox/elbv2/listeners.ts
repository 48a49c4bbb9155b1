import type { Cloud } from "../state/cloud.ts";
import { awsError } from "../errors.ts";
import type { Operations } from "../operation.ts";
import { integer, structures, text, texts, type Params } from "../wire/params.ts";
import { elbRequired, markedPage, readTags, validation } from "../elb/lookup.ts";
import { elbTrail } from "../elb/trail.ts";
import { actionsOf, listenerByArn, loadBalancerByArn } from "./lookup.ts";
import { dropListener } from "./loadBalancers.ts";
import { arnOf, pathOf } from "./users.ts";
import type { Listener, ListenerRule } from "../state/elbv2.ts";
import { defaultRuleShape, listenerShape, ruleShape } from "./shapes.ts";

const byType = {
  application: ["HTTP", "HTTPS"],
  network: ["TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"],
  gateway: [""],
} as const;

/** Reads and checks what a request asks for, and makes it. A Gateway Load Balancer's listener has neither protocol nor port. */
export function makeListener(cloud: Cloud, params: Params): Listener {
  const balancer = loadBalancerByArn(cloud, elbRequired(params, "LoadBalancerArn"));
  const protocol = text(params, "Protocol") ?? "";
  if (!(byType[balancer.type] as readonly string[]).includes(protocol))
    throw validation(
      `Protocol '${protocol}' is not supported for load balancers of type '${balancer.type}'`,
    );
  const port = balancer.type === "gateway" ? undefined : Number(elbRequired(params, "Port"));
  if (
    [...cloud.v2.listeners.values()].some(
      (other) => other.loadBalancer === balancer.arn && other.port === port,
    )
  ) {
    throw awsError(
      "DuplicateListener",
      "A listener already exists on this port for this load balancer",
    );
  }
  const made: Listener = {
    arn: arnOf(cloud, `listener/${pathOf(balancer.arn)}/${cloud.ids.hex(16)}`),
    loadBalancer: balancer.arn,
    protocol,
    ...(port === undefined ? {} : { port }),
    actions: actionsOf(cloud, params, "DefaultActions"),
  };
  cloud.v2.listeners.set(made.arn, made);
  cloud.v2.tags.set(made.arn, readTags(params));
  return made;
}

function ruleByArn(cloud: Cloud, arn: string): ListenerRule {
  const found = cloud.v2.rules.get(arn);
  if (found === undefined) throw awsError("RuleNotFound", `One or more rules not found: ${arn}`);
  return found;
}

export const listenerOperations: Operations = {
  CreateListener: {
    run: (cloud, params) => ({ Listeners: [listenerShape(makeListener(cloud, params))] }),
    trail: elbTrail,
  },

  ModifyListener: {
    run: (cloud, params) => {
      const found = listenerByArn(cloud, elbRequired(params, "ListenerArn"));
      const [port, protocol] = [integer(params, "Port"), text(params, "Protocol")];
      const now: Listener = {
        ...found,
        ...(port === undefined ? {} : { port }),
        ...(protocol === undefined ? {} : { protocol }),
        ...(params["DefaultActions"] === undefined
          ? {}
          : { actions: actionsOf(cloud, params, "DefaultActions") }),
      };
      cloud.v2.listeners.set(now.arn, now);
      return { Listeners: [listenerShape(now)] };
    },
    trail: elbTrail,
  },

  DeleteListener: {
    run: (cloud, params) => {
      dropListener(cloud, listenerByArn(cloud, elbRequired(params, "ListenerArn")).arn);
      return {};
    },
    trail: elbTrail,
  },

  DescribeListeners: {
    run: (cloud, params) => {
      const [arns, balancer] = [texts(params, "ListenerArns"), text(params, "LoadBalancerArn")];
      if (arns.length === 0 && balancer === undefined)
        throw validation("You must specify either listener ARNs or a load balancer ARN");
      const all = [...cloud.v2.listeners.values()];
      const asked =
        arns.length > 0
          ? arns.map((arn) => listenerByArn(cloud, arn))
          : all.filter(
              ({ loadBalancer }) => loadBalancer === loadBalancerByArn(cloud, balancer ?? "").arn,
            );
      const { items, marker } = markedPage(asked, params);
      return { Listeners: items.map(listenerShape), NextMarker: marker };
    },
  },

  CreateRule: {
    run: (cloud, params) => {
      const listener = listenerByArn(cloud, elbRequired(params, "ListenerArn"));
      const priority = Number(elbRequired(params, "Priority"));
      if (
        [...cloud.v2.rules.values()].some(
          (other) => other.listener === listener.arn && other.priority === priority,
        )
      ) {
        throw awsError("PriorityInUse", `Priority '${priority}' is currently in use`);
      }
      const made: ListenerRule = {
        arn: `${listener.arn.replace(":listener/", ":listener-rule/")}/${cloud.ids.hex(16)}`,
        listener: listener.arn,
        priority,
        conditions: structures(params, "Conditions"),
        actions: actionsOf(cloud, params, "Actions"),
      };
      cloud.v2.rules.set(made.arn, made);
      cloud.v2.tags.set(made.arn, readTags(params));
      return { Rules: [ruleShape(made)] };
    },
    trail: elbTrail,
  },

  ModifyRule: {
    run: (cloud, params) => {
      const found = ruleByArn(cloud, elbRequired(params, "RuleArn"));
      const now = {
        ...found,
        ...(params["Conditions"] === undefined
          ? {}
          : { conditions: structures(params, "Conditions") }),
        ...(params["Actions"] === undefined
          ? {}
          : { actions: actionsOf(cloud, params, "Actions") }),
      };
      cloud.v2.rules.set(now.arn, now);
      return { Rules: [ruleShape(now)] };
    },
    trail: elbTrail,
  },

  DeleteRule: {
    run: (cloud, params) => {
      const { arn } = ruleByArn(cloud, elbRequired(params, "RuleArn"));
      cloud.v2.rules.delete(arn);
      cloud.v2.tags.delete(arn);
      return {};
    },
    trail: elbTrail,
  },

  DescribeRules: {
    run: (cloud, params) => {
      const [arns, listener] = [texts(params, "RuleArns"), text(params, "ListenerArn")];
      if (listener === undefined)
        return { Rules: arns.map((arn) => ruleShape(ruleByArn(cloud, arn))) };
      const found = listenerByArn(cloud, listener);
      const own = [...cloud.v2.rules.values()]
        .filter((rule) => rule.listener === found.arn)
        .sort((a, b) => a.priority - b.priority);
      const { items, marker } = markedPage(
        [...own.map(ruleShape), defaultRuleShape(found)],
        params,
      );
      return { Rules: items, NextMarker: marker };
    },
  },
};
