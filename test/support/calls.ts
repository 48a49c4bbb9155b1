import type { GroupId, Rule } from "../../lib/values/rule.ts";
import { ruleKey } from "../../lib/values/rule.ts";
import type { Region } from "./region.ts";
import { groupOf, rulesOf, withRules } from "./region.ts";

/** One mutating call as EC2 gets it: a batch that stands or falls as a whole. */
export type Call =
  | { readonly kind: "authorize"; readonly group: GroupId; readonly rules: readonly Rule[] }
  | { readonly kind: "revoke"; readonly group: GroupId; readonly rules: readonly Rule[] };

/** How EC2 takes rules to revoke that are not there: a default VPC revokes the others, any other VPC none. */
export type Revoke = "default VPC" | "other";

/** What EC2 answers: the region after the call (and what it did not find), or an error code and nothing done. */
export type Answered =
  | { readonly kind: "ok"; readonly region: Region; readonly unknown: readonly Rule[] }
  | { readonly kind: "error"; readonly code: string };

const error = (code: string): Answered => ({ kind: "error", code });

export function answer(region: Region, call: Call, revoke: Revoke, newId: () => string): Answered {
  if (groupOf(region, call.group) === undefined) return error("InvalidGroup.NotFound");
  return call.kind === "authorize"
    ? authorized(region, call, newId)
    : revoked(region, call, revoke);
}

function authorized(region: Region, { group, rules }: Call, newId: () => string): Answered {
  const standing = rulesOf(region, group);
  const keys = rules.map(ruleKey);
  if (new Set(keys).size < keys.length) return error("InvalidParameterValue");
  if (!rules.every(isWellFormed)) return error("InvalidParameterValue");
  if (rules.some(({ source }) => source.kind === "group" && region.gone.includes(source.group)))
    return error("InvalidGroup.NotFound");
  if (standing.some((rule) => keys.includes(ruleKey(rule))))
    return error("InvalidPermission.Duplicate");
  const together = [...standing, ...rules.map((rule) => ({ ...owned(rule, region), id: newId() }))];
  if (families.some((family) => size(region, together, family) > region.quota))
    return error("RulesPerSecurityGroupLimitExceeded");
  return { kind: "ok", region: withRules(region, group, () => together), unknown: [] };
}

/** EC2 says of every group that a rule refers to whose it is. */
const owned = (rule: Rule, { account, groups }: Region): Rule =>
  rule.source.kind === "group"
    ? {
        ...rule,
        source: { owner: groupOwner(rule.source.group, groups) ?? account, ...rule.source },
      }
    : rule;

const groupOwner = (id: string, groups: Region["groups"]): string | undefined =>
  groups.find((group) => group.id === id)?.owner;

/** EC2's alphabet and length for descriptions; nobody but AWS writes `aws:` tags. */
const isWellFormed = (rule: Rule): boolean =>
  /^[a-zA-Z0-9 ._\-:/()#,@[\]+=;{}!$*]{0,255}$/.test(rule.description ?? "") &&
  !Object.keys(rule.tags).some((key) => key.startsWith("aws:"));

const families = ["ipv4", "ipv6"] as const;

/** What counts against one family's quota: a group reference once in each, a prefix list of that family with all its entries. */
const size = (region: Region, rules: readonly Rule[], family: "ipv4" | "ipv6"): number =>
  rules
    .map(({ source }) => {
      if (source.kind === "ipv4" || source.kind === "ipv6") return source.kind === family ? 1 : 0;
      if (source.kind !== "prefixList") return 1;
      const entries = region.prefixLists.find((list) => list.id === source.id)?.entries ?? [];
      const isOfFamily = entries.some((one) => one.includes(":") === (family === "ipv6"));
      return entries.length === 0 ? 1 : isOfFamily ? entries.length : 0;
    })
    .reduce((sum, one) => sum + one, 0);

/** How much of its quota a group has used, in the family in which it is more. */
export const fullness = (region: Region, group: GroupId): number =>
  Math.max(...families.map((family) => size(region, rulesOf(region, group), family)));

export const fullest = (region: Region): number =>
  Math.max(...region.groups.map(({ id }) => fullness(region, id)));

function revoked(
  region: Region,
  call: Call & { readonly kind: "revoke" },
  revoke: Revoke,
): Answered {
  const standing = rulesOf(region, call.group);
  const found = call.rules.map((rule) => standing.find((other) => isSame(other, rule)));
  const unknown = call.rules.filter((_, index) => found[index] === undefined);
  if (unknown.length > 0 && revoke === "other") return error("InvalidPermission.NotFound");
  return {
    kind: "ok",
    region: withRules(region, call.group, (rules) => rules.filter((rule) => !found.includes(rule))),
    unknown,
  };
}

/** A description counts only where the request gives one. */
const isSame = (standing: Rule, asked: Rule): boolean =>
  ruleKey(standing) === ruleKey(asked) &&
  (asked.description === undefined || asked.description === standing.description);
