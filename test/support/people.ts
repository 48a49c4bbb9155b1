import fc from "fast-check";
import {
  hasPorts,
  type GroupId,
  type Rule,
  ruleKey,
  sourceKey,
  type Tags,
} from "../../lib/values/rule.ts";
import { anyRule, backGroups } from "./arbitraryRules.ts";
import type { Call } from "./calls.ts";
import { ruleLine } from "./draw.ts";
import { groupOf, type Region, rulesOf, withRules, withTags } from "./region.ts";

/** What a person does in a group; `nth` picks one of its rules: if even, of those from a source that our call is about, if there are any. */
export type Edit =
  | { readonly kind: "authorize"; readonly rule: Rule }
  | { readonly kind: "revoke"; readonly nth: number }
  /** ModifySecurityGroupRules: the same rule by id, on other ports. */
  | { readonly kind: "modify"; readonly nth: number; readonly ports: readonly [number, number] }
  | { readonly kind: "retagRule"; readonly nth: number; readonly tags: Tags }
  /** A load balancer is deleted, and its interfaces with it; or it sends to nobody any more. */
  | { readonly kind: "leave"; readonly nth: number; readonly isDeleted: boolean }
  | { readonly kind: "retagGroup"; readonly tags: Tags };

/** An edit just before a call of ours, in the group that we are about to change (`undefined`) or in another. */
export interface Interruption {
  readonly call: number;
  readonly where: GroupId | undefined;
  readonly edit: Edit;
}

const nth = fc.nat({ max: 9 });

const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 2, arbitrary: anyRule.map((rule): Edit => ({ kind: "authorize", rule })) },
  { weight: 4, arbitrary: nth.map((of): Edit => ({ kind: "revoke", nth: of })) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        nth,
        fc.constantFrom<readonly [number, number]>(
          [22, 22],
          [80, 80],
          [81, 443],
          [0, 65535],
          [20, 90],
        ),
      )
      .map(([of, ports]): Edit => ({ kind: "modify", nth: of, ports })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(nth, fc.constantFrom<Tags>({ "elb-only:keep": "mine" }, {}, { team: "ops" }))
      .map(([of, tags]): Edit => ({ kind: "retagRule", nth: of, tags })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(nth, fc.boolean())
      .map(([of, isDeleted]): Edit => ({ kind: "leave", nth: of, isDeleted })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<Tags>(
        { "elb-only": "ignore" },
        { "elb-only": "audit" },
        { "elb-only": "enforce" },
        {},
      )
      .map((tags): Edit => ({ kind: "retagGroup", tags })),
  },
);

export const anyInterruptions: fc.Arbitrary<readonly Interruption[]> = fc.array(
  fc.record({
    call: fc.integer({ min: 1, max: 6 }),
    where: fc.option(fc.constantFrom<GroupId>(...backGroups), { nil: undefined, freq: 4 }),
    edit: anyEdit,
  }),
  { minLength: 1, maxLength: 3 },
);

/** What an edit did: the region after it, and the rule that does not stand any more as it stood. */
export interface Edited {
  readonly region: Region;
  readonly text: string;
  readonly undone: readonly { readonly group: GroupId; readonly rule: Rule }[];
}

/** The edit as EC2 takes it; one that EC2 would refuse (the same rule twice, nothing there) changes nothing. */
export function edited(
  region: Region,
  group: GroupId,
  edit: Edit,
  call: Call,
  newId: () => string,
): Edited {
  const rules = rulesOf(region, group);
  const unchanged: Edited = { region, text: "nothing", undone: [] };
  const stands = (rule: Rule): boolean =>
    rules.some((other) => other.id !== rule.id && ruleKey(other) === ruleKey(rule));
  if (edit.kind === "retagGroup")
    return {
      ...unchanged,
      region: withTags(region, group, edit.tags),
      text: `tags ${group} ${JSON.stringify(edit.tags)}`,
    };
  if (edit.kind === "leave") return left(region, edit.nth, edit.isDeleted);
  if (edit.kind === "authorize") {
    const rule = { ...edit.rule, id: newId() };
    if (groupOf(region, group) === undefined || stands(rule)) return unchanged;
    return {
      ...unchanged,
      region: withRules(region, group, (some) => [...some, rule]),
      text: `authorizes ${ruleLine(rule)} in ${group}`,
    };
  }
  const rule = picked(rules, edit.nth, call);
  if (rule === undefined) return unchanged;
  const replaced = (by: readonly Rule[]): Region =>
    withRules(region, group, (some) => some.flatMap((one) => (one === rule ? by : [one])));
  switch (edit.kind) {
    case "revoke":
      return {
        region: replaced([]),
        text: `revokes ${ruleLine(rule)} in ${group}`,
        undone: [{ group, rule }],
      };
    case "modify": {
      const changed = { ...rule, fromPort: edit.ports[0], toPort: edit.ports[1] };
      if (!hasPorts(rule.protocol) || stands(changed) || ruleKey(rule) === ruleKey(changed))
        return unchanged;
      return {
        region: replaced([changed]),
        text: `turns ${ruleLine(rule)} into ${ruleLine(changed)} in ${group}`,
        undone: [{ group, rule }],
      };
    }
    case "retagRule":
      return {
        ...unchanged,
        region: replaced([{ ...rule, tags: edit.tags }]),
        text: `tags ${ruleLine(rule)} ${JSON.stringify(edit.tags)} in ${group}`,
      };
  }
}

/** The region without a load balancer, or with one that has no targets. */
function left(region: Region, nth: number, isDeleted: boolean): Edited {
  const { loadBalancers, interfaces } = region;
  const one = loadBalancers[nth % Math.max(1, loadBalancers.length)];
  if (one === undefined) return { region, text: "nothing", undone: [] };
  const isIts = ({ use, groups }: (typeof interfaces)[number]): boolean =>
    use.kind === "loadBalancer" && groups.join() === one.groups.join();
  const others = loadBalancers.filter((other) => other !== one);
  const isShared = others.some(({ groups }) => groups.join() === one.groups.join());
  return {
    region: {
      ...region,
      loadBalancers: isDeleted ? others : [...others, { ...one, targets: [] }],
      interfaces: isDeleted && !isShared ? interfaces.filter((eni) => !isIts(eni)) : interfaces,
    },
    text: isDeleted ? `deletes ${one.name}` : `takes all targets from ${one.name}`,
    undone: [],
  };
}

function picked(rules: readonly Rule[], nth: number, call: Call): Rule | undefined {
  const sources = new Set(call.rules.map((rule) => sourceKey(rule.source)));
  const atHand = rules.filter((rule) => sources.has(sourceKey(rule.source)));
  const choice = nth % 2 === 0 && atHand.length > 0 ? atHand : rules;
  return choice[Math.floor(nth / 2) % Math.max(1, choice.length)];
}

/** The edits that come before this call of ours. */
export const before = (
  interruptions: readonly Interruption[],
  call: number,
  what: Call,
): readonly { readonly group: GroupId; readonly edit: Edit }[] =>
  interruptions
    .filter((one) => one.call === call)
    .map(({ where, edit }) => ({ group: where ?? what.group, edit }));
