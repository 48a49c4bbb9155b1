import type { Node } from "constructs";
import { problemsOf } from "../lib/values/setting.ts";
import {
  deploymentSettingNames,
  deploymentSettings,
  intervals,
  type Settings,
} from "./settings.ts";

/** CDK's own keys have a colon or an @ in them. */
const isOurs = (key: string): boolean => !/[:@]/.test(key);

/** Lists may be lists in cdk.json; other values are texts. */
const textOf = (given: unknown): string => {
  if (Array.isArray(given)) return given.map(textOf).join(",");
  return typeof given === "string" ? given : JSON.stringify(given);
};

/** The settings in CDK's context (`-c name=value`, cdk.json); throws every problem in one message. */
export function contextSettings(node: Node): Settings {
  const given = Object.entries(node.getAllContext() as Record<string, unknown>).filter(([key]) =>
    isOurs(key),
  );
  const values = {
    ...Object.fromEntries(
      deploymentSettingNames.map((name) => [name, deploymentSettings[name].default]),
    ),
    ...Object.fromEntries(given.map(([key, value]) => [key, textOf(value)])),
  } as Settings["values"];

  const misspelled = Object.keys(values)
    .filter((key) => !Object.hasOwn(deploymentSettings, key))
    .map((key) => `${key} is not a setting; allowed: ${deploymentSettingNames.join(", ")}`);
  const problems = [
    ...misspelled,
    ...deploymentSettingNames.flatMap((name) =>
      problemsOf(deploymentSettings[name], name, values[name]),
    ),
  ];
  if (problems.length > 0)
    throw new Error(
      `The settings cannot be deployed:\n${problems.map((line) => `- ${line}`).join("\n")}`,
    );

  return {
    values,
    logRetentionDays: Number(values.logRetentionDays),
    interval: intervals[values.sweepInterval as keyof typeof intervals],
    is: (name, value) => values[name] === value,
    isNot: (name, value) => values[name] !== value,
  };
}
