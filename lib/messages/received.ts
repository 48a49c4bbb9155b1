import { notArmedKind, unheardKind } from "../values/ownMessages.ts";
import type { Outcome } from "../values/outcome.ts";
import * as v from "valibot";
import type { Cut } from "./truncate.ts";
import type { Trouble } from "./trouble.ts";
import { outcomeSchema } from "../values/outcomeSchema.ts";

const troubleSchema = v.object({
  version: v.literal(1),
  kind: v.picklist([notArmedKind, unheardKind]),
  account: v.string(),
  region: v.string(),
  partition: v.string(),
  at: v.string(),
  problems: v.array(v.string()),
});

/** Reads what was sent to the notify queue; throws what is wrong with it. */
export function received(body: string): (Outcome & Cut) | Trouble {
  const value = parsed(body);
  const isTrouble = typeof value === "object" && value !== null && "kind" in value;
  return isTrouble ? valid(troubleSchema, value) : valid(outcomeSchema, value);
}

function valid<Output>(schema: v.GenericSchema<unknown, Output>, value: unknown): Output {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const problems = result.issues.map(
    (issue) => `${v.getDotPath(issue) ?? "the body"}: ${issue.message}`,
  );
  throw new Error(`No outcome: ${problems.slice(0, 5).join("; ")}`);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new Error("No outcome: the body is not JSON", { cause: error });
  }
}
