import { remainderTag } from "../values/ownTags.ts";
import { type Rule, sourceKey } from "../values/rule.ts";
import { isCovered } from "./remainder.ts";

/** A remainder of ours beside a rule that lets in all of it and more, from the same source: the wide rule stands again, or still. */
const isCopyOf = (rule: Rule, wide: Rule): boolean =>
  rule !== wide &&
  rule.tags[remainderTag] !== undefined &&
  // Anybody can write a tag: the copy has to read as its whole does.
  rule.description === wide.description &&
  sourceKey(rule.source) === sourceKey(wide.source) &&
  isCovered(rule, [wide]);

/** Copies of rules that stay. They go, so that whoever revokes the wide rule later leaves nothing open by them. */
export function copiesOf(wide: readonly Rule[], rules: readonly Rule[]): readonly Rule[] {
  const copies = new Set<Rule>();
  const isWhole = (one: Rule, rule: Rule): boolean => !copies.has(one) && isCopyOf(rule, one);
  for (const rule of rules) if (wide.some((one) => isWhole(one, rule))) copies.add(rule);
  return [...copies];
}
