import type { Problem } from "../problems.ts";
import type { GroupReport } from "../../lib/survey/groupReport.ts";
import type { Survey } from "../../lib/survey/survey.ts";
import type { Verdict } from "../verdict.ts";

/** The verdict as JUnit's XML: a suite an account and region, a test a group. */
export function junitText({ surveys, failing, at }: Verdict): string {
  const suites = surveys.map((one) => suiteOf(one, failing, at));
  const sum = (of: "tests" | "failures" | "errors"): number =>
    suites.reduce((total, one) => total + one[of], 0);
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="elb-only verify" tests="${sum("tests")}" failures="${sum("failures")}" errors="${sum("errors")}" time="0">`,
    ...suites.flatMap(({ lines }) => lines),
    "</testsuites>",
    "",
  ].join("\n");
}

function suiteOf({ before, region, reports }: Survey, failing: readonly Problem[], at: Date) {
  const name = `${before.account} ${region}`;
  const own = failing.filter((one) => one.account === before.account && one.region === region);
  const bad = (group: string) => own.filter((one) => one.group === group);
  const cases = reports.flatMap((report) => caseOf(report, name, bad(report.group)));
  const unread = before.gaps.length === 0 ? [] : gapCase(name, before.gaps);
  const [tests, failures, errors] = [
    reports.length + (unread.length > 0 ? 1 : 0),
    reports.filter(({ group }) => bad(group).length > 0).length,
    unread.length > 0 ? 1 : 0,
  ];
  return {
    tests,
    failures,
    errors,
    lines: [
      `  <testsuite name="${escaped(name)}" tests="${tests}" failures="${failures}" errors="${errors}" skipped="0" time="0" timestamp="${at.toISOString().slice(0, 19)}" hostname="elb-only">`,
      ...cases,
      ...unread,
      "  </testsuite>",
    ],
  };
}

function caseOf(
  { group, name }: GroupReport,
  suite: string,
  problems: readonly Problem[],
): readonly string[] {
  const head = `    <testcase classname="${escaped(suite)}" name="${escaped(name === group ? group : `${group} ${name}`)}" time="0"`;
  const [first] = problems;
  if (first === undefined) return [`${head}/>`];
  const text = problems.map((one) =>
    [`${one.severity}: ${one.text} (${one.code})`, ...(one.evidence ?? []), one.next].join("\n  "),
  );
  return [
    `${head}>`,
    `      <failure message="${escaped(first.text)}" type="${escaped(first.code)}">${escaped(text.join("\n"))}</failure>`,
    "    </testcase>",
  ];
}

const gapCase = (suite: string, gaps: readonly string[]): readonly string[] => [
  `    <testcase classname="${escaped(suite)}" name="everything can be read" time="0">`,
  `      <error message="${escaped(gaps[0] ?? "")}" type="not-read">${escaped(gaps.join("\n"))}</error>`,
  "    </testcase>",
];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
};

/** What XML cannot hold at all is left out. */
const escaped = (text: string): string =>
  text
    .replaceAll(/[^\n\t\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll(/[&<>"\n]/g, (one) => entities[one] ?? one);
