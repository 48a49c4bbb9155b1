import { toJsonSchema } from "@valibot/to-json-schema";
import { outcomeSchema, parts } from "../../lib/values/outcomeSchema.ts";

/** The JSON schema of what the notify function reads. */
export const schema = toJsonSchema(outcomeSchema, {
  typeMode: "input",
  ignoreActions: ["transform"],
  definitions: parts,
});
