import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { EvidenceOptions } from "./evidence/gatherEvidence.ts";
import { gatherSurveys } from "./gatherSurveys.ts";
import {
  type ChoiceOptions,
  choosesGroups,
  type PolicyOptions,
  readsSnapshot,
  takesEvidence,
  takesPolicy,
  type WhereOptions,
} from "./shell/options.ts";
import { type GivenPolicy, givenPolicy } from "./shell/policy.ts";
import type { Act, GlobalOptions } from "./shell/act.ts";
import { paperFor, type Surroundings } from "./shell/surroundings.ts";
import { version } from "./shell/version.ts";
import { type Survey, totalsOf } from "../lib/survey/survey.ts";
import { bodyLines, footLines, headLines } from "./text/surveyText.ts";

interface PlanOptions
  extends WhereOptions, ChoiceOptions, PolicyOptions, GlobalOptions, EvidenceOptions {
  readonly json?: boolean;
  readonly out?: string;
}

const examples = `
Examples
  elb-only plan --region eu-west-1
  elb-only plan --profile production --region eu-west-1,us-east-1
  elb-only plan --role-arn arn:aws:iam::111111111111:role/audit,arn:aws:iam::222222222222:role/audit
  elb-only plan --load-balancer web-alb --allowed-sources 10.20.0.0/16
  elb-only plan --from snapshot.json --json | jq '.pictures[].groups[] | select(.remove != [])'
`;

/** `elb-only plan`: what would change, and who would lose or gain what. */
export function addPlan(program: Command, around: Surroundings, act: Act): void {
  const command = program
    .command("plan")
    .summary("what would change, and who would lose or gain what")
    .description(
      "Reads, plans and prints what elb-only would change, as a diff. Changes nothing.\nExit code: 0 nothing would change, 2 something would, 1 an error.",
    );
  takesEvidence(takesPolicy(choosesGroups(readsSnapshot(command))))
    .optionsGroup("Output:")
    .option("--json", "one JSON document instead of text")
    .option("--out <file>", "also write the JSON document there")
    .addHelpText("after", examples)
    .action((_, self: Command) => act(() => plan(self.optsWithGlobals(), around)));
}

async function plan(options: PlanOptions, around: Surroundings): Promise<number> {
  const given = givenPolicy(options, around.folder);
  const surveys = await gatherSurveys(options, given.policy, around);
  const document = `${JSON.stringify(documentOf(surveys, given, around.now()), undefined, 2)}\n`;
  if (options.out !== undefined) writeFileSync(resolve(around.folder, options.out), document);
  const paper = paperFor(around, !options.color);
  if (options.json === true) around.stdout.write(document);
  else {
    for (const line of headLines(surveys, given, paper)) paper.line(line);
    for (const one of surveys) for (const line of bodyLines(one, paper)) paper.line(line);
    for (const line of footLines(surveys, paper)) paper.line(line);
    if (options.out !== undefined) paper.line(`\nWritten to ${options.out}.`);
  }
  return totalsOf(surveys).toChange === 0 ? 0 : 2;
}

/** The plan for programs; `hash` is of everything that it would do. */
function documentOf(surveys: readonly Survey[], { policy }: GivenPolicy, now: Date) {
  const pictures = surveys.map(({ region, before, reports }) => ({
    account: before.account,
    region,
    at: before.at,
    gaps: before.gaps,
    groups: reports,
  }));
  return {
    kind: "elb-only plan",
    version: 1,
    by: version,
    made: now.toISOString(),
    policy,
    totals: totalsOf(surveys),
    hash: createHash("sha256").update(JSON.stringify({ policy, pictures })).digest("hex"),
    pictures,
  };
}
