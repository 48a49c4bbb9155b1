import { awsError } from "../errors.ts";
import { account } from "../identities.ts";
import type { Operation, Operations } from "../operation.ts";
import type { Cloud } from "../state/cloud.ts";
import type { BusRule } from "../state/events.ts";
import { structures, text, texts, type Params } from "../wire/params.ts";
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

function change(cloud: Cloud, rule: BusRule, changed: Partial<BusRule>): void {
  cloud.bus.rules[cloud.bus.rules.indexOf(rule)] = { ...rule, ...changed };
}

const setDisabled = (isDisabled: boolean): Operation => ({
  run: (cloud, params) => {
    const rule = ruleOf(cloud, params);
    change(cloud, rule, { isDisabled });
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

/** EventBridge's rules of the default bus, in AWS JSON 1.1: to read, to test, to tamper with. They are made with the sandbox. */
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
    run: (cloud, params) => ({ Targets: ruleOf(cloud, params, "Rule").targets }),
  },

  /** One with the same id is replaced. */
  PutTargets: {
    run: (cloud, params) => {
      const rule = ruleOf(cloud, params, "Rule");
      const given = structures(params, "Targets") as readonly Tree[];
      const others = rule.targets.filter(({ Id }) => !given.some((one) => one["Id"] === Id));
      change(cloud, rule, { targets: [...others, ...given] });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    trail: (params) => ({ rule: text(params, "Rule") }),
  },

  RemoveTargets: {
    run: (cloud, params) => {
      const rule = ruleOf(cloud, params, "Rule");
      const ids = texts(params, "Ids");
      change(cloud, rule, {
        targets: rule.targets.filter(({ Id }) => typeof Id !== "string" || !ids.includes(Id)),
      });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    trail: (params) => ({ rule: text(params, "Rule") }),
  },

  /** Of a rule that is there: its pattern. */
  PutRule: {
    run: (cloud, params) => {
      const rule = ruleOf(cloud, params);
      change(cloud, rule, {
        pattern: parsed(params, "EventPattern", "InvalidEventPatternException"),
      });
      return { RuleArn: shape(cloud, rule)["Arn"] };
    },
    trail: (params) => ({ name: text(params, "Name") }),
  },

  DeleteRule: {
    run: (cloud, params) => {
      const rule = ruleOf(cloud, params);
      if (rule.targets.length > 0)
        throw awsError("ValidationException", "Rule can't be deleted since it has targets.");
      cloud.bus.rules.splice(cloud.bus.rules.indexOf(rule), 1);
      return {};
    },
    trail: (params) => ({ name: text(params, "Name") }),
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
