import type { Use } from "../lib/evidence/wayIn.ts";
import { containsPublicAddress } from "../lib/values/cidr.ts";
import { catalogue, type Severity } from "../lib/values/finding.ts";
import { portsText, type Rule, ruleKey, type Source } from "../lib/values/rule.ts";
import type { Snapshot } from "../lib/values/snapshot.ts";
import type { GroupReport } from "../lib/survey/groupReport.ts";
import { plain } from "../lib/survey/words.ts";
import { useLines } from "../lib/survey/evidenceText.ts";
import { groupName, sourceName } from "../lib/survey/names.ts";
import type { Survey } from "../lib/survey/survey.ts";

/** What verification found wrong in one group. */
export interface Problem {
  readonly code: string;
  readonly severity: Severity;
  readonly account: string;
  readonly region: string;
  readonly group: string;
  readonly name: string;
  readonly vpc?: string;
  readonly text: string;
  readonly next: string;
  readonly rule?: Rule;
  /** Who used the rule, where flow logs were read; and the same in words. */
  readonly use?: Use;
  readonly evidence?: readonly string[];
}

/** The problems that are no findings of the planner's: what there is to do. */
const ownCodes = {
  "open-to-others": {
    when: "A rule lets others than load balancers in to a port that load balancers serve.",
    next: "Put it right: elb-only plan shows how.",
  },
  "not-admitted": {
    when: "A load balancer that serves an interface of the group is not let in on a port.",
    next: "Add the rule: elb-only plan shows it.",
  },
} as const;

/** Every code there is, and when it is made. */
export const allCodes: Readonly<Record<string, { readonly when: string; readonly next: string }>> =
  {
    ...ownCodes,
    ...catalogue,
  };

const severities: readonly Severity[] = ["info", "low", "medium", "high"];
export const isAtLeast = (one: Severity, least: Severity): boolean =>
  severities.indexOf(one) >= severities.indexOf(least);

const isPublic = (source: Source, { prefixLists, vpcRanges }: Snapshot): boolean => {
  const own = [...vpcRanges.values()].flat();
  switch (source.kind) {
    case "ipv4":
    case "ipv6":
      return containsPublicAddress(source.cidr, own);
    case "prefixList":
      return (
        prefixLists.get(source.id)?.entries?.some((one) => containsPublicAddress(one, own)) ?? true
      );
    case "group":
    case "groupName":
      return false;
  }
};

function problemsIn(report: GroupReport, { before, region, evidence }: Survey): readonly Problem[] {
  const { group, name, vpc } = report;
  const evidenceOf = (rule: Rule): Pick<Problem, "use" | "evidence"> => {
    const use = report.uses?.find(({ wayIn }) => ruleKey(wayIn.rule) === ruleKey(rule));
    return use === undefined || evidence === undefined
      ? {}
      : { use, evidence: useLines(use, evidence, before) };
  };
  const place = {
    account: before.account,
    region,
    group,
    name,
    ...(vpc === undefined ? {} : { vpc }),
  };
  const here = groupName(group, before);
  const opened = new Map(report.open.map((one) => [ruleKey(one.rule), one.ports]));
  const open = report.remove
    .filter((rule) => opened.has(ruleKey(rule)))
    .map((rule): Problem => ({
      ...place,
      code: "open-to-others",
      severity: isPublic(rule.source, before) ? "high" : "medium",
      text: `${here} is open on ${opened.get(ruleKey(rule))?.join(", ")} to ${sourceName(rule.source, group, before)}, beside its load balancers.`,
      next: ownCodes["open-to-others"].next,
      rule,
      ...evidenceOf(rule),
    }));
  const missing = report.missing.map((rule): Problem => ({
    ...place,
    code: "not-admitted",
    severity: "medium",
    text: `${here} lacks a rule for ${portsText(rule)} from ${sourceName(rule.source, group, before)}.`,
    next: ownCodes["not-admitted"].next,
    rule,
  }));
  const findings = report.findings.map(({ code, severity, text, next, rule }): Problem => ({
    ...place,
    code,
    severity,
    text: plain(text),
    next,
    ...(rule === undefined ? {} : { rule }),
  }));
  return [...open, ...missing, ...findings];
}

/** All that is wrong, the worst first. */
export const problemsOf = (surveys: readonly Survey[]): readonly Problem[] =>
  surveys
    .flatMap((one) => one.reports.flatMap((report) => problemsIn(report, one)))
    .sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
