import * as v from "valibot";
import type { Intent } from "./intent.ts";
import { parts } from "./outcomeSchema.ts";

const { rule, trigger, passage } = parts;

const intentSchema = v.object({
  version: v.literal(1),
  change: v.string(),
  account: v.string(),
  region: v.string(),
  partition: v.string(),
  group: v.string(),
  name: v.string(),
  vpc: v.exactOptional(v.string()),
  begun: v.string(),
  triggers: v.array(trigger),
  mode: v.picklist(["enforce", "audit", "ignore"]),
  reach: v.picklist(["govern", "admitOnly", "handsOff"]),
  before: v.array(rule),
  add: v.array(rule),
  remove: v.array(rule),
  difference: v.object({ loses: v.array(passage), gains: v.array(passage) }),
});

/** An intent as it comes out of the journal, where whoever may write to the table may have put it; undefined: it is none. */
export function intentIn(value: unknown): Intent | undefined {
  const read = v.safeParse(intentSchema, value);
  return read.success ? read.output : undefined;
}
