import type { Rule } from "../values/rule.ts";
import type { Touched } from "../values/trigger.ts";
import { isFields, type Fields } from "./fields.ts";
import { identifier, type Kind } from "./identifiers.ts";
import type { PatternFields } from "./pattern.ts";

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
export type Reading = Concerns | { readonly kind: "canary" };

/** Does it concern us? */
export type Concerns =
  | {
      readonly kind: "touches";
      readonly touched: readonly Touched[];
      readonly rules: readonly Rule[];
      readonly leaving?: true;
    }
  | { readonly kind: "notOurs"; readonly why: string };

/** Calls that concern us and are alike: parsing and subscribing both go by this, so that no call has one without the other. */
export interface Family {
  /** The EventBridge rule that delivers them; families may share one. */
  readonly rule: string;
  readonly service: "ec2" | "elasticloadbalancing";
  /** By CloudTrail's eventName, how each is read. */
  readonly calls: ReadonlyMap<string, (call: Call) => Reading>;
  /** What the rule asks of `requestParameters`; families that share a rule share this. */
  readonly narrowing?: PatternFields;
}

export const touches = (touched: readonly Touched[], rules: readonly Rule[] = []): Concerns => ({
  kind: "touches",
  touched,
  rules,
});
/** What is touched may still be there when the event comes, and counts until it is gone. */
export const leaves = (touched: readonly Touched[]): Reading => ({
  kind: "touches",
  touched,
  rules: [],
  leaving: true,
});
export const notOurs = (why: string): Concerns => ({ kind: "notOurs", why });

/** The event does not say what was touched. */
export const everything: Reading = touches([{ kind: "everything" }]);

/** As `requested`, of newer EC2 calls: CloudTrail records those wrapped and in PascalCase, `{ XRequest: { GroupId } }`. Taken unwrapped, too: few records are published. */
export function requestedInner(call: Call, field: string, kind: Kind): string {
  const wrapped = call.request[`${call.event}Request`];
  const inner = isFields(wrapped) ? wrapped : call.request;
  const pascal = `${field.charAt(0).toUpperCase()}${field.slice(1)}`;
  return identifier(kind, inner[pascal] ?? inner[field], `${pascal} of ${call.event}`);
}

/** What a call must name in its request for us to know where to look. */
export const requested = (call: Call, field: string, kind: Kind): string =>
  identifier(kind, call.request[field], `requestParameters.${field} of ${call.event}`);
