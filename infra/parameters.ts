import { CfnCondition, CfnMapping, CfnParameter, Fn, type Stack, Token } from "aws-cdk-lib";
import { allowedText, type Setting } from "../lib/values/setting.ts";
import {
  deploymentSettings,
  intervals,
  parameterNames,
  type ParameterSetting,
  type Settings,
} from "./settings.ts";

/** Of a setting: "sweepInterval" is the parameter "SweepInterval". @internal */
export const capitalized = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** The settings as parameters of the template, which CloudFormation checks and people fill in. */
export function parameterSettings(stack: Stack): Settings {
  const parameters = Object.fromEntries(
    parameterNames.map((name) => [name, addParameter(stack, name)]),
  ) as Record<ParameterSetting, CfnParameter>;
  const seconds = new CfnMapping(stack, "SweepIntervals", { mapping: intervals });
  const inMap = (key: string): string =>
    seconds.findInMap(parameters.sweepInterval.valueAsString, key);

  const conditions = new Map<string, CfnCondition>();
  const condition = (id: string, make: () => CfnCondition): CfnCondition => {
    const known = conditions.get(id) ?? make();
    conditions.set(id, known);
    return known;
  };
  const idOf = (name: ParameterSetting, is: "Is" | "IsNot", value: string): string =>
    `${capitalized(name)}${is}${capitalized(value === "" ? "empty" : value)}`;
  const equals = (name: ParameterSetting, value: string) =>
    Fn.conditionEquals(parameters[name].valueAsString, value);

  return {
    values: {
      ...(Object.fromEntries(
        parameterNames.map((name) => [name, parameters[name].valueAsString]),
      ) as Readonly<Record<ParameterSetting, string>>),
      tags: "",
    },
    logRetentionDays: Token.asNumber(parameters.logRetentionDays.value),
    interval: { schedule: inMap("schedule"), seconds: Token.asNumber(inMap("seconds")) },
    is: (name, value) => {
      const id = idOf(name, "Is", value);
      return condition(id, () => new CfnCondition(stack, id, { expression: equals(name, value) }));
    },
    isNot: (name, value) => {
      const id = idOf(name, "IsNot", value);
      return condition(
        id,
        () => new CfnCondition(stack, id, { expression: Fn.conditionNot(equals(name, value)) }),
      );
    },
  };
}

function addParameter(stack: Stack, name: ParameterSetting): CfnParameter {
  const setting: Setting & { readonly default: string } = deploymentSettings[name];
  const { about, allowed, default: standard } = setting;
  return new CfnParameter(stack, capitalized(name), {
    description: about,
    default: standard,
    ...("pattern" in allowed
      ? {
          allowedPattern: allowed.pattern.source.replaceAll("\\/", "/"),
          constraintDescription: `allowed: ${allowedText(setting)}`,
        }
      : { allowedValues: [...allowed] }),
  });
}
