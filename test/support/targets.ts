import type { CheckedTarget, Health, HealthReading } from "../../lib/values/snapshot.ts";

/** A target as "eni-1 i-1 web:8080", by a target group, or "eni-1 i-1 shop", by a Classic Load Balancer. */
export function checked(text: string): CheckedTarget {
  const [id = "", at = "", by = ""] = text.split(" ");
  const [name = "", port] = by.split(":");
  return {
    interface: id,
    at,
    by:
      port === undefined
        ? { kind: "classicLoadBalancer", name }
        : { kind: "targetGroup", name, port: Number(port) },
  };
}

/** Health as "healthy", "silent:Target.Timeout", "unhealthy:ELB". */
export function health(text: string): Health {
  const [state, reason = ""] = text.split(":");
  if (state === "healthy") return { state };
  if (state === "silent" || state === "unhealthy") return { state, reason };
  throw new Error(`No health: ${text}`);
}

export const reading = (target: string, said: string): HealthReading => ({
  target: checked(target),
  health: health(said),
});
