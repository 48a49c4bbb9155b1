import * as v from "valibot";
import { parts } from "../lib/values/outcomeSchema.ts";
import type { Policy } from "../lib/values/policy.ts";
import { policySchema } from "../lib/values/policySchema.ts";
import { portText } from "../lib/values/protectedPort.ts";

const rules = v.array(parts.rule);

const port = v.object({ protocol: v.picklist(["tcp", "udp"]), from: v.number(), to: v.number() });

/** As much of what `elb-only plan --out` wrote as applying it takes. */
const schema = v.object({
  kind: v.literal("elb-only plan"),
  version: v.literal(1),
  // Ports are objects there, and texts where people write them.
  policy: v.looseObject({ protectedPorts: v.array(port) }),
  pictures: v.array(
    v.object({
      account: v.string(),
      region: v.string(),
      groups: v.array(
        v.object({
          group: v.string(),
          name: v.string(),
          add: rules,
          remove: rules,
          state: v.string(),
        }),
      ),
    }),
  ),
});
export type PlanFile = Omit<v.InferOutput<typeof schema>, "policy"> & { readonly policy: Policy };
export type PlannedGroup = PlanFile["pictures"][number]["groups"][number];

/** Reads a plan; throws what is wrong with it, in words. */
export function planIn(text: string, name: string): PlanFile {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${name} is not JSON: ${(cause as Error).message}`, { cause });
  }
  const result = v.safeParse(schema, read);
  const written = result.success ? result.output.policy : undefined;
  const policy = v.safeParse(policySchema, {
    ...written,
    protectedPorts: written?.protectedPorts.map(portText),
  });
  if (result.success && policy.success) return { ...result.output, policy: policy.output };
  const problems = (result.issues ?? policy.issues ?? [])
    .slice(0, 5)
    .map((issue) => `  ${v.getDotPath(issue) ?? "the file"}: ${issue.message}`);
  throw new Error(
    `${name} is no plan of this tool's. Make one with: elb-only plan --out ${name}\n${problems.join("\n")}`,
  );
}
