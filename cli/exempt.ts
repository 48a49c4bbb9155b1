import { allowedBy, type Exemption, keepOf } from "../lib/values/exemption.ts";
import { allowTag, modeTag, taggedMode } from "../lib/values/ownTags.ts";
import { ruleText, type Tags } from "../lib/values/rule.ts";
import type { Group, Snapshot } from "../lib/values/snapshot.ts";

/** One thing that a tag exempts, or was to. */
export interface Exempt {
  /** The group's or the load balancer's id. */
  readonly on: string;
  readonly name: string;
  readonly what: string;
  readonly state: "exempt" | "expired" | "unreadable" | "outgrown";
  /** The last day. */
  readonly until?: string;
  readonly why: string;
}

/** Everything that tags exempt in the groups in question, and in the load balancers of the region. */
export function exemptionsIn({
  groups,
  inQuestion,
  loadBalancers,
  at,
}: Snapshot): readonly Exempt[] {
  const asked = inQuestion.flatMap((id) => groups.get(id) ?? []);
  return [
    ...asked.flatMap((group) => exemptIn(group, at)),
    ...loadBalancers.flatMap(({ id, name, tags }) => lessIn(id, name, "the ports it serves", tags)),
  ];
}

function exemptIn(group: Group, at: string): readonly Exempt[] {
  const { id, name, tags, rules } = group;
  const of = (what: string, exemption: Exemption): readonly Exempt[] => {
    const found = stateOf(exemption);
    return found === undefined ? [] : [{ on: id, name, what, ...found }];
  };
  return [
    ...lessIn(id, name, "the whole group", tags),
    ...of(allowedText(tags), allowedBy(tags, at)),
    ...rules.flatMap((rule) => of(ruleText(rule), keepOf(rule, at))),
  ];
}

const allowedText = (tags: Tags): string => `elb-only:allow ${tags[allowTag] ?? ""}`;

/** A mode that asks for less than enforcement is an exemption without an end. */
function lessIn(on: string, name: string, what: string, tags: Tags): readonly Exempt[] {
  const mode = taggedMode(tags);
  return mode === undefined || mode === "enforce"
    ? []
    : [{ on, name, what, state: "exempt", why: `tagged elb-only=${tags[modeTag] ?? ""}` }];
}

function stateOf(exemption: Exemption): Pick<Exempt, "state" | "until" | "why"> | undefined {
  switch (exemption.kind) {
    case "none":
      return undefined;
    case "unreadable":
      return { state: "unreadable", why: exemption.why };
    case "outgrown":
      return { state: "outgrown", why: `the rule lets in more than ${exemption.named}` };
    case "expired":
      return { state: "expired", until: exemption.until, why: exemption.why };
    case "granted": {
      const { until, why } = exemption;
      return { state: "exempt", ...(until === undefined ? {} : { until }), why };
    }
  }
}
