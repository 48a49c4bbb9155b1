import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { counted, plain } from "../lib/survey/words.ts";
import { ruleText } from "../lib/values/rule.ts";
import { type AppliedGroup, applyToGroup } from "./deployed/applyToGroup.ts";
import { type Deployment, openDeployment, openPlace, type Place } from "./deployed/deployment.ts";
import { refusals } from "./deployed/refusals.ts";
import { type PlanFile, planIn, type PlannedGroup } from "./planFile.ts";
import type { Act, GlobalOptions } from "./shell/act.ts";
import { agree } from "./shell/consent.ts";
import {
  type ConsentOptions,
  type DeployedOptions,
  takesConsent,
  takesDeployment,
} from "./shell/options.ts";
import { type Paper, paperFor, type Surroundings } from "./shell/surroundings.ts";

interface ApplyOptions extends DeployedOptions, ConsentOptions, GlobalOptions {
  readonly journal: boolean;
  readonly json?: boolean;
}

const examples = `
Examples
  elb-only apply plan.json --region eu-west-1                asks first
  elb-only apply plan.json --region eu-west-1 --no-journal   where elb-only is not deployed
  elb-only plan --group sg-0123456789abcdef0 --out plan.json && elb-only apply plan.json --yes
`;

/** `elb-only apply`: does what a plan says, and nothing else. */
export function addApply(program: Command, around: Surroundings, act: Act): void {
  const command = program
    .command("apply")
    .summary("do what a plan says and nothing else, and prove it")
    .description(
      "Does what a plan says, and nothing else; in groups in audit, too, since it is you who decides. A group that has changed since, that would be planned otherwise by now, or that somebody holds is refused. Every removal passes the judge first. It is written into the journal, so that it can be undone.\nExit code: 0 all of it is done, 2 something is refused or could not be done, or you said no, 1 an error.",
    )
    .argument("<plan>", "what elb-only plan --out wrote");
  takesConsent(takesDeployment(command))
    .option("--no-journal", "do without the state table: nobody can hold it, or undo it by its id")
    .optionsGroup("Output:")
    .option("--json", "one JSON document instead of text")
    .addHelpText("after", examples)
    .action((file: string, _, self: Command) =>
      act(() => applyPlan(file, self.optsWithGlobals(), around)),
    );
}

async function applyPlan(
  file: string,
  options: ApplyOptions,
  around: Surroundings,
): Promise<number> {
  const planned = planIn(readFileSync(resolve(around.folder, file), "utf8"), file);
  const region = options.region.length > 0 ? options.region : regionsOf(planned).slice(0, 1);
  if (options.region.length === 0 && regionsOf(planned).length > 1)
    throw new Error(`${file} is about ${regionsOf(planned).join(", ")}: give one --region.`);
  const to = { ...options, region };
  const place: Place | Deployment = options.journal
    ? await openDeployment(to, around)
    : await openPlace(to, around);
  const picture = planned.pictures.find(
    (one) => one.account === place.account && one.region === place.region,
  );
  if (picture === undefined)
    throw new Error(`${file} says nothing of ${place.account} ${place.region}.`);
  const groups = picture.groups.filter(({ add, remove }) => add.length + remove.length > 0);
  const paper = paperFor(around, !options.color);
  if (groups.length === 0) {
    around.stdout.write(`The plan changes nothing in ${place.account} ${place.region}.\n`);
    return 0;
  }
  const refused = await refusals(groups, planned.policy, place);
  const open = groups.filter(({ group }) => !refused.has(group));
  if (options.json !== true) {
    for (const { group, name } of groups)
      if (refused.has(group))
        paper.line(paper.colour.yellow(`${group} ${plain(name)}: refused, ${refused.get(group)}.`));
    for (const one of open) sayPlanned(one, paper);
  }
  const done: AppliedGroup[] = [];
  if (open.length > 0) {
    const question = `Change ${counted(open.length, "security group")} in ${place.account} ${place.region}?`;
    if (!(await agree(question, options, around))) return 2;
    for (const one of open) {
      const applied = await applyToGroup(one, planned.policy, place);
      done.push(applied);
      if (options.json !== true) sayApplied(applied, paper);
    }
  }
  if (options.json === true) {
    const document = { kind: "elb-only apply", version: 1, account: place.account };
    const said = [...refused].map(([group, why]) => ({ group, why }));
    const all = { ...document, region: place.region, applied: done, refused: said };
    around.stdout.write(`${JSON.stringify(all, undefined, 2)}\n`);
  }
  return refused.size > 0 || done.some(isBad) ? 2 : 0;
}

const regionsOf = ({ pictures }: PlanFile): readonly string[] => [
  ...new Set(pictures.map((one) => one.region)),
];

const isBad = ({ problems, proof }: AppliedGroup): boolean =>
  problems.length > 0 || proof.some(({ holds }) => !holds);

function sayPlanned({ group, name, add, remove }: PlannedGroup, { line, colour }: Paper): void {
  line(colour.bold(`${group} ${plain(name)}`));
  for (const one of remove) line(colour.red(`  - ${plain(ruleText(one))}`));
  for (const one of add) line(colour.green(`  + ${plain(ruleText(one))}`));
}

function sayApplied(
  { group, name, change, added, removed, problems, proof }: AppliedGroup,
  { line, colour }: Paper,
): void {
  const bad = proof.filter(({ holds }) => !holds);
  line(
    `${group} ${plain(name)}: ${counted(added.length, "rule")} added, ${removed.length} removed${change === undefined ? "" : `; to undo it: elb-only undo ${change}`}`,
  );
  for (const one of problems) line(colour.red(`  could not: ${plain(one)}`));
  line(
    bad.length > 0
      ? colour.red(`  ${counted(bad.length, "proof")} of ${proof.length} do not hold`)
      : colour.dim(`  proven: ${counted(proof.length, "question")} asked before and after`),
  );
}
