import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { Severity } from "../lib/values/finding.ts";
import type { EvidenceOptions } from "./evidence/gatherEvidence.ts";
import { asffText } from "./formats/asff.ts";
import { junitText } from "./formats/junit.ts";
import { sarifText } from "./formats/sarif.ts";
import { gatherSurveys } from "./gatherSurveys.ts";
import { isAtLeast, problemsOf } from "./problems.ts";
import {
  type ChoiceOptions,
  choosesGroups,
  type PolicyOptions,
  readsSnapshot,
  takesEvidence,
  takesPolicy,
  type WhereOptions,
} from "./shell/options.ts";
import { givenPolicy } from "./shell/policy.ts";
import type { Act, GlobalOptions } from "./shell/act.ts";
import { paperFor, type Surroundings } from "./shell/surroundings.ts";
import type { Verdict } from "./verdict.ts";
import { verdictLines } from "./text/verdictText.ts";

interface VerifyOptions
  extends WhereOptions, ChoiceOptions, PolicyOptions, GlobalOptions, EvidenceOptions {
  readonly failOn: Severity;
  readonly json?: boolean;
  readonly sarif?: boolean;
  readonly junit?: boolean;
  readonly asff?: boolean;
  readonly out?: string;
}

const examples = `
Examples
  elb-only verify --region eu-west-1
  elb-only verify --from snapshot.json --fail-on high
  elb-only verify --sarif --out elb-only.sarif
  elb-only verify --junit --out elb-only.xml
  elb-only verify --asff --out findings.json
  aws securityhub batch-import-findings --findings file://findings.json
`;

const formats = ["json", "sarif", "junit", "asff"] as const;

/** One format at a time. */
const format = (flag: `--${(typeof formats)[number]}`, description: string): Option =>
  new Option(flag, description).conflicts(formats.filter((one) => flag !== `--${one}`));

/** `elb-only verify`: is everything as it should be? For pipelines. */
export function addVerify(program: Command, around: Surroundings, act: Act): void {
  const command = program
    .command("verify")
    .summary("is everything as it should be? For pipelines")
    .description(
      "Reads, plans and says what is not as it should be. Changes nothing.\nExit code: 0 all is as it should be, 2 something is not, 1 an error (also: not everything could be read).",
    );
  takesEvidence(takesPolicy(choosesGroups(readsSnapshot(command))))
    .optionsGroup("Output:")
    .addOption(
      new Option("--fail-on <severity>", "the least severity that counts as wrong")
        .choices(["info", "low", "medium", "high"])
        .default("medium"),
    )
    .addOption(format("--json", "one JSON document instead of text"))
    .addOption(format("--sarif", "SARIF 2.1.0, for code scanning"))
    .addOption(format("--junit", "JUnit's XML: a test for each group"))
    .addOption(format("--asff", "AWS Security Finding Format, for Security Hub"))
    .option("--out <file>", "write it there instead of to standard output")
    .addHelpText("after", examples)
    .action((_, self: Command) => act(() => verify(self.optsWithGlobals(), around)));
}

async function verify(options: VerifyOptions, around: Surroundings): Promise<number> {
  const { policy } = givenPolicy(options, around.folder);
  const surveys = await gatherSurveys(options, policy, around);
  const problems = problemsOf(surveys);
  const verdict: Verdict = {
    surveys,
    problems,
    failing: problems.filter(({ severity }) => isAtLeast(severity, options.failOn)),
    gaps: surveys.flatMap(({ before }) => before.gaps),
    failOn: options.failOn,
    at: around.now(),
  };
  const text = textOf(verdict, options, around);
  if (options.out === undefined) around.stdout.write(text);
  else writeFileSync(resolve(around.folder, options.out), text);
  return verdict.failing.length > 0 ? 2 : verdict.gaps.length > 0 ? 1 : 0;
}

function textOf(verdict: Verdict, options: VerifyOptions, around: Surroundings): string {
  if (options.json === true) return jsonText(verdict);
  if (options.sarif === true) return sarifText(verdict);
  if (options.junit === true) return junitText(verdict);
  if (options.asff === true) return asffText(verdict);
  const lines: string[] = [];
  const paper = paperFor(around, !options.color || options.out !== undefined);
  for (const line of verdictLines(verdict, paper)) lines.push(...paper.fit(line));
  return `${lines.join("\n")}\n`;
}

const jsonText = ({ surveys, problems, failing, gaps, failOn, at }: Verdict): string =>
  `${JSON.stringify(
    {
      kind: "elb-only verdict",
      version: 1,
      at: at.toISOString(),
      isAsItShouldBe: failing.length + gaps.length === 0,
      failOn,
      looked: surveys.map(({ region, before, reports }) => ({
        account: before.account,
        region,
        at: before.at,
        groups: reports.map(({ group }) => group),
      })),
      gaps,
      problems: problems.map((one) => ({ ...one, fails: failing.includes(one) })),
    },
    undefined,
    2,
  )}\n`;
