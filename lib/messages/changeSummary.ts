import { loadBalancerTag } from "../values/ownTags.ts";
import { admittedBy } from "../values/ownAdmission.ts";
import type { Outcome } from "../values/outcome.ts";
import { publicAddresses } from "../values/cidr.ts";
import { allPorts, intersection, portSet, type PortSet, rangeText } from "../values/portRange.ts";
import { isIn, portsText, type Rule, sameRule, sourceKey } from "../values/rule.ts";
import type { Trigger } from "../values/trigger.ts";
import { listed } from "./text.ts";

/** What was, or would be, done to a group's rules. */
export interface ChangeSummary {
  /** Other people's rules that went: a way in was closed. */
  readonly closed: readonly Rule[];
  /** Load balancers' ways in that were made. */
  readonly letIn: readonly Rule[];
  /** Load balancers' ways in that were taken away, being unused. */
  readonly tidied: readonly Rule[];
}

/** A load balancer's way in that we made, by proof: anybody may write the tag. */
export const isOurs = (rule: Rule): boolean => admittedBy(rule) !== undefined;

/** Everybody's calls but our own wake us: what one of them made is not ours, whatever it says of itself. */
const isMadeBy = (triggers: readonly Trigger[], rule: Rule): boolean =>
  triggers.some(({ rules }) => rules.some((made) => sameRule(made, rule)));

/** A remainder that was added and taken back closed nothing. */
export function changeSummary(
  added: readonly Rule[],
  removed: readonly Rule[],
  triggers: readonly Trigger[],
): ChangeSummary {
  const isTidied = (rule: Rule): boolean => isOurs(rule) && !isMadeBy(triggers, rule);
  return {
    closed: removed.filter((rule) => !isTidied(rule) && !isIn(added, rule)),
    letIn: added.filter(isOurs),
    tidied: removed.filter(isTidied),
  };
}

const protocols = ["tcp", "udp"] as const;

const portsOf = (rule: Rule, protocol: "tcp" | "udp"): PortSet => {
  if (rule.protocol === "-1") return allPorts;
  return rule.protocol === protocol ? [{ from: rule.fromPort, to: rule.toPort }] : [];
};

/** The ports that the removal of these rules closes; the rest of a wide rule stays open by its remainder. */
function closedPorts(rules: readonly Rule[], governed: Outcome["governed"]): readonly string[] {
  const closed = protocols.flatMap((protocol) => {
    const open = portSet(rules.flatMap((rule) => portsOf(rule, protocol)));
    const ours = portSet(governed.filter((range) => range.protocol === protocol));
    return intersection(open, ours).map((range) => `${protocol}/${rangeText(range)}`);
  });
  return closed.length > 0 ? closed : [...new Set(rules.map(portsText))];
}

/** Do these rules together let in as many public addresses as no registry was ever given (a /8, a /12 of IPv6)? That is as good as all of them. */
function isInternet(rules: readonly Rule[]): boolean {
  const cidrs = rules.flatMap(({ source }) => ("cidr" in source ? [source.cidr] : []));
  return publicAddresses(cidrs, "ipv4") > 2 ** 24 || publicAddresses(cidrs, "ipv6") > 2 ** 116;
}

const internet = "the internet";

/** "the internet", or the sources by name. */
function whom(rules: readonly Rule[], group: string): string {
  if (isInternet(rules)) return internet;
  const names = rules.map(({ source }) =>
    source.kind === "group" && source.group === group ? "itself" : sourceKey(source),
  );
  return listed([...new Set(names)]);
}

export const opensToInternet = (rules: readonly Rule[]): boolean => isInternet(rules);

/** What is, or was, open, and to whom: in words. */
export interface OpenTo {
  readonly ports: string;
  readonly who: string;
}

/** To each source what is open to it by these rules, and no more; the internet first. */
export function openTo(
  rules: readonly Rule[],
  { group, governed }: Pick<Outcome, "group" | "governed">,
): readonly OpenTo[] {
  const bySource = Map.groupBy(rules, (rule) => whom([rule], group));
  const closed = [...bySource].map(([who, some]) => ({
    who,
    rules: some,
    ports: listed(closedPorts(some, governed)),
  }));
  const byPorts = Map.groupBy(closed, ({ ports }) => ports);
  // Who is named beside the internet is in it, or matters less.
  const whoever = (some: typeof closed): string =>
    isInternet(some.flatMap((one) => one.rules)) ? internet : listed(some.map(({ who }) => who));
  return [...byPorts]
    .map(([ports, some]) => ({ ports, who: whoever(some) }))
    .sort((a, b) => Number(b.who === internet) - Number(a.who === internet));
}

/** "tcp/80 to the internet and tcp/8080 to 10.0.0.0/16". */
export const closing = (
  rules: readonly Rule[],
  outcome: Pick<Outcome, "group" | "governed">,
): string => listed(openTo(rules, outcome).map(({ ports, who }) => `${ports} to ${who}`));

/** "tcp/20-79 to the internet": of ways in that are open. */
export const opening = (rules: readonly Rule[], group: string): string =>
  `${listed([...new Set(rules.map(portsText))])} to ${whom(rules, group)}`;

/** A Classic Load Balancer's tag holds its name; any other's its ARN, with the name last but one. */
const loadBalancerOf = (rule: Rule): string => {
  const id = rule.tags[loadBalancerTag] ?? "";
  return id.startsWith("arn:") ? (id.split("/").at(-2) ?? id) : id;
};

/** Who is let in by these rules of ours, and where: "MyLoadBalancer", "tcp/80". */
export const admitted = (
  rules: readonly Rule[],
): { readonly who: string; readonly ports: string } => ({
  who: listed([...new Set(rules.map(loadBalancerOf))]),
  ports: listed([...new Set(rules.map(portsText))]),
});
