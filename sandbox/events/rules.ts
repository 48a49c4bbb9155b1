import { awsError } from "../errors.ts";
import { account } from "../identities.ts";
import type { Operation, Operations } from "../operation.ts";
import type { Cloud } from "../state/cloud.ts";
import type { BusRule } from "../state/events.ts";
import { text, type Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { matches } from "./patterns.ts";

const busArn = (cloud: Cloud): string =>
  `arn:aws:events:${cloud.region}:${account}:event-bus/default`;

function ruleOf(cloud: Cloud, params: Params, parameter = "Name"): BusRule {
  const name = text(params, parameter) ?? "";
  const rule = cloud.bus.rules.find((one) => one.name === name);
  if (rule === undefined)
    throw awsError("ResourceNotFoundException", `Rule ${name} does not exist on EventBus default.`);
  return rule;
}

const shape = (cloud: Cloud, rule: BusRule): Tree => ({
  Name: rule.name,
  Arn: `arn:aws:events:${cloud.region}:${account}:rule/${rule.name}`,
  EventPattern: JSON.stringify(rule.pattern),
  State: rule.isDisabled === true ? "DISABLED" : "ENABLED",
  EventBusName: "default",
});

const setDisabled = (isDisabled: boolean): Operation => ({
  run: (cloud, params) => {
    const rule = ruleOf(cloud, params);
    cloud.bus.rules[cloud.bus.rules.indexOf(rule)] = { ...rule, isDisabled };
    return {};
  },
  trail: (params) => ({ name: text(params, "Name") }),
});

function parsed(params: Params, name: string, code: string): object {
  try {
    const value: unknown = JSON.parse(text(params, name) ?? "");
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Falls through to AWS's own word for it.
  }
  throw awsError(code, `Parameter ${name} is not valid.`);
}

/** EventBridge's rules of the default bus, in AWS JSON 1.1: to read, to test, to switch off. They are made with the sandbox. */
export const eventRuleOperations: Operations = {
  ListEventBuses: {
    run: (cloud) => ({ EventBuses: [{ Name: "default", Arn: busArn(cloud) }] }),
  },

  DescribeEventBus: {
    run: (cloud) => ({ Name: "default", Arn: busArn(cloud) }),
  },

  ListRules: {
    run: (cloud, params) => {
      const prefix = text(params, "NamePrefix") ?? "";
      const rules = cloud.bus.rules.filter(({ name }) => name.startsWith(prefix));
      return { Rules: rules.map((rule) => shape(cloud, rule)) };
    },
  },

  DescribeRule: { run: (cloud, params) => shape(cloud, ruleOf(cloud, params)) },

  ListTargetsByRule: {
    run: (cloud, params) => {
      const { target } = ruleOf(cloud, params, "Rule");
      return { Targets: target === undefined ? [] : [{ Id: "Target0", Arn: target }] };
    },
  },

  DisableRule: setDisabled(true),
  EnableRule: setDisabled(false),

  TestEventPattern: {
    run: (_cloud, params) => {
      const pattern = parsed(params, "EventPattern", "InvalidEventPatternException");
      const event = parsed(params, "Event", "ValidationException");
      try {
        return { Result: matches(pattern, event) };
      } catch (error) {
        throw awsError(
          "InvalidEventPatternException",
          `Event pattern is not valid. ${String(error)}`,
        );
      }
    },
  },
};
