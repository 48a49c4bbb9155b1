import type { Params } from "../wire/params.ts";
import type { Tree, Value } from "../wire/tree.ts";

const numbers = new Set([
  "Port",
  "InstancePort",
  "LoadBalancerPort",
  "LoadBalancerPorts",
  "Interval",
  "Timeout",
  "HealthyThreshold",
  "UnhealthyThreshold",
  "Priority",
  "Weight",
  "TargetControlPort",
  "HealthCheckIntervalSeconds",
  "HealthCheckTimeoutSeconds",
  "HealthyThresholdCount",
  "UnhealthyThresholdCount",
]);

const lists = /s$/;

const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** ELB's requests as CloudTrail shows them: names in lower camel case, plain lists, numbers as numbers. */
export const elbTrail = (params: Params): Tree =>
  Object.fromEntries(
    Object.entries(params)
      .filter(([name]) => name !== "Action" && name !== "Version")
      .map(([name, value]) => [lower(name), shown(name, value)]),
  );

function shown(name: string, value: unknown): Value {
  if (Array.isArray(value)) return value.map((entry) => shown(name, entry));
  if (typeof value === "object" && value !== null) return elbTrail(value as Params);
  if (value === "" && lists.test(name)) return [];
  if (value === "true" || value === "false") return value === "true";
  return numbers.has(name) ? Number(value) : String(value);
}
