import { differenceOf } from "../judge/difference.ts";
import { changeIdOf } from "../values/changeId.ts";
import type { Intent } from "../values/intent.ts";
import type { AccountRegion } from "../values/outcome.ts";
import { isIn, type Rule, sameRule } from "../values/rule.ts";
import type { Custody } from "./custody.ts";
import { recordAddOnly, recordIntent, type Remediation } from "./remediation.ts";
import { type Work, workOf } from "./work.ts";

/** A group with something left to do. */
export interface Open {
  readonly remediation: Remediation;
  readonly work: Work;
}

/** Writes down what is going to be done in these groups. Where it cannot be, nothing is removed: what is left is the load balancers' ways in. */
export async function intend(
  open: readonly Open[],
  where: AccountRegion,
  { writeAhead, digits }: Pick<Custody, "writeAhead" | "digits">,
): Promise<readonly Open[]> {
  const written = await Promise.all(
    open.map(async (one): Promise<readonly Open[]> => {
      const { remediation, work } = one;
      const intent = intentOf(remediation, work, where, digits);
      if (intent === undefined) return [one];
      try {
        await writeAhead(intent);
        recordIntent(remediation, intent);
        return [one];
      } catch (error) {
        recordAddOnly(remediation, error instanceof Error ? error.message : String(error));
        const left = workOf(remediation);
        return left === undefined ? [] : [{ remediation, work: left }];
      }
    }),
  );
  return written.flat();
}

/** What is to be written down of some work; undefined: it is written already. */
function intentOf(
  { group, first, plan, triggers, intent }: Remediation,
  work: Work,
  { account, region, partition }: AccountRegion,
  digits: () => string,
): Intent | undefined {
  const known = first?.groups.get(group);
  if (first === undefined || plan === undefined || known === undefined) return undefined;
  const add = together(
    intent?.add ?? [],
    [...work.admissions, ...work.remainders.map(({ rule }) => rule)],
    isIn,
  );
  const remove = together(
    intent?.remove ?? [],
    [...work.removals, ...work.waiting, ...work.takeBack],
    isAmong,
  );
  if (add.length === intent?.add.length && remove.length === intent.remove.length) return undefined;
  const before = known.rules;
  const after = [...before.filter((rule) => !isAmong(remove, rule)), ...add];
  const { prefixLists } = first;
  return {
    version: 1,
    change: intent?.change ?? changeIdOf(first.at, digits()),
    account,
    region,
    partition,
    group,
    name: known.name,
    ...(known.vpc === undefined ? {} : { vpc: known.vpc }),
    begun: intent?.begun ?? first.at,
    triggers,
    mode: plan.mode,
    reach: plan.reach,
    before,
    add,
    remove,
    difference: differenceOf({ rules: before, prefixLists }, { rules: after, prefixLists }),
  };
}

const isAmong = (rules: readonly Rule[], rule: Rule): boolean =>
  rules.some((one) => sameRule(one, rule));

/** Those that were there, and those that are new. */
const together = (
  known: readonly Rule[],
  more: readonly Rule[],
  isThere: (rules: readonly Rule[], rule: Rule) => boolean,
): readonly Rule[] => [...known, ...more.filter((rule) => !isThere(known, rule))];
