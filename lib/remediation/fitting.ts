import type { Intent } from "../values/intent.ts";
import type { Outcome } from "../values/outcome.ts";
import { isIn } from "../values/rule.ts";

/** Bytes: DynamoDB takes items of 400 KiB; the rest is for keys and quotes. */
const mostBytes = 300_000;

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

/** The first that an item has room for, or the last. */
const fitting = <Some>(...some: readonly [Some, ...Some[]]): Some =>
  some.find((one) => bytesOf(one) <= mostBytes) ?? some.at(-1) ?? some[0];

/** An intent as an item has room for it: without who loses what, which its rules say; then without the rules that nobody is going to touch. */
export function fittingIntent(intent: Intent): Intent {
  const bare = { ...intent, difference: { loses: [], gains: [] } };
  const before = intent.before.filter((rule) => isIn(intent.remove, rule));
  const triggers = intent.triggers.slice(0, 10).map((one) => ({ ...one, touched: [], rules: [] }));
  return fitting(intent, bare, { ...bare, before }, { ...bare, before, triggers });
}

/** An outcome as an item has room for it: without the rules before, which are its intent's; then without all that can be worked out from what was done. */
export function fittingOutcome(outcome: Outcome): Outcome {
  const told = { ...outcome, before: [] };
  const { difference: _, open: __, ...rest } = { ...told, after: [], proof: [] };
  const findings = outcome.findings.slice(0, 20);
  const triggers = outcome.triggers.slice(0, 10).map((one) => ({ ...one, touched: [], rules: [] }));
  return fitting<Outcome>(told, rest, { ...rest, findings, triggers, interfaces: [] });
}
