import { type GroupId, portsText, type Rule, ruleKey } from "../../lib/values/rule.ts";
import type { Interface } from "../../lib/values/snapshot.ts";
import { fateOf } from "../fate.ts";
import { openingsAt, portTexts, servingAt } from "../../lib/survey/openings.ts";
import type { Paper } from "../shell/surroundings.ts";
import { groupName, interfaceName, sourceName } from "../../lib/survey/names.ts";
import { type Subject } from "../subject.ts";
import type { Survey } from "../../lib/survey/survey.ts";
import { fold } from "./columns.ts";
import { plain, timeText } from "../../lib/survey/words.ts";

/** One way in to some interfaces that are attached to the same groups and served alike. */
interface WayIn {
  readonly group: GroupId;
  readonly rule: Rule;
  readonly ports: string;
  readonly who: string;
  /** Does it open a port that load balancers serve to others? */
  readonly opens: boolean;
  readonly would: string;
}

interface Explained {
  readonly interfaces: readonly Interface[];
  readonly loadBalancers: readonly { readonly name: string; readonly ports: readonly string[] }[];
  readonly waysIn: readonly WayIn[];
}

/** Who can reach the subject: its interfaces together where they are attached to the same groups and served alike. */
export function explainedAs({ interfaces, group }: Subject, seen: Survey): readonly Explained[] {
  const { before } = seen;
  const places = interfaces.map((eni) => ({ eni, serving: servingAt([eni], before) }));
  const alike = Map.groupBy(places, ({ eni, serving }) =>
    JSON.stringify([
      [...eni.groups].sort(),
      serving.map(({ loadBalancer, ports }) => [loadBalancer.id, portTexts(ports)]),
    ]),
  );
  const explained = [...alike.values()].map((some): Explained => {
    const serving = some[0]?.serving ?? [];
    const attached = some.map(({ eni }) => eni);
    const groups = attached[0]?.groups ?? [];
    return {
      interfaces: attached,
      loadBalancers: serving.map(({ loadBalancer, ports }) => ({
        name: loadBalancer.name,
        ports: portTexts(ports),
      })),
      waysIn: waysIn(attached, group === undefined ? groups : [group], seen),
    };
  });
  return explained.length > 0 || group === undefined
    ? explained
    : [{ interfaces: [], loadBalancers: [], waysIn: waysIn([], [group], seen) }];
}

function waysIn(
  attached: readonly Interface[],
  groups: readonly GroupId[],
  seen: Survey,
): readonly WayIn[] {
  const { before, reports } = seen;
  const opened = new Set(openingsAt(attached, groups, before).map(({ rule }) => rule));
  return groups.flatMap((group) => {
    const report = reports.find((one) => one.group === group);
    return (before.groups.get(group)?.rules ?? []).map((rule) => ({
      group,
      rule,
      ports: portsText(rule),
      who: sourceName(rule.source, group, before),
      opens: opened.has(rule),
      would: fateOf(rule, report),
    }));
  });
}

export function explanationLines(subject: Subject, seen: Survey, paper: Paper): readonly string[] {
  const { colour } = paper;
  const { before, region } = seen;
  const explained = explainedAs(subject, seen);
  return [
    colour.bold(`Who can reach ${plain(subject.title)}`) +
      colour.dim(`  ${before.account} ${region}, read ${timeText(before.at)}`),
    ...explained.flatMap(({ interfaces, loadBalancers, waysIn }) => [
      "",
      ...interfaces.map(
        (eni) => colour.bold(interfaceName(eni)) + colour.dim(`  ${eni.addresses.join(", ")}`),
      ),
      ...(interfaces.length === 0 ? [colour.bold("no network interface is attached to it")] : []),
      ...(loadBalancers.length === 0
        ? ["  behind no load balancer"]
        : loadBalancers.map(({ name, ports }) => `  behind ${plain(name)} on ${ports.join(", ")}`)),
      ...(waysIn.length === 0 ? ["  nobody: there are no inbound rules"] : []),
      ...waysIn.flatMap((one) => wayLines(one, seen, paper)),
      ...added(interfaces, seen).flatMap(({ group, rule }) => [
        colour.green(`  + ${portsText(rule)} from ${sourceName(rule.source, group, before)}`),
        colour.dim(`        elb-only would add it to ${groupName(group, before)}`),
      ]),
    ]),
    ...(explained.some(({ waysIn }) => waysIn.some(({ opens }) => opens))
      ? [
          "",
          colour.dim("! lets others than load balancers in to a port that load balancers serve."),
        ]
      : []),
    "",
    colour.dim(
      "Security groups alone: a network ACL, a route or a firewall on the machine may still stop a packet.",
    ),
  ];
}

/** A way in, and below it by which rule it is and what would become of it. */
function wayLines(
  { group, rule, ports, who, opens, would }: WayIn,
  { before }: Survey,
  { colour, width }: Paper,
): readonly string[] {
  const head = `  ${opens ? "!" : " "} ${ports} from ${who}`;
  const detail = `by ${rule.id ?? "a rule"} of ${groupName(group, before)}; elb-only would ${would}`;
  return [
    opens ? colour.red(head) : head,
    ...fold(detail, width - 8).map((line) => colour.dim(`        ${line}`)),
  ];
}

/** The rules that would be added in the groups of these interfaces. */
function added(
  interfaces: readonly Interface[],
  { reports }: Survey,
): readonly { readonly group: GroupId; readonly rule: Rule }[] {
  const groups = new Set(interfaces.flatMap((one) => one.groups));
  const all = reports
    .filter(({ group }) => groups.has(group))
    .flatMap(({ group, missing }) => missing.map((rule) => ({ group, rule })));
  return [...new Map(all.map((one) => [`${one.group} ${ruleKey(one.rule)}`, one])).values()];
}
