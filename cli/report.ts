import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { type Happening, happeningOf } from "../lib/report/history.ts";
import { pageOf } from "../lib/report/page.ts";
import { headline } from "../lib/survey/headline.ts";
import { type Survey, totalsOf } from "../lib/survey/survey.ts";
import { counted } from "../lib/survey/words.ts";
import type { EvidenceOptions } from "./evidence/gatherEvidence.ts";
import { gatherSurveys } from "./gatherSurveys.ts";
import { outcomesFlag, readOutcomes } from "./outcomeFiles.ts";
import type { Act, GlobalOptions } from "./shell/act.ts";
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
import type { Surroundings } from "./shell/surroundings.ts";
import { version } from "./shell/version.ts";

interface ReportOptions
  extends WhereOptions, ChoiceOptions, PolicyOptions, GlobalOptions, EvidenceOptions {
  readonly html: string;
  readonly outcomes?: readonly string[];
}

const examples = `
Examples
  elb-only report --region eu-west-1 --html report.html
  elb-only report --region eu-west-1,us-east-1 --flow-logs logs/
  elb-only report --region eu-west-1 --outcomes outcomes.jsonl
  elb-only report --from snapshot.json --default-mode enforce --html - > report.html

The page is one file that loads nothing from anywhere: open it, mail it, print it.
It holds addresses, names and rules as they were read: keep it as you keep those.
`;

/** `elb-only report`: what plan says, as a page to look at and to hand on. */
export function addReport(program: Command, around: Surroundings, act: Act): void {
  const command = program
    .command("report")
    .summary("the plan as a page: numbers, pictures, before and after, to search")
    .description(
      "Reads, plans and writes one HTML page: what is open, to whom and why, who reaches whom in pictures, each group before and after. Changes nothing.\nExit code: 0 written, 1 an error.",
    );
  takesEvidence(takesPolicy(choosesGroups(readsSnapshot(command))))
    .optionsGroup("History (what the deployed functions did, and how long it had been open):")
    .option(
      `${outcomesFlag} <files...>`,
      "outcomes, or their events: JSON, one, a list or one a line",
    )
    .optionsGroup("Output:")
    .option("--html <file>", "the page to write; - is standard output", "report.html")
    .addHelpText("after", examples)
    .action((_, self: Command) => act(() => report(self.optsWithGlobals(), around)));
}

async function report(options: ReportOptions, around: Surroundings): Promise<number> {
  const { policy } = givenPolicy(options, around.folder);
  const surveys = await gatherSurveys(options, policy, around);
  const made = around.now().toISOString();
  const history = historyOf(options, surveys, around);
  const page = await pageOf(surveys, { policy, made, version, history });
  if (options.html === "-") around.stdout.write(page);
  else {
    // Others on this machine need not know who is let in where.
    writeFileSync(resolve(around.folder, options.html), page, { mode: 0o600 });
    around.stderr.write(`${options.html}: ${headline(totalsOf(surveys))}\n`);
  }
  return 0;
}

/** What outcomes say of the accounts and regions on the page; without any, nothing. */
function historyOf(
  { outcomes }: ReportOptions,
  surveys: readonly Survey[],
  { folder, stderr }: Surroundings,
): readonly Happening[] {
  if (outcomes === undefined) return [];
  const read = readOutcomes(outcomes, folder);
  if (read.unreadable > 0)
    stderr.write(
      `${counted(read.unreadable, "document")} in ${outcomes.join(", ")} could not be read as an outcome.\n`,
    );
  return read.outcomes
    .filter(({ account, region }) =>
      surveys.some((one) => one.region === region && one.before.account === account),
    )
    .flatMap((one) => happeningOf(one) ?? []);
}
