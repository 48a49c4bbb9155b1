import type { Node } from "constructs";
import type { Condition } from "./conditions.ts";
import { intervals, type KnobName, knobNames, knobs, problemOf } from "./knobs.ts";

/** What a deployment was told: texts, which may be references to the template's parameters. */
export interface Settings {
  readonly values: Readonly<Record<KnobName, string>>;
  readonly logRetentionDays: number;
  /** EventBridge Scheduler's expression, and the same in seconds. */
  readonly interval: { readonly schedule: string; readonly seconds: number };
  readonly is: (name: KnobName, value: string) => Condition;
  readonly isNot: (name: KnobName, value: string) => Condition;
}

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
  const standard = Object.fromEntries(knobNames.map((name) => [name, knobs[name].default]));
  const values = {
    ...standard,
    ...Object.fromEntries(given.map(([key, value]) => [key, textOf(value)])),
  } as Settings["values"];

  const misspelled = Object.keys(values)
    .filter((key) => !Object.hasOwn(knobs, key))
    .map((key) => `${key} is not a setting; allowed: ${knobNames.join(", ")}`);
  const problems = [
    ...misspelled,
    ...knobNames.flatMap((name) => problemOf(name, values[name]) ?? []),
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
