import { notArmedKind, summaryKind, uncoveredKind, unheardKind } from "../values/ownMessages.ts";
import type { Outcome } from "../values/outcome.ts";
import * as v from "valibot";
import type { Cut } from "./truncate.ts";
import { isOwnReport, type OwnReport } from "./ownReport.ts";
import { outcomeSchema } from "../values/outcomeSchema.ts";

const header = {
  version: v.literal(1),
  account: v.string(),
  region: v.string(),
  partition: v.string(),
  at: v.string(),
};
const wayIn = v.object({
  group: v.string(),
  way: v.string(),
  why: v.string(),
  since: v.exactOptional(v.string()),
  by: v.exactOptional(v.string()),
});
const ownReportSchema = v.variant("kind", [
  v.object({
    ...header,
    kind: v.picklist([notArmedKind, unheardKind, uncoveredKind]),
    problems: v.array(v.string()),
  }),
  v.object({
    ...header,
    kind: v.literal(summaryKind),
    since: v.string(),
    groups: v.object({
      protected: v.number(),
      audit: v.number(),
      drifted: v.number(),
      ignored: v.number(),
      refused: v.number(),
    }),
    openPorts: v.number(),
    open: v.array(wayIn),
    keptRules: v.number(),
    kept: v.array(wayIn),
  }),
]);

/** Reads what was sent to the notify queue; throws what is wrong with it. */
export function received(body: string): (Outcome & Cut) | OwnReport {
  const value = parsed(body);
  const isOwn = typeof value === "object" && value !== null && isOwnReport(value);
  return isOwn ? valid(ownReportSchema, value) : valid(outcomeSchema, value);
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
