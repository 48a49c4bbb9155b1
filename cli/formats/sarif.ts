import type { Severity } from "../../lib/values/finding.ts";
import { ruleKey } from "../../lib/values/rule.ts";
import { allCodes, type Problem } from "../problems.ts";
import type { Verdict } from "../verdict.ts";
import { version } from "../shell/version.ts";
import { arnOf } from "./arn.ts";

const levels: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  high: "error",
  medium: "warning",
  low: "note",
  info: "note",
};

/** As code scanning services sort by. */
const scores: Readonly<Record<Severity, string>> = {
  high: "8.0",
  medium: "5.5",
  low: "2.0",
  info: "0.0",
};

/** The verdict as SARIF 2.1.0, for code scanning. */
export function sarifText({ problems, surveys, gaps, at }: Verdict): string {
  const codes = [...new Set(problems.map(({ code }) => code))].sort();
  const run = {
    tool: {
      driver: {
        name: "elb-only",
        semanticVersion: version,
        rules: codes.map((code) => ruleOf(code, problems)),
      },
    },
    automationDetails: {
      id: `elb-only/${surveys.map(({ before, region }) => `${before.account}-${region}`).join("+")}/`,
    },
    invocations: [
      {
        executionSuccessful: gaps.length === 0,
        endTimeUtc: at.toISOString(),
        toolExecutionNotifications: gaps.map((text) => ({ level: "error", message: { text } })),
      },
    ],
    results: problems.map((one) => resultOf(one, codes)),
  };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [run],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function ruleOf(code: string, problems: readonly Problem[]) {
  const { when = code, next = "" } = allCodes[code] ?? {};
  const severity = problems.find((one) => one.code === code)?.severity ?? "info";
  return {
    id: code,
    shortDescription: { text: when },
    help: { text: next },
    defaultConfiguration: { level: levels[severity] },
    properties: { "security-severity": scores[severity], tags: ["security"] },
  };
}

function resultOf(problem: Problem, codes: readonly string[]) {
  const { code, severity, group, name, text, next, account, region, rule, evidence = [] } = problem;
  const uri = `${account}/${region}/security-group/${group}`;
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: levels[severity],
    message: { text: [text, ...evidence, next].join("\n") },
    locations: [
      {
        // Nothing is in a file; code scanning takes no result without one.
        physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } },
        logicalLocations: [{ name, fullyQualifiedName: arnOf(problem), kind: "resource" }],
      },
    ],
    partialFingerprints: {
      "problem/v1": `${uri}/${code}${rule === undefined ? "" : `/${ruleKey(rule)}`}`,
    },
  };
}
