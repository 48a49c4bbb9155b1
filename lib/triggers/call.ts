import type { Rule } from "../values/rule.ts";
import type { Touched } from "../values/trigger.ts";
import type { Fields } from "./fields.ts";
import { identifier, type Kind } from "./identifiers.ts";

/** One successful API call, as CloudTrail recorded it. */
export interface Call {
  readonly event: string;
  readonly apiVersion?: string;
  /** Twelve digits: whose account it was made in. */
  readonly account?: string;
  readonly request: Fields;
  /** Missing: CloudTrail left it out, or the API answers with nothing. */
  readonly response?: Fields;
}

/** What one call is to us. */
export type Reading =
  | {
      readonly kind: "touches";
      readonly touched: readonly Touched[];
      readonly rules: readonly Rule[];
    }
  | { readonly kind: "notOurs"; readonly why: string };

/** The calls that concern us, by CloudTrail's eventName, and how each is read. */
export type Family = ReadonlyMap<string, (call: Call) => Reading>;

export const touches = (touched: readonly Touched[], rules: readonly Rule[] = []): Reading => ({
  kind: "touches",
  touched,
  rules,
});
export const notOurs = (why: string): Reading => ({ kind: "notOurs", why });

/** The event does not say what was touched. */
export const everything: Reading = touches([{ kind: "everything" }]);

/** What a call must name in its request for us to know where to look. */
export const requested = (call: Call, field: string, kind: Kind): string =>
  identifier(kind, call.request[field], `requestParameters.${field} of ${call.event}`);
