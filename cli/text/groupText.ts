import type { Finding, Severity } from "../../lib/values/finding.ts";
import { portsText, type Rule } from "../../lib/values/rule.ts";
import type { Snapshot } from "../../lib/values/snapshot.ts";
import { type GroupReport, isToChange } from "../../lib/survey/groupReport.ts";
import type { OpenRule } from "../../lib/survey/openings.ts";
import type { Paper } from "../shell/surroundings.ts";
import { block, columns, fold, type Row } from "./columns.ts";
import { plain, someOf } from "../../lib/survey/words.ts";
import type { Survey } from "../../lib/survey/survey.ts";
import { useLines } from "../../lib/survey/evidenceText.ts";
import { byParty, sourceName } from "../../lib/survey/names.ts";

const indent = 2;
const margin = 14;

/** More rules than these that stay as they are only hide those that do not. */
const mostUnchanged = 12;

/** A group's rules as a diff, by ports: "-" goes, "+" comes. */
function ruleRows(
  { rules, add, remove, group }: GroupReport,
  snapshot: Snapshot,
  { colour }: Paper,
): readonly Row[] {
  const unchanged = rules.filter((rule) => !remove.includes(rule));
  const isShort = unchanged.length <= mostUnchanged;
  const marked = [
    ...remove.map((rule) => ({ mark: "-", rule, paint: colour.red })),
    ...add.map((rule) => ({ mark: "+", rule, paint: colour.green })),
    ...(isShort ? unchanged : []).map((rule) => ({ mark: " ", rule, paint: colour.dim })),
  ];
  const order = (rule: Rule): number => (rule.protocol === "-1" ? -2 : rule.fromPort);
  const rows = marked
    .sort((a, b) => order(a.rule) - order(b.rule))
    .map(({ mark, rule, paint }) => ({
      cells: [
        mark,
        portsText(rule),
        sourceName(rule.source, group, snapshot),
        plain(rule.description ?? ""),
      ],
      paint,
    }));
  const rest = { cells: ["", `and ${unchanged.length} that stay as they are`], paint: colour.dim };
  return isShort ? rows : [...rows, rest];
}

/** "tcp/80 to everybody (0.0.0.0/0), by sgr-1". */
const openingText = ({ rule, ports, group }: OpenRule, snapshot: Snapshot): string =>
  `${ports.join(", ")} to ${sourceName(rule.source, group, snapshot)}${rule.id === undefined ? "" : `, by ${rule.id}`}`;

const severities: readonly Severity[] = ["high", "medium", "low", "info"];

const worstFirst = (findings: readonly Finding[]): readonly Finding[] =>
  [...findings].sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));

/** A finding, and below it what to do next. */
function findingLines(one: Finding, { colour, width }: Paper): readonly string[] {
  const paints = { high: colour.red, medium: colour.yellow, low: colour.dim, info: colour.dim };
  const room = width - indent - margin;
  const [first = "", ...rest] = fold(`${one.severity}: ${plain(one.text)} (${one.code})`, room);
  return [
    paints[one.severity](first),
    ...rest.map((line) => paints[one.severity](line)),
    ...fold(`Next: ${one.next}`, room - 2).map((line) => colour.dim(`  ${line}`)),
  ];
}

const effectLines = (
  effects: GroupReport["loses"],
  { group, attached }: GroupReport,
  snapshot: Snapshot,
): readonly string[] =>
  byParty(effects, group, snapshot).map(([who, what, interfaces]) =>
    interfaces.length === attached.length
      ? `${who}: ${what}`
      : `${who}: ${what} (at ${someOf(interfaces, 3)})`,
  );

/** What goes at the head of a group: "~" changes, "!" stays open, " " neither. */
function headOf(report: GroupReport, { colour }: Paper): string {
  const { bold, yellow, red } = colour;
  const mark = isToChange(report) ? yellow("~") : report.staysOpen.length > 0 ? red("!") : " ";
  const reach =
    report.reach === "govern" ? "" : report.reach === "admitOnly" ? ", admit only" : ", hands off";
  const name = report.name === report.group ? "" : ` ${plain(report.name)}`;
  return `${mark} ${bold(`${report.group}${name}`)}${colour.dim(`  ${report.vpc ?? "EC2-Classic"}, mode ${report.mode}${reach}`)}`;
}

function interfacesText({ attached }: GroupReport): string {
  const unserved = attached.filter(({ served }) => !served);
  const named = someOf(
    attached.map(({ what, interface: id }) => (what.includes(id) ? what : `${what} at ${id}`)),
    4,
  );
  const besides =
    unserved.length === 0
      ? ""
      : `; behind no load balancer: ${someOf(
          unserved.map(({ what }) => what),
          4,
        )}`;
  return `${attached.length}: ${named}${besides}`;
}

/** All that there is to say of one group, under its name. */
export function groupLines(
  report: GroupReport,
  { before, after, evidence }: Survey,
  paper: Paper,
): readonly string[] {
  const { width } = paper;
  const say = (label: string, lines: readonly string[]): readonly string[] =>
    block(label, lines, { margin, width: width - indent });
  const changes = isToChange(report);
  return [
    headOf(report, paper),
    ...[
      ...say(
        "behind",
        report.loadBalancers.map(({ name, ports }) => `${plain(name)} on ${ports.join(", ")}`),
      ),
      ...say("interfaces", report.attached.length === 0 ? [] : [interfacesText(report)]),
      ...say(
        "open now",
        report.open.map((one) => openingText(one, before)),
      ),
      ...(changes
        ? [
            ...say("rules", columns(ruleRows(report, before, paper), width - indent - margin)),
            ...say("loses", effectLines(report.loses, report, before)),
            ...say("gains", effectLines(report.gains, report, before)),
            ...say(
              "stays open",
              report.staysOpen.map((one) => openingText(one, after)),
            ),
          ]
        : []),
      ...say(
        "evidence",
        evidence === undefined
          ? []
          : (report.uses ?? []).flatMap((use) => useLines(use, evidence, before)),
      ),
      ...say(
        "refused",
        report.refused.map(
          ({ rule, why }) => `${openRule(rule, report, before)} would stay: ${why}`,
        ),
      ),
      ...say(
        "findings",
        worstFirst(report.findings).flatMap((one) => findingLines(one, paper)),
      ),
    ].map((line) => `  ${line}`),
  ];
}

const openRule = (rule: Rule, { group }: GroupReport, snapshot: Snapshot): string =>
  `${portsText(rule)} from ${sourceName(rule.source, group, snapshot)}`;

/** A group that needs no more than its name. */
export const briefLine = ({ group, name, loadBalancers }: GroupReport): string =>
  `${group}${name === group ? "" : ` ${plain(name)}`}${
    loadBalancers.length === 0
      ? ""
      : `, behind ${someOf(
          loadBalancers.map((one) => plain(one.name)),
          3,
        )}`
  }`;
